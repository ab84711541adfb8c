//! Reading persons whole: a person with all facts, for one or for many in a handful of statements. Leaves writing to the
//! file of each noun and what follows from the facts to people.

use std::collections::HashMap;

use tsunagari_kernel::{ContactPointId, PersonId};
use tsunagari_people::{ContactPoint, PersonRecord};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row, placeholders};
use crate::store::Reader;
use crate::{consent, contact, enrolment, household, interest, occupation, outcome, person, residence, tie};

/// The most persons asked for in one statement.
const CHUNK: usize = 1_000;

type Found = HashMap<PersonId, PersonRecord>;
type Got<T> = Result<T, StorageError>;

/// Reads each row and puts what it says with its person.
fn each<T>(
    rows: &[Row],
    found: &mut Found,
    person: &str,
    read: fn(&Row) -> Got<T>,
    put: fn(&mut PersonRecord, T),
) -> Got<()> {
    for row in rows {
        if let Some(record) = found.get_mut(&row.id(person)?) {
            put(record, read(row)?);
        }
    }
    Ok(())
}

impl Reader {
    /// One person with all facts.
    ///
    /// # Errors
    /// `NotFound` also for who was erased.
    pub async fn person_record(&mut self, id: PersonId) -> Got<PersonRecord> {
        self.person_records(&[id]).await?.pop().ok_or(StorageError::NotFound("person"))
    }

    /// Where a person was first heard of: `import`, `join`, `line`, `paper` … (see `Arrival`).
    ///
    /// # Errors
    /// `NotFound` also for who was erased.
    pub async fn person_source(&mut self, id: PersonId) -> Got<String> {
        let sql = "SELECT source FROM person WHERE org_id = $1 AND person_id = $2 AND erased_at IS NULL";
        let row = self.rows(sql, args![id]).await?.pop().ok_or(StorageError::NotFound("person"))?;
        row.text("source")
    }

    /// Many persons with all facts, in the order asked; unknown and erased ones are left out.
    pub async fn person_records(&mut self, ids: &[PersonId]) -> Got<Vec<PersonRecord>> {
        let mut out = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let mut found = self.records_of(chunk).await?;
            out.extend(chunk.iter().filter_map(|id| found.remove(id)));
        }
        Ok(out)
    }

    async fn of_people(
        &mut self,
        table: &str,
        columns: &str,
        person: &str,
        order: &str,
        ids: &[PersonId],
    ) -> Got<Vec<Row>> {
        let list = placeholders(2, ids.len());
        let sql = format!("SELECT {columns} FROM {table} WHERE org_id = $1 AND {person} IN {list} ORDER BY {order}");
        self.rows(&sql, ids.iter().map(|id| Arg::from(*id)).collect()).await
    }

    async fn records_of(&mut self, ids: &[PersonId]) -> Got<Found> {
        let mut found = Found::with_capacity(ids.len());
        for row in
            self.of_people("person", &format!("{}, erased_at", person::READ), "person_id", "person_id", ids).await?
        {
            if row.opt_instant("erased_at")?.is_none() {
                let person = person::read(&row)?;
                found.insert(person.id, PersonRecord::of(person));
            }
        }
        let rows = self.of_people(tie::TABLE, &tie::COLUMNS.join(", "), "person_id", "from_on, tie_id", ids).await?;
        each(&rows, &mut found, "person_id", tie::read, |record, it| record.ties.push(it))?;
        let columns = household::MEMBER_COLUMNS.join(", ");
        let rows = self.of_people(household::MEMBER, &columns, "person_id", "from_on, household_id", ids).await?;
        each(&rows, &mut found, "person_id", household::read_member, |record, it| record.households.push(it))?;
        let columns = household::GUARDIANSHIP_COLUMNS.join(", ");
        let rows =
            self.of_people(household::GUARDIANSHIP, &columns, "child_id", "from_on, guardianship_id", ids).await?;
        each(&rows, &mut found, "child_id", household::read_guardianship, |record, it| record.guardianships.push(it))?;
        let columns = enrolment::COLUMNS.join(", ");
        let rows = self.of_people(enrolment::TABLE, &columns, "person_id", "from_on, enrolment_id", ids).await?;
        each(&rows, &mut found, "person_id", enrolment::read, |record, it| record.enrolments.push(it))?;
        let columns = residence::COLUMNS.join(", ");
        let rows = self.of_people(residence::TABLE, &columns, "person_id", "from_on, residence_id", ids).await?;
        each(&rows, &mut found, "person_id", residence::read, |record, it| record.residences.push(it))?;
        let columns = occupation::COLUMNS.join(", ");
        let rows = self.of_people(occupation::TABLE, &columns, "person_id", "from_on, occupation_id", ids).await?;
        each(&rows, &mut found, "person_id", occupation::read, |record, it| record.occupations.push(it))?;
        let order = "on_day, outcome_id";
        let list = placeholders(2, ids.len());
        let sql = format!(
            "SELECT {} FROM {} WHERE org_id = $1 AND person_id IN {list} AND {} ORDER BY {order}",
            outcome::COLUMNS,
            outcome::TABLE,
            outcome::IN_FORCE
        );
        let rows = self.rows(&sql, ids.iter().map(|id| Arg::from(*id)).collect()).await?;
        each(&rows, &mut found, "person_id", outcome::read, |record, it| record.outcomes.push(it))?;
        let columns = interest::COLUMNS.join(", ");
        let rows = self.of_people(interest::TABLE, &columns, "person_id", "from_at, code", ids).await?;
        each(&rows, &mut found, "person_id", interest::read, |record, it| record.interests.push(it))?;
        let columns = consent::COLUMNS.join(", ");
        let rows = self.of_people(consent::TABLE, &columns, "person_id", "from_at, consent_id", ids).await?;
        each(&rows, &mut found, "person_id", consent::read, |record, it| record.consents.push(it))?;
        self.contacts_of(ids, &mut found).await?;
        Ok(found)
    }

    async fn contacts_of(&mut self, ids: &[PersonId], found: &mut Found) -> Got<()> {
        const POINT: &str = "person_id, contact_id, kind, provider_id, verified_at, created_at, removed_at";
        let rows = self.of_people(contact::TABLE, POINT, "person_id", "created_at, contact_id", ids).await?;
        each(&rows, found, "person_id", contact::read, |record, it| record.contact_points.push(it))?;
        let columns = contact::WORKING_COLUMNS.join(", ");
        let rows = self.of_people(contact::WORKING, &columns, "person_id", "from_at", ids).await?;
        let working = |row: &Row| Ok((row.id("contact_id")?, contact::read_working(row)?));
        each(&rows, found, "person_id", working, |record, (id, it)| {
            if let Some(point) = point_of(record, id) {
                point.working.push(it);
            }
        })?;
        let rows = self.of_people(contact::CONFIRMED, "person_id, contact_id, at", "person_id", "at", ids).await?;
        let confirmed = |row: &Row| Ok((row.id("contact_id")?, row.instant("at")?));
        each(&rows, found, "person_id", confirmed, |record, (id, at)| {
            if let Some(point) = point_of(record, id) {
                point.confirmed.push(at);
            }
        })
    }
}

fn point_of(record: &mut PersonRecord, id: ContactPointId) -> Option<&mut ContactPoint> {
    record.contact_points.iter_mut().find(|point| point.id == id)
}
