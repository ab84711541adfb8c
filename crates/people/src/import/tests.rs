//! Rows as schools write them.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::OccupationKind;
use crate::matching::{Evidence, Known, Match, find};
use crate::tests::{day, id};

fn file() -> FileContext {
    FileContext {
        today: day("2026-03-16"),
        school: Some(SchoolId(id(5))),
        graduation: Some(FiscalYear(2025)),
        years: GraduationYears::Fiscal,
        schools: BTreeMap::from([(tsunagari_kernel::names::comparable("島根県立益田高等学校"), SchoolId(id(6)))]),
    }
}

fn raw(name: &str, kana: &str, birth: &str) -> RawRow {
    RawRow { full_name: name.into(), full_kana: kana.into(), birth_date: birth.into(), ..RawRow::default() }
}

fn problems(row: &RawRow) -> Vec<(&'static str, &'static str)> {
    read(row, &file()).1.iter().map(|f| (f.field.code(), f.problem.code())).collect()
}

#[test]
fn a_row_as_schools_write_it() {
    let mut row = raw("髙橋　健太", "ﾀｶﾊｼ ｹﾝﾀ", "Ｈ１９．６．１");
    row.next_school = "大阪公立大学".into();
    row.next_kind = "国公立大学".into();
    row.next_place = "大阪".into();
    row.phone = "０９０ー１２３４ー５６７８".into();
    row.email = "Kenta@Example.JP".into();
    let (read, findings) = read(&row, &file());
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!((read.family.as_str(), read.given.as_str()), ("髙橋", "健太"));
    assert_eq!((read.family_kana.as_str(), read.given_kana.as_str()), ("タカハシ", "ケンタ"));
    assert_eq!(read.birth_date, Some(day("2007-06-01")));
    assert_eq!((read.school, read.graduation), (Some(SchoolId(id(5))), Some(FiscalYear(2025))));
    let next = read.next.unwrap();
    assert_eq!(next.course, Some((SchoolKind::University, 4)));
    assert_eq!(next.place, Some(Place::Prefecture("270008".parse().unwrap())));
    assert_eq!(read.phone.as_deref(), Some("+819012345678"));
    assert_eq!(read.email.as_deref(), Some("kenta@example.jp"));
}

#[rstest]
#[case("1850-01-01", Some("birth_too_long_ago"))]
#[case("1950-01-01", Some("birth_unlikely"))]
#[case("2020-01-01", Some("birth_too_young"))]
#[case("2008-01-01", None)]
fn a_birth_that_cannot_be_is_told_from_one_that_is_unlikely(#[case] birth: &str, #[case] want: Option<&str>) {
    let row = raw("架空　花", "カクウ　ハナ", birth);
    let told: Vec<&str> = problems(&row).into_iter().map(|(_, problem)| problem).collect();
    assert_eq!(told, want.into_iter().collect::<Vec<_>>());
    let wrong = read(&row, &file()).1.iter().any(|it| it.problem.makes_wrong());
    assert_eq!(wrong, want.is_some_and(|it| it.starts_with("birth_too")));
}

#[rstest]
#[case("平成19年6月1日", None)]
#[case("H19.6.31", Some("date_no_such_day"))]
#[case("2007/13/1", Some("date_no_such_day"))]
#[case("H31.5.1", Some("date_outside_era"))]
#[case("2026-03-16", Some("birth_in_future"))]
#[case("1927-06-01", Some("birth_unlikely"))]
#[case("平成20年6月1日", Some("graduation_unlikely"))]
#[case("6月1日生", Some("date_unreadable"))]
#[case("大化2年1月1日", Some("date_unknown_era"))]
fn birth_dates(#[case] cell: &str, #[case] want: Option<&str>) {
    let found = problems(&raw("髙橋 健太", "", cell));
    assert_eq!(found.first().map(|(_, problem)| *problem), want);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let mut row = raw("", "高橋", "H19.2.30");
    row.email = "kenta@".into();
    row.phone = "1234".into();
    row.postal_code = "698".into();
    row.graduation_year = "来年".into();
    let (read, findings) = read(&row, &file());
    let codes: Vec<&str> = findings.iter().map(|f| f.problem.code()).collect();
    assert_eq!(
        codes,
        [
            "name_missing",
            "kana_not_kana",
            "date_no_such_day",
            "year_unreadable",
            "not_email",
            "not_phone",
            "not_postal_code"
        ]
    );
    assert!(matches!(judge(&read, &findings, &Match::New, |_| None), RowVerdict::Wrong(wrong) if wrong.len() == 7));
}

#[rstest]
#[case("合計 2名", "", "total_row")]
#[case("合計　２名", "", "total_row")]
#[case("計", "", "total_row")]
#[case("計２名", "", "total_row")]
#[case("小計", "男 1", "total_row")]
#[case("（以下余白）", "", "end_of_list")]
#[case("― 以下余白 ―", "", "end_of_list")]
#[case("以上", "", "end_of_list")]
#[case("備考 転出者を除く", "", "remark_row")]
#[case("※転出者を除く", "", "remark_row")]
#[case("2名", "", "not_a_person")]
#[case("髙橋 健太（旧姓 佐藤）", "", "not_a_person")]
#[case("計 太郎", "H19.6.1", "")]
#[case("計 太郎", "", "")]
#[case("以上 花", "平成十九年六月一日生", "")]
#[case("髙橋 健太", "", "")]
fn rows_that_name_nobody(#[case] name: &str, #[case] birth: &str, #[case] want: &str) {
    let mut row = raw(name, "", birth);
    row.first = name.into();
    let (read, findings) = read(&row, &file());
    let verdict = judge(&read, &findings, &Match::New, |_| None);
    let why = match &verdict {
        RowVerdict::Beside(finding) => finding.problem.code(),
        _ => "",
    };
    assert_eq!((why, verdict.code()), (want, if want.is_empty() { "new" } else { "beside" }));
}

#[test]
fn a_total_stands_in_any_column_and_somebody_with_a_birth_date_is_told_to_be_put_right() {
    let mut row = RawRow { first: "合計".into(), ..RawRow::default() };
    assert_eq!(problems(&row), [("name", "total_row")]);
    row.first = "3".into();
    assert_eq!(problems(&row), [("name", "name_missing")]);
    assert_eq!(problems(&raw("髙橋 健太(2)", "", "H19.6.1")), [("name", "name_not_a_name")]);
}

#[rstest]
#[case("令和7年度", 2025)]
#[case("R7", 2025)]
#[case("2025", 2025)]
#[case("２０２５年度", 2025)]
#[case("令和8年3月", 2025)]
#[case("R8.3", 2025)]
#[case("2026年3月卒業見込み", 2025)]
#[case("平成31年3月卒", 2018)]
#[case("2026-03-01", 2025)]
#[case("2026/3/1", 2025)]
#[case("令和8年3月1日", 2025)]
#[case("2026-04-01", 2026)]
#[case("2026-03", 2025)]
#[case("2026年卒", 2025)]
#[case("２０２６卒業", 2025)]
#[case("令和8年卒", 2025)]
#[case("令和元年卒業", 2018)]
#[case("令和7年度卒業", 2025)]
#[case("令和7年度末", 2025)]
fn graduation_years(#[case] cell: &str, #[case] want: i32) {
    let mut row = raw("髙橋 健太", "", "");
    row.graduation_year = cell.into();
    assert_eq!(read(&row, &file()).0.graduation, Some(FiscalYear(want)));
}

#[rstest]
#[case("卒業年度", "2025", 2025)]
#[case("卒業年", "2026", 2025)]
#[case("卒年（西暦）", "2026年", 2025)]
#[case("Graduation year", "2026", 2025)]
#[case("卒業年", "令和8年", 2025)]
#[case("卒業年", "令和7年度", 2025)]
#[case("卒業年", "2026年3月", 2025)]
#[case("卒業年月", "2026-03-01", 2025)]
#[case("", "2025", 2025)]
fn a_bare_year_is_what_the_header_says(#[case] header: &str, #[case] cell: &str, #[case] want: i32) {
    let mut row = raw("髙橋 健太", "", "");
    row.graduation_year = cell.into();
    let file = FileContext { years: GraduationYears::headed(header), ..file() };
    let (read, findings) = read(&row, &file);
    assert_eq!((read.graduation, findings.len()), (Some(FiscalYear(want)), 0));
}

#[rstest]
#[case("2026", "", &["graduation_beside_class"])]
#[case("2024", "", &["graduation_beside_class"])]
#[case("2025", "", &[])]
#[case("2027", "", &[])]
#[case("", "", &[])]
#[case("2024", "H19.6.1", &["graduation_unlikely"])]
fn a_year_beside_the_class_is_told(#[case] cell: &str, #[case] birth: &str, #[case] want: &[&str]) {
    let mut row = raw("髙橋 健太", "", birth);
    row.graduation_year = cell.into();
    assert_eq!(problems(&row).iter().map(|(_, problem)| *problem).collect::<Vec<_>>(), want);
    // Without a class of the file, that of the birth date.
    let alone = FileContext { graduation: None, ..file() };
    row.birth_date = "H19.6.1".into();
    row.graduation_year = "2026".into();
    assert!(read(&row, &alone).1.iter().any(|it| it.problem == Problem::GraduationBesideClass));
}

#[rstest]
#[case("大学", "", Ok(SchoolKind::University), None)]
#[case("", "広島女学院大学", Ok(SchoolKind::University), Some("next_guessed"))]
#[case("", "島根県立大学短期大学部", Ok(SchoolKind::JuniorCollege), Some("next_guessed"))]
#[case("専門・各種", "", Ok(SchoolKind::Vocational), None)]
#[case("", "松江工業高等専門学校", Ok(SchoolKind::TechnicalCollege), Some("next_guessed"))]
#[case("就職", "益田製作所", Err(Some(OccupationKind::Working)), None)]
#[case("", "公務員", Err(Some(OccupationKind::Working)), Some("next_guessed"))]
#[case("未定", "", Err(Some(OccupationKind::Other)), None)]
#[case("", "益田製作所", Err(None), Some("next_unknown"))]
fn next_steps(
    #[case] kind: &str,
    #[case] name: &str,
    #[case] want: Result<SchoolKind, Option<OccupationKind>>,
    #[case] told: Option<&str>,
) {
    let mut row = raw("髙橋 健太", "", "");
    row.next_kind = kind.into();
    row.next_school = name.into();
    let (read, findings) = read(&row, &file());
    let next = read.next.unwrap();
    assert_eq!(next.course.map(|(kind, _)| kind).ok_or(next.does), want);
    assert_eq!(findings.first().map(|f| f.problem.code()), told);
}

#[rstest]
#[case("島根県益田市", Some("322041"))]
#[case("東京都", Some("130001"))]
#[case("京都", Some("260002"))]
#[case("北海道", Some("010006"))]
#[case("府中市", None)]
#[case("火星", None)]
fn places(#[case] cell: &str, #[case] want: Option<&str>) {
    let mut row = raw("髙橋 健太", "", "");
    row.next_kind = "大学".into();
    row.next_place = cell.into();
    let place = read(&row, &file()).0.next.unwrap().place;
    let code = place.and_then(|p| p.municipality().or(p.prefecture())).map(|code| code.to_string());
    assert_eq!(code.as_deref(), want);
}

#[test]
fn schools_are_found_by_any_spelling() {
    let mut row = raw("髙橋 健太", "", "");
    row.school = "島根県立 益田高等学校".into();
    assert_eq!(read(&row, &file()).0.school, Some(SchoolId(id(6))));
    row.school = "益田第二高校".into();
    assert_eq!(problems(&row), [("school", "school_unknown")]);
}

#[test]
fn verdicts() {
    let (row, findings) = read(&raw("髙橋 健太", "ﾀｶﾊｼ ｹﾝﾀ", "H19.6.1"), &file());
    let mut stored = row.clone();
    stored.family = "高橋".into();
    stored.email = Some("kenta@example.jp".into());
    let known = Known { person: PersonId(id(1)), traits: stored.traits(), shares_contact: false };
    let found = find(&row.traits(), &[known]);
    let changed = judge(&row, &findings, &found, |_| Some(stored.clone()));
    let change = FieldChange { field: RowField::Name, before: "高橋 健太".into(), after: "髙橋 健太".into() };
    assert_eq!(changed, RowVerdict::Changed(PersonId(id(1)), vec![change]), "spelling counts, blanks do not erase");
    assert_eq!(judge(&row, &findings, &found, |_| Some(row.clone())), RowVerdict::Same(PersonId(id(1))));
    let plainer = ReadRow { family: "高橋".into(), ..row.clone() };
    assert_eq!(judge(&plainer, &findings, &found, |_| Some(row.clone())), RowVerdict::Same(PersonId(id(1))));
    assert_eq!(judge(&row, &findings, &Match::New, |_| None), RowVerdict::New);
    let candidate =
        Candidate { person: PersonId(id(1)), why: BTreeSet::from([Evidence::NameSame, Evidence::BirthNear]) };
    assert_eq!(judge(&row, &findings, &Match::Doubtful(vec![candidate]), |_| None).code(), "doubtful");
}

#[test]
fn a_row_that_comes_twice() {
    let (first, none) = read(&raw("髙橋 健太", "ﾀｶﾊｼ ｹﾝﾀ", "H19.6.1"), &file());
    let (mut again, _) = read(&raw("髙橋　健太", "タカハシ　ケンタ", "2007/6/1"), &file());
    let mut repeats = Repeats::default();
    assert_eq!(repeats.next(3, &first, &none), None);
    assert_eq!(repeats.next(4, &again, &none), Some(RowVerdict::Repeats(3)));
    again.phone = Some("+819012345678".into());
    assert_eq!(repeats.next(5, &again, &none).map(|v| v.code()), Some("doubtful"));
    assert_eq!(repeats.next(6, &ReadRow::default(), &none), None);
    let (other, _) = read(&raw("髙橋 健太", "", "H19.6.2"), &file());
    assert_eq!(repeats.next(7, &other, &none), None);
}

#[test]
fn a_row_that_stays_out_is_repeated_by_none() {
    let mail = |email: &str| RawRow { email: email.into(), ..raw("海士 一", "アマ ハジメ", "H19.6.1") };
    let (wrong, findings) = read(&mail("ama@@bad"), &file());
    assert!(findings.iter().any(|it| it.problem == Problem::NotEmail), "{findings:?}");
    let (good, none) = read(&mail(""), &file());
    let mut repeats = Repeats::default();
    assert_eq!(repeats.next(2, &wrong, &findings), None);
    assert_eq!(repeats.next(3, &good, &none), None, "the wrong one does not enter, this one does");
    assert_eq!(repeats.next(4, &wrong, &findings), None, "a wrong one is told what is wrong");
    assert_eq!(repeats.next(5, &good, &none), Some(RowVerdict::Repeats(3)));
}

proptest! {
    #[test]
    fn any_cells_are_answered(cells in proptest::collection::vec("\\PC{0,12}", 8)) {
        let row = RawRow {
            full_name: cells[0].clone(), full_kana: cells[1].clone(), birth_date: cells[2].clone(), graduation_year: cells[3].clone(),
            next_school: cells[4].clone(), next_place: cells[5].clone(), email: cells[6].clone(), phone: cells[7].clone(),
            ..RawRow::default()
        };
        let (row, findings) = read(&row, &file());
        let verdict = judge(&row, &findings, &Match::New, |_| None);
        let stops = |f: &Finding| f.problem.makes_wrong() || f.problem.names_nobody();
        prop_assert_eq!(verdict == RowVerdict::New, !findings.iter().any(stops));
    }
}
