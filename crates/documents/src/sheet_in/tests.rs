//! Sheets in: a school's list as schools write it, encodings, hostile files.

use std::io::Write;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Workbook};

use super::*;

/// A merged title, a note, a blank row, a header, 和暦 as text, full-width digits, variants, half-width kana.
fn school_list() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("3年生").unwrap();
    sheet.merge_range(0, 0, 0, 7, "令和７年度　卒業生名簿（島根県立益田高等学校）", &Format::new()).unwrap();
    sheet.write_string(1, 7, "令和8年3月2日現在").unwrap();
    let header = ["組", "番号", "氏　名", "ﾌﾘｶﾞﾅ", "生年月日", "進学先", "保護者氏名", "電話番号"];
    for (column, title) in (0u16..).zip(header) {
        sheet.write_string(3, column, title).unwrap();
    }
    let rows = [
        ["１", "０１", "髙橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", "平成２０年４月１日", "○○大学", "髙橋　一", "０９０-1234-5678"],
        ["１", "０２", "𠮷田 太郎", "ﾖｼﾀﾞ ﾀﾛｳ", "H20.2.30", "専門学校", "", "09000000000"],
    ];
    for (row, cells) in (4u32..).zip(rows) {
        for (column, text) in (0u16..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2008, 4, 1).unwrap();
    sheet
        .write_datetime_with_format(6, 4, &day, &Format::new().set_num_format("[$-411]ggge\"年\"m\"月\"d\"日\""))
        .unwrap();
    sheet.write_number(6, 0, 1).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_school_list_is_read_as_written() {
    let sheet = read(&school_list(), &Limits::default()).unwrap();
    assert_eq!((sheet.format, sheet.name.as_str(), sheet.rows.len()), (SheetFormat::Xlsx, "3年生", 7));
    assert_eq!(sheet.cell(4, 2), &Cell::from("髙橋　花子"));
    assert_eq!(sheet.cell(4, 3), &Cell::from("ﾀｶﾊｼ ﾊﾅｺ"));
    assert_eq!(sheet.cell(4, 4), &Cell::from("平成２０年４月１日"));
    assert_eq!(sheet.cell(5, 1), &Cell::from("０２"));
    assert_eq!(sheet.cell(6, 4).date(), NaiveDate::from_ymd_opt(2008, 4, 1));
    assert_eq!(sheet.cell(6, 0).text(), "1");
}

#[test]
fn the_header_is_found_below_the_title() {
    let sheet = read(&school_list(), &Limits::default()).unwrap();
    let header = guess_columns(&sheet);
    assert_eq!((header.row, header.first_data_row), (Some(3), 4));
    let fields: Vec<_> = header.columns.iter().map(|guess| guess.field).collect();
    use ImportField::*;
    assert_eq!(fields, [Class, Number, FullName, FullKana, BirthDate, NextSchool, GuardianName, Phone]);
    assert!(header.columns.iter().all(|guess| guess.confidence == Confidence::Certain));
}

fn fields_of(csv: &str) -> Vec<ImportField> {
    let sheet = read(csv.as_bytes(), &Limits::default()).unwrap();
    guess_columns(&sheet).columns.iter().map(|guess| guess.field).collect()
}

#[test]
fn headers_of_many_kinds() {
    use ImportField::*;
    assert_eq!(
        fields_of("姓,ふりがな,名,ふりがな,メールアドレス（本人）\nA,B,C,D,E\n"),
        [FamilyName, FamilyKana, GivenName, GivenKana, Email]
    );
    assert_eq!(
        fields_of("生徒,,保護者,\n氏名,フリガナ,氏名,電話番号\nA,B,C,D\n"),
        [FullName, FullKana, GuardianName, GuardianPhone]
    );
    assert_eq!(
        fields_of("学籍番号,お名前,性別,LINE登録,卒業年度\n1,A,B,C,D\n"),
        [StudentNumber, FullName, Ignore, Ignore, GraduationYear]
    );
    // What a label is about stands last in it.
    assert_eq!(
        fields_of("生徒の氏名,卒業後の進路,進路先の学校名,卒業（予定）年度,連絡用のメールアドレス\nA,B,C,D,E\n"),
        [FullName, NextSchoolKind, NextSchool, GraduationYear, Email]
    );
}

#[test]
fn without_a_header_nothing_is_claimed() {
    let sheet = read("山田,太郎\n鈴木,花子\n".as_bytes(), &Limits::default()).unwrap();
    let header = guess_columns(&sheet);
    assert_eq!((header.row, header.first_data_row), (None, 0));
    assert!(header.columns.iter().all(|guess| guess.confidence == Confidence::Unknown));
}

#[test]
fn csv_in_every_encoding() {
    let text = "氏名,番号\r\n髙橋,０１\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases = [
        (text.as_bytes().to_vec(), TextEncoding::Utf8),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), TextEncoding::Utf8Bom),
        (encoding_rs::SHIFT_JIS.encode(text).0.into_owned(), TextEncoding::ShiftJis),
        ([b"\xFF\xFE".as_slice(), &utf16].concat(), TextEncoding::Utf16),
        (utf16, TextEncoding::Utf16),
    ];
    for (bytes, encoding) in cases {
        let sheet = read(&bytes, &Limits::default()).unwrap();
        assert_eq!(sheet.encoding, Some(encoding));
        assert_eq!(sheet.rows, [["氏名", "番号"].map(Cell::from), ["髙橋", "０１"].map(Cell::from)]);
    }
}

#[test]
fn separators_quotes_and_row_numbers() {
    for separator in [",", ";", "\t"] {
        let text = format!("a{separator}b\n\n\"1,2\n3\"{separator}x\n\nlast{separator}y");
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let sheet = read(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(sheet.rows.len(), 5, "{text:?}");
            assert_eq!(sheet.cell(2, 0).text().replace('\r', ""), "1,2\n3");
            assert_eq!(sheet.cell(4, 1), &Cell::from("y"));
        }
    }
}

#[test]
fn a_quotation_mark_that_is_not_closed_is_told_by_its_row() {
    let unclosed = |text: &str| match read(text.as_bytes(), &Limits::default()) {
        Err(SheetError::Unclosed { row }) => Some(row),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    };
    // At the end, and where the next cell in quotation marks would close it three rows on.
    assert_eq!(unclosed("a,b\n1,\"x,y\n"), Some(2));
    assert_eq!(unclosed("a,b\r\n1,\"x\r\n2,y\r\n3,\"z\"\r\n"), Some(2));
    assert_eq!(unclosed("a,b\n\"1\"2,x\n"), Some(2), "what stands behind a closed one belongs to no cell");
    for whole in ["a,b\n\"1 \"\"x\"\"\n2\",y\n", "a,b\n5'8\",x\n", "\"a\" ,\"b\"", "a;\"b\nc\"\n\"\";\"\"\n"] {
        assert_eq!(unclosed(whole), None, "{whole:?}");
    }
}

fn error(bytes: &[u8]) -> SheetError {
    read(bytes, &Limits::default()).unwrap_err()
}

#[test]
fn other_files_are_named_for_what_they_are() {
    use SheetError::*;
    assert_eq!(error(b"%PDF-1.7 ..."), NotASheet(super::NotASheet::Pdf));
    assert_eq!(error(b"\x89PNG\r\n"), NotASheet(super::NotASheet::Image));
    assert_eq!(error(b"\n<html><table>"), NotASheet(super::NotASheet::Html));
    assert_eq!(error(b"\x00\x01\x02\x03\x00\x00"), NotASheet(super::NotASheet::Binary));
    assert_eq!(error(b""), Empty);
    assert_eq!(error(b" \r\n,,\r\n"), Empty);
    assert_eq!(error(b"\x09\x04\x06\x00\x00\x00\x10\x00"), LegacyFormat);
    assert_eq!(error(b"a,b\n\xFF\xFE\xFD,c\n"), Undecodable { row: 2 });
    let wide: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let compound = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 512], &wide].concat();
    assert_eq!(error(&compound), Encrypted);
    let broken_xls: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let broken_xls = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0xFF; 512], &broken_xls].concat();
    assert!(matches!(error(&broken_xls), Damaged(_)));
    let book = school_list();
    assert!(matches!(error(&book[..book.len() / 2]), Damaged(_)));
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 10, ..Limits::default() };
    assert!(matches!(read(b"0123456789a", &limits), Err(SheetError::TooLarge { limit: Limit::Bytes, .. })));
    let limits = Limits { rows: 2, columns: 2, ..Limits::default() };
    assert!(read(b"1,2\n3,4\n", &limits).is_ok());
    assert!(matches!(read(b"1\n2\n3\n", &limits), Err(SheetError::TooLarge { limit: Limit::Rows, .. })));
    assert!(matches!(read(b"1,2,3\n", &limits), Err(SheetError::TooLarge { limit: Limit::Columns, .. })));
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    for _ in 0..32 {
        archive.write_all(&[b' '; 1 << 16]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 10_000, "the bomb is small");
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(read(&bytes, &limits), Err(SheetError::TooLarge { limit: Limit::UnpackedBytes, .. })));
}

#[test]
fn a_cell_at_the_far_corner_costs_nothing() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(1_048_575, 16_383, "x").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    assert!(matches!(error(&bytes), SheetError::TooLarge { limit: Limit::Rows, .. }));
}

#[test]
fn the_named_sheet_or_the_first_with_content() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("空").unwrap();
    book.add_worksheet().set_name("名簿").unwrap().write_string(0, 0, "氏名").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let sheet = read(&bytes, &Limits::default()).unwrap();
    assert_eq!((sheet.name.as_str(), sheet.sheets.len()), ("名簿", 2));
    assert_eq!(read_named(&bytes, "空", &Limits::default()), Err(SheetError::Empty));
    assert_eq!(
        read_named(&bytes, "無", &Limits::default()),
        Err(SheetError::NoSuchSheet { sheets: sheet.sheets.clone() })
    );
}

#[test]
fn a_list_is_found_behind_a_cover_sheet() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("表紙").unwrap().write_string(0, 0, "令和7年度 卒業生").unwrap();
    let list = book.add_worksheet().set_name("3年").unwrap();
    for (column, label) in (0_u16..).zip(["組", "氏名", "生年月日"]) {
        list.write_string(0, column, label).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(read_list(&bytes, &Limits::default()).unwrap().name, "3年");
    assert_eq!(read(&bytes, &Limits::default()).unwrap().name, "表紙");
    // Where no header names people, the first stands as it is.
    let mut plain = Workbook::new();
    for name in ["一", "二"] {
        plain.add_worksheet().set_name(name).unwrap().write_string(0, 0, "x").unwrap();
    }
    let bytes = plain.save_to_buffer().unwrap();
    assert_eq!(read_list(&bytes, &Limits::default()).unwrap().name, "一");
}

#[test]
fn slugs_come_back() {
    for field in ImportField::ALL {
        assert_eq!(ImportField::from_slug(field.slug()), Some(field));
    }
}
