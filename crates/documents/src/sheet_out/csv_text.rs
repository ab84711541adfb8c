//! The CSV side of a written list (RFC 4180, CRLF). Text a spreadsheet would evaluate gets an apostrophe in front.

use super::{Column, Uncarried};
use crate::{Cell, cp932};

/// A report longer than this helps nobody.
const MAX_REPORTED: usize = 1_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    ShiftJis,
}

pub(super) struct TextOut {
    charset: Charset,
    bytes: Vec<u8>,
    row: usize,
    uncarried: Vec<Uncarried>,
}

impl TextOut {
    pub(super) fn start(charset: Charset, columns: &[Column]) -> Self {
        let bytes = match charset {
            Charset::Utf8 => b"\xEF\xBB\xBF".to_vec(),
            Charset::ShiftJis => Vec::new(),
        };
        let mut out = Self { charset, bytes, row: 0, uncarried: Vec::new() };
        let titles: Vec<Cell> = columns.iter().map(|column| Cell::from(column.title.as_str())).collect();
        out.push(&titles);
        out
    }

    pub(super) fn push(&mut self, cells: &[Cell]) {
        self.row += 1;
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                self.bytes.push(b',');
            }
            let text = cell.text();
            let field = match cell {
                Cell::Text(_) => quoted(&neutral(&text)),
                Cell::Number(_) | Cell::Date(_) | Cell::Empty => text.into_owned(),
            };
            self.encode(&field, column);
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    pub(super) fn finish(self) -> (Vec<u8>, Vec<Uncarried>) {
        (self.bytes, self.uncarried)
    }

    fn encode(&mut self, field: &str, column: usize) {
        if self.charset == Charset::Utf8 || field.is_ascii() {
            self.bytes.extend_from_slice(field.as_bytes());
            return;
        }
        for character in field.chars() {
            match cp932::encode_one(character) {
                Some(encoded) => self.bytes.extend(encoded),
                None => {
                    self.bytes.extend_from_slice(b"\x81\xAC"); // 〓
                    if self.uncarried.len() < MAX_REPORTED {
                        self.uncarried.push(Uncarried { row: self.row, column, character });
                    }
                }
            }
        }
    }
}

/// `= + - @`, their full-width forms, tab, CR and LF at the start make spreadsheets evaluate or misplace a cell.
fn neutral(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if risky { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n', '\t', ';']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
