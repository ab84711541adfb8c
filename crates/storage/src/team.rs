//! Departments as teams of staff. Leaves who belongs to which to `staff` and their work to `work_item`.

use tsunagari_kernel::TeamId;

use crate::args;
use crate::error::StorageError;
use crate::store::{Reader, Tx};

/// A department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

impl Reader {
    /// The departments, in their order.
    pub async fn teams(&mut self) -> Result<Vec<Team>, StorageError> {
        let rows =
            self.rows("SELECT team_id, name FROM team WHERE org_id = $1 ORDER BY position, name", vec![]).await?;
        rows.iter().map(|row| Ok(Team { id: row.id("team_id")?, name: row.text("name")? })).collect()
    }
}

impl Tx {
    /// Adds or renames a department.
    pub async fn keep_team(&mut self, it: &Team, position: i64) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.exec(
            "INSERT INTO team (org_id, team_id, name, position, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (org_id, team_id) DO UPDATE SET name = excluded.name, position = excluded.position",
            args![it.id, it.name.as_str(), position, now],
        )
        .await?;
        Ok(())
    }
}
