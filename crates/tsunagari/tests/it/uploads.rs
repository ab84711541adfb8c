//! Forty hostile files at both doors that take files: bombs, disguises, cut-off and oversized things, formulas, entities.
//! None ends in a failure of ours, none is stored as it came, and what is taken as a picture is another file than was sent.

use std::io::Write;
use std::path::Path;

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::lived::PICTURE;
use tsunagari_testkit::{Kind, Lived, Officer};
use zip::write::SimpleFileOptions;

/// In every hostile file: wherever it is found again, the file was stored raw.
const MARK: &[u8] = b"hostile-mark-7f3a9c";

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    [archive.finish().unwrap().into_inner(), MARK.to_vec()].concat()
}

fn workbook(sheet: &str, strings: &str) -> Vec<u8> {
    let types = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let book = "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
        xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" \
        sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let relations = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
        <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
        Target=\"worksheets/sheet1.xml\"/></Relationships>";
    archive(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

fn laughs() -> String {
    let mut text = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a0 \"hostile\">".to_owned();
    for n in 1..30 {
        text.push_str(&format!("<!ENTITY a{n} \"&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};&a{0};\">", n - 1));
    }
    text.push_str("]><sst><si><t>&a29;</t></si></sst>");
    text
}

fn sheet(cell: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
         <row r=\"1\">{cell}</row></sheetData></worksheet>"
    )
}

/// A PNG's head that claims a size, with a good checksum, and nothing behind it.
fn claimed(width: u32, height: u32) -> Vec<u8> {
    let mut head = b"IHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    let sum = head.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    });
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(head);
    bytes.extend((!sum).to_be_bytes());
    bytes.extend(MARK);
    bytes
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let marked = |bytes: &[u8]| [bytes, MARK].concat();
    let laughs = laughs();
    let picture_then = |bytes: &[u8]| [PICTURE, bytes, MARK].concat();
    let mut all = vec![
        ("nothing.png", Vec::new()),
        ("mark.png", MARK.to_vec()),
        ("polyglot.png", picture_then(b"<script>alert(1)</script>")),
        ("archive-behind.png", picture_then(&archive(&[("a.txt", b"a")]))),
        ("php.png", picture_then(b"<?php system($_GET['c']); ?>")),
        ("cut.png", marked(&PICTURE[..PICTURE.len() / 2])),
        ("head-only.png", marked(&PICTURE[..8])),
        ("bomb.png", claimed(60_000, 60_000)),
        ("wide.png", claimed(u32::MAX, 1)),
        ("zero.png", claimed(0, 0)),
        ("cut.jpg", marked(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")),
        ("exif.jpg", marked(b"\xff\xd8\xff\xe1\xff\xffExif\0\0MM\0*")),
        ("animated.gif", marked(b"GIF89a\x01\0\x01\0\x80\0\0")),
        ("drawing.svg", marked(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")),
        ("page.html", marked(b"<!doctype html><script>alert(1)</script>")),
        ("page.png", marked(b"<!doctype html><script>alert(1)</script>")),
        ("letter.pdf", marked(b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj")),
        ("program.exe", marked(b"MZ\x90\0\x03\0\0\0")),
        ("program", marked(b"\x7fELF\x02\x01\x01\0")),
        ("film.mp4", marked(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")),
        ("endless.mp4", marked(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff")),
        ("sizes.mp4", marked(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\0moov\0\0\0\x04trak")),
        ("../../../etc/cron.d/x.png", picture_then(b"path")),
        ("con.png:stream", picture_then(b"stream")),
        ("\u{202e}gnp.exe", picture_then(b"turned")),
        ("laughs.xml", marked(laughs.as_bytes())),
        ("laughs.xlsx", workbook(&sheet("<c r=\"A1\" t=\"s\"><v>0</v></c>"), &laughs)),
        ("outside.xlsx", {
            let outside = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><sst><si><t>&x;</t></si></sst>";
            workbook(&sheet("<c r=\"A1\" t=\"s\"><v>0</v></c>"), outside)
        }),
        ("index.xlsx", workbook(&sheet("<c r=\"A1\" t=\"s\"><v>4294967295</v></c>"), "<sst/>")),
        ("far.xlsx", workbook(&sheet("<c r=\"XFD1048576\"><v>1</v></c>"), "<sst/>")),
        ("farther.xlsx", workbook(&sheet("<c r=\"ZZZZZZZZ99999999999\"><v>1</v></c>"), "<sst/>")),
        ("deep.xlsx", workbook(&"<a>".repeat(200_000), "<sst/>")),
        ("bomb.xlsx", workbook(&" ".repeat(300 << 20), "<sst/>")),
        ("slip.xlsx", archive(&[("../../../../tmp/hostile", MARK), ("xl/workbook.xml", b"<workbook/>")])),
        ("empty.xlsx", archive(&[])),
        ("cut.xlsx", marked(b"PK\x03\x04\x14\0\0\0\x08\0")),
        ("old.xls", marked(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0")),
    ];
    all.push(("loop.xls", {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(4_096, 0xfe);
        marked(&bytes)
    }));
    all.push(("quotes.csv", marked("\"".repeat(100_001).as_bytes())));
    all.push(("wide.csv", marked(",".repeat(100_000).as_bytes())));
    all.push(("letters.csv", marked(&[0xff, 0xfe, 0x00, 0xd8, 0x00, 0x00, 0x81, 0x81])));
    all
}

/// Files below a directory that hold the mark, and those that equal what was sent.
fn stored_raw(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            stored_raw(&path, found);
        } else if !path.to_string_lossy().contains(".db") {
            let bytes = std::fs::read(&path).unwrap();
            if bytes.windows(MARK.len()).any(|window| window == MARK) {
                found.push(path.display().to_string());
            }
        }
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_hostile_files_are_refused_or_made_harmless(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let mut officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let list = [("school", "new"), ("school_name", "架空高等学校"), ("year", "2025"), ("sheet", "")];
    let (files, mut wrong, mut taken) = (files(), Vec::new(), Vec::new());
    assert!(files.len() >= 40);
    for (name, bytes) in &files {
        for (door, fields) in [("/office/media", &[("title", "絵")][..]), ("/office/import", &list[..])] {
            let answer = officer.upload(door, fields, (name, bytes)).await;
            if answer.status.is_server_error() {
                wrong.push(format!("{name} at {door}: {}", answer.status));
            } else if answer.status == StatusCode::SEE_OTHER {
                taken.push(format!("{name} at {door}"));
            }
        }
    }
    lived.work().await;
    let jobs = lived.town.house.org(lived.town.here.org).read().await.unwrap().job_counts().await.unwrap();
    assert_eq!((jobs.running, jobs.given_up), (0, 0), "no job was lost over it");
    stored_raw(lived.town.db.dir.path(), &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    let pictures = taken.iter().filter(|it| it.ends_with("/office/media")).count();
    assert!(pictures >= 1, "a picture with something behind it is taken as the picture it is: {taken:?}");
    assert!(!taken.iter().any(|it| it.starts_with("bomb") || it.starts_with("laughs.xlsx")), "{taken:?}");
    assert!(!Path::new("/tmp/hostile").exists(), "nothing is unpacked beside its place");

    // The control: a file kept as it came is seen by the same look.
    std::fs::write(lived.town.db.dir.path().join("kept-raw"), [b"x", MARK].concat()).unwrap();
    stored_raw(lived.town.db.dir.path(), &mut wrong);
    assert_eq!(wrong.len(), 1);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_formula_that_was_typed_leaves_as_text(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    for name in ["=1+1", "+81", "-2", "@SUM(A1)", "\t=1"] {
        let fields =
            [("family", name), ("given", "=cmd|'/C calc'!A0"), ("tie", "origin"), ("locale", "ja"), ("looked", "yes")];
        let answer = officer.post("/office/people/add", &fields).await;
        assert!(!answer.status.is_server_error(), "{name}: {}", answer.status);
    }
    let answer = officer.post("/office/exports/people", &[("format", "csv"), ("why", "試し"), ("kind", "csv")]).await;
    assert!(!answer.status.is_server_error(), "{}", answer.status);
    for cell in answer.text.split([',', '\n']).map(|cell| cell.trim().trim_matches('"')) {
        assert!(!cell.starts_with(['=', '+', '-', '@']) || cell == "-", "a formula leaves: {cell}");
    }
}
