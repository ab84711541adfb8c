//! Persons: entering many at once with everything known of them, changing one, and the history of changes. Leaves
//! reading to `person_record`, lists to `person_list`.

use std::collections::HashMap;

use tsunagari_kernel::{AuditId, ContactPointId, Moment, PersonId, TeamId, Timestamp};
use tsunagari_people::{Aspect, Person, PersonRecord};

use crate::args;
use crate::contact::{self, Seal};
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};
use crate::{consent, enrolment, household, interest, occupation, person_state, residence, tie};

/// A person to be entered with everything known.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The person and all facts.
    pub record: PersonRecord,
    /// Where they come from: `import`, `join`, `line`, `office`, `demo`. Also how consents and guardianships came.
    pub source: String,
    /// The address of every contact point of the record, in the form it is compared.
    pub addresses: HashMap<ContactPointId, String>,
}

/// A change of one aspect of a person, with what it was before and after as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// The row of the audit record that tells who.
    pub audit: AuditId,
    /// What.
    pub what: Aspect,
    /// Before, when there was anything.
    pub before: Option<String>,
    /// After, when there is anything.
    pub after: Option<String>,
}

/// Whether a row of `person` is of somebody protected: by their own flag, or by that of the entry they were merged into.
pub(crate) fn is_protected(alias: &str) -> String {
    format!(
        "({alias}.address_protected = 1 OR EXISTS (SELECT 1 FROM person kept WHERE kept.org_id = {alias}.org_id \
         AND kept.person_id = {alias}.merged_into AND kept.address_protected = 1))"
    )
}

pub(crate) const READ: &str = "person_id, family, given, family_kana, given_kana, birth_date, locale, address_protected, \
    team_id, merged_into, created_at";

const COLUMNS: &[&str] = &[
    "person_id",
    "family",
    "given",
    "family_kana",
    "given_kana",
    "name_key",
    "kana_key",
    "birth_date",
    "locale",
    "address_protected",
    "source",
    "team_id",
    "merged_into",
    "created_at",
    "updated_at",
];

fn values(it: &Person, source: &str, now: Timestamp) -> Vec<Arg> {
    args![
        it.id,
        it.family.as_str(),
        it.given.as_str(),
        it.family_kana.as_str(),
        it.given_kana.as_str(),
        it.name_key(),
        it.kana_key(),
        it.birth_date,
        it.locale.code(),
        it.address_protected,
        source,
        it.team,
        it.merged_into,
        it.created_at,
        now,
    ]
}

pub(crate) fn read(row: &Row) -> Result<Person, StorageError> {
    Ok(Person {
        id: row.id("person_id")?,
        family: row.text("family")?,
        given: row.text("given")?,
        family_kana: row.text("family_kana")?,
        given_kana: row.text("given_kana")?,
        birth_date: row.opt_date("birth_date")?,
        locale: row.code("locale")?,
        address_protected: row.flag("address_protected")?,
        team: row.opt_id("team_id")?,
        merged_into: row.opt_id("merged_into")?,
        created_at: row.instant("created_at")?,
    })
}

/// The rows of many arrivals, one list per table.
#[derive(Default)]
pub(crate) struct Rows {
    persons: Vec<Vec<Arg>>,
    ties: Vec<Vec<Arg>>,
    members: Vec<Vec<Arg>>,
    guardianships: Vec<Vec<Arg>>,
    enrolments: Vec<Vec<Arg>>,
    residences: Vec<Vec<Arg>>,
    occupations: Vec<Vec<Arg>>,
    interests: Vec<Vec<Arg>>,
    contacts: Vec<Vec<Arg>>,
    working: Vec<Vec<Arg>>,
    confirmed: Vec<Vec<Arg>>,
    consents: Vec<Vec<Arg>>,
    states: Vec<Vec<Arg>>,
}

impl Rows {
    /// Of all of these, in the order of their keys: neighbours on the page are written together.
    pub(crate) fn of(arrivals: &[Arrival], seal: &Seal<'_>, now: Timestamp) -> Result<Self, StorageError> {
        let mut rows = Self::default();
        let mut ordered: Vec<&Arrival> = arrivals.iter().collect();
        ordered.sort_by_key(|arrival| arrival.record.person.id);
        for arrival in ordered {
            rows.add(arrival, seal, now)?;
        }
        Ok(rows)
    }

    /// Rows of one gram beside each other are written several times faster into an index-organised table.
    pub(crate) fn grams(arrivals: &[Arrival]) -> Vec<Vec<Arg>> {
        let mut grams: Vec<(String, PersonId)> = Vec::with_capacity(arrivals.len() * 12);
        for person in arrivals.iter().map(|it| &it.record.person).filter(|person| person.merged_into.is_none()) {
            grams.extend(person.grams().into_iter().map(|gram| (gram, person.id)));
        }
        grams.sort();
        grams.into_iter().map(|(gram, person)| args![gram, person]).collect()
    }

    fn add(&mut self, it: &Arrival, seal: &Seal<'_>, now: Timestamp) -> Result<(), StorageError> {
        let (record, id) = (&it.record, it.record.person.id);
        self.persons.push(values(&record.person, &it.source, now));
        self.states.push(person_state::values(record, &Moment { date: now.jst_date(), instant: now }));
        self.ties.extend(record.ties.iter().map(|x| tie::values(id, x, now)));
        self.members.extend(record.households.iter().map(|x| household::member_values(id, x)));
        let guardianship = |x| household::guardianship_values(id, x, &it.source, now);
        self.guardianships.extend(record.guardianships.iter().map(guardianship));
        self.enrolments.extend(record.enrolments.iter().map(|x| enrolment::values(id, x, now)));
        self.residences.extend(record.residences.iter().map(|x| residence::values(id, x, now)));
        self.occupations.extend(record.occupations.iter().map(|x| occupation::values(id, x, now)));
        self.interests.extend(record.interests.iter().map(|x| interest::values(id, x)));
        self.consents.extend(record.consents.iter().map(|x| consent::values(id, x, &it.source, now)));
        for point in &record.contact_points {
            let clear = it.addresses.get(&point.id).ok_or(StorageError::NotFound("address"))?;
            self.contacts.push(seal.values(id, point, clear)?);
            self.working.extend(point.working.iter().map(|x| contact::working_values(id, point, x, now)));
            self.confirmed.extend(point.confirmed.iter().map(|at| args![id, point.id, *at, "given"]));
        }
        Ok(())
    }
}

impl Reader {
    /// One person's own row.
    pub async fn person(&mut self, id: PersonId) -> Result<Person, StorageError> {
        let sql = format!("SELECT {READ} FROM person WHERE org_id = $1 AND person_id = $2 AND erased_at IS NULL");
        read(&self.one("person", &sql, args![id]).await?)
    }

    /// The version of a person's own row: a change names the version it saw.
    pub async fn person_version(&mut self, id: PersonId) -> Result<i64, StorageError> {
        let sql = "SELECT version FROM person WHERE org_id = $1 AND person_id = $2 AND erased_at IS NULL";
        self.one("person", sql, args![id]).await?.int("version")
    }

    /// What was changed about a person, newest first.
    pub async fn person_history(&mut self, id: PersonId) -> Result<Vec<HistoryEntry>, StorageError> {
        let sql = "SELECT at, audit_id, what, before, after FROM person_history WHERE org_id = $1 AND person_id = $2 \
                   ORDER BY at DESC, audit_id DESC, what";
        let rows = self.rows(sql, args![id]).await?;
        rows.iter()
            .map(|row| {
                Ok(HistoryEntry {
                    at: row.instant("at")?,
                    audit: row.id("audit_id")?,
                    what: row.code("what")?,
                    before: row.opt_text("before")?,
                    after: row.opt_text("after")?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Enters persons with everything known of them in as few statements as there are tables. One or a hundred thousand:
    /// callers slice long changes themselves.
    ///
    /// # Errors
    /// `Sealed` when a person with contact points has no key among `keys`; `NotFound` for an address not given.
    pub async fn insert_people(&mut self, arrivals: &[Arrival], keys: &PersonKeys) -> Result<(), StorageError> {
        let org_key = self.org_key().await?;
        let (now, shared) = (self.shared.clock.now(), self.shared.clone());
        let seal = Seal { org_key: &org_key, keys, chance: &shared.chance };
        let rows = Rows::of(arrivals, &seal, now)?;
        self.insert_many("person_gram", &["gram", "person_id"], Rows::grams(arrivals), "").await?;
        self.insert_rows(rows).await
    }

    /// The rows of persons but for the grams they are found by.
    pub(crate) async fn insert_rows(&mut self, rows: Rows) -> Result<(), StorageError> {
        self.insert_many("person", COLUMNS, rows.persons, "").await?;
        self.insert_many(tie::TABLE, tie::COLUMNS, rows.ties, "").await?;
        self.insert_many(household::MEMBER, household::MEMBER_COLUMNS, rows.members, "").await?;
        self.insert_many(household::GUARDIANSHIP, household::GUARDIANSHIP_COLUMNS, rows.guardianships, "").await?;
        self.insert_many(enrolment::TABLE, enrolment::COLUMNS, rows.enrolments, "").await?;
        self.insert_many(residence::TABLE, residence::COLUMNS, rows.residences, "").await?;
        self.insert_many(occupation::TABLE, occupation::COLUMNS, rows.occupations, "").await?;
        self.insert_many(interest::TABLE, interest::COLUMNS, rows.interests, "").await?;
        self.insert_many(contact::TABLE, contact::COLUMNS, rows.contacts, "").await?;
        self.insert_many(contact::WORKING, contact::WORKING_COLUMNS, rows.working, "").await?;
        self.insert_many(contact::CONFIRMED, contact::CONFIRMED_COLUMNS, rows.confirmed, "ON CONFLICT DO NOTHING")
            .await?;
        self.insert_many(consent::TABLE, consent::COLUMNS, rows.consents, "").await?;
        // Last: a row that is already there would be unsettled by every fact that follows.
        self.insert_many(person_state::TABLE, person_state::COLUMNS, rows.states, "").await
    }

    /// Whoever enters somebody by hand goes one after another until this transaction ends: so that a look for people alike
    /// sees whom another has just entered. The organisation's row would make all else wait.
    pub async fn lock_arrivals(&mut self) -> Result<(), StorageError> {
        if let Some(sql) = self.arrivals_lock() {
            self.rows(sql, vec![]).await?;
        }
        Ok(())
    }

    /// Keeps these persons' own rows for this transaction: what is read of them from here on is what is written over. Where
    /// the database has one writer nobody else could write anyway.
    pub async fn lock_persons(&mut self, ids: &[PersonId]) -> Result<(), StorageError> {
        let lock = self.for_update();
        if lock.is_empty() {
            return Ok(());
        }
        // In one order, so that two who want the same two persons never wait for each other.
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        for chunk in ids.chunks(1_000) {
            let list = crate::sql::placeholders(2, chunk.len());
            let sql = format!(
                "SELECT person_id FROM person WHERE org_id = $1 AND person_id IN {list} ORDER BY person_id{lock}"
            );
            self.rows(&sql, chunk.iter().map(|id| Arg::from(*id)).collect()).await?;
        }
        Ok(())
    }

    /// Writes a person's own row (names, birth date, language, protection, team, merge) as it is now known.
    pub async fn keep_person(&mut self, it: &Person) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let done = self
            .exec(
                "UPDATE person SET family = $3, given = $4, family_kana = $5, given_kana = $6, name_key = $7, kana_key = $8, \
                 birth_date = $9, locale = $10, address_protected = $11, team_id = $12, merged_into = $13, updated_at = $14, \
                 version = version + 1 WHERE org_id = $1 AND person_id = $2 AND erased_at IS NULL",
                args![
                    it.id, it.family.as_str(), it.given.as_str(), it.family_kana.as_str(), it.given_kana.as_str(), it.name_key(),
                    it.kana_key(), it.birth_date, it.locale.code(), it.address_protected, it.team, it.merged_into, now,
                ],
            )
            .await?;
        if done == 0 {
            return Err(StorageError::NotFound("person"));
        }
        self.exec("DELETE FROM person_gram WHERE org_id = $1 AND person_id = $2", args![it.id]).await?;
        if it.merged_into.is_some() {
            return Ok(());
        }
        let grams = it.grams().into_iter().map(|gram| args![gram, it.id]).collect();
        self.insert_many("person_gram", &["gram", "person_id"], grams, "").await
    }

    /// The same, only when nobody changed the row since it was read at `version`.
    ///
    /// # Errors
    /// `Conflict` when somebody did.
    pub async fn keep_person_at(&mut self, it: &Person, version: i64) -> Result<(), StorageError> {
        self.lock_persons(&[it.id]).await?;
        if self.person_version(it.id).await? != version {
            return Err(StorageError::Conflict("person"));
        }
        self.keep_person(it).await
    }

    /// Gives a person to a team, or to none.
    pub async fn give_to_team(&mut self, person: PersonId, team: Option<TeamId>) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        let sql = "UPDATE person SET team_id = $3, updated_at = $4, version = version + 1 WHERE org_id = $1 AND person_id = $2";
        self.exec(sql, args![person, team, now]).await?;
        Ok(())
    }

    /// Keeps what a change did to one aspect of a person, as JSON; `audit` names the row that tells who.
    pub async fn add_person_history(&mut self, person: PersonId, it: &HistoryEntry) -> Result<(), StorageError> {
        let columns = &["person_id", "at", "audit_id", "what", "before", "after"];
        let row = args![person, it.at, it.audit, it.what.code(), it.before.clone(), it.after.clone()];
        self.insert_many("person_history", columns, vec![row], "").await
    }

    /// Takes persons out with everything known of them: the undoing of an entry nobody has built upon.
    pub async fn remove_people(&mut self, ids: &[PersonId]) -> Result<(), StorageError> {
        const TABLES: [(&str, &str); 15] = [
            ("test_recipient", "person_id"),
            ("person_gram", "person_id"),
            ("tie", "person_id"),
            ("household_member", "person_id"),
            ("guardianship", "child_id"),
            ("enrolment", "person_id"),
            ("residence", "person_id"),
            ("occupation", "person_id"),
            ("interest", "person_id"),
            ("contact_confirmed", "person_id"),
            ("contact_working", "person_id"),
            ("contact_point", "person_id"),
            ("consent", "person_id"),
            ("person_history", "person_id"),
            ("person", "person_id"),
        ];
        for chunk in ids.chunks(1_000) {
            let list = crate::sql::placeholders(2, chunk.len());
            for (table, column) in TABLES {
                let sql = format!("DELETE FROM {table} WHERE org_id = $1 AND {column} IN {list}");
                self.exec(&sql, chunk.iter().map(|id| Arg::from(*id)).collect()).await?;
            }
        }
        Ok(())
    }
}
