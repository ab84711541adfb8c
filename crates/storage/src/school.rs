//! Schools known to the organisation, and the column mapping an import remembers for each. Leaves stays at a school to
//! `enrolment` and reading a mapping to whoever imports.

use tsunagari_kernel::{SchoolId, names};
use tsunagari_people::School;

use crate::args;
use crate::error::StorageError;
use crate::sql::Row;
use crate::store::{Reader, Tx};

const COLUMNS: &str = "school_id, name, kind, municipality, years";

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

    /// Changes a school.
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
        if done == 0 { Err(StorageError::NotFound("school")) } else { Ok(()) }
    }

    /// Remembers the column mapping of a school's files, as JSON.
    pub async fn remember_import_mapping(&mut self, id: SchoolId, mapping: &str) -> Result<(), StorageError> {
        self.exec("UPDATE school SET import_mapping = $3 WHERE org_id = $1 AND school_id = $2", args![id, mapping])
            .await?;
        Ok(())
    }
}
