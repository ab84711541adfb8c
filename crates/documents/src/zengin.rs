//! The banks' file of transfers (全銀協 総合振込, sort 21; formats.md 2): records of 120 bytes, one byte a sign in JIS X 0201. The
//! same list gives the same bytes. What differs from bank to bank is in `Layout`. Leaves checking a list to benefits.

use chrono::Datelike;
use tsunagari_benefits::{Line, TransferList};

/// Bytes of a record.
pub const RECORD: usize = 120;

/// What differs from bank to bank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    /// A line break (CR LF) after each record.
    pub line_breaks: bool,
    /// The clearing house of each line as spaces instead of zeroes.
    pub blank_clearing_house: bool,
    /// The byte 1A at the end.
    pub end_of_file: bool,
}

/// The file.
pub fn render(list: &TransferList, layout: Layout) -> Vec<u8> {
    let mut records = vec![header(list)];
    records.extend(list.lines().iter().map(|line| data(line, layout)));
    records.push(trailer(list));
    records.push(Record::of('9').spaces(119));
    let mut out = Vec::with_capacity(records.len() * (RECORD + 2) + 1);
    for record in records {
        out.extend(record.0);
        if layout.line_breaks {
            out.extend(b"\r\n");
        }
    }
    if layout.end_of_file {
        out.push(0x1A);
    }
    out
}

fn header(list: &TransferList) -> Record {
    let it = list.requester();
    Record::of('1')
        .number(21, 2)
        .number(0, 1)
        .text(&it.code, 10)
        .text(it.name.as_str(), 40)
        .number(list.on().month().into(), 2)
        .number(list.on().day().into(), 2)
        .text(&it.bank.to_string(), 4)
        .spaces(15)
        .text(&it.branch.to_string(), 3)
        .spaces(15)
        .text(&it.kind.digit().to_string(), 1)
        .text(&it.number.to_string(), 7)
        .spaces(17)
}

fn data(line: &Line, layout: Layout) -> Record {
    let it = &line.account;
    let record = Record::of('2').text(&it.bank.to_string(), 4).spaces(15).text(&it.branch.to_string(), 3).spaces(15);
    let record = if layout.blank_clearing_house { record.spaces(4) } else { record.number(0, 4) };
    record
        .text(&it.kind.digit().to_string(), 1)
        .text(&it.number.to_string(), 7)
        .text(it.holder.as_str(), 30)
        .number(line.yen.0.unsigned_abs(), 10)
        // Not the first transfer and no change: the bank is told nothing of the account before.
        .number(0, 1)
        .number(line.reference, 10)
        .spaces(10)
        // 電信: by wire.
        .number(7, 1)
        .spaces(1)
        .spaces(7)
}

fn trailer(list: &TransferList) -> Record {
    let lines = u64::try_from(list.lines().len()).unwrap_or(0);
    Record::of('8').number(lines, 6).number(list.total().0.unsigned_abs(), 12).spaces(101)
}

/// A record being written.
struct Record(Vec<u8>);

impl Record {
    fn of(kind: char) -> Self {
        Self(Vec::with_capacity(RECORD)).text(&kind.to_string(), 1)
    }

    /// A number, filled with zeroes on the left. A list holds none that is longer than its field.
    fn number(self, n: u64, width: usize) -> Self {
        let digits = format!("{n:0>width$}");
        self.text(&digits, width)
    }

    /// A text, filled with spaces on the right.
    fn text(mut self, text: &str, width: usize) -> Self {
        let bytes = text.chars().map(byte).chain(std::iter::repeat(b' '));
        self.0.extend(bytes.take(width));
        self
    }

    fn spaces(self, width: usize) -> Self {
        self.text("", width)
    }
}

/// A sign in JIS X 0201: half-width kana stand at A1 to DF. A list holds no others.
fn byte(sign: char) -> u8 {
    match u32::from(sign) {
        n @ 0x20..=0x7E => u8::try_from(n).unwrap_or(b' '),
        n @ 0xFF61..=0xFF9F => u8::try_from(n - 0xFF61 + 0xA1).unwrap_or(b' '),
        _ => b' ',
    }
}

#[cfg(test)]
mod tests;
