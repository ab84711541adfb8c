//! Separated text: UTF-8 with or without a byte order mark, UTF-16, Shift_JIS (code page 932) and ISO-2022-JP; comma,
//! semicolon or tab. Rows keep the numbers a spreadsheet would show, blank lines included.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, SHIFT_JIS, UTF_16BE, UTF_16LE};

use super::{Limit, Limits, NotASheet, Sheet, SheetError, SheetFormat};
use crate::Cell;

/// How the text of a CSV file was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 with a byte order mark, as Excel writes it.
    Utf8Bom,
    /// UTF-16, either byte order.
    Utf16,
    /// Shift_JIS with the extensions of code page 932.
    ShiftJis,
    /// ISO-2022-JP, from old mail systems.
    Iso2022Jp,
}

/// Reads the whole text or refuses it.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let (text, encoding) = decode(bytes)?;
    if text.contains('\0') {
        return Err(SheetError::NotASheet(NotASheet::Binary));
    }
    let rows = rows(&text, limits)?;
    Ok(Sheet { name: String::new(), format: SheetFormat::Csv, encoding: Some(encoding), sheets: Vec::new(), rows })
}

fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, TextEncoding), SheetError> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = std::str::from_utf8(rest).map_err(|error| undecodable(&rest[..error.valid_up_to()]))?;
        return Ok((Cow::Borrowed(text), TextEncoding::Utf8Bom));
    }
    if let Some(encoding) = utf16(bytes) {
        let text = encoding.decode_with_bom_removal(bytes).0;
        return match text.find('\u{FFFD}') {
            None => Ok((text, TextEncoding::Utf16)),
            Some(at) => Err(undecodable(&text.as_bytes()[..at])),
        };
    }
    let utf8 = std::str::from_utf8(bytes);
    if let Ok(text) = utf8 {
        if text.contains("\x1B$") {
            let (text, broken) = ISO_2022_JP.decode_without_bom_handling(bytes);
            if !broken {
                return Ok((text, TextEncoding::Iso2022Jp));
            }
        }
        return Ok((Cow::Borrowed(text), TextEncoding::Utf8));
    }
    let (text, broken) = SHIFT_JIS.decode_without_bom_handling(bytes);
    if !broken {
        return Ok((text, TextEncoding::ShiftJis));
    }
    Err(shift_jis_error(bytes))
}

/// A trail byte of Shift_JIS is never a line feed, so lines can be tried one by one.
fn shift_jis_error(bytes: &[u8]) -> SheetError {
    let controls = bytes.iter().filter(|byte| **byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x1B)).count();
    if controls * 50 > bytes.len() {
        return SheetError::NotASheet(NotASheet::Binary);
    }
    let broken = |line: &&[u8]| SHIFT_JIS.decode_without_bom_handling(line).1;
    let row = bytes.split(|byte| *byte == b'\n').position(|line| broken(&line)).unwrap_or(0);
    SheetError::Undecodable { row: row + 1 }
}

fn undecodable(before: &[u8]) -> SheetError {
    SheetError::Undecodable { row: before.iter().filter(|byte| **byte == b'\n').count() + 1 }
}

/// UTF-16 by its mark, or by the zero bytes that ASCII separators leave on one side.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let has = |low: usize| {
        bytes.chunks_exact(2).take(2048).any(|pair| pair[1 - low] == 0 && matches!(pair[low], b',' | b'\t' | b'\n'))
    };
    let zeros = bytes.contains(&0);
    if zeros && has(0) {
        Some(UTF_16LE)
    } else if zeros && has(1) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Where a cell stands in its reading: the line in which its quotation mark stands is kept.
#[derive(Clone, Copy)]
enum Quoting {
    Begins,
    Bare,
    Quoted(usize),
    Closed(usize),
}

/// Refuses text in which a cell's quotation mark is not closed: the parser would take the rows after it for the cell's.
fn closed(text: &str, delimiter: u8) -> Result<(), SheetError> {
    let (mut line, mut at) = (1, Quoting::Begins);
    for byte in text.bytes() {
        let ends = byte == delimiter || matches!(byte, b'\r' | b'\n');
        at = match at {
            Quoting::Begins if byte == b'"' => Quoting::Quoted(line),
            Quoting::Begins | Quoting::Bare if ends => Quoting::Begins,
            Quoting::Begins | Quoting::Bare => Quoting::Bare,
            Quoting::Quoted(from) if byte == b'"' => Quoting::Closed(from),
            Quoting::Quoted(from) => Quoting::Quoted(from),
            // Two in a row are one that is meant.
            Quoting::Closed(from) if byte == b'"' => Quoting::Quoted(from),
            Quoting::Closed(_) if ends => Quoting::Begins,
            Quoting::Closed(from) if byte == b' ' => Quoting::Closed(from),
            Quoting::Closed(from) => return Err(SheetError::Unclosed { row: from }),
        };
        line += usize::from(byte == b'\n');
    }
    match at {
        Quoting::Quoted(row) => Err(SheetError::Unclosed { row }),
        Quoting::Begins | Quoting::Bare | Quoting::Closed(_) => Ok(()),
    }
}

fn rows(text: &str, limits: &Limits) -> Result<Vec<Vec<Cell>>, SheetError> {
    let delimiter = delimiter(text);
    closed(text, delimiter)?;
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    let mut end = 0;
    while reader.read_record(&mut record).map_err(|error| SheetError::Damaged(error.to_string()))? {
        // The parser skips blank lines; they are put back so that row numbers stay those of the file.
        let next = usize::try_from(reader.position().byte()).unwrap_or(text.len()).min(text.len());
        let blank = blank_lines(&text.as_bytes()[end..next], text.as_bytes()[..end].last());
        end = next;
        if record.len() > limits.columns {
            return Err(SheetError::TooLarge { limit: Limit::Columns, allowed: limits.columns as u64 });
        }
        if rows.len() + blank >= limits.rows {
            return Err(SheetError::TooLarge { limit: Limit::Rows, allowed: limits.rows as u64 });
        }
        rows.extend((0..blank).map(|_| Vec::new()));
        rows.push(record.iter().map(|field| if field.is_empty() { Cell::Empty } else { Cell::from(field) }).collect());
    }
    Ok(rows)
}

/// Line ends in front of a record. The rest of the line end before it (LF of CR LF) is not a blank line.
fn blank_lines(record: &[u8], before: Option<&u8>) -> usize {
    let rest = if before == Some(&b'\r') { record.strip_prefix(b"\n").unwrap_or(record) } else { record };
    let ends: Vec<u8> = rest.iter().copied().take_while(|byte| matches!(byte, b'\r' | b'\n')).collect();
    let pairs = ends.windows(2).filter(|pair| pair == b"\r\n").count();
    ends.len() - pairs
}

/// The separator that most of the first lines agree on; a comma when none does.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(30).collect();
    let score = |separator: char| {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, separator)).collect();
        let most = counts.iter().copied().filter(|n| *n > 0).max_by_key(|n| counts.iter().filter(|c| c == &n).count());
        most.map_or(0, |most| counts.iter().filter(|n| **n == most).count() * 100 + most)
    };
    // Later entries win ties, so the comma stands last.
    ['\t', ';', ','].into_iter().max_by_key(|separator| score(*separator)).map_or(b',', |separator| separator as u8)
}

fn outside_quotes(line: &str, separator: char) -> usize {
    let mut quoted = false;
    line.chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted && *c == separator
        })
        .count()
}
