//! Stays at schools: adding, changing, leaving early. Leaves reading them with the person to `person_record`.

use chrono::NaiveDate;
use tsunagari_kernel::{EnrolmentId, FiscalYear, PersonId, Timestamp};
use tsunagari_people::Enrolment;

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

pub(crate) const TABLE: &str = "enrolment";
pub(crate) const COLUMNS: &[&str] = &[
    "person_id",
    "enrolment_id",
    "school_id",
    "school_name",
    "kind",
    "place",
    "years",
    "start_fy",
    "end_fy",
    "pause_years",
    "from_on",
    "until_on",
    "left_on",
    "recorded_at",
];

pub(crate) fn values(person: PersonId, it: &Enrolment, now: Timestamp) -> Vec<Arg> {
    args![
        person,
        it.id,
        it.school,
        it.school_name.as_str(),
        it.kind.code(),
        it.place,
        it.years,
        it.start_fy,
        it.end_fy,
        it.pause_years,
        it.from_on,
        it.until_on,
        it.left_on,
        now,
    ]
}

pub(crate) fn read(row: &Row) -> Result<Enrolment, StorageError> {
    Ok(Enrolment {
        id: row.id("enrolment_id")?,
        school: row.opt_id("school_id")?,
        school_name: row.text("school_name")?,
        kind: row.code("kind")?,
        place: row.opt_code("place")?,
        years: row.small("years")?,
        start_fy: FiscalYear(row.small("start_fy")?),
        end_fy: FiscalYear(row.small("end_fy")?),
        pause_years: row.small("pause_years")?,
        from_on: row.date("from_on")?,
        until_on: row.date("until_on")?,
        left_on: row.opt_date("left_on")?,
    })
}

impl Reader {
    /// The fiscal years in which people leave high school, the latest first. Steps from year to year along the index instead
    /// of walking over everybody's stays.
    pub async fn cohorts(&mut self) -> Result<Vec<FiscalYear>, StorageError> {
        let sql = "WITH RECURSIVE cohort (end_fy) AS (\
                   SELECT (SELECT max(e.end_fy) FROM enrolment e WHERE e.org_id = $1 AND e.kind = 'high_school') UNION ALL \
                   SELECT (SELECT max(e.end_fy) FROM enrolment e WHERE e.org_id = $1 AND e.kind = 'high_school' AND e.end_fy < c.end_fy) \
                   FROM cohort c WHERE c.end_fy IS NOT NULL) SELECT end_fy FROM cohort WHERE end_fy IS NOT NULL";
        let rows = self.rows(sql, vec![]).await?;
        rows.iter().map(|row| Ok(FiscalYear(row.small("end_fy")?))).collect()
    }
}

impl Tx {
    /// Adds a stay. At a known school it is called as the school is today, also when it comes back from an earlier state.
    pub async fn add_enrolment(&mut self, person: PersonId, it: &Enrolment) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let mut it = it.clone();
        if let Some(school) = it.school {
            let sql = "SELECT name FROM school WHERE org_id = $1 AND school_id = $2";
            if let Some(row) = self.first(sql, args![school]).await? {
                it.school_name = row.text("name")?;
            }
        }
        self.insert_many(TABLE, COLUMNS, vec![values(person, &it, now)], "").await
    }

    /// Writes a stay as it is now known, whether it was there or not.
    pub async fn keep_enrolment(&mut self, person: PersonId, it: &Enrolment) -> Result<(), StorageError> {
        self.remove_enrolment(person, it.id).await?;
        self.add_enrolment(person, it).await
    }

    /// Takes a stay out that was entered by mistake.
    pub async fn remove_enrolment(&mut self, person: PersonId, id: EnrolmentId) -> Result<(), StorageError> {
        let sql = "DELETE FROM enrolment WHERE org_id = $1 AND person_id = $2 AND enrolment_id = $3";
        self.exec(sql, args![person, id]).await?;
        Ok(())
    }

    /// Records that a person left before the course was over.
    pub async fn leave_school(&mut self, person: PersonId, id: EnrolmentId, on: NaiveDate) -> Result<(), StorageError> {
        let sql = "UPDATE enrolment SET left_on = $4 WHERE org_id = $1 AND person_id = $2 AND enrolment_id = $3";
        self.exec(sql, args![person, id, on]).await?;
        Ok(())
    }
}
