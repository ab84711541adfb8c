//! Written lists: round trips, formula neutrality, Shift_JIS.

use chrono::NaiveDate;

use super::*;
use crate::sheet_in::{self, Limits};

fn columns() -> Vec<Column> {
    vec![Column::titled("氏名", 20), Column::titled("電話", 14), Column::titled("人数", 8), Column::titled("日", 12)]
}

fn rows() -> Vec<Vec<Cell>> {
    let day = NaiveDate::from_ymd_opt(2008, 4, 1).unwrap();
    vec![
        vec!["髙橋 﨑".into(), "09012345678".into(), Cell::from(412), day.into()],
        vec!["a\"b,c\nd".into(), Cell::Empty, Cell::Number(-1.5), Cell::Empty],
    ]
}

#[test]
fn a_workbook_comes_back_as_written() {
    let written = write(SheetKind::Xlsx, "学生", &columns(), &rows()).unwrap();
    assert_eq!((written.rows, written.uncarried.len()), (2, 0));
    let sheet = sheet_in::read(&written.bytes, &Limits::default()).unwrap();
    assert_eq!(sheet.name, "学生");
    assert_eq!(sheet.rows[1], rows()[0]);
    assert_eq!(sheet.cell(2, 0), &rows()[1][0]);
    assert_eq!(sheet.cell(2, 2), &Cell::Number(-1.5));
}

#[test]
fn csv_comes_back_in_both_encodings() {
    for kind in [SheetKind::CsvUtf8, SheetKind::CsvShiftJis] {
        let written = write(kind, "", &columns(), &rows()).unwrap();
        assert_eq!(written.uncarried, vec![]);
        let sheet = sheet_in::read(&written.bytes, &Limits::default()).unwrap();
        assert_eq!(sheet.cell(1, 0), &Cell::from("髙橋 﨑"));
        assert_eq!(sheet.cell(1, 1), &Cell::from("09012345678"));
        assert_eq!(sheet.cell(1, 3), &Cell::from("2008-04-01"));
        assert_eq!(sheet.cell(2, 0), &Cell::from("a\"b,c\nd"));
        assert_eq!(sheet.cell(2, 2), &Cell::from("-1.5"), "a number is a number, not a formula");
    }
}

#[test]
fn utf8_csv_has_a_mark_and_crlf() {
    let written = write(SheetKind::CsvUtf8, "", &columns()[..1], &[vec!["あ".into()]]).unwrap();
    assert_eq!(written.bytes, "\u{FEFF}氏名\r\nあ\r\n".as_bytes());
}

#[test]
fn nothing_becomes_a_formula() {
    for risky in ["=1+1", "+81 90", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "=HYPERLINK(\"http://x\")"] {
        let csv = write(SheetKind::CsvUtf8, "", &columns()[..1], &[vec![risky.into()]]).unwrap();
        let text = String::from_utf8(csv.bytes).unwrap();
        let cell = text.trim_start_matches("\u{FEFF}氏名\r\n").trim_start_matches('"');
        assert!(cell.starts_with('\''), "{risky:?} → {cell:?}");

        let book = write(SheetKind::Xlsx, "s", &columns()[..1], &[vec![risky.into()]]).unwrap();
        let sheet = sheet_in::read(&book.bytes, &Limits::default()).unwrap();
        assert_eq!(sheet.cell(1, 0).text().trim(), risky.trim());
        assert!(!part(&book.bytes, "xl/worksheets/sheet1.xml").contains("<f>"));
    }
}

#[test]
fn shift_jis_reports_what_it_cannot_carry() {
    let written =
        write(SheetKind::CsvShiftJis, "", &columns()[..1], &[vec!["吉".into()], vec!["𠮷田〜".into()]]).unwrap();
    assert_eq!(written.uncarried, vec![Uncarried { row: 3, column: 0, character: '𠮷' }]);
    let sheet = sheet_in::read(&written.bytes, &Limits::default()).unwrap();
    assert_eq!(sheet.cell(2, 0), &Cell::from("〓田～"));
}

#[test]
fn a_workbook_has_a_frozen_header_and_a_filter() {
    let book = write(SheetKind::Xlsx, "s", &columns(), &rows()).unwrap();
    let xml = part(&book.bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("state=\"frozen\"") && xml.contains("<autoFilter ref=\"A1:D3\""), "{xml}");
    assert!(matches!(SheetWriter::start(SheetKind::Xlsx, "a/b", &columns()), Err(WriteError::SheetName)));
}

fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}
