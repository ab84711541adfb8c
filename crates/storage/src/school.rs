//! Schools known to the organisation, what names each of them, and the column mapping an import remembers for each. Leaves
//! stays at a school to `enrolment` and reading a mapping to whoever imports.

use std::collections::HashMap;

use tsunagari_kernel::{FiscalYear, SchoolId, names};
use tsunagari_people::School;

use crate::args;
use crate::error::StorageError;
use crate::import_file::ImportState;
use crate::sql::Row;
use crate::store::{Reader, Tx};

const COLUMNS: &str = "school_id, name, kind, municipality, years";

/// How many things name a school; it can be taken away while nothing does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SchoolUse {
    /// Stays of people.
    pub stays: i64,
    /// Slips and other events people join at.
    pub events: i64,
    /// Lists that are being imported or were.
    pub lists: i64,
    /// Rules of audiences and messages.
    pub rules: i64,
}

impl SchoolUse {
    /// Whether nothing names it.
    pub const fn is_none(&self) -> bool {
        self.stays == 0 && self.events == 0 && self.lists == 0 && self.rules == 0
    }
}

/// A school beside those who leave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolLine {
    /// The school.
    pub school: School,
    /// Stays there.
    pub stays: i64,
    /// The latest fiscal year somebody leaves in; none without a stay.
    pub latest: Option<FiscalYear>,
}

fn read(row: &Row) -> Result<School, StorageError> {
    Ok(School {
        id: row.id("school_id")?,
        name: row.text("name")?,
        kind: row.code("kind")?,
        municipality: row.opt_code("municipality")?,
        years: row.small("years")?,
    })
}

impl Reader {
    /// All schools, by name.
    pub async fn schools(&mut self) -> Result<Vec<School>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM school WHERE org_id = $1 ORDER BY name, school_id");
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }

    /// One school.
    pub async fn school(&mut self, id: SchoolId) -> Result<School, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM school WHERE org_id = $1 AND school_id = $2");
        read(&self.one("school", &sql, args![id]).await?)
    }

    /// The school whose name is the same when folded, however it is spelled.
    pub async fn school_by_name(&mut self, name: &str) -> Result<Option<School>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM school WHERE org_id = $1 AND name_key = $2 ORDER BY school_id");
        self.first(&sql, args![names::comparable(name)]).await?.as_ref().map(read).transpose()
    }

    /// All schools by name, each with its stays.
    pub async fn school_lines(&mut self) -> Result<Vec<SchoolLine>, StorageError> {
        let sql = "SELECT school_id, count(*) AS stays, max(end_fy) AS latest FROM enrolment \
                   WHERE org_id = $1 AND school_id IS NOT NULL GROUP BY school_id";
        let mut counted: HashMap<SchoolId, (i64, FiscalYear)> = HashMap::new();
        for row in self.rows(sql, vec![]).await? {
            counted.insert(row.id("school_id")?, (row.int("stays")?, FiscalYear(row.small("latest")?)));
        }
        let line = |school: School| {
            let found = counted.get(&school.id);
            SchoolLine { stays: found.map_or(0, |it| it.0), latest: found.map(|it| it.1), school }
        };
        Ok(self.schools().await?.into_iter().map(line).collect())
    }

    /// What names a school. Lists that were given up or taken back do not count.
    pub async fn school_use(&mut self, id: SchoolId) -> Result<SchoolUse, StorageError> {
        let ended = [ImportState::Undone, ImportState::Discarded].map(|state| format!("'{}'", state.code())).join(", ");
        let in_rule = format!("%{id}%");
        let stays = "SELECT count(*) AS n FROM enrolment WHERE org_id = $1 AND school_id = $2";
        let events = "SELECT count(*) AS n FROM join_event WHERE org_id = $1 AND school_id = $2";
        let lists = format!(
            "SELECT count(*) AS n FROM import_file WHERE org_id = $1 AND school_id = $2 AND state NOT IN ({ended})"
        );
        let segments = "SELECT count(*) AS n FROM segment WHERE org_id = $1 AND rule LIKE $2";
        let campaigns = "SELECT count(*) AS n FROM campaign WHERE org_id = $1 AND rule LIKE $2";
        Ok(SchoolUse {
            stays: self.count(stays, args![id]).await?,
            events: self.count(events, args![id]).await?,
            lists: self.count(&lists, args![id]).await?,
            rules: self.count(segments, args![in_rule.clone()]).await? + self.count(campaigns, args![in_rule]).await?,
        })
    }

    /// The column mapping remembered for a school's files, as JSON.
    pub async fn import_mapping(&mut self, id: SchoolId) -> Result<Option<String>, StorageError> {
        let sql = "SELECT import_mapping FROM school WHERE org_id = $1 AND school_id = $2";
        self.one("school", sql, args![id]).await?.opt_text("import_mapping")
    }
}

impl Tx {
    /// Adds a school.
    pub async fn add_school(&mut self, it: &School) -> Result<(), StorageError> {
        let now = self.shared.clock.now();
        self.exec(
            "INSERT INTO school (org_id, school_id, name, name_key, kind, municipality, years, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                it.id,
                it.name.as_str(),
                names::comparable(&it.name),
                it.kind.code(),
                it.municipality.as_ref().map(ToString::to_string),
                it.years,
                now,
            ],
        )
        .await?;
        Ok(())
    }

    /// Changes a school; stays there are called as it is.
    pub async fn keep_school(&mut self, it: &School) -> Result<(), StorageError> {
        let done = self
            .exec(
                "UPDATE school SET name = $3, name_key = $4, kind = $5, municipality = $6, years = $7 \
                 WHERE org_id = $1 AND school_id = $2",
                args![
                    it.id,
                    it.name.as_str(),
                    names::comparable(&it.name),
                    it.kind.code(),
                    it.municipality.as_ref().map(ToString::to_string),
                    it.years,
                ],
            )
            .await?;
        if done == 0 {
            return Err(StorageError::NotFound("school"));
        }
        let sql = "UPDATE enrolment SET school_name = $3 WHERE org_id = $1 AND school_id = $2 AND school_name <> $3";
        self.exec(sql, args![it.id, it.name.as_str()]).await?;
        Ok(())
    }

    /// Takes a school away that nothing names any more (`school_use`); lists that were given up or taken back forget it.
    pub async fn remove_school(&mut self, id: SchoolId) -> Result<(), StorageError> {
        self.exec("UPDATE import_file SET school_id = NULL WHERE org_id = $1 AND school_id = $2", args![id]).await?;
        let done = self.exec("DELETE FROM school WHERE org_id = $1 AND school_id = $2", args![id]).await?;
        if done == 0 { Err(StorageError::NotFound("school")) } else { Ok(()) }
    }

    /// Remembers the column mapping of a school's files, as JSON.
    pub async fn remember_import_mapping(&mut self, id: SchoolId, mapping: &str) -> Result<(), StorageError> {
        self.exec("UPDATE school SET import_mapping = $3 WHERE org_id = $1 AND school_id = $2", args![id, mapping])
            .await?;
        Ok(())
    }
}
