//! What a file is, by its first bytes. Leaves the text encoding of CSV to `csv_text`.

use super::{NotASheet, SheetError};

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFormat {
    /// Office Open XML workbook.
    Xlsx,
    /// Excel 97-2003 workbook.
    Xls,
    /// Separated text: comma, semicolon or tab.
    Csv,
}

/// Tells the format, or what the file is instead.
pub(super) fn sniff(bytes: &[u8]) -> Result<SheetFormat, SheetError> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let not = |what| Err(SheetError::NotASheet(what));
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        return archive(bytes);
    }
    if starts(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return compound(bytes);
    }
    if starts(b"%PDF") {
        return not(NotASheet::Pdf);
    }
    if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"GIF8") {
        return not(NotASheet::Image);
    }
    // Worksheet streams of Excel 2 to 4 stand alone: the BOF record, its length and a version.
    if starts(b"\x09\x00\x04\x00") || starts(b"\x09\x02\x06\x00") || starts(b"\x09\x04\x06\x00") {
        return Err(SheetError::LegacyFormat);
    }
    let head: String =
        bytes.iter().take(512).filter(|b| b.is_ascii()).map(|b| b.to_ascii_lowercase() as char).collect();
    let head = head.trim_start();
    if ["<!doctype", "<html", "<table", "<?xml"].iter().any(|tag| head.starts_with(tag)) {
        return not(NotASheet::Html);
    }
    Ok(SheetFormat::Csv)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn archive(bytes: &[u8]) -> Result<SheetFormat, SheetError> {
    if contains(bytes, b"xl/workbook.bin") || contains(bytes, b"opendocument.spreadsheet") {
        Err(SheetError::LegacyFormat)
    } else if contains(bytes, b"xl/") {
        Ok(SheetFormat::Xlsx)
    } else {
        Err(SheetError::NotASheet(NotASheet::OtherDocument))
    }
}

/// Names of streams inside a compound file are UTF-16LE.
fn compound(bytes: &[u8]) -> Result<SheetFormat, SheetError> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &wide)
    };
    if has("EncryptedPackage") {
        Err(SheetError::Encrypted)
    } else if has("Workbook") || has("Book") {
        Ok(SheetFormat::Xls)
    } else {
        Err(SheetError::NotASheet(NotASheet::OtherDocument))
    }
}
