//! Merging two entries of one person as stored: moving facts from one to the other by their ids, the record by which it is
//! taken back, pairs that look alike, and pairs the office has told apart. Leaves what moves to `people::merge` and the
//! order of steps to the acts. A contact point is sealed for its person, so moving one opens and seals it again.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{ApplicationId, GuardianshipId, MergeId, PersonId, Timestamp, UserId};
use tsunagari_people::merge::{MergePlan, Moved};

use crate::args;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

/// What a merge did, enough to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The plan.
    pub plan: MergePlan,
    /// Guardianships over children that moved from one guardian's entry to the other.
    pub wards: Vec<GuardianshipId>,
    /// Applications that became the kept entry's.
    #[serde(default)]
    pub applied: Vec<ApplicationId>,
    /// Applications that are for the kept entry now.
    #[serde(default)]
    pub applied_for: Vec<ApplicationId>,
}

/// A merge on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMerge {
    /// The id.
    pub id: MergeId,
    /// Who stayed.
    pub kept: PersonId,
    /// Who went.
    pub gone: PersonId,
    /// What moved.
    pub carried: Carried,
    /// Who did it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

/// Two entries that look like one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The smaller id.
    pub one: PersonId,
    /// The larger id.
    pub other: PersonId,
}

/// No entry was merged more often than this.
const MOST_STEPS: usize = 100;

const COLUMNS: &str = "merge_id, kept_id, gone_id, moved, by_user, at, undone_at";

fn read(row: &Row) -> Result<KeptMerge, StorageError> {
    Ok(KeptMerge {
        id: row.id("merge_id")?,
        kept: row.id("kept_id")?,
        gone: row.id("gone_id")?,
        carried: row.json("moved")?,
        by: row.id("by_user")?,
        at: row.instant("at")?,
        undone_at: row.opt_instant("undone_at")?,
    })
}

/// Both ids in their order, as `not_same` keeps them.
fn ordered(a: PersonId, b: PersonId) -> (PersonId, PersonId) {
    if a <= b { (a, b) } else { (b, a) }
}

impl Reader {
    /// One merge.
    pub async fn merge(&mut self, id: MergeId) -> Result<KeptMerge, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM merge WHERE org_id = $1 AND merge_id = $2");
        read(&self.one("merge", &sql, args![id]).await?)
    }

    /// The entry where somebody's facts stand today: the one theirs was merged into, and so on; their own where it was not.
    /// What names an entry from outside (a link in a mail, a bounce, a session) means this one.
    pub async fn living_entry(&mut self, id: PersonId) -> Result<PersonId, StorageError> {
        let sql = "SELECT merged_into FROM person WHERE org_id = $1 AND person_id = $2";
        let mut entry = id;
        for _ in 0..MOST_STEPS {
            let row = self.first(sql, args![entry]).await?;
            let Some(into) = row.map(|row| row.opt_id("merged_into")).transpose()?.flatten() else { break };
            entry = into;
        }
        Ok(entry)
    }

    /// The merges into a person that were not taken back, newest first.
    pub async fn merges_into(&mut self, kept: PersonId) -> Result<Vec<KeptMerge>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM merge WHERE org_id = $1 AND kept_id = $2 AND undone_at IS NULL ORDER BY at DESC, merge_id DESC"
        );
        self.rows(&sql, args![kept]).await?.iter().map(read).collect()
    }

    /// Living entries that may be the same person as one with this name or reading: the same compared name, or the same
    /// reading and birth date. At most twenty.
    pub async fn persons_alike(
        &mut self,
        name_key: &str,
        kana_key: &str,
        birth: Option<chrono::NaiveDate>,
    ) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT person_id FROM person WHERE org_id = $1 AND merged_into IS NULL AND erased_at IS NULL AND \
                   (name_key = $2 AND (birth_date = $4 OR birth_date IS NULL OR CAST($4 AS text) IS NULL) \
                   OR CAST($3 AS text) <> '' AND kana_key = $3 AND birth_date = $4) ORDER BY kana_key, person_id LIMIT 20";
        self.rows(sql, args![name_key, kana_key, birth]).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// Whether nobody has decided about two entries yet: both live, and they were not told apart.
    pub async fn pair_is_open(&mut self, a: PersonId, b: PersonId) -> Result<bool, StorageError> {
        let (one, other) = ordered(a, b);
        let sql = "SELECT count(*) AS n FROM not_same WHERE org_id = $1 AND one_id = $2 AND other_id = $3";
        let apart = self.count(sql, args![one, other]).await? > 0;
        Ok(!apart && self.person(a).await?.merged_into.is_none() && self.person(b).await?.merged_into.is_none())
    }

    /// Pairs of living entries the office has told apart, the last first, at most `most`.
    pub async fn pairs_apart(&mut self, most: i64) -> Result<Vec<Pair>, StorageError> {
        let sql = "SELECT n.one_id, n.other_id FROM not_same n \
                   JOIN person a ON a.org_id = $1 AND a.person_id = n.one_id AND a.merged_into IS NULL AND a.erased_at IS NULL \
                   JOIN person b ON b.org_id = $1 AND b.person_id = n.other_id AND b.merged_into IS NULL AND b.erased_at IS NULL \
                   WHERE n.org_id = $1 ORDER BY n.at DESC, n.one_id, n.other_id LIMIT $2";
        let rows = self.rows(sql, args![most]).await?;
        rows.iter().map(|row| Ok(Pair { one: row.id("one_id")?, other: row.id("other_id")? })).collect()
    }

    /// How many pairs the office has judged, either way: another number says that `alike_pairs` has another answer.
    pub async fn judged_pairs(&mut self) -> Result<i64, StorageError> {
        let apart = self.count("SELECT count(*) AS n FROM not_same WHERE org_id = $1", vec![]).await?;
        let sql = "SELECT count(*) + count(undone_at) AS n FROM merge WHERE org_id = $1";
        Ok(apart + self.count(sql, vec![]).await?)
    }

    /// Pairs of living entries with the same compared name (or the same reading and birth date) whose birth dates do not
    /// differ, and which the office has not told apart. At most `most`.
    pub async fn alike_pairs(&mut self, most: i64) -> Result<Vec<Pair>, StorageError> {
        let told = "NOT EXISTS (SELECT 1 FROM not_same n WHERE n.org_id = $1 AND n.one_id = a.person_id AND n.other_id = b.person_id)";
        let living = "a.merged_into IS NULL AND a.erased_at IS NULL AND b.merged_into IS NULL AND b.erased_at IS NULL";
        let sql = format!(
            "SELECT a.person_id AS one_id, b.person_id AS other_id FROM person a JOIN person b ON b.org_id = $1 AND b.name_key = a.name_key \
             AND b.person_id > a.person_id AND (a.birth_date = b.birth_date OR a.birth_date IS NULL OR b.birth_date IS NULL) \
             WHERE a.org_id = $1 AND {living} AND {told} \
             UNION SELECT a.person_id, b.person_id FROM person a JOIN person b ON b.org_id = $1 AND b.birth_date = a.birth_date \
             AND b.person_id > a.person_id AND b.kana_key = a.kana_key WHERE a.org_id = $1 AND a.kana_key <> '' AND {living} AND {told} \
             ORDER BY 1, 2 LIMIT $2"
        );
        let rows = self.rows(&sql, args![most]).await?;
        rows.iter().map(|row| Ok(Pair { one: row.id("one_id")?, other: row.id("other_id")? })).collect()
    }
}

impl Tx {
    /// Moves facts from one person to another. `keys` must open what is sealed for both.
    ///
    /// # Errors
    /// `Sealed` when a contact point moves and a key is missing.
    pub async fn move_facts(
        &mut self,
        from: PersonId,
        to: PersonId,
        moved: &[Moved],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        for it in moved {
            match it {
                Moved::Tie(id) => self.move_row("tie", "person_id", "tie_id", from, to, (*id).into()).await?,
                Moved::Guardianship(id) => {
                    self.move_row("guardianship", "child_id", "guardianship_id", from, to, (*id).into()).await?;
                }
                Moved::Enrolment(id) => {
                    self.move_row("enrolment", "person_id", "enrolment_id", from, to, (*id).into()).await?;
                }
                Moved::Residence(id) => {
                    self.move_row("residence", "person_id", "residence_id", from, to, (*id).into()).await?;
                }
                Moved::Occupation(id) => {
                    self.move_row("occupation", "person_id", "occupation_id", from, to, (*id).into()).await?;
                }
                Moved::Outcome(id) => {
                    self.move_row("outcome", "person_id", "outcome_id", from, to, (*id).into()).await?;
                }
                Moved::Consent(id) => {
                    self.move_row("consent", "person_id", "consent_id", from, to, (*id).into()).await?
                }
                Moved::ContactPoint(id) => self.move_contact(from, to, *id, keys).await?,
                Moved::Household(household, day) => {
                    let sql = "UPDATE household_member SET person_id = $3 WHERE org_id = $1 AND person_id = $2 AND household_id = $4 AND from_on = $5";
                    self.exec(sql, args![from, to, *household, *day]).await?;
                }
                Moved::Interest(code, at) => {
                    let sql = "UPDATE interest SET person_id = $3 WHERE org_id = $1 AND person_id = $2 AND code = $4 AND from_at = $5";
                    self.exec(sql, args![from, to, code.as_str(), *at]).await?;
                }
            }
        }
        Ok(())
    }

    async fn move_row(
        &mut self,
        table: &str,
        person: &str,
        column: &str,
        from: PersonId,
        to: PersonId,
        id: Arg,
    ) -> Result<(), StorageError> {
        let sql = format!("UPDATE {table} SET {person} = $3 WHERE org_id = $1 AND {person} = $2 AND {column} = $4");
        let mut all = args![from, to];
        all.push(id);
        self.exec(&sql, all).await?;
        Ok(())
    }

    async fn move_contact(
        &mut self,
        from: PersonId,
        to: PersonId,
        id: tsunagari_kernel::ContactPointId,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let opened = self.addresses(keys, &[(from, id)]).await?;
        let address = opened.first().ok_or(StorageError::Sealed)?;
        let context = crate::contact::context(to, id);
        let sealed = keys.of(to)?.seal(&self.shared.chance, &context, address.clear.as_bytes())?;
        let sql = "UPDATE contact_point SET person_id = $3, sealed = $5 WHERE org_id = $1 AND person_id = $2 AND contact_id = $4";
        self.exec(sql, args![from, to, id, sealed]).await?;
        for table in ["contact_working", "contact_confirmed"] {
            let sql =
                format!("UPDATE {table} SET person_id = $3 WHERE org_id = $1 AND person_id = $2 AND contact_id = $4");
            self.exec(&sql, args![from, to, id]).await?;
        }
        if let Some(provider) = self.provider_of(to, id).await? {
            self.bind_follower(provider, &address.clear, Some(to)).await?;
        }
        Ok(())
    }

    async fn provider_of(
        &mut self,
        person: PersonId,
        id: tsunagari_kernel::ContactPointId,
    ) -> Result<Option<tsunagari_kernel::ProviderId>, StorageError> {
        let sql = "SELECT provider_id FROM contact_point WHERE org_id = $1 AND person_id = $2 AND contact_id = $3";
        self.one("contact", sql, args![person, id]).await?.opt_id("provider_id")
    }

    /// Lets every child's guardianship name another guardian's entry; which ones changed.
    pub async fn move_wards(&mut self, from: PersonId, to: PersonId) -> Result<Vec<GuardianshipId>, StorageError> {
        let wards: Vec<GuardianshipId> = self.children_of(from).await?.into_iter().map(|(_, it)| it.id).collect();
        let sql = "UPDATE guardianship SET guardian_id = $3 WHERE org_id = $1 AND guardian_id = $2";
        self.exec(sql, args![from, to]).await?;
        Ok(wards)
    }

    /// Lets these guardianships name their former guardian's entry again.
    pub async fn return_wards(
        &mut self,
        from: PersonId,
        to: PersonId,
        wards: &[GuardianshipId],
    ) -> Result<(), StorageError> {
        for id in wards {
            let sql = "UPDATE guardianship SET guardian_id = $3 WHERE org_id = $1 AND guardian_id = $2 AND guardianship_id = $4";
            self.exec(sql, args![from, to, *id]).await?;
        }
        Ok(())
    }

    /// Keeps the record of a merge.
    pub async fn add_merge(&mut self, it: &KeptMerge) -> Result<(), StorageError> {
        let moved = serde_json::to_string(&it.carried).map_err(|error| StorageError::Broken(error.to_string()))?;
        let columns = &["merge_id", "kept_id", "gone_id", "moved", "by_user", "at"];
        let row = args![it.id, it.kept, it.gone, moved, it.by, it.at];
        self.insert_many("merge", columns, vec![row], "").await
    }

    /// Marks a merge as taken back.
    ///
    /// # Errors
    /// `Conflict` when it was already.
    pub async fn mark_unmerged(&mut self, id: MergeId, at: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE merge SET undone_at = $3 WHERE org_id = $1 AND merge_id = $2 AND undone_at IS NULL";
        if self.exec(sql, args![id, at]).await? == 0 { Err(StorageError::Conflict("merge")) } else { Ok(()) }
    }

    /// Remembers that two entries are two people.
    pub async fn tell_apart(&mut self, a: PersonId, b: PersonId, by: UserId) -> Result<(), StorageError> {
        let (one, other) = ordered(a, b);
        let now = self.shared.clock.now();
        let columns = &["one_id", "other_id", "by_user", "at"];
        self.insert_many("not_same", columns, vec![args![one, other, by, now]], "ON CONFLICT DO NOTHING").await
    }

    /// Forgets that two entries were told apart; what was asked about them and was closed with it is open again. Whether
    /// they had been.
    pub async fn tell_together(&mut self, a: PersonId, b: PersonId) -> Result<bool, StorageError> {
        let (one, other) = ordered(a, b);
        let told = "SELECT at FROM not_same WHERE org_id = $1 AND one_id = $2 AND other_id = $3";
        let Some(row) = self.first(told, args![one, other]).await? else { return Ok(false) };
        let at = row.instant("at")?;
        let sql = "DELETE FROM not_same WHERE org_id = $1 AND one_id = $2 AND other_id = $3";
        self.exec(sql, args![one, other]).await?;
        let sql = "UPDATE work_item SET done_at = NULL, done_by = NULL, outcome = '' WHERE org_id = $1 \
                   AND kind = 'doubtful_join' AND subject IN ($2, $3) AND done_at >= $4";
        self.exec(sql, args![one.to_string(), other.to_string(), at]).await?;
        Ok(true)
    }
}
