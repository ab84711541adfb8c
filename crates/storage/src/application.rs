//! Applications as they stand, and the papers that were handed in with them, sealed for their applicant. Where one stands is
//! written with each entry of its ledger (`ledger`) and by nobody else. Leaves the work list to `application_list`, what counts
//! towards places and caps to `application_count`.

use tsunagari_kernel::{ApplicationId, FiscalYear, HouseholdId, PersonId, ProgrammeId, RoundId, Timestamp};
use tsunagari_programmes::{HandedBy, Outcome, Paper, Standing};

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::Row;
use crate::store::{Reader, Tx};

/// An application on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptApplication {
    /// The id.
    pub id: ApplicationId,
    /// To which round.
    pub round: RoundId,
    /// Of which programme.
    pub programme: ProgrammeId,
    /// The round's fiscal year.
    pub year: FiscalYear,
    /// The version of the programme it was made under.
    pub version_no: u32,
    /// The venue, where the round has several.
    pub venue: Option<u16>,
    /// The number by which the applicant finds it; nothing personal.
    pub receipt: String,
    /// Who applied; nobody once they were erased.
    pub applicant: Option<PersonId>,
    /// Whom it is for, where the organisation knows them.
    pub beneficiary: Option<PersonId>,
    /// The household it counted with.
    pub household: Option<HouseholdId>,
    /// Who handed it in.
    pub handed_by: HandedBy,
    /// What the conditions came to when it was handed in.
    pub judged: Outcome,
    /// The class it was given.
    pub class: Option<String>,
    /// Where it stands.
    pub standing: Standing,
    /// How many entries its ledger has.
    pub entries: u32,
    /// When it came in.
    pub applied_at: Timestamp,
    /// When it last moved.
    pub changed_at: Timestamp,
}

/// What another paper changes of an application.
#[derive(Debug, Clone, Copy)]
pub struct Amended<'a> {
    /// At which venue.
    pub venue: Option<u16>,
    /// What the conditions came to.
    pub judged: Outcome,
    /// The class.
    pub class: Option<&'a str>,
}

/// What was handed in, and what tells the one it is for from others.
#[derive(Debug, Clone, Copy)]
pub struct NewPaper<'p> {
    /// What was handed in.
    pub paper: &'p Paper,
    /// What tells a named beneficiary, or a group, from others (see [`Reader::mark`]).
    pub mark: Option<&'p [u8]>,
}

pub(crate) const COLUMNS: &str = "a.application_id, a.round_id, a.programme_id, a.fiscal_year, a.version_no, a.venue_no, a.receipt, \
                                  a.applicant_id, a.beneficiary_id, a.household_id, a.handed_by, a.judged, a.class, a.standing, \
                                  a.entries, a.applied_at, a.changed_at";

pub(crate) fn read(row: &Row) -> Result<KeptApplication, StorageError> {
    Ok(KeptApplication {
        id: row.id("application_id")?,
        round: row.id("round_id")?,
        programme: row.id("programme_id")?,
        year: FiscalYear(row.small("fiscal_year")?),
        version_no: row.small("version_no")?,
        venue: row.opt_int("venue_no")?.map(|_| row.small("venue_no")).transpose()?,
        receipt: row.text("receipt")?,
        applicant: row.opt_id("applicant_id")?,
        beneficiary: row.opt_id("beneficiary_id")?,
        household: row.opt_id("household_id")?,
        handed_by: row.code("handed_by")?,
        judged: row.code("judged")?,
        class: row.opt_text("class")?,
        standing: row.json("standing")?,
        entries: row.small("entries")?,
        applied_at: row.instant("applied_at")?,
        changed_at: row.instant("changed_at")?,
    })
}

fn context(application: ApplicationId) -> Vec<u8> {
    [b"application_paper".as_slice(), application.0.as_bytes()].concat()
}

fn broken(error: &serde_json::Error) -> StorageError {
    StorageError::Broken(error.to_string())
}

impl Reader {
    /// One application.
    pub async fn application(&mut self, id: ApplicationId) -> Result<KeptApplication, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM application a WHERE a.org_id = $1 AND a.application_id = $2");
        read(&self.one("application", &sql, args![id]).await?)
    }

    /// The application with a receipt's number.
    pub async fn application_by_receipt(&mut self, receipt: &str) -> Result<Option<KeptApplication>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM application a WHERE a.org_id = $1 AND a.receipt = $2");
        self.first(&sql, args![receipt]).await?.as_ref().map(read).transpose()
    }

    /// Somebody's applications, and those for them that they handed in themselves; the newest first.
    pub async fn applications_of(&mut self, person: PersonId) -> Result<Vec<KeptApplication>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM application a WHERE a.org_id = $1 AND a.applicant_id = $2 ORDER BY a.application_id DESC"
        );
        self.rows(&sql, args![person]).await?.iter().map(read).collect()
    }

    /// What was handed in with an application; nothing once its applicant was erased.
    ///
    /// # Errors
    /// `Sealed` without the applicant's key.
    pub async fn paper(&mut self, id: ApplicationId, keys: &PersonKeys) -> Result<Option<Paper>, StorageError> {
        let sql = "SELECT person_id, sealed FROM application_paper WHERE org_id = $1 AND application_id = $2";
        let Some(row) = self.first(sql, args![id]).await? else { return Ok(None) };
        let plain = keys.of(row.id("person_id")?)?.open(&context(id), &row.bytes("sealed")?)?;
        serde_json::from_slice(&plain).map(Some).map_err(|error| broken(&error))
    }

    /// What was handed in, with the mark it is found by.
    ///
    /// # Errors
    /// Not found once the applicant was erased.
    pub async fn paper_with_mark(
        &mut self,
        id: ApplicationId,
        keys: &PersonKeys,
    ) -> Result<(Paper, Option<Vec<u8>>), StorageError> {
        let sql = "SELECT mark FROM application_paper WHERE org_id = $1 AND application_id = $2";
        let mark = self.one("application_paper", sql, args![id]).await?.opt_bytes("mark")?;
        let paper = self.paper(id, keys).await?.ok_or(StorageError::NotFound("application_paper"))?;
        Ok((paper, mark))
    }

    /// What tells somebody who was named, or a group, from others of this organisation, without saying who it is.
    pub async fn mark(&mut self, told_by: &str) -> Result<Vec<u8>, StorageError> {
        Ok(self.org_key().await?.lookup("application_mark", told_by))
    }

    /// The applications whose papers are sealed for somebody.
    async fn papers_of(&mut self, person: PersonId) -> Result<Vec<ApplicationId>, StorageError> {
        let sql =
            "SELECT application_id FROM application_paper WHERE org_id = $1 AND person_id = $2 ORDER BY application_id";
        self.rows(sql, args![person]).await?.iter().map(|row| row.id("application_id")).collect()
    }
}

impl Tx {
    /// Adds an application as its ledger has it, with its paper. The ledger's entries are for the caller to add (`begin_ledger`).
    pub(crate) async fn add_application(
        &mut self,
        it: &KeptApplication,
        paper: NewPaper<'_>,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let applicant = it.applicant.ok_or(StorageError::NotFound("person"))?;
        let columns = [
            "application_id",
            "round_id",
            "programme_id",
            "fiscal_year",
            "version_no",
            "venue_no",
            "receipt",
            "applicant_id",
            "beneficiary_id",
            "household_id",
            "handed_by",
            "judged",
            "class",
            "applied_at",
            "changed_at",
            "entries",
        ];
        let mut named: Vec<&str> = columns.to_vec();
        named.extend(crate::ledger::STANDING);
        let mut row = args![
            it.id,
            it.round,
            it.programme,
            it.year,
            it.version_no,
            it.venue.map(i32::from),
            it.receipt.as_str(),
            applicant,
            it.beneficiary,
            it.household,
            it.handed_by.code(),
            it.judged.code(),
            it.class.clone(),
            it.applied_at,
            it.changed_at,
            it.entries,
        ];
        row.extend(crate::ledger::standing_values(&it.standing)?);
        self.insert_many("application", &named, vec![row], "").await?;
        let plain = serde_json::to_vec(paper.paper).map_err(|error| broken(&error))?;
        let sealed = keys.of(applicant)?.seal(&self.shared.chance, &context(it.id), &plain)?;
        let row = args![it.id, applicant, paper.mark.map(<[u8]>::to_vec), sealed];
        self.insert_many("application_paper", &["application_id", "person_id", "mark", "sealed"], vec![row], "").await
    }

    /// Keeps what another paper changed of the application itself.
    pub async fn amend_application(&mut self, id: ApplicationId, it: Amended<'_>) -> Result<(), StorageError> {
        let sql =
            "UPDATE application SET venue_no = $3, judged = $4, class = $5 WHERE org_id = $1 AND application_id = $2";
        let values = args![id, it.venue.map(i32::from), it.judged.code(), it.class.map(str::to_owned)];
        self.exec(sql, values).await?;
        Ok(())
    }

    /// Keeps another paper for an application: its answers were amended, or the members of its group changed.
    pub async fn keep_paper(
        &mut self,
        id: ApplicationId,
        paper: NewPaper<'_>,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let sql = "SELECT person_id FROM application_paper WHERE org_id = $1 AND application_id = $2";
        let person: PersonId = self.one("application_paper", sql, args![id]).await?.id("person_id")?;
        let plain = serde_json::to_vec(paper.paper).map_err(|error| broken(&error))?;
        let sealed = keys.of(person)?.seal(&self.shared.chance, &context(id), &plain)?;
        let sql = "UPDATE application_paper SET mark = $3, sealed = $4 WHERE org_id = $1 AND application_id = $2";
        self.exec(sql, args![id, paper.mark.map(<[u8]>::to_vec), sealed]).await?;
        Ok(())
    }

    /// Lets applications of one entry be another's, those named or all of them: their papers are opened and sealed again. Which
    /// ones moved.
    pub async fn move_applications(
        &mut self,
        from: PersonId,
        to: PersonId,
        which: Option<&[ApplicationId]>,
        keys: &PersonKeys,
    ) -> Result<Vec<ApplicationId>, StorageError> {
        let mut moved = self.papers_of(from).await?;
        if let Some(which) = which {
            moved.retain(|it| which.contains(it));
        }
        for id in &moved {
            let sql = "SELECT sealed FROM application_paper WHERE org_id = $1 AND application_id = $2";
            let sealed = self.one("application_paper", sql, args![*id]).await?.bytes("sealed")?;
            let plain = keys.of(from)?.open(&context(*id), &sealed)?;
            let sealed = keys.of(to)?.seal(&self.shared.chance, &context(*id), &plain)?;
            let sql =
                "UPDATE application_paper SET person_id = $3, sealed = $4 WHERE org_id = $1 AND application_id = $2";
            self.exec(sql, args![*id, to, sealed]).await?;
            let sql = "UPDATE application SET applicant_id = $3 WHERE org_id = $1 AND application_id = $2";
            self.exec(sql, args![*id, to]).await?;
        }
        self.move_parcel_papers(from, to, &moved, keys).await?;
        self.move_payment_papers(from, to, &moved, keys).await?;
        self.move_application_words(from, to, &moved, keys).await?;
        if which.is_none() {
            // What somebody began to fill in is sealed for the entry that goes: it is begun anew.
            self.exec("DELETE FROM application_draft WHERE org_id = $1 AND person_id = $2", args![from]).await?;
        }
        Ok(moved)
    }

    /// Lets what was applied for one entry be for another, those named or all of it. Which ones moved.
    pub async fn move_beneficiaries(
        &mut self,
        from: PersonId,
        to: PersonId,
        which: Option<&[ApplicationId]>,
    ) -> Result<Vec<ApplicationId>, StorageError> {
        let sql =
            "SELECT application_id FROM application WHERE org_id = $1 AND beneficiary_id = $2 ORDER BY application_id";
        let rows = self.rows(sql, args![from]).await?;
        let mut moved = rows.iter().map(|row| row.id("application_id")).collect::<Result<Vec<ApplicationId>, _>>()?;
        if let Some(which) = which {
            moved.retain(|it| which.contains(it));
        }
        for id in &moved {
            let sql = "UPDATE application SET beneficiary_id = $3 WHERE org_id = $1 AND application_id = $2";
            self.exec(sql, args![*id, to]).await?;
        }
        Ok(moved)
    }
}
