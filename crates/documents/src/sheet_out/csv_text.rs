//! The CSV side of a written list (RFC 4180, CRLF). Text a spreadsheet would evaluate gets an apostrophe in front.

use encoding_rs::SHIFT_JIS;

use super::{Column, Uncarried};
use crate::Cell;

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
            let mut buffer = [0; 4];
            let (encoded, _, missing) = SHIFT_JIS.encode(same_in_cp932(character).encode_utf8(&mut buffer));
            if missing {
                self.bytes.extend_from_slice(b"\x81\xAC"); // 〓
                if self.uncarried.len() < MAX_REPORTED {
                    self.uncarried.push(Uncarried { row: self.row, column, character });
                }
            } else {
                self.bytes.extend_from_slice(&encoded);
            }
        }
    }
}

/// Characters that code page 932 holds at another code point of the same glyph.
fn same_in_cp932(c: char) -> char {
    match c {
        '\u{301C}' => '\u{FF5E}',
        '\u{2014}' => '\u{2015}',
        '\u{2016}' => '\u{2225}',
        '\u{2212}' => '\u{FF0D}',
        '\u{00A0}' => ' ',
        '\u{00A2}' => '\u{FFE0}',
        '\u{00A3}' => '\u{FFE1}',
        '\u{00AC}' => '\u{FFE2}',
        other => other,
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
