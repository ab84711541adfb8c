//! Files being imported: what was uploaded, how its columns are understood, and how far its preview or change has come.
//! Leaves the rows to `import_row`, what a change did to `change`, and every decision to acts.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{ChangeId, FiscalYear, ImportId, SchoolId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::order::{ImportColumn, Way};
use crate::sql::Row;
use crate::store::{OrgStore, Reader, Tx};

/// Where a file stands on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// Its rows are being kept; an upload that was cut off stays here.
    Reading,
    /// The office says what its columns are.
    Mapping,
    /// The preview is being computed.
    Previewing,
    /// The preview stands; nothing is written yet.
    Previewed,
    /// Being written, slice by slice.
    Applying,
    /// Written.
    Applied,
    /// Being taken back.
    Undoing,
    /// Taken back.
    Undone,
    /// Given up before anything was written.
    Discarded,
}

impl ImportState {
    const ALL: [Self; 9] = [
        Self::Reading,
        Self::Mapping,
        Self::Previewing,
        Self::Previewed,
        Self::Applying,
        Self::Applied,
        Self::Undoing,
        Self::Undone,
        Self::Discarded,
    ];

    /// The stored and public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Mapping => "mapping",
            Self::Previewing => "previewing",
            Self::Previewed => "previewed",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::Discarded => "discarded",
        }
    }

    /// Whether a job is at work on it.
    pub const fn at_work(self) -> bool {
        match self {
            Self::Previewing | Self::Applying | Self::Undoing => true,
            Self::Reading | Self::Mapping | Self::Previewed | Self::Applied | Self::Undone | Self::Discarded => false,
        }
    }
}

impl std::str::FromStr for ImportState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

/// How many rows the preview found of each kind, and what became of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportSummary {
    /// Persons that will be entered.
    pub new: i64,
    /// Known persons that will be changed.
    pub changed: i64,
    /// Known persons without a change, and repeated rows.
    pub same: i64,
    /// Rows the office has yet to decide.
    pub doubtful: i64,
    /// Rows the office left out.
    pub left_out: i64,
    /// Rows that cannot be applied.
    pub wrong: i64,
    /// Rows that name nobody.
    pub beside: i64,
    /// Applied: persons entered.
    pub entered: i64,
    /// Applied: persons changed.
    pub updated: i64,
    /// Applied: rows left out because something changed after the preview.
    pub overtaken: i64,
    /// Undone: persons left as they are because they were changed since.
    pub kept: i64,
}

impl ImportSummary {
    /// Rows that name somebody.
    pub const fn people(&self) -> i64 {
        self.new + self.changed + self.same + self.doubtful + self.left_out + self.wrong
    }

    /// How many rows stand under a verdict; none under a word that is none (`head`, not judged yet).
    pub fn under(&self, verdict: &str) -> i64 {
        self.clone().place(verdict).map_or(0, |n| *n)
    }

    /// Counts more rows under a verdict.
    pub(crate) fn add(&mut self, verdict: &str, n: i64) {
        if let Some(place) = self.place(verdict) {
            *place += n;
        }
    }

    fn place(&mut self, verdict: &str) -> Option<&mut i64> {
        Some(match verdict {
            "new" => &mut self.new,
            "changed" => &mut self.changed,
            "same" => &mut self.same,
            "doubtful" => &mut self.doubtful,
            "leave_out" => &mut self.left_out,
            "wrong" => &mut self.wrong,
            "beside" => &mut self.beside,
            "overtaken" => &mut self.overtaken,
            _ => return None,
        })
    }
}

/// A file being imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportFile {
    /// Its id.
    pub id: ImportId,
    /// The school the list is from.
    pub school: Option<SchoolId>,
    /// The fiscal year its people graduate in, unless a row says otherwise.
    pub graduation: Option<FiscalYear>,
    /// As it was called on the officer's machine.
    pub file_name: String,
    /// The sheet that was read, of a workbook with several; empty otherwise.
    pub sheet: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Where it stands.
    pub state: ImportState,
    /// The header's row as a spreadsheet counts, from 1; 0: the list has none.
    pub header_row: i64,
    /// The header's labels.
    pub header: Vec<String>,
    /// What each column is: slugs of import fields.
    pub mapping: Vec<String>,
    /// Rows of its list: below the header, but for those nobody wrote in.
    pub rows: i64,
    /// How far the work under way has come: the number of the last row done.
    pub done: i64,
    /// What the preview and the change came to.
    pub summary: ImportSummary,
    /// The change that applied it.
    pub change: Option<ChangeId>,
    /// Who uploaded it.
    pub created_by: UserId,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was applied.
    pub applied_at: Option<Timestamp>,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

const COLUMNS: &str = "import_id, school_id, graduation_fy, file_name, sheet, sha256, state, header_row, header, mapping, rows, \
    done, summary, change_id, created_by, created_at, applied_at, undone_at";

fn read(row: &Row) -> Result<ImportFile, StorageError> {
    Ok(ImportFile {
        id: row.id("import_id")?,
        school: row.opt_id("school_id")?,
        graduation: row.opt_int("graduation_fy")?.and_then(|fy| i32::try_from(fy).ok()).map(FiscalYear),
        file_name: row.text("file_name")?,
        sheet: row.text("sheet")?,
        sha256: row.text("sha256")?,
        state: row.code("state")?,
        header_row: row.int("header_row")?,
        header: row.json("header")?,
        mapping: row.json("mapping")?,
        rows: row.int("rows")?,
        done: row.int("done")?,
        summary: row.json("summary")?,
        change: row.opt_id("change_id")?,
        created_by: row.id("created_by")?,
        created_at: row.instant("created_at")?,
        applied_at: row.opt_instant("applied_at")?,
        undone_at: row.opt_instant("undone_at")?,
    })
}

/// A value as stored JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError::Broken(error.to_string()))
}

impl Reader {
    /// One file.
    pub async fn import_file(&mut self, id: ImportId) -> Result<ImportFile, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM import_file WHERE org_id = $1 AND import_id = $2");
        read(&self.one("import_file", &sql, args![id]).await?)
    }

    /// The latest files, newest first.
    pub async fn import_files(&mut self, most: i64) -> Result<Vec<ImportFile>, StorageError> {
        self.import_files_sorted((ImportColumn::At, Way::Falling), most).await
    }

    /// The same, sorted.
    pub async fn import_files_sorted(
        &mut self,
        (by, way): (ImportColumn, Way),
        most: i64,
    ) -> Result<Vec<ImportFile>, StorageError> {
        let (by, way) = (by.sql(), way.sql());
        let sql = format!(
            "SELECT {COLUMNS} FROM import_file WHERE org_id = $1 AND state <> 'discarded' ORDER BY {by} {way}, import_id DESC LIMIT $2"
        );
        self.rows(&sql, args![most]).await?.iter().map(read).collect()
    }

    /// Files whose reading began before an instant and has not ended.
    pub async fn imports_cut_off(&mut self, before: Timestamp) -> Result<Vec<ImportId>, StorageError> {
        let sql = "SELECT import_id FROM import_file WHERE org_id = $1 AND state = 'reading' AND created_at < $2 ORDER BY import_id";
        self.rows(sql, args![before]).await?.iter().map(|row| row.id("import_id")).collect()
    }

    /// The latest file with the same bytes that stands applied, other than this one.
    pub async fn import_applied_before(
        &mut self,
        sha256: &str,
        other_than: ImportId,
    ) -> Result<Option<ImportFile>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM import_file WHERE org_id = $1 AND sha256 = $2 AND import_id <> $3 \
             AND state IN ('applying', 'applied') ORDER BY created_at DESC LIMIT 1"
        );
        self.first(&sql, args![sha256, other_than]).await?.as_ref().map(read).transpose()
    }
}

impl Tx {
    /// One file, held until the transaction ends: whoever writes a slice and whoever moves the file wait for each other.
    pub async fn import_file_held(&mut self, id: ImportId) -> Result<ImportFile, StorageError> {
        let lock = self.for_update();
        let sql = format!("SELECT {COLUMNS} FROM import_file WHERE org_id = $1 AND import_id = $2{lock}");
        read(&self.one("import_file", &sql, args![id]).await?)
    }

    /// Begins a file; its rows follow.
    pub async fn add_import(&mut self, it: &ImportFile) -> Result<(), StorageError> {
        let columns = &[
            "import_id",
            "school_id",
            "graduation_fy",
            "file_name",
            "sheet",
            "sha256",
            "state",
            "header_row",
            "header",
            "mapping",
            "rows",
            "created_by",
            "created_at",
        ];
        let row = args![
            it.id,
            it.school,
            it.graduation,
            it.file_name.as_str(),
            it.sheet.as_str(),
            it.sha256.as_str(),
            it.state.code(),
            it.header_row,
            json(&it.header)?,
            json(&it.mapping)?,
            it.rows,
            it.created_by,
            it.created_at,
        ];
        self.insert_many("import_file", columns, vec![row], "").await
    }

    /// Keeps how a file is understood: its school, year, header, mapping, and with the header how long its list is.
    pub async fn keep_import_mapping(&mut self, it: &ImportFile) -> Result<(), StorageError> {
        let sql = "UPDATE import_file SET school_id = $3, graduation_fy = $4, header_row = $5, header = $6, mapping = $7, rows = $8 \
                   WHERE org_id = $1 AND import_id = $2";
        let args =
            args![it.id, it.school, it.graduation, it.header_row, json(&it.header)?, json(&it.mapping)?, it.rows];
        self.exec(sql, args).await?;
        Ok(())
    }

    /// Moves a file on, when it still stands where the caller thinks; work on it begins at the first row.
    ///
    /// # Errors
    /// `Conflict` when somebody was faster.
    pub async fn move_import(
        &mut self,
        id: ImportId,
        from: &[ImportState],
        to: ImportState,
    ) -> Result<(), StorageError> {
        let places: Vec<String> = (4..4 + from.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "UPDATE import_file SET state = $3, done = 0 WHERE org_id = $1 AND import_id = $2 AND state IN ({})",
            places.join(", ")
        );
        let mut args = args![id, to.code()];
        args.extend(from.iter().map(|state| crate::sql::Arg::from(state.code())));
        if self.exec(&sql, args).await? == 1 { Ok(()) } else { Err(StorageError::Conflict("import_file")) }
    }

    /// Keeps how far the work on a file has come, and what it came to.
    pub async fn advance_import(
        &mut self,
        id: ImportId,
        done: i64,
        summary: &ImportSummary,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE import_file SET done = $3, summary = $4 WHERE org_id = $1 AND import_id = $2";
        self.exec(sql, args![id, done, json(summary)?]).await?;
        Ok(())
    }

    /// Names the change that applies a file.
    pub async fn tie_import_to_change(&mut self, id: ImportId, change: ChangeId) -> Result<(), StorageError> {
        self.exec("UPDATE import_file SET change_id = $3 WHERE org_id = $1 AND import_id = $2", args![id, change])
            .await?;
        Ok(())
    }

    /// Keeps when a file was applied (or undone).
    pub async fn date_import(
        &mut self,
        id: ImportId,
        applied: Option<Timestamp>,
        undone: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE import_file SET applied_at = coalesce($3, applied_at), undone_at = coalesce($4, undone_at) \
                   WHERE org_id = $1 AND import_id = $2";
        self.exec(sql, args![id, applied, undone]).await?;
        Ok(())
    }
}

impl OrgStore {
    /// Keeps progress that is no act: nothing but the preview's own working figures changes.
    pub async fn note_import_progress(&self, id: ImportId, done: i64) -> Result<(), StorageError> {
        let mut tx = self.write().await?;
        tx.exec("UPDATE import_file SET done = $3 WHERE org_id = $1 AND import_id = $2", args![id, done]).await?;
        tx.keep().await
    }
}
