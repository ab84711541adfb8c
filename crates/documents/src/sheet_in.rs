//! A sheet from bytes: the format is told by content, never by the file's name. Refused whole or read whole. Text stays
//! as written; meaning of columns is only proposed (`headers`). Leaves rows → people to `acts`.
//! To add a format: a variant of `SheetFormat`, its recognition in `sniff` and a reader beside `xlsx`.

mod bomb;
mod csv_text;
mod field;
mod headers;
mod sniff;
mod workbook;

use thiserror::Error;

pub use csv_text::TextEncoding;
pub use field::ImportField;
pub use headers::{ColumnGuess, Confidence, Header, guess_columns};
pub use sniff::SheetFormat;

use crate::Cell;

/// How large a file may be. All limits are inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of a workbook once unpacked.
    pub unpacked_bytes: u64,
    /// Rows, blank ones included.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 50 << 20, unpacked_bytes: 1 << 30, rows: 200_000, columns: 256 }
    }
}

/// Which limit a file broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `Limits::bytes`.
    Bytes,
    /// `Limits::unpacked_bytes`.
    UnpackedBytes,
    /// `Limits::rows`.
    Rows,
    /// `Limits::columns`.
    Columns,
}

/// What a file turned out to be when it is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotASheet {
    /// A PDF.
    Pdf,
    /// A picture.
    Image,
    /// A web page saved under a sheet's name.
    Html,
    /// A Word or PowerPoint file, or another archive.
    OtherDocument,
    /// Bytes that are no text.
    Binary,
}

/// Why a file was refused. Row numbers count from 1, as a spreadsheet shows them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SheetError {
    /// The file is something else.
    #[error("not a spreadsheet: {0:?}")]
    NotASheet(NotASheet),
    /// The workbook asks for a password.
    #[error("the workbook is encrypted")]
    Encrypted,
    /// A limit is broken: which, and its value.
    #[error("too large: {limit:?} above {allowed}")]
    TooLarge {
        /// Which limit.
        limit: Limit,
        /// Its value.
        allowed: u64,
    },
    /// There is no cell with content.
    #[error("the sheet is empty")]
    Empty,
    /// Text that is neither UTF-8, UTF-16 nor Shift_JIS.
    #[error("row {row} cannot be decoded")]
    Undecodable {
        /// The physical line, from 1.
        row: usize,
    },
    /// A quotation mark that begins a cell is not followed by its end: what is a cell and what a row nobody can say from
    /// there on.
    #[error("a quotation mark of row {row} is not closed")]
    Unclosed {
        /// The physical line, from 1, in which it stands.
        row: usize,
    },
    /// A spreadsheet format that is too old or not supported (Excel 4 and before, .xlsb, .ods).
    #[error("legacy or unsupported spreadsheet format")]
    LegacyFormat,
    /// The workbook has no sheet of that name.
    #[error("no such sheet among {sheets:?}")]
    NoSuchSheet {
        /// Those it has; none in a CSV file.
        sheets: Vec<String>,
    },
    /// A spreadsheet, but damaged.
    #[error("the spreadsheet is damaged: {0}")]
    Damaged(String),
}

impl SheetError {
    /// The public reason code; every locale has its text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotASheet(_) => "sheet_not_a_spreadsheet",
            Self::Encrypted => "sheet_encrypted",
            Self::TooLarge { .. } => "sheet_too_large",
            Self::Empty => "sheet_empty",
            Self::Undecodable { .. } => "sheet_undecodable",
            Self::Unclosed { .. } => "sheet_unclosed",
            Self::LegacyFormat => "sheet_legacy_format",
            Self::NoSuchSheet { .. } => "sheet_no_such_sheet",
            Self::Damaged(_) => "sheet_damaged",
        }
    }
}

/// One sheet as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The sheet's name; empty for CSV.
    pub name: String,
    /// What the file was.
    pub format: SheetFormat,
    /// How its text was encoded, for CSV.
    pub encoding: Option<TextEncoding>,
    /// Names of all visible sheets of the workbook, this one included; empty for CSV.
    pub sheets: Vec<String>,
    /// Rows from the sheet's first row on, so `rows[n]` is what a spreadsheet shows as row n + 1. Blank cells at the end of
    /// a row and blank rows at the end of the sheet are cut; rows differ in length.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// The cell at a row and column (both from 0); empty when outside.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&Cell::Empty)
    }

    /// The width of the widest row.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// Reads the first visible sheet that has content.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    read_sheet(bytes, None, limits)
}

/// Sheets of a workbook that are looked through for a list.
const LOOKED_THROUGH: usize = 20;

/// Reads the first visible sheet whose header names people, as many lists come behind a cover sheet; where none does, the
/// first that has content.
pub fn read_list(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let first = read(bytes, limits)?;
    if names_people(&first) {
        return Ok(first);
    }
    for name in first.sheets.iter().filter(|name| **name != first.name).take(LOOKED_THROUGH) {
        match read_named(bytes, name, limits) {
            Ok(sheet) if names_people(&sheet) => return Ok(sheet),
            // Another sheet's fault is none of the list's.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(first)
}

fn names_people(sheet: &Sheet) -> bool {
    let header = guess_columns(sheet);
    let named = |guess: &ColumnGuess| matches!(guess.field, ImportField::FullName | ImportField::FamilyName);
    header.row.is_some() && header.columns.iter().any(named)
}

/// Reads the sheet of this name (a CSV file has none).
pub fn read_named(bytes: &[u8], name: &str, limits: &Limits) -> Result<Sheet, SheetError> {
    read_sheet(bytes, Some(name), limits)
}

fn read_sheet(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Sheet, SheetError> {
    if bytes.len() > limits.bytes {
        return Err(SheetError::TooLarge { limit: Limit::Bytes, allowed: limits.bytes as u64 });
    }
    let mut sheet = match sniff::sniff(bytes)? {
        SheetFormat::Xlsx => {
            bomb::check(bytes, limits)?;
            workbook::xlsx(bytes, name, limits)?
        }
        SheetFormat::Xls => workbook::xls(bytes, name, limits)?,
        SheetFormat::Csv if name.is_some_and(|name| !name.is_empty()) => {
            return Err(SheetError::NoSuchSheet { sheets: Vec::new() });
        }
        SheetFormat::Csv => csv_text::read(bytes, limits)?,
    };
    trim(&mut sheet.rows);
    if sheet.rows.is_empty() { Err(SheetError::Empty) } else { Ok(sheet) }
}

/// Cuts blank cells and rows at the ends; blank means empty or white space only.
fn trim(rows: &mut Vec<Vec<Cell>>) {
    for row in rows.iter_mut() {
        while row.last().is_some_and(Cell::is_blank) {
            row.pop();
        }
    }
    while rows.last().is_some_and(Vec::is_empty) {
        rows.pop();
    }
}

#[cfg(test)]
mod tests;
