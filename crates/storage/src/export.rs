//! Lists that left the system: what, asked how, by whom, and whom they named. Leaves the file itself to documents and
//! who may take one out to acts.

use tsunagari_kernel::{PersonId, Timestamp, UserId};
use uuid::Uuid;

use crate::args;
use crate::error::StorageError;
use crate::person::is_protected;
use crate::sql::{Arg, placeholders};
use crate::store::{OrgStore, Reader, Tx};

/// Persons recorded in one turn at the writer.
const SLICE: usize = 2_000;

/// A list that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its id.
    pub id: Uuid,
    /// Which list: `people`, `import_rows`, `audience`, `deliveries`, `figure_members` …
    pub kind: String,
    /// What was asked, as JSON of ids and codes.
    pub query: String,
    /// How many people it names.
    pub people: i64,
    /// Who took it out.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

impl Reader {
    /// Those of these persons whose address is protected now.
    pub async fn protected_among(&mut self, persons: &[PersonId]) -> Result<Vec<PersonId>, StorageError> {
        let mut found = Vec::new();
        for chunk in persons.chunks(1_000) {
            let sql = format!(
                "SELECT p.person_id FROM person p WHERE p.org_id = $1 AND p.person_id IN {} AND {}",
                placeholders(2, chunk.len()),
                is_protected("p")
            );
            for row in self.rows(&sql, chunk.iter().map(|id| Arg::from(*id)).collect()).await? {
                found.push(row.id("person_id")?);
            }
        }
        Ok(found)
    }

    /// The latest exports, newest first.
    pub async fn exports(&mut self, most: i64) -> Result<Vec<Export>, StorageError> {
        let sql = "SELECT export_id, kind, query, people, by_user, at FROM export WHERE org_id = $1 ORDER BY at DESC LIMIT $2";
        let rows = self.rows(sql, args![most]).await?;
        rows.iter()
            .map(|row| {
                Ok(Export {
                    id: row.id("export_id")?,
                    kind: row.text("kind")?,
                    query: row.text("query")?,
                    people: row.int("people")?,
                    by: row.id("by_user")?,
                    at: row.instant("at")?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Records a list that is about to leave.
    pub async fn add_export(&mut self, it: &Export) -> Result<(), StorageError> {
        let columns = &["export_id", "kind", "query", "people", "by_user", "at"];
        let row = args![it.id, it.kind.as_str(), it.query.as_str(), it.people, it.by, it.at];
        self.insert_many("export", columns, vec![row], "").await
    }
}

impl OrgStore {
    /// Records whom a recorded list names, in slices.
    pub async fn name_export_members(&self, export: Uuid, persons: &[PersonId]) -> Result<(), StorageError> {
        for chunk in persons.chunks(SLICE) {
            let rows = chunk.iter().map(|person| args![*person, export]).collect();
            let mut tx = self.write().await?;
            tx.insert_many("export_member", &["person_id", "export_id"], rows, "ON CONFLICT DO NOTHING").await?;
            tx.keep().await?;
        }
        Ok(())
    }
}
