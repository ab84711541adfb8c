//! Parcels: one for each benefit of an application, numbered within the organisation, with what each was packed from. Leaves their
//! moves to benefits, where they go to and what came back in words to `parcel_paper`, and the shelf to `parcel_stock`.

use std::collections::BTreeMap;

use tsunagari_benefits::{Parcel, Receipt, TrackingNumber};
use tsunagari_kernel::{ApplicationId, PersonId, RoundId, Timestamp};
use tsunagari_programmes::BenefitNo;

use crate::args;
use crate::error::StorageError;
use crate::person::is_protected;
use crate::sql::{Arg, Row, placeholders};
use crate::store::{Reader, Tx};

/// A parcel on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptParcel {
    /// Its number within the organisation, from 1.
    pub no: u32,
    /// Whose application it belongs to.
    pub application: ApplicationId,
    /// To which round.
    pub round: RoundId,
    /// Which benefit it is.
    pub benefit: BenefitNo,
    /// Where it stands.
    pub parcel: Parcel,
    /// Its number among what the application was given, once it was handed over.
    pub given: Option<u16>,
    /// When it was made ready to be packed.
    pub made_at: Timestamp,
    /// When it last moved.
    pub changed_at: Timestamp,
}

impl KeptParcel {
    /// The number of the sending it is in.
    pub const fn receipt(&self) -> Receipt {
        Receipt { parcel: self.no, sending: self.parcel.sending() }
    }
}

/// A line of the list of parcels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelLine {
    /// The parcel.
    pub parcel: KeptParcel,
    /// The number of its application.
    pub receipt: String,
    /// Where the application stands, by its code.
    pub stands: String,
    /// Who applied; nobody once they were erased.
    pub applicant: Option<PersonId>,
    /// Their name; empty once they were erased.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// Whether anybody said where it goes to.
    pub addressed: bool,
    /// When its recipient last said so themselves.
    pub confirmed: Option<Timestamp>,
    /// Whether the address of whoever applied, or of the one it is for, is protected.
    pub protected: bool,
    /// Whether its recipient answered.
    pub answered: bool,
}

/// Which parcels of a round are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ParcelFilter<'a> {
    /// In these states, by their codes; all where none is named.
    pub states: &'a [&'a str],
    /// Packed from this lot.
    pub lot: Option<u16>,
}

const COLUMNS: &str = "x.parcel_no, x.application_id, x.round_id, x.benefit_no, x.state, x.tracking, x.sending, x.given_no, \
                       x.made_at, x.changed_at";

fn read(row: &Row) -> Result<KeptParcel, StorageError> {
    let (state, tracking) = (row.text("state")?, row.text("tracking")?);
    let parcel = Parcel::stored(&state, &tracking, row.small("sending")?);
    Ok(KeptParcel {
        no: row.small("parcel_no")?,
        application: row.id("application_id")?,
        round: row.id("round_id")?,
        benefit: BenefitNo(row.small("benefit_no")?),
        parcel: parcel.ok_or_else(|| StorageError::Broken(format!("a parcel stands as {state}")))?,
        given: row.opt_int("given_no")?.map(|_| row.small("given_no")).transpose()?,
        made_at: row.instant("made_at")?,
        changed_at: row.instant("changed_at")?,
    })
}

fn read_line(row: &Row) -> Result<ParcelLine, StorageError> {
    let words = |family: &str, given: &str| -> Result<String, StorageError> {
        let part = |column| Ok::<_, StorageError>(row.opt_text(column)?.unwrap_or_default());
        Ok(format!("{} {}", part(family)?, part(given)?).trim().to_owned())
    };
    Ok(ParcelLine {
        parcel: read(row)?,
        receipt: row.text("receipt")?,
        stands: row.text("stands")?,
        applicant: row.opt_id("applicant_id")?,
        name: words("family", "given")?,
        kana: words("family_kana", "given_kana")?,
        addressed: row.flag("addressed")?,
        confirmed: row.opt_instant("confirmed_at")?,
        protected: row.flag("is_protected")?,
        answered: row.flag("answered")?,
    })
}

impl Reader {
    /// One parcel.
    pub async fn parcel(&mut self, no: u32) -> Result<KeptParcel, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM parcel x WHERE x.org_id = $1 AND x.parcel_no = $2");
        read(&self.one("parcel", &sql, args![i64::from(no)]).await?)
    }

    /// The parcels of an application, by benefit.
    pub async fn parcels_of(&mut self, application: ApplicationId) -> Result<Vec<KeptParcel>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM parcel x WHERE x.org_id = $1 AND x.application_id = $2 ORDER BY x.benefit_no"
        );
        self.rows(&sql, args![application]).await?.iter().map(read).collect()
    }

    /// The parcels of a round by number.
    pub async fn parcels_of_round(&mut self, round: RoundId) -> Result<BTreeMap<u32, KeptParcel>, StorageError> {
        let sql =
            format!("SELECT {COLUMNS} FROM parcel x WHERE x.org_id = $1 AND x.round_id = $2 ORDER BY x.parcel_no");
        let rows = self.rows(&sql, args![round]).await?;
        rows.iter().map(read).map(|it| it.map(|it| (it.no, it))).collect()
    }

    /// A page of a round's parcels after one of them, by number.
    pub async fn parcel_lines(
        &mut self,
        round: RoundId,
        filter: ParcelFilter<'_>,
        after: u32,
        most: i64,
    ) -> Result<Vec<ParcelLine>, StorageError> {
        let mut values = args![round, i64::from(after), most];
        let mut condition = String::new();
        if !filter.states.is_empty() {
            condition.push_str(&format!(" AND x.state IN {}", placeholders(5, filter.states.len())));
            values.extend(filter.states.iter().map(|it| Arg::from(*it)));
        }
        if let Some(lot) = filter.lot {
            values.push(i64::from(lot).into());
            condition.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM parcel_content c WHERE c.org_id = x.org_id AND c.parcel_no = x.parcel_no AND c.lot_no = ${})",
                values.len() + 1
            ));
        }
        let sql = format!(
            "SELECT {COLUMNS}, a.receipt, a.stands, a.applicant_id, p.family, p.given, p.family_kana, p.given_kana, d.confirmed_at, \
             CASE WHEN d.parcel_no IS NULL THEN 0 ELSE 1 END AS addressed, CASE WHEN w.parcel_no IS NULL THEN 0 ELSE 1 END AS answered, \
             CASE WHEN {} OR {} THEN 1 ELSE 0 END AS is_protected \
             FROM parcel x JOIN application a ON a.org_id = x.org_id AND a.application_id = x.application_id \
             LEFT JOIN person p ON p.org_id = x.org_id AND p.person_id = a.applicant_id \
             LEFT JOIN person b ON b.org_id = x.org_id AND b.person_id = a.beneficiary_id \
             LEFT JOIN parcel_address d ON d.org_id = x.org_id AND d.parcel_no = x.parcel_no \
             LEFT JOIN parcel_word w ON w.org_id = x.org_id AND w.parcel_no = x.parcel_no \
             WHERE x.org_id = $1 AND x.round_id = $2 AND x.parcel_no > $3{condition} ORDER BY x.parcel_no LIMIT $4",
            is_protected("p"),
            is_protected("b")
        );
        self.rows(&sql, values).await?.iter().map(read_line).collect()
    }

    /// How many of a round's parcels stand where, by the codes of their states.
    pub async fn parcels_by_state(&mut self, round: RoundId) -> Result<Vec<(String, i64)>, StorageError> {
        let sql =
            "SELECT state, count(*) AS n FROM parcel WHERE org_id = $1 AND round_id = $2 GROUP BY state ORDER BY state";
        let rows = self.rows(sql, args![round]).await?;
        rows.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect()
    }

    /// Those who hold a place in a round and have no parcel of a benefit yet, with their class, in the order in which they came.
    pub async fn without_parcel(
        &mut self,
        round: RoundId,
        benefit: BenefitNo,
    ) -> Result<Vec<(ApplicationId, Option<String>)>, StorageError> {
        let sql = "SELECT a.application_id, a.class FROM application a WHERE a.org_id = $1 AND a.round_id = $2 AND a.stands = 'held' \
                   AND NOT EXISTS (SELECT 1 FROM parcel x WHERE x.org_id = a.org_id AND x.application_id = a.application_id \
                   AND x.benefit_no = $3) ORDER BY a.application_id";
        let rows = self.rows(sql, args![round, i64::from(benefit.0)]).await?;
        rows.iter().map(|row| Ok((row.id("application_id")?, row.opt_text("class")?))).collect()
    }
}

impl Tx {
    /// Makes parcels to be packed, with the next numbers of the organisation; nobody else takes a number until this ends.
    pub async fn add_parcels(
        &mut self,
        round: RoundId,
        which: &[(ApplicationId, BenefitNo)],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let lock = format!("SELECT org_id FROM organisation WHERE org_id = $1{}", self.for_update());
        self.rows(&lock, args![]).await?;
        let sql = "SELECT coalesce(max(parcel_no), 0) AS n FROM parcel WHERE org_id = $1";
        let last = self.one("parcel", sql, args![]).await?.int("n")?;
        let new = Parcel::default();
        let row = |(no, (application, benefit)): (i64, &(ApplicationId, BenefitNo))| {
            args![
                no,
                *application,
                round,
                i64::from(benefit.0),
                new.state().code(),
                "",
                i64::from(new.sending()),
                at,
                at
            ]
        };
        let rows = (last + 1..).zip(which).map(row).collect();
        let columns = [
            "parcel_no",
            "application_id",
            "round_id",
            "benefit_no",
            "state",
            "tracking",
            "sending",
            "made_at",
            "changed_at",
        ];
        self.insert_many("parcel", &columns, rows, "").await
    }

    /// Keeps where a parcel stands now.
    ///
    /// # Errors
    /// `Conflict`: it stands otherwise than when it was read.
    pub async fn keep_parcel(
        &mut self,
        before: &KeptParcel,
        after: &Parcel,
        given: Option<u16>,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE parcel SET state = $5, tracking = $6, sending = $7, given_no = $8, changed_at = $9 \
                   WHERE org_id = $1 AND parcel_no = $2 AND state = $3 AND sending = $4";
        let (was, is) = (before.parcel.state(), after.state());
        let values = args![
            i64::from(before.no),
            was.code(),
            i64::from(before.parcel.sending()),
            is.code(),
            is.tracking().map_or("", TrackingNumber::as_str),
            i64::from(after.sending()),
            given.map(i64::from),
            at,
        ];
        if self.exec(sql, values).await? == 0 { Err(StorageError::Conflict("parcel")) } else { Ok(()) }
    }
}
