//! Writes a list of graduates as schools really write them, all invented: a title merged over three rows, 和暦 dates in
//! several spellings, full-width digits, 髙 and 﨑, half-width kana, one repeated row, one day that is not in the
//! calendar. Used by the browser test and the tests of the import:
//! `cargo run -p tsunagari-documents --example school_list -- FILE`. Leaves what becomes of each row to the import.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a fixture that cannot be written ends the run")]
#![allow(dead_code, reason = "tests include this file for its workbook and have no use for its main")]

use rust_xlsxwriter::{Format, FormatAlign, Workbook};

/// The header, in the fourth row.
pub const HEADER: [&str; 12] = [
    "組",
    "番号",
    "生徒氏名",
    "フリガナ",
    "生年月日",
    "進路種別",
    "進学先",
    "進学先都道府県",
    "携帯電話",
    "メールアドレス",
    "保護者氏名",
    "保護者電話番号",
];

/// The rows below it.
pub const ROWS: [[&str; 12]; 12] = [
    [
        "１",
        "１",
        "髙橋　花子",
        "ﾀｶﾊｼ ﾊﾅｺ",
        "平成２０年３月２８日",
        "大学",
        "架空大学",
        "大阪府",
        "０９０－１２３４－５６７８",
        "hanako.t@example.jp",
        "髙橋　一郎",
        "090-8765-4321",
    ],
    [
        "１",
        "２",
        "田中　次郎",
        "タナカ　ジロウ",
        "平成19年5月3日",
        "大学",
        "空想大学",
        "京都府",
        "09011112222",
        "",
        "",
        "",
    ],
    ["１", "３", "山﨑　海", "ﾔﾏｻﾞｷ ｶｲ", "H19.8.15", "専門学校", "見本専門学校", "広島県", "", "kai@example.jp", "", ""],
    ["１", "４", "𠮷田 結", "ヨシダ ユイ", "平成19年12月1日", "就職", "見本製作所", "島根県", "", "", "", ""],
    ["１", "５", "佐々木　蓮", "ササキ　レン", "平成20年2月30日", "大学", "架空大学", "大阪府", "", "", "", ""],
    ["１", "６", "渡邉　さくら", "ﾜﾀﾅﾍﾞ ｻｸﾗ", "2007/10/20", "短大", "見本短期大学", "兵庫県", "", "", "", ""],
    ["２", "１", "田中　次郎", "ﾀﾅｶ ｼﾞﾛｳ", "Ｈ１９．５．３", "大学", "空想大学", "京都府", "090-1111-2222", "", "", ""],
    [
        "２",
        "２",
        "小川　陽菜",
        "オガワ　ヒナ",
        "平成19年7月7日",
        "大学",
        "架空大学",
        "大阪",
        "",
        "hina@example.jp",
        "",
        "",
    ],
    ["２", "３", "中村　大和", "ﾅｶﾑﾗ ﾔﾏﾄ", "平成20年1月9日", "大学", "空想大学", "京都府", "", "", "", ""],
    ["２", "４", "林　美月", "ハヤシ　ミヅキ", "平成19年4月30日", "大学", "架空大学", "大阪府", "", "", "", ""],
    ["２", "５", "森　颯太", "モリ　ソウタ", "平成19年11月11日", "浪人", "", "", "", "", "", ""],
    ["２", "６", "池田　葵", "ｲｹﾀﾞ ｱｵｲ", "平成19年9月2日", "大学", "架空大学", "大阪府", "", "", "", ""],
];

/// The workbook's bytes.
pub fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("卒業生").expect("a name");
    let title = Format::new().set_bold().set_align(FormatAlign::Center);
    let width = u16::try_from(HEADER.len() - 1).expect("few columns");
    sheet
        .merge_range(0, 0, 2, width, "令和７年度　島根県立益田見本高等学校　卒業生名簿（架空）", &title)
        .expect("a title");
    for (column, label) in (0u16..).zip(HEADER) {
        sheet.write_string(3, column, label).expect("a heading");
    }
    for (row, cells) in (4u32..).zip(ROWS) {
        for (column, cell) in (0u16..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn main() {
    let file = std::env::args().nth(1).expect("the file to write");
    std::fs::write(file, workbook()).expect("the file is written");
}
