//! A list as a file, row by row: .xlsx with a small memory, CSV as UTF-8 or Shift_JIS. No cell can become a formula
//! (trust.md 15): workbook text is stored as a string, CSV text that a spreadsheet would evaluate gets an apostrophe in
//! front. Leaves which columns a list has, and their titles in the reader's language, to the caller.
//! To add a format: a variant of `SheetKind` and of `Sink`.

mod csv_text;
mod workbook;

use thiserror::Error;

use crate::Cell;

/// The format of a written list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    /// Office Open XML workbook without macros.
    Xlsx,
    /// CSV in UTF-8 with a byte order mark, CRLF.
    CsvUtf8,
    /// CSV in Shift_JIS (code page 932), CRLF. Characters it lacks are replaced by 〓 and reported.
    CsvShiftJis,
}

impl SheetKind {
    /// The media type for a download.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::CsvUtf8 => "text/csv; charset=utf-8",
            Self::CsvShiftJis => "text/csv; charset=Shift_JIS",
        }
    }

    /// The file name extension, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::CsvUtf8 | Self::CsvShiftJis => "csv",
        }
    }
}

/// A column of a written list.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The header, in the reader's language.
    pub title: String,
    /// Width in characters of a workbook's default font.
    pub width: u8,
}

impl Column {
    /// A column with a title and a width.
    pub fn titled(title: impl Into<String>, width: u8) -> Self {
        Self { title: title.into(), width }
    }
}

/// A character that the chosen encoding lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncarried {
    /// The row as a spreadsheet shows it, from 1 (the header is 1).
    pub row: usize,
    /// The column, from 0.
    pub column: usize,
    /// The character that was replaced.
    pub character: char,
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Rows of data, the header not counted.
    pub rows: usize,
    /// Characters that Shift_JIS could not carry, the first 1,000; always empty for the other formats.
    pub uncarried: Vec<Uncarried>,
}

/// Why a list could not be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// More rows or columns than a workbook holds.
    #[error("more rows or columns than a workbook holds")]
    TooLarge,
    /// The name is not allowed for a sheet (empty, over 31 characters, or with one of `[]:*?/\`).
    #[error("sheet name not allowed")]
    SheetName,
    /// The temporary file failed.
    #[error("writing failed: {0}")]
    Broken(String),
}

enum Sink {
    Workbook(Box<workbook::WorkbookOut>),
    Text(csv_text::TextOut),
}

/// Writes a list row by row.
pub struct SheetWriter {
    sink: Sink,
    rows: usize,
}

impl SheetWriter {
    /// Begins a file with its header row. The name is shown on the workbook's tab; CSV has none.
    pub fn start(kind: SheetKind, name: &str, columns: &[Column]) -> Result<Self, WriteError> {
        let sink = match kind {
            SheetKind::Xlsx => Sink::Workbook(Box::new(workbook::WorkbookOut::start(name, columns)?)),
            SheetKind::CsvUtf8 => Sink::Text(csv_text::TextOut::start(csv_text::Charset::Utf8, columns)),
            SheetKind::CsvShiftJis => Sink::Text(csv_text::TextOut::start(csv_text::Charset::ShiftJis, columns)),
        };
        Ok(Self { sink, rows: 0 })
    }

    /// Adds a row.
    pub fn push(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        self.rows += 1;
        match &mut self.sink {
            Sink::Workbook(out) => out.push(cells),
            Sink::Text(out) => {
                out.push(cells);
                Ok(())
            }
        }
    }

    /// Ends the file.
    pub fn finish(self) -> Result<Written, WriteError> {
        let rows = self.rows;
        match self.sink {
            Sink::Workbook(out) => Ok(Written { bytes: out.finish()?, rows, uncarried: Vec::new() }),
            Sink::Text(out) => {
                let (bytes, uncarried) = out.finish();
                Ok(Written { bytes, rows, uncarried })
            }
        }
    }
}

/// Writes a whole list at once.
pub fn write(kind: SheetKind, name: &str, columns: &[Column], rows: &[Vec<Cell>]) -> Result<Written, WriteError> {
    let mut writer = SheetWriter::start(kind, name, columns)?;
    for row in rows {
        writer.push(row)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests;
