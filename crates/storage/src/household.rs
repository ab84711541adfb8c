//! Households with their members, and guardianships. Leaves whether a guardian may still act to people.

use chrono::NaiveDate;
use tsunagari_kernel::{GuardianshipId, HouseholdId, PersonId, Timestamp};
use tsunagari_people::{Guardianship, Household, HouseholdMember};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

pub(crate) const MEMBER: &str = "household_member";
pub(crate) const MEMBER_COLUMNS: &[&str] = &["person_id", "household_id", "from_on", "until_on"];
pub(crate) const GUARDIANSHIP: &str = "guardianship";
pub(crate) const GUARDIANSHIP_COLUMNS: &[&str] =
    &["child_id", "guardianship_id", "guardian_id", "from_on", "until_on", "evidence", "recorded_at"];

pub(crate) fn member_values(person: PersonId, it: &HouseholdMember) -> Vec<Arg> {
    args![person, it.household, it.span.from, it.span.until]
}

pub(crate) fn read_member(row: &Row) -> Result<HouseholdMember, StorageError> {
    Ok(HouseholdMember { household: row.id("household_id")?, span: row.days("from_on", "until_on")? })
}

pub(crate) fn guardianship_values(child: PersonId, it: &Guardianship, evidence: &str, now: Timestamp) -> Vec<Arg> {
    args![child, it.id, it.guardian, it.span.from, it.span.until, evidence, now]
}

pub(crate) fn read_guardianship(row: &Row) -> Result<Guardianship, StorageError> {
    Ok(Guardianship {
        id: row.id("guardianship_id")?,
        guardian: row.id("guardian_id")?,
        span: row.days("from_on", "until_on")?,
    })
}

impl Reader {
    /// A household.
    pub async fn household(&mut self, id: HouseholdId) -> Result<Household, StorageError> {
        let sql = "SELECT household_id, name FROM household WHERE org_id = $1 AND household_id = $2";
        let row = self.one("household", sql, args![id]).await?;
        Ok(Household { id: row.id("household_id")?, name: row.text("name")? })
    }

    /// Who belongs to a household on a day.
    pub async fn household_people(&mut self, id: HouseholdId, on: NaiveDate) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT person_id FROM household_member WHERE org_id = $1 AND household_id = $2 \
                   AND from_on <= $3 AND (until_on IS NULL OR $3 < until_on) ORDER BY person_id";
        self.rows(sql, args![id, on]).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// The children a person is recorded as guardian of, with the guardianship.
    pub async fn children_of(&mut self, guardian: PersonId) -> Result<Vec<(PersonId, Guardianship)>, StorageError> {
        let sql = "SELECT child_id, guardianship_id, guardian_id, from_on, until_on FROM guardianship \
                   WHERE org_id = $1 AND guardian_id = $2 ORDER BY child_id, from_on";
        let rows = self.rows(sql, args![guardian]).await?;
        rows.iter().map(|row| Ok((row.id("child_id")?, read_guardianship(row)?))).collect()
    }
}

impl Tx {
    /// Adds a household.
    pub async fn add_household(&mut self, it: &Household) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let columns = &["household_id", "name", "created_at"];
        self.insert_many("household", columns, vec![args![it.id, it.name.as_str(), now]], "").await
    }

    /// Lets a person belong to a household.
    pub async fn join_household(&mut self, person: PersonId, it: &HouseholdMember) -> Result<(), StorageError> {
        self.insert_many(MEMBER, MEMBER_COLUMNS, vec![member_values(person, it)], "").await
    }

    /// Records who may act for a child, and on what evidence.
    pub async fn begin_guardianship(
        &mut self,
        child: PersonId,
        it: &Guardianship,
        evidence: &str,
    ) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let row = guardianship_values(child, it, evidence, now);
        self.insert_many(GUARDIANSHIP, GUARDIANSHIP_COLUMNS, vec![row], "").await
    }

    /// Ends a guardianship on a day.
    pub async fn end_guardianship(
        &mut self,
        child: PersonId,
        id: GuardianshipId,
        on: NaiveDate,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE guardianship SET until_on = $4 WHERE org_id = $1 AND child_id = $2 AND guardianship_id = $3 \
                   AND (until_on IS NULL OR until_on > $4)";
        self.exec(sql, args![child, id, on]).await?;
        Ok(())
    }
}
