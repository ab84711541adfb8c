//! Workbooks: .xlsx cell by cell (a far-away cell costs nothing), .xls through the library's range. The library is kept
//! from taking the process down: a panic inside it on a hostile file becomes `Damaged`.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use chrono::NaiveDate;

use super::{Limit, Limits, Sheet, SheetError, SheetFormat};
use crate::Cell;

type Rows = Vec<Vec<Cell>>;

/// Reads a named sheet, or the first visible one with content.
pub(super) fn xlsx(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Sheet, SheetError> {
    guarded(|| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(xlsx_error)?;
        let sheets = visible(book.sheets_metadata());
        pick(SheetFormat::Xlsx, sheets, name, |sheet| xlsx_rows(&mut book, sheet, limits))
    })
}

/// Reads a named sheet of an Excel 97-2003 workbook, or the first visible one with content.
pub(super) fn xls(bytes: &[u8], name: Option<&str>, limits: &Limits) -> Result<Sheet, SheetError> {
    guarded(|| {
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(xls_error)?;
        let sheets = visible(book.sheets_metadata());
        pick(SheetFormat::Xls, sheets, name, |sheet| {
            let range = book.worksheet_range(sheet).map_err(xls_error)?;
            let (top, left) = range.start().unwrap_or_default();
            let mut rows = Rows::new();
            for (row, column, value) in range.used_cells() {
                place(&mut rows, top as usize + row, left as usize + column, from_data(value), limits)?;
            }
            Ok(rows)
        })
    })
}

fn guarded(read: impl FnOnce() -> Result<Sheet, SheetError>) -> Result<Sheet, SheetError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(SheetError::Damaged("unreadable structure".to_owned())))
}

fn visible(sheets: &[calamine::Sheet]) -> Vec<String> {
    sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect()
}

fn pick(
    format: SheetFormat,
    sheets: Vec<String>,
    name: Option<&str>,
    mut rows_of: impl FnMut(&str) -> Result<Rows, SheetError>,
) -> Result<Sheet, SheetError> {
    if let Some(name) = name {
        if !sheets.iter().any(|sheet| sheet == name) {
            return Err(SheetError::NoSuchSheet { sheets });
        }
        return Ok(Sheet { name: name.to_owned(), format, encoding: None, rows: rows_of(name)?, sheets });
    }
    for sheet in &sheets {
        let rows = rows_of(sheet)?;
        if rows.iter().flatten().any(|cell| !cell.is_blank()) {
            return Ok(Sheet { name: sheet.clone(), format, encoding: None, rows, sheets });
        }
    }
    Err(SheetError::Empty)
}

fn xlsx_rows(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, limits: &Limits) -> Result<Rows, SheetError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(xlsx_error)?;
    let mut rows = Rows::new();
    while let Some(cell) = cells.next_cell().map_err(xlsx_error)? {
        let (row, column) = cell.get_position();
        let value = from_data(&Data::from(cell.get_value().clone()));
        place(&mut rows, row as usize, column as usize, value, limits)?;
    }
    Ok(rows)
}

fn place(rows: &mut Rows, row: usize, column: usize, value: Cell, limits: &Limits) -> Result<(), SheetError> {
    if value.is_blank() {
        // Formatted but empty cells reach to the edge of the sheet in many school lists; they are no content.
        return Ok(());
    }
    if row >= limits.rows {
        return Err(SheetError::TooLarge { limit: Limit::Rows, allowed: limits.rows as u64 });
    }
    if column >= limits.columns {
        return Err(SheetError::TooLarge { limit: Limit::Columns, allowed: limits.columns as u64 });
    }
    if rows.len() <= row {
        rows.resize_with(row + 1, Vec::new);
    }
    let cells = &mut rows[row];
    if cells.len() <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = value;
    Ok(())
}

fn from_data(value: &Data) -> Cell {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "a workbook's integers are doubles already")]
        Data::Int(n) => Cell::Number(*n as f64),
        Data::Float(n) => Cell::Number(*n),
        Data::String(text) => Cell::Text(text.clone()),
        Data::Bool(value) => Cell::Text(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(when) => date_time(when),
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or_else(|_| Cell::Text(text.clone()), Cell::Date)
        }
        Data::Error(error) => Cell::Text(error.to_string()),
        Data::Empty => Cell::Empty,
    }
}

fn date_time(when: &ExcelDateTime) -> Cell {
    let number = when.as_f64();
    if when.is_duration() || number < 1.0 {
        return Cell::Number(number);
    }
    let (year, month, day, hour, minute, second, _) = when.to_ymd_hms_milli();
    match NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day)) {
        Some(date) if (hour, minute, second) == (0, 0, 0) => Cell::Date(date),
        Some(date) => Cell::Text(format!("{date} {hour:02}:{minute:02}:{second:02}")),
        None => Cell::Number(number),
    }
}

fn xlsx_error(error: XlsxError) -> SheetError {
    if matches!(error, XlsxError::Password) { SheetError::Encrypted } else { SheetError::Damaged(error.to_string()) }
}

fn xls_error(error: XlsError) -> SheetError {
    if matches!(error, XlsError::Password) { SheetError::Encrypted } else { SheetError::Damaged(error.to_string()) }
}
