//! Erasing people: who goes along, what keeps it from happening now, the erasing itself, and what of somebody erased is
//! still there. What happens to which table stands in `person_tables`; sealed texts are found by `erasure_traces`; the
//! record of who asked and decided is `erasure_case`; keys and the log that survives a restore are `person_key`'s.

use tsunagari_kernel::{PersonId, Timestamp};
use uuid::Uuid;

use crate::args;
use crate::doctor::Finding;
use crate::erasure_traces::Traces;
use crate::error::StorageError;
use crate::person_tables::{Fate, HELD, Held};
use crate::sql::{Arg, placeholders};
use crate::store::{OrgStore, Reader, Tx};

/// Who is erased together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaving {
    /// The entries of the person: the one that stayed after merges, and all that went into it.
    pub entries: Vec<PersonId>,
    /// Guardians who are known only because of this person.
    pub guardians: Vec<PersonId>,
}

impl Leaving {
    /// Everybody.
    pub fn all(&self) -> Vec<PersonId> {
        self.entries.iter().chain(&self.guardians).copied().collect()
    }
}

/// What there is about somebody, for the decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Table and number of rows, only where there are any.
    pub rows: Vec<(&'static str, i64)>,
    /// Minors whose guardian the person is.
    pub wards: i64,
    /// Messages on their way or without a known end: they keep it from happening now.
    pub open_messages: i64,
    /// Imports at work that name the person: likewise.
    pub open_imports: i64,
}

/// How many of those erased last are looked for in texts.
const LATEST: i64 = 100;
/// The most entries one person is merged from that are followed.
const MOST_ENTRIES: usize = 200;

fn list(from: usize, persons: &[PersonId]) -> (String, Vec<Arg>) {
    (placeholders(from, persons.len()), persons.iter().map(|id| Arg::from(*id)).collect())
}

impl Reader {
    /// The person with every entry merged, and the guardians who go along.
    ///
    /// # Errors
    /// `NotFound` for who is unknown or erased.
    pub async fn leaving(&mut self, person: PersonId) -> Result<Leaving, StorageError> {
        let mut root = self.person(person).await?;
        let mut steps = 0;
        while let (Some(into), true) = (root.merged_into, steps < MOST_ENTRIES) {
            root = self.person(into).await?;
            steps += 1;
        }
        let mut entries = vec![root.id];
        let mut next = 0;
        while let (Some(into), true) = (entries.get(next).copied(), entries.len() < MOST_ENTRIES) {
            let sql = "SELECT person_id FROM person WHERE org_id = $1 AND merged_into = $2 ORDER BY person_id";
            for row in self.rows(sql, args![into]).await? {
                let id: PersonId = row.id("person_id")?;
                if !entries.contains(&id) {
                    entries.push(id);
                }
            }
            next += 1;
        }
        let guardians = self.guardians_only_of(&entries).await?;
        Ok(Leaving { entries, guardians })
    }

    /// Guardians of these persons who guard nobody else, have no tie but the guardian's and no contact point.
    async fn guardians_only_of(&mut self, entries: &[PersonId]) -> Result<Vec<PersonId>, StorageError> {
        let (these, args) = list(2, entries);
        let sql = format!(
            "SELECT DISTINCT g.guardian_id AS person_id FROM guardianship g WHERE g.org_id = $1 AND g.child_id IN {these} \
             AND g.guardian_id NOT IN {these} \
             AND NOT EXISTS (SELECT 1 FROM guardianship o WHERE o.org_id = $1 AND o.guardian_id = g.guardian_id AND o.child_id NOT IN {these}) \
             AND NOT EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = g.guardian_id AND t.kind <> 'guardian') \
             AND NOT EXISTS (SELECT 1 FROM contact_point c WHERE c.org_id = $1 AND c.person_id = g.guardian_id) \
             ORDER BY 1"
        );
        self.rows(&sql, args).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// What there is about these persons.
    pub async fn holdings(&mut self, persons: &[PersonId]) -> Result<Holdings, StorageError> {
        let (these, args) = list(2, persons);
        let mut found = Holdings::default();
        for held in HELD {
            let any: Vec<String> = held.names.iter().map(|(column, _)| format!("x.{column} IN {these}")).collect();
            let sql =
                format!("SELECT count(*) AS n FROM {} x WHERE x.org_id = $1 AND ({})", held.table, any.join(" OR "));
            let n = self.count(&sql, args.clone()).await?;
            if n > 0 {
                found.rows.push((held.table, n));
            }
        }
        let sql = format!(
            "SELECT count(*) AS n FROM guardianship g WHERE g.org_id = $1 AND g.guardian_id IN {these} AND g.child_id NOT IN {these} \
             AND g.until_on IS NULL"
        );
        found.wards = self.count(&sql, args.clone()).await?;
        let sql = format!(
            "SELECT count(*) AS n FROM delivery WHERE org_id = $1 AND person_id IN {these} AND state IN ('claimed', 'retry', 'unknown')"
        );
        found.open_messages = self.count(&sql, args.clone()).await?;
        let sql = format!(
            "SELECT (SELECT count(*) FROM import_row r JOIN import_file f ON f.org_id = r.org_id AND f.import_id = r.import_id \
             WHERE r.org_id = $1 AND r.person_id IN {these} AND f.state IN ('previewing', 'applying', 'undoing')) \
             + (SELECT count(*) FROM change_row r JOIN change c ON c.org_id = r.org_id AND c.change_id = r.change_id \
             WHERE r.org_id = $1 AND r.person_id IN {these} AND c.state IN ('applying', 'undoing')) AS n"
        );
        found.open_imports = self.count(&sql, args).await?;
        Ok(found)
    }

    /// Who is marked as erased.
    pub async fn erased_persons(&mut self) -> Result<Vec<PersonId>, StorageError> {
        let sql = "SELECT person_id FROM person WHERE org_id = $1 AND erased_at IS NOT NULL ORDER BY person_id";
        self.rows(sql, vec![]).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// Those of these persons who stand here unerased: a restored backup brought them back.
    pub async fn unerased_among(&mut self, persons: &[PersonId]) -> Result<Vec<PersonId>, StorageError> {
        let mut back = Vec::new();
        for chunk in persons.chunks(1_000) {
            let (these, args) = list(2, chunk);
            let sql = format!(
                "SELECT person_id FROM person WHERE org_id = $1 AND erased_at IS NULL AND person_id IN {these} ORDER BY person_id"
            );
            for row in self.rows(&sql, args).await? {
                back.push(row.id("person_id")?);
            }
        }
        Ok(back)
    }

    /// Rows that still name somebody erased, table by table; nothing when the erasures are whole.
    pub async fn left_of_erased(&mut self) -> Result<Vec<Finding>, StorageError> {
        let erased = "(SELECT e.person_id FROM person e WHERE e.org_id = $1 AND e.erased_at IS NOT NULL)";
        let mut found = Vec::new();
        if self.count("SELECT count(*) AS n FROM person WHERE org_id = $1 AND erased_at IS NOT NULL", vec![]).await?
            == 0
        {
            return Ok(found);
        }
        for held in HELD {
            for (column, fate) in held.names {
                let condition = match fate {
                    Fate::Kept(_) => continue,
                    Fate::Tombstone => "x.erased_at IS NOT NULL AND (x.family || x.given || x.family_kana || x.given_kana || x.name_key || x.kana_key <> '' \
                         OR x.birth_date IS NOT NULL OR x.merged_into IS NOT NULL OR x.team_id IS NOT NULL)".to_owned(),
                    Fate::Delete | Fate::Blank | Fate::Unmarked | Fate::Anonymous | Fate::Cleared => format!("x.{column} IN {erased}"),
                };
                let sql = format!("SELECT count(*) AS n FROM {} x WHERE x.org_id = $1 AND {condition}", held.table);
                let rows = self.count(&sql, vec![]).await?;
                if rows > 0 {
                    found.push(Finding { code: "erased_left", rows });
                }
            }
        }
        // An id in a text is asked for as the program writes it.
        let latest = "SELECT person_id FROM person WHERE org_id = $1 AND erased_at IS NOT NULL ORDER BY erased_at DESC, person_id LIMIT $2";
        for row in self.rows(latest, args![LATEST]).await? {
            let rows = self.mentions(row.id("person_id")?).await?;
            if rows > 0 {
                found.push(Finding { code: "erased_left", rows });
            }
        }
        Ok(found)
    }

    /// How many rows mention a person in a text: work lists, others' histories, waiting jobs.
    pub async fn mentions(&mut self, person: PersonId) -> Result<i64, StorageError> {
        let like = format!("%{person}%");
        let mut n = 0;
        for (table, columns) in MENTIONS {
            let any: Vec<String> = columns.iter().map(|column| format!("{column} LIKE $2")).collect();
            let sql = format!("SELECT count(*) AS n FROM {table} WHERE org_id = $1 AND ({})", any.join(" OR "));
            n += self.count(&sql, args![like.as_str()]).await?;
        }
        Ok(n)
    }
}

/// Texts in which ids of persons may stand.
const MENTIONS: [(&str, &[&str]); 3] = [
    ("work_item", &["subject", "note"]),
    ("person_history", &["before", "after"]),
    ("job", &["payload", "last_error"]),
];

impl Tx {
    /// Erases these persons here: rows go or lose the person, counts stay. `traces` are the sealed rows that mention them.
    /// Ends what a message or an import still has open: callers ask `holdings` before.
    pub async fn erase_persons(
        &mut self,
        persons: &[PersonId],
        traces: &Traces,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let (these, bound) = list(3, persons);
        let skip = format!(
            "UPDATE delivery SET state = 'skipped', reason = 'tie_ended', settled_at = $2 WHERE org_id = $1 AND state = 'queued' AND person_id IN {these}"
        );
        self.exec(&skip, args![at].into_iter().chain(bound).collect()).await?;
        self.clear_traces(traces).await?;
        let households = self.households_of(persons).await?;
        for held in HELD {
            for (column, fate) in held.names {
                self.carry_out(held, column, *fate, persons, at).await?;
            }
        }
        for household in households {
            let sql = "DELETE FROM household WHERE org_id = $1 AND household_id = $2 AND NOT EXISTS \
                       (SELECT 1 FROM household_member m WHERE m.org_id = $1 AND m.household_id = $2)";
            self.exec(sql, args![household]).await?;
        }
        for person in persons {
            let like = format!("%{person}%");
            // An item about somebody goes; one that only names them among others stays without the name.
            let text = person.to_string();
            self.exec("DELETE FROM work_item WHERE org_id = $1 AND subject = $2", args![text.as_str()]).await?;
            let sql = "UPDATE work_item SET note = replace(note, $2, '') WHERE org_id = $1 AND note LIKE $3";
            self.exec(sql, args![text.as_str(), like.as_str()]).await?;
            for (table, columns) in MENTIONS {
                let any: Vec<String> = columns.iter().map(|column| format!("{column} LIKE $2")).collect();
                let sql = format!("DELETE FROM {table} WHERE org_id = $1 AND ({})", any.join(" OR "));
                self.exec(&sql, args![like.as_str()]).await?;
            }
        }
        Ok(())
    }

    async fn households_of(&mut self, persons: &[PersonId]) -> Result<Vec<Uuid>, StorageError> {
        let (these, args) = list(2, persons);
        let sql =
            format!("SELECT DISTINCT household_id FROM household_member WHERE org_id = $1 AND person_id IN {these}");
        self.rows(&sql, args).await?.iter().map(|row| row.id("household_id")).collect()
    }

    async fn carry_out(
        &mut self,
        held: &Held,
        column: &str,
        fate: Fate,
        persons: &[PersonId],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let table = held.table;
        let (these, bound) = list(2, persons);
        let sql = match fate {
            Fate::Kept(_) => return Ok(()),
            Fate::Anonymous => return self.make_anonymous(persons).await,
            Fate::Delete => format!("DELETE FROM {table} WHERE org_id = $1 AND {column} IN {these}"),
            Fate::Blank => format!("UPDATE {table} SET {column} = NULL WHERE org_id = $1 AND {column} IN {these}"),
            Fate::Unmarked => {
                format!("UPDATE {table} SET {column} = NULL, salt = NULL WHERE org_id = $1 AND {column} IN {these}")
            }
            // The cells went with the traces.
            Fate::Cleared => {
                format!("UPDATE {table} SET {column} = NULL, judged = NULL WHERE org_id = $1 AND {column} IN {these}")
            }
            Fate::Tombstone => {
                let (these, bound) = list(3, persons);
                let sql = format!(
                    "UPDATE {table} SET family = '', given = '', family_kana = '', given_kana = '', name_key = '', kana_key = '', \
                     birth_date = NULL, locale = 'ja', address_protected = 0, source = 'erased', team_id = NULL, merged_into = NULL, \
                     erased_at = coalesce(erased_at, $2), created_at = 0, updated_at = 0, version = version + 1 \
                     WHERE org_id = $1 AND {column} IN {these}"
                );
                self.exec(&sql, args![at].into_iter().chain(bound).collect()).await?;
                return Ok(());
            }
        };
        self.exec(&sql, bound).await?;
        Ok(())
    }

    /// Every delivery gets an id of its own that is nobody's, so that two of them cannot be told to be one person's.
    async fn make_anonymous(&mut self, persons: &[PersonId]) -> Result<(), StorageError> {
        let (these, bound) = list(2, persons);
        let sql = format!("SELECT campaign_id, person_id FROM delivery WHERE org_id = $1 AND person_id IN {these}");
        for row in self.rows(&sql, bound).await? {
            let (campaign, person): (Uuid, PersonId) = (row.id("campaign_id")?, row.id("person_id")?);
            let nobody = Uuid::from_bytes(self.shared.chance.bytes());
            let sql = "UPDATE delivery SET person_id = $4, contact_id = NULL, request_id = NULL \
                       WHERE org_id = $1 AND campaign_id = $2 AND person_id = $3";
            self.exec(sql, args![campaign, person, nobody]).await?;
        }
        Ok(())
    }
}

impl OrgStore {
    /// Forgets the keys of erased persons and writes them into the log beside the keys, which a restored database is held
    /// against; then the write-ahead logs are emptied, or owed to be. Safe to repeat.
    pub async fn seal_erasure(&self, persons: &[PersonId]) -> Result<(), StorageError> {
        let now = self.store().clock_now();
        self.store().person_key_file().erase(self.id(), persons, now).await?;
        self.store().owe_logs();
        if let Err(error) = self.store().empty_owed_logs().await {
            tracing::warn!(%error, "the write-ahead logs could not be emptied; tried again soon");
        }
        Ok(())
    }

    /// Everybody of this organisation who was ever erased, by the log beside the keys.
    pub async fn erasure_log(&self) -> Result<Vec<PersonId>, StorageError> {
        self.store().person_key_file().erased(self.id()).await
    }

    /// Erased persons who still have a key, or are missing in the log beside the keys.
    pub async fn unsealed_erasures(&self) -> Result<Vec<PersonId>, StorageError> {
        let erased = self.read().await?.erased_persons().await?;
        let keys = self.person_keys(&erased).await?;
        let logged: std::collections::HashSet<PersonId> = self.erasure_log().await?.into_iter().collect();
        Ok(erased.into_iter().filter(|person| keys.has(*person) || !logged.contains(person)).collect())
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
