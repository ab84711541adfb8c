//! A carrier's list of tracking numbers as lines for `tracking_list`: the columns are the caller's choice, as carriers let each
//! office lay its list out. A number that a spreadsheet has rounded is handed on so that it is refused, never as other digits;
//! a zero that a spreadsheet took from a number's beginning cannot be seen. Leaves what a line does to benefits.

use tsunagari_benefits::tracking_list::Line;

use crate::{Cell, Sheet};

/// Where a list says what; all from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The first row that is no header.
    pub first_row: usize,
    /// The column of our receipt.
    pub receipt: usize,
    /// The column of the carrier's number.
    pub number: usize,
}

/// From here on a spreadsheet keeps fewer digits than were written.
const ROUNDED: f64 = 1e15;

/// The lines of the list; a row without receipt and number is none.
pub fn lines(sheet: &Sheet, layout: Layout) -> Vec<Line> {
    let line = |row: usize| {
        let (receipt, number) = (sheet.cell(row, layout.receipt), sheet.cell(row, layout.number));
        let blank = receipt.is_blank() && number.is_blank();
        (!blank).then(|| Line { row: row + 1, receipt: receipt.text().into_owned(), number: digits(number) })
    };
    (layout.first_row..sheet.rows.len()).filter_map(line).collect()
}

fn digits(cell: &Cell) -> String {
    match cell {
        Cell::Number(n) if *n >= ROUNDED => format!("{n:e}"),
        other => other.text().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_benefits::TrackingNumber;

    use super::*;
    use crate::sheet_in::{Limits, read};
    use crate::sheet_out::{Column, SheetKind, write};

    const LAYOUT: Layout = Layout { first_row: 1, receipt: 0, number: 2 };

    fn line(row: usize, receipt: &str, number: &str) -> Line {
        Line { row, receipt: receipt.into(), number: number.into() }
    }

    #[test]
    fn a_workbook_and_a_text_file_say_the_same() {
        let titles = ["receipt", "day", "number"].map(|title| Column::titled(title, 12));
        let text = |it: &str| Cell::Text(it.into());
        let rows = [
            vec![text("P00001-1"), Cell::Empty, text("1234-5678-9012")],
            vec![],
            vec![text("P00002-1"), Cell::Empty, Cell::Number(123_456_789_023.0)],
            vec![text("P00003-1")],
        ];
        let want =
            [line(2, "P00001-1", "1234-5678-9012"), line(4, "P00002-1", "123456789023"), line(5, "P00003-1", "")];
        for kind in [SheetKind::Xlsx, SheetKind::CsvUtf8, SheetKind::CsvShiftJis] {
            let file = write(kind, "list", &titles, &rows).unwrap();
            assert_eq!(lines(&read(&file.bytes, &Limits::default()).unwrap(), LAYOUT), want, "{kind:?}");
        }
    }

    #[test]
    fn a_number_that_was_rounded_is_refused() {
        for rounded in [1e15, 1_234_567_890_123_456.0] {
            assert!(TrackingNumber::parse(&digits(&Cell::Number(rounded))).is_err(), "{rounded}");
        }
        assert!(TrackingNumber::parse(&digits(&Cell::Number(999_999_999_999_999.0))).is_ok());
    }
}
