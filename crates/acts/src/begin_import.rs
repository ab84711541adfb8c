//! A file is taken in: read whole or refused whole, its rows kept as written, its header and columns guessed, or the
//! mapping applied that the school's last file left. Nothing about a person changes. Leaves what columns mean to the
//! office (`map_columns`) and what rows will do to `preview_import`.

use sha2::{Digest, Sha256};
use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_documents::sheet_in::{
    Limit, Limits, NotASheet, Sheet, SheetFormat, guess_columns, read_list, read_named,
};
use tsunagari_documents::{Cell, ImportField, SheetError};
use tsunagari_kernel::{FiscalYear, ImportId, SchoolId, names};
use tsunagari_storage::import_file::{ImportFile, ImportState, ImportSummary};

use crate::discard_import::discard_reading;
use crate::high_school_named::{high_school_named, naming};
use crate::{ActError, House, Reason};

/// The most bytes of an old workbook (.xls), whose reading needs several times as much memory.
pub const XLS_BYTES: usize = 10 << 20;
/// Rows kept in one turn at the writer.
const SLICE: usize = 500;

/// The school a list is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListOf {
    /// A school the organisation knows.
    School(SchoolId),
    /// A school that is added with the file, by its name.
    Added(String),
    /// Each row names its own.
    Rows,
}

/// A file as uploaded.
#[derive(Debug, Clone)]
pub struct Upload {
    /// As it was called.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The sheet to read; empty: the first that reads as a list, else the first with content.
    pub sheet: String,
    /// The school.
    pub school: ListOf,
    /// The fiscal year of graduation, unless rows name their own.
    pub graduation: Option<FiscalYear>,
}

/// Takes a file in.
///
/// # Errors
/// A `sheet_…` reason or `file_empty` at the file, `school_name_missing`, or storage's.
pub async fn begin_import(house: &House, by: &Granted<ImportPeople>, upload: Upload) -> Result<ImportId, ActError> {
    if upload.bytes.is_empty() {
        return Err(ActError::refused_at("file", "file_empty"));
    }
    let now = house.now();
    let sha256 = hex(&Sha256::digest(&upload.bytes));
    let (bytes, sheet) = (upload.bytes, upload.sheet);
    let sheet = tokio::task::spawn_blocking(move || open(&bytes, sheet.trim()))
        .await
        .map_err(|error| ActError::Broken(error.to_string()))?
        .map_err(|error| ActError::Refused(vec![refusal(&error)]))?;
    let header = guess_columns(&sheet);
    let mut file = ImportFile {
        id: ImportId::born(&house.chance, now),
        school: None,
        graduation: upload.graduation,
        file_name: short_name(&upload.file_name),
        sheet: if sheet.sheets.len() > 1 { short(&sheet.name) } else { String::new() },
        sha256,
        state: ImportState::Reading,
        header_row: header.row.map_or(0, |row| i64::try_from(row + 1).unwrap_or(0)),
        header: header.columns.iter().map(|guess| guess.header.clone()).collect(),
        mapping: header.columns.iter().map(|guess| guess.field.slug().to_owned()).collect(),
        rows: 0,
        done: 0,
        summary: ImportSummary::default(),
        change: None,
        created_by: by.user(),
        created_at: now,
        applied_at: None,
        undone_at: None,
    };
    let here = house.org(by.org());
    let mut tx = here.write().await?;
    file.school = match school(house, &mut tx, &upload.school).await {
        Ok(school) => school,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    if let Some(school) = file.school
        && let Some(kept) = tx.import_mapping(school).await?
    {
        recall(&mut file, &sheet, &kept);
    }
    file.rows = listed(&sheet, file.header_row);
    tx.add_import(&file).await?;
    let act = Act::named("begin_import", by.actor(), house.operation()).on("import", file.id);
    let named = matches!(upload.school, ListOf::Added(_)).then_some(file.school).flatten();
    tx.commit(&naming(act, named)).await?;
    if let Err(error) = keep_rows(&here, file.id, &sheet).await {
        // Half a list is of no use to anybody. What cannot be taken back now is found later (`discard_cut_off`).
        if let Err(left) = discard_reading(house, by.org(), by.actor(), file.id).await {
            tracing::warn!(error = %left, "a file that was not read whole stays for now");
        }
        return Err(error);
    }
    let mut tx = here.write().await?;
    tx.move_import(file.id, &[ImportState::Reading], ImportState::Mapping).await?;
    let act =
        Act::named("keep_import", by.actor(), house.operation()).on("import", file.id).counting("rows", file.rows);
    tx.commit(&act).await?;
    Ok(file.id)
}

/// The rows somebody wrote in, each with its number as a spreadsheet counts.
fn written(sheet: &Sheet) -> impl Iterator<Item = (i64, &[Cell])> {
    let numbered = (1_i64..).zip(sheet.rows.iter().map(Vec::as_slice));
    numbered.filter(|(_, row)| !row.iter().all(Cell::is_blank))
}

/// How many rows a list has below its header.
fn listed(sheet: &Sheet, header_row: i64) -> i64 {
    written(sheet).filter(|(number, _)| *number > header_row).map(|_| 1).sum()
}

async fn keep_rows(here: &tsunagari_storage::OrgStore, import: ImportId, sheet: &Sheet) -> Result<(), ActError> {
    let mut slice = Vec::with_capacity(SLICE);
    for (number, row) in written(sheet) {
        slice.push((number, row.iter().map(|cell| cell.text().into_owned()).collect()));
        if slice.len() == SLICE {
            here.keep_import_cells(import, &slice).await?;
            slice.clear();
        }
    }
    here.keep_import_cells(import, &slice).await?;
    Ok(())
}

fn open(bytes: &[u8], sheet: &str) -> Result<Sheet, SheetError> {
    let limits = Limits::default();
    let read = if sheet.is_empty() { read_list(bytes, &limits)? } else { read_named(bytes, sheet, &limits)? };
    if read.format == SheetFormat::Xls && bytes.len() > XLS_BYTES {
        return Err(SheetError::TooLarge { limit: Limit::Bytes, allowed: XLS_BYTES as u64 });
    }
    Ok(read)
}

/// The sentence's code and values for a file that cannot be read.
fn refusal(error: &SheetError) -> Reason {
    let at = |code| Reason::at("file", code);
    match error {
        SheetError::NotASheet(NotASheet::Pdf) => at("sheet_is_pdf"),
        SheetError::NotASheet(NotASheet::Image) => at("sheet_is_image"),
        SheetError::NotASheet(NotASheet::Html | NotASheet::OtherDocument | NotASheet::Binary) => {
            at("sheet_not_a_spreadsheet")
        }
        SheetError::TooLarge { limit: Limit::Bytes, allowed } => at("sheet_too_large").with("megabytes", allowed >> 20),
        SheetError::TooLarge { limit: Limit::UnpackedBytes, allowed: _ } => at("sheet_unpacks_too_large"),
        SheetError::TooLarge { limit: Limit::Rows, allowed } => at("sheet_too_many_rows").with("rows", allowed),
        SheetError::TooLarge { limit: Limit::Columns, allowed } => {
            at("sheet_too_many_columns").with("columns", allowed)
        }
        SheetError::Undecodable { row } => at("sheet_undecodable").with("row", row),
        SheetError::Unclosed { row } => at("sheet_unclosed").with("row", row),
        SheetError::NoSuchSheet { sheets } if sheets.is_empty() => Reason::at("sheet", "sheet_without_sheets"),
        SheetError::NoSuchSheet { sheets } => {
            Reason::at("sheet", "sheet_no_such_sheet").with("sheets", sheets.join(" / "))
        }
        SheetError::Encrypted | SheetError::Empty | SheetError::LegacyFormat | SheetError::Damaged(_) => {
            at(error.code())
        }
    }
}

async fn school(house: &House, tx: &mut tsunagari_storage::Tx, list: &ListOf) -> Result<Option<SchoolId>, ActError> {
    match list {
        ListOf::Rows => Ok(None),
        ListOf::School(id) => Ok(Some(tx.school(*id).await?.id)),
        ListOf::Added(name) => Ok(Some(high_school_named(house, tx, name).await?)),
    }
}

/// The mapping of the school's last file, where the header says the same; a header no word of which is known is found
/// again by its labels.
fn recall(file: &mut ImportFile, sheet: &Sheet, kept: &str) {
    let kept: Vec<(String, String)> = serde_json::from_str(kept).unwrap_or_default();
    let known = |label: &str| kept.iter().find(|(header, _)| !header.is_empty() && header == label);
    let score = |labels: &[String]| labels.iter().filter(|label| known(label).is_some()).count();
    let width = sheet.width();
    let labels = |row: usize| -> Vec<String> {
        (0..width).map(|column| sheet.cell(row, column).text().trim().to_owned()).collect()
    };
    let guessed = score(&file.header);
    let better = (0..sheet.rows.len().min(40))
        .map(|row| (score(&labels(row)), row))
        .max_by_key(|(score, row)| (*score, usize::MAX - row));
    if let Some((found, row)) = better.filter(|(found, _)| *found >= 2 && *found > guessed) {
        tracing::debug!(found, "the header of the last file was found again");
        file.header_row = i64::try_from(row + 1).unwrap_or(0);
        file.header = labels(row);
        file.mapping = vec![ImportField::Ignore.slug().to_owned(); width];
    }
    for (label, slug) in file.header.iter().zip(&mut file.mapping) {
        if let Some((_, kept)) = known(label).filter(|(_, kept)| ImportField::from_slug(kept).is_some()) {
            slug.clone_from(kept);
        }
    }
}

/// The name without its folders, at most 120 characters.
fn short_name(name: &str) -> String {
    short(name.rsplit(['/', '\\']).next().unwrap_or(name))
}

fn short(name: &str) -> String {
    names::tidy(name).chars().take(120).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
