//! The .xlsx side of a written list: rows go to an unnamed temporary file as they come, so memory does not grow with them.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{Column, WriteError};
use crate::Cell;
use chrono::Datelike;

pub(super) struct WorkbookOut {
    book: Workbook,
    next_row: u32,
    columns: u16,
    day: Format,
}

impl WorkbookOut {
    pub(super) fn start(name: &str, columns: &[Column]) -> Result<Self, WriteError> {
        let count = u16::try_from(columns.len()).map_err(|_| WriteError::TooLarge)?;
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(broken)?;
        sheet.set_name(name).map_err(|_| WriteError::SheetName)?;
        sheet.set_freeze_panes(1, 0).map_err(broken)?;
        let bold = Format::new().set_bold();
        for (index, column) in (0u16..).zip(columns) {
            sheet.set_column_width(index, f64::from(column.width.max(4))).map_err(broken)?;
            sheet.write_string_with_format(0, index, column.title.as_str(), &bold).map_err(broken)?;
        }
        Ok(Self { book, next_row: 1, columns: count, day: Format::new().set_num_format("yyyy/mm/dd") })
    }

    pub(super) fn push(&mut self, cells: &[Cell]) -> Result<(), WriteError> {
        let (row, day) = (self.next_row, &self.day);
        let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
        for (index, cell) in cells.iter().enumerate() {
            let column = u16::try_from(index).map_err(|_| WriteError::TooLarge)?;
            put(sheet, row, column, cell, day).map_err(broken)?;
        }
        self.next_row = row.checked_add(1).ok_or(WriteError::TooLarge)?;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        if self.columns > 0 {
            let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
            sheet.autofilter(0, 0, self.next_row - 1, self.columns - 1).map_err(broken)?;
        }
        self.book.save_to_buffer().map_err(broken)
    }
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, day: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string(row, column, text.as_str())?,
        Cell::Number(n) => sheet.write_number(row, column, *n)?,
        Cell::Date(date) => match date_of(*date) {
            Some(value) => sheet.write_datetime_with_format(row, column, &value, day)?,
            None => sheet.write_string(row, column, date.to_string())?,
        },
        Cell::Empty => return Ok(()),
    };
    Ok(())
}

/// `None` outside of what a workbook can count (1900 to 9999).
fn date_of(date: chrono::NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok()?;
    ExcelDateTime::from_ymd(year, u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?).ok()
}

fn broken(error: XlsxError) -> WriteError {
    match error {
        XlsxError::RowColumnLimitError => WriteError::TooLarge,
        other => WriteError::Broken(other.to_string()),
    }
}
