//! Finds the header row of a list and proposes what each column is. Only a proposal: the officer confirms it, and the
//! confirmed mapping is remembered per school by `acts`. To teach it a word: a line in `WORDS`.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::{ImportField, Sheet};
use ImportField::*;

/// How sure a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// No known word: proposed to be ignored.
    Unknown,
    /// The header contains a known word.
    Likely,
    /// The header is a known word.
    Certain,
}

/// What a column probably is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnGuess {
    /// The column, from 0.
    pub column: usize,
    /// The header as written (two header rows are joined by a space); empty when there is none.
    pub header: String,
    /// The proposal.
    pub field: ImportField,
    /// How sure it is.
    pub confidence: Confidence,
}

/// The header of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The last header row, from 0; `None` when no row looks like one: then the list begins at row 0.
    pub row: Option<usize>,
    /// The first row of data, from 0.
    pub first_data_row: usize,
    /// One proposal per column, in order.
    pub columns: Vec<ColumnGuess>,
}

/// Titles, notes and blank rows above a header are rarely more.
const SEARCH_ROWS: usize = 40;

/// Known header words in normal form (NFKC, katakana, no spaces, lower case), most telling first.
const WORDS: &[(ImportField, &[&str])] = &[
    (GuardianEmail, &["保護者メールアドレス", "保護者メール", "保護者email", "保護者e-mail"]),
    (GuardianPhone, &["保護者電話番号", "保護者電話", "保護者携帯電話", "保護者携帯", "保護者連絡先", "緊急連絡先"]),
    (GuardianName, &["保護者氏名", "保護者名", "保護者", "保証人氏名"]),
    (FamilyKana, &["姓フリガナ", "姓カナ", "セイ", "フリガナ姓", "カナ姓", "氏フリガナ", "姓ヨミ", "苗字カナ"]),
    (GivenKana, &["名フリガナ", "名カナ", "メイ", "フリガナ名", "カナ名", "名ヨミ"]),
    (
        FullKana,
        &[
            "氏名フリガナ",
            "氏名カナ",
            "フリガナ",
            "カナ",
            "カナ氏名",
            "氏名ヨミ",
            "ヨミガナ",
            "ヨミカナ",
            "ヨミ",
            "生徒氏名カナ",
            "名前カナ",
            "名前フリガナ",
        ],
    ),
    (StudentNumber, &["学籍番号", "生徒番号", "学生番号", "生徒id", "整理番号", "在籍番号"]),
    (FamilyName, &["姓", "氏", "家族名", "苗字", "名字", "familyname", "lastname"]),
    (GivenName, &["名", "givenname", "firstname"]),
    (FullName, &["氏名", "生徒氏名", "生徒名", "名前", "オ名前", "卒業生氏名", "姓名", "fullname", "name"]),
    (BirthDate, &["生年月日", "誕生日", "生年月日和暦", "生年月日西暦", "birthdate", "dateofbirth", "birthday"]),
    (GraduationYear, &["卒業年度", "卒業年", "卒年", "卒業年月", "卒業", "graduationyear"]),
    (
        NextSchoolKind,
        &[
            "進路種別",
            "進路区分",
            "進学区分",
            "進学種別",
            "学校種別",
            "進路",
            "進路状況",
            "卒業後進路",
            "卒業後状況",
            "進学就職",
            "進学就職別",
        ],
    ),
    (
        NextPlace,
        &[
            "進学先都道府県",
            "進学先所在地",
            "進路先所在地",
            "進路先都道府県",
            "就職先所在地",
            "所在地",
            "進学地",
            "居住地",
            "居住予定地",
        ],
    ),
    (
        NextSchool,
        &[
            "進学先",
            "進路先",
            "進学先学校名",
            "進路先学校名",
            "進路先名称",
            "進学先名",
            "大学名",
            "進学先就職先",
            "進学就職先",
            "就職先",
        ],
    ),
    (School, &["学校名", "学校", "高校", "高校名", "高等学校", "出身校", "出身高校", "卒業校", "school"]),
    (Class, &["組", "クラス", "年組", "学級", "hr", "class"]),
    (Number, &["番号", "番", "出席番号", "席番", "no", "no."]),
    (
        Email,
        &[
            "メールアドレス",
            "メール",
            "email",
            "e-mail",
            "mail",
            "eメール",
            "電子メール",
            "本人メールアドレス",
            "本人メール",
        ],
    ),
    (
        Phone,
        &[
            "電話番号",
            "電話",
            "携帯電話",
            "携帯",
            "携帯番号",
            "携帯電話番号",
            "tel",
            "連絡先",
            "本人携帯",
            "本人電話番号",
            "phone",
        ],
    ),
    (PostalCode, &["郵便番号", "〒", "郵便", "zip", "postalcode"]),
    (Address, &["住所", "現住所", "自宅住所", "実家住所", "住所1", "address"]),
    (Note, &["備考", "摘要", "メモ", "特記事項", "note", "notes"]),
    (Ignore, &["性別", "line", "lineid", "line名", "年齢", "学年"]),
];

/// Proposes a header row and the meaning of every column.
pub fn guess_columns(sheet: &Sheet) -> Header {
    let width = sheet.width();
    let mut best: Option<(usize, usize, Vec<ColumnGuess>)> = None;
    for row in 0..sheet.rows.len().min(SEARCH_ROWS) {
        for labels in [labels(sheet, row, width), joined(sheet, row, width)] {
            let columns = guesses(&labels);
            let score = score(&columns);
            // One known word may stand in a title by chance; a list of one column is the exception.
            if score >= if width == 1 { 1 } else { 2 } && best.as_ref().is_none_or(|(_, top, _)| score > *top) {
                best = Some((row, score, columns));
            }
        }
    }
    match best {
        Some((row, _, columns)) => Header { row: Some(row), first_data_row: row + 1, columns },
        None => Header { row: None, first_data_row: 0, columns: guesses(&vec![String::new(); width]) },
    }
}

fn labels(sheet: &Sheet, row: usize, width: usize) -> Vec<String> {
    (0..width).map(|column| sheet.cell(row, column).text().trim().to_owned()).collect()
}

/// Labels of a header of two rows: the upper one is merged over several columns, so it holds until the next one.
fn joined(sheet: &Sheet, row: usize, width: usize) -> Vec<String> {
    let lower = labels(sheet, row, width);
    let Some(upper) = row.checked_sub(1).map(|above| labels(sheet, above, width)) else { return lower };
    if upper.iter().filter(|label| !label.is_empty()).count() < 2 {
        return lower; // a title
    }
    let mut group = "";
    let mut out = Vec::with_capacity(width);
    for (above, below) in upper.iter().zip(&lower) {
        if !above.is_empty() {
            group = above;
        }
        out.push(match (above.is_empty(), below.is_empty()) {
            (_, false) => format!("{group} {below}").trim().to_owned(),
            (false, true) => above.clone(),
            (true, true) => String::new(),
        });
    }
    out
}

fn score(columns: &[ColumnGuess]) -> usize {
    let known: HashSet<_> =
        columns.iter().filter(|guess| guess.confidence > Confidence::Unknown).map(|g| g.field).collect();
    let certain = columns.iter().filter(|guess| guess.confidence == Confidence::Certain).count();
    if known.len() == 1 && columns.len() > 1 { 0 } else { known.len() + certain }
}

fn guesses(labels: &[String]) -> Vec<ColumnGuess> {
    let mut columns: Vec<ColumnGuess> = labels
        .iter()
        .enumerate()
        .map(|(column, label)| {
            let (field, confidence) = meaning(label);
            ColumnGuess { column, header: label.clone(), field, confidence }
        })
        .collect();
    split_kana(&mut columns);
    keep_surest(&mut columns);
    columns
}

/// Lists with separate names often head both readings alike: the one after the family name is its reading.
fn split_kana(columns: &mut [ColumnGuess]) {
    let mut last = None;
    for guess in columns {
        match (guess.field, last) {
            (FullKana, Some(FamilyName)) => guess.field = FamilyKana,
            (FullKana, Some(GivenName)) => guess.field = GivenKana,
            _ => {}
        }
        last = Some(guess.field);
    }
}

/// A field is proposed once, for its surest (then first) column; notes may repeat.
fn keep_surest(columns: &mut [ColumnGuess]) {
    for index in 0..columns.len() {
        let (field, confidence) = (columns[index].field, columns[index].confidence);
        let beaten = columns.iter().enumerate().any(|(other, guess)| {
            other != index
                && guess.field == field
                && (guess.confidence > confidence || (guess.confidence == confidence && other < index))
        });
        if beaten && field != Note && field != Ignore {
            columns[index].field = Ignore;
            columns[index].confidence = Confidence::Unknown;
        }
    }
}

fn meaning(label: &str) -> (ImportField, Confidence) {
    let full = normal(label);
    if full.is_empty() {
        return (Ignore, Confidence::Unknown);
    }
    // "保護者 氏名" of a two-row header: the whole first, then the lower word alone.
    let tail = label.split_whitespace().last().map(normal).unwrap_or_default();
    let plain = normal(label.split(['(', '（', '[', '【']).next().unwrap_or(label));
    let exact = |text: &str| WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(field, _)| *field);
    if let Some(field) = exact(&full).or_else(|| exact(&plain)) {
        return (field, Confidence::Certain);
    }
    if let Some(field) = exact(&tail) {
        return (field, Confidence::Likely);
    }
    within(&plain).or_else(|| within(&full)).map_or((Ignore, Confidence::Unknown), |field| (field, Confidence::Likely))
}

/// The field of the known word a label holds. What a Japanese label is about stands last in it, so the word that ends last
/// counts, and of two that end alike the longer: 卒業後の進路 is about 進路.
fn within(label: &str) -> Option<ImportField> {
    let known = WORDS.iter().flat_map(|(field, words)| words.iter().map(move |word| (*field, word)));
    known
        .filter(|(_, word)| word.chars().count() > 1)
        .filter_map(|(field, word)| label.rfind(word).map(|at| (at + word.len(), word.len(), field)))
        .max_by_key(|(end, length, _)| (*end, *length))
        .map(|(_, _, field)| field)
}

/// NFKC, hiragana as katakana, without の, spaces, brackets and marks, lower case.
fn normal(label: &str) -> String {
    label
        .nfkc()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(c, 'の' | '(' | ')' | '[' | ']' | '【' | '】' | '※' | '*' | '・' | '/' | '_' | ':')
        })
        .map(|c| match c {
            'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}
