//! Contact points: adding them sealed, opening, verifying, confirming, finding whose an address is, and the intervals in
//! which they work. Events may come late, twice and out of order: working is judged by the event's own time. Leaves
//! normalising addresses to kernel and what a state means to people.

use std::collections::HashSet;

use zeroize::Zeroizing;

use tsunagari_kernel::{ContactPointId, PersonId, ProviderId, Span, Timestamp};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{ContactKind, ContactPoint, EndReason};

use crate::args;
use crate::error::StorageError;
use crate::keyring::Key;
use crate::person_key::PersonKeys;
use crate::sql::{Arg, Row, placeholders};
use crate::store::{Reader, Tx};

/// Counted up when the look-up's key or form changes; old rows are then looked up both ways until rewritten.
const LOOKUP_VERSION: i64 = 1;

pub(crate) const TABLE: &str = "contact_point";
pub(crate) const COLUMNS: &[&str] = &[
    "person_id",
    "contact_id",
    "kind",
    "provider_id",
    "lookup",
    "lookup_version",
    "sealed",
    "verified_at",
    "created_at",
    "removed_at",
];
pub(crate) const WORKING: &str = "contact_working";
pub(crate) const WORKING_COLUMNS: &[&str] =
    &["person_id", "contact_id", "from_at", "kind", "until_at", "end_reason", "recorded_at"];
pub(crate) const CONFIRMED: &str = "contact_confirmed";
pub(crate) const CONFIRMED_COLUMNS: &[&str] = &["person_id", "contact_id", "at", "how"];

/// A contact point's address in the one form it is compared (see `kernel::contact`; LINE: the user id).
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Whose contact point.
    pub person: PersonId,
    /// Which one.
    pub contact: ContactPointId,
    /// Its kind.
    pub kind: ContactKind,
    /// The address in clear.
    pub clear: Zeroizing<String>,
}

/// A contact point found by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Whose it is.
    pub person: PersonId,
    /// Which one.
    pub contact: ContactPointId,
    /// When it was verified.
    pub verified_at: Option<Timestamp>,
}

pub(crate) fn context(person: PersonId, contact: ContactPointId) -> Vec<u8> {
    [person.0.as_bytes().as_slice(), contact.0.as_bytes()].concat()
}

/// What sealing needs: the organisation's key for the look-up, the person's for the address.
pub(crate) struct Seal<'k> {
    pub(crate) org_key: &'k Key,
    pub(crate) keys: &'k PersonKeys,
    pub(crate) chance: &'k tsunagari_kernel::Chance,
}

impl Seal<'_> {
    pub(crate) fn values(&self, person: PersonId, it: &ContactPoint, clear: &str) -> Result<Vec<Arg>, StorageError> {
        let sealed = self.keys.of(person)?.seal(self.chance, &context(person, it.id), clear.as_bytes())?;
        let lookup = self.org_key.lookup(it.kind.code(), clear);
        Ok(args![
            person,
            it.id,
            it.kind.code(),
            it.provider,
            lookup,
            LOOKUP_VERSION,
            sealed,
            it.verified_at,
            it.kept.from,
            it.kept.until,
        ])
    }
}

pub(crate) fn working_values(person: PersonId, point: &ContactPoint, it: &Working, now: Timestamp) -> Vec<Arg> {
    args![person, point.id, it.span.from, point.kind.code(), it.span.until, it.ended.map(EndReason::code), now]
}

pub(crate) fn read(row: &Row) -> Result<ContactPoint, StorageError> {
    Ok(ContactPoint {
        id: row.id("contact_id")?,
        kind: row.code("kind")?,
        provider: row.opt_id("provider_id")?,
        kept: row.instants("created_at", "removed_at")?,
        verified_at: row.opt_instant("verified_at")?,
        working: Vec::new(),
        confirmed: Vec::new(),
    })
}

pub(crate) fn read_working(row: &Row) -> Result<Working, StorageError> {
    Ok(Working { span: row.instants("from_at", "until_at")?, ended: row.opt_code("end_reason")? })
}

impl Reader {
    /// Whose an address is, among the contact points kept and persons neither merged nor erased. `provider` narrows LINE
    /// user ids to their provider. Several when people share an address.
    pub async fn persons_by_contact(
        &mut self,
        kind: ContactKind,
        clear: &str,
        provider: Option<ProviderId>,
    ) -> Result<Vec<Found>, StorageError> {
        let lookup = self.org_key().await?.lookup(kind.code(), clear);
        let sql = "SELECT c.person_id, c.contact_id, c.verified_at FROM contact_point c \
                   JOIN person p ON p.org_id = c.org_id AND p.person_id = c.person_id \
                   WHERE c.org_id = $1 AND c.kind = $2 AND c.lookup = $3 AND c.removed_at IS NULL \
                   AND p.merged_into IS NULL AND p.erased_at IS NULL \
                   AND ($4 IS NULL OR c.provider_id = $4) ORDER BY c.created_at, c.contact_id";
        let rows = self.rows(sql, args![kind.code(), lookup, provider]).await?;
        rows.iter()
            .map(|row| {
                Ok(Found {
                    person: row.id("person_id")?,
                    contact: row.id("contact_id")?,
                    verified_at: row.opt_instant("verified_at")?,
                })
            })
            .collect()
    }

    /// The one person an address belongs to; none when there is none or several share it.
    pub async fn person_by_contact(
        &mut self,
        kind: ContactKind,
        clear: &str,
        provider: Option<ProviderId>,
    ) -> Result<Option<Found>, StorageError> {
        let found = self.persons_by_contact(kind, clear, provider).await?;
        let same = found.windows(2).all(|pair| pair[0].person == pair[1].person);
        Ok(found.first().copied().filter(|_| same))
    }

    /// The addresses of these contact points, opened. Those of shredded persons are left out.
    pub async fn addresses(
        &mut self,
        keys: &PersonKeys,
        contacts: &[(PersonId, ContactPointId)],
    ) -> Result<Vec<Address>, StorageError> {
        let mut out = Vec::with_capacity(contacts.len());
        for chunk in contacts.chunks(1_000) {
            let asked: HashSet<(PersonId, ContactPointId)> = chunk.iter().copied().collect();
            // By person alone: asked for both lists, a database may try every pair.
            let sql = format!(
                "SELECT person_id, contact_id, kind, sealed FROM contact_point WHERE org_id = $1 AND person_id IN {}",
                placeholders(2, chunk.len())
            );
            let persons = chunk.iter().map(|(person, _)| Arg::from(*person)).collect();
            for row in self.rows(&sql, persons).await? {
                if asked.contains(&(row.id("person_id")?, row.id("contact_id")?)) {
                    out.extend(open(&row, keys)?);
                }
            }
        }
        Ok(out)
    }

    /// All addresses of a person that are kept, opened.
    pub async fn addresses_of(&mut self, keys: &PersonKeys, person: PersonId) -> Result<Vec<Address>, StorageError> {
        let sql = "SELECT person_id, contact_id, kind, sealed FROM contact_point \
                   WHERE org_id = $1 AND person_id = $2 AND removed_at IS NULL ORDER BY created_at, contact_id";
        let rows = self.rows(sql, args![person]).await?;
        let opened = rows.iter().map(|row| open(row, keys)).collect::<Result<Vec<_>, _>>()?;
        Ok(opened.into_iter().flatten().collect())
    }
}

impl Reader {
    /// All addresses of several persons that are kept, opened, in the order they were entered.
    pub async fn addresses_of_many(
        &mut self,
        keys: &PersonKeys,
        persons: &[PersonId],
    ) -> Result<Vec<Address>, StorageError> {
        let mut out = Vec::new();
        for chunk in persons.chunks(1_000) {
            let sql = format!(
                "SELECT person_id, contact_id, kind, sealed FROM contact_point \
                 WHERE org_id = $1 AND removed_at IS NULL AND person_id IN {} ORDER BY person_id, created_at, contact_id",
                placeholders(2, chunk.len())
            );
            let args = chunk.iter().map(|person| Arg::from(*person)).collect();
            for row in self.rows(&sql, args).await? {
                out.extend(open(&row, keys)?);
            }
        }
        Ok(out)
    }
}

fn open(row: &Row, keys: &PersonKeys) -> Result<Option<Address>, StorageError> {
    let (person, contact) = (row.id("person_id")?, row.id("contact_id")?);
    if !keys.has(person) {
        return Ok(None);
    }
    let plain = keys.of(person)?.open(&context(person, contact), &row.bytes("sealed")?)?;
    let clear = std::str::from_utf8(&plain).map_err(|_| StorageError::Sealed)?;
    Ok(Some(Address { person, contact, kind: row.code("kind")?, clear: Zeroizing::new(clear.to_owned()) }))
}

impl Tx {
    /// Adds a contact point with its address, working intervals and confirmations.
    ///
    /// # Errors
    /// `Sealed` when the person's key is not among `keys` (see `OrgStore::make_person_keys`).
    pub async fn add_contact(
        &mut self,
        person: PersonId,
        it: &ContactPoint,
        clear: &str,
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        let org_key = self.org_key().await?;
        let (now, shared) = (self.shared.clock.now(), self.shared.clone());
        let seal = Seal { org_key: &org_key, keys, chance: &shared.chance };
        self.insert_many(TABLE, COLUMNS, vec![seal.values(person, it, clear)?], "").await?;
        let working = it.working.iter().map(|w| working_values(person, it, w, now)).collect();
        self.insert_many(WORKING, WORKING_COLUMNS, working, "").await?;
        let confirmed = it.confirmed.iter().map(|at| args![person, it.id, *at, "given"]).collect();
        self.insert_many(CONFIRMED, CONFIRMED_COLUMNS, confirmed, "ON CONFLICT DO NOTHING").await
    }

    /// Holds the contact points of a person until the transaction ends: whoever takes one out sees what another took out.
    pub async fn hold_contacts(&mut self, person: PersonId) -> Result<(), StorageError> {
        let sql = format!(
            "SELECT contact_id FROM contact_point WHERE org_id = $1 AND person_id = $2 AND removed_at IS NULL \
             ORDER BY contact_id{}",
            self.for_update()
        );
        self.rows(&sql, args![person]).await.map(|_| ())
    }

    /// Takes a contact point out at an instant; it counts as absent from then on.
    pub async fn remove_contact(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE contact_point SET removed_at = $4 WHERE org_id = $1 AND person_id = $2 AND contact_id = $3 AND removed_at IS NULL";
        self.exec(sql, args![person, contact, at]).await?;
        self.contact_fails(person, contact, at, EndReason::Removed).await.map(|_| ())
    }

    /// Records that a contact point was proven to be the person's; the earliest proof stays.
    pub async fn verify_contact(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE contact_point SET verified_at = $4 WHERE org_id = $1 AND person_id = $2 AND contact_id = $3 \
                   AND (verified_at IS NULL OR verified_at > $4)";
        self.exec(sql, args![person, contact, at]).await?;
        Ok(())
    }

    /// Records that a contact point was confirmed again (`how`: `click`, `reply`, `office` …).
    pub async fn confirm_contact(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        at: Timestamp,
        how: &str,
    ) -> Result<(), StorageError> {
        let row = args![person, contact, at, how];
        self.insert_many(CONFIRMED, CONFIRMED_COLUMNS, vec![row], "ON CONFLICT DO NOTHING").await
    }

    /// Records that a contact point works from an instant on (LINE: followed). Every such event keeps a row of its own,
    /// ending where the next begins, so that events in any order, twice or late give the same answer.
    pub async fn contact_works(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let rows = self.working_of(person, contact).await?;
        let before = rows.iter().rfind(|w| w.span.from <= at);
        if before.is_some_and(|w| w.span.from == at) {
            return Ok(());
        }
        let next = rows.iter().find(|w| w.span.from > at).map(|w| w.span.from);
        let (until, ended) = match before.filter(|w| w.span.contains(at)) {
            Some(split) => {
                self.end_working(person, contact, split.span.from, at, None).await?;
                (split.span.until.or(next), split.ended)
            }
            None => (next, None),
        };
        self.insert_working(person, contact, &Working { span: Span { from: at, until }, ended }).await
    }

    /// Records that a contact point stopped working at an instant (blocked, bounced, returned). Whether it was known to
    /// work until then. Where it was not, an empty interval keeps the event, for a success that may still come late.
    pub async fn contact_fails(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        at: Timestamp,
        why: EndReason,
    ) -> Result<bool, StorageError> {
        let rows = self.working_of(person, contact).await?;
        let before = rows.iter().rfind(|w| w.span.from <= at);
        if before.is_some_and(|w| w.ended.is_some() && w.span.until == Some(at)) {
            return Ok(false);
        }
        let marker = |at, why| Working { span: Span::between(at, at), ended: Some(why) };
        let Some(cut) = before.filter(|w| w.span.contains(at)) else {
            self.insert_working(person, contact, &marker(at, why)).await?;
            return Ok(false);
        };
        self.end_working(person, contact, cut.span.from, at, Some(why)).await?;
        if let (Some(until), Some(later)) = (cut.span.until, cut.ended)
            && rows.iter().all(|w| w.span.from != until)
        {
            self.insert_working(person, contact, &marker(until, later)).await?;
        }
        Ok(true)
    }

    async fn end_working(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        from: Timestamp,
        until: Timestamp,
        why: Option<EndReason>,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE contact_working SET until_at = $5, end_reason = $6 \
                   WHERE org_id = $1 AND person_id = $2 AND contact_id = $3 AND from_at = $4";
        self.exec(sql, args![person, contact, from, until, why.map(EndReason::code)]).await?;
        Ok(())
    }

    async fn insert_working(
        &mut self,
        person: PersonId,
        contact: ContactPointId,
        it: &Working,
    ) -> Result<(), StorageError> {
        let sql = "INSERT INTO contact_working (org_id, person_id, contact_id, from_at, kind, until_at, end_reason, recorded_at) \
                   SELECT org_id, person_id, contact_id, CAST($4 AS bigint), kind, CAST($5 AS bigint), CAST($6 AS text), CAST($7 AS bigint) \
                   FROM contact_point WHERE org_id = $1 AND person_id = $2 AND contact_id = $3";
        let now = self.shared.clock.now();
        let ended = it.ended.map(EndReason::code);
        let done = self.exec(sql, args![person, contact, it.span.from, it.span.until, ended, now]).await?;
        if done == 0 { Err(StorageError::NotFound("contact")) } else { Ok(()) }
    }

    async fn working_of(&mut self, person: PersonId, contact: ContactPointId) -> Result<Vec<Working>, StorageError> {
        let sql = "SELECT from_at, until_at, end_reason FROM contact_working \
                   WHERE org_id = $1 AND person_id = $2 AND contact_id = $3 ORDER BY from_at";
        self.rows(sql, args![person, contact]).await?.iter().map(read_working).collect()
    }
}
