//! Vectors of formats.md 7 and the forms school lists use.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_shipped_table_is_whole() {
    let names: Vec<&str> = eras().all().iter().map(|era| era.name.as_str()).collect();
    assert_eq!(names, ["明治", "大正", "昭和", "平成", "令和"]);
}

#[test]
fn a_new_era_is_a_line_of_data() {
    let csv = format!("{}\n新元,N,2040-01-01\n", include_str!("../../data/eras.csv").trim_end());
    let table = Eras::from_csv(&csv).unwrap();
    assert_eq!(table.long(day("2040-01-01")), "新元元年1月1日");
    assert_eq!(table.read("N2.3.4").unwrap().day, day("2041-03-04"));
    assert_eq!(Eras::from_csv("name,initial,first_day\n令和,R").unwrap_err(), BadEraTable::Line { line: 2 });
}

#[rstest]
#[case("2026-03-16", "令和8年3月16日", "R8.3.16")]
#[case("2019-05-01", "令和元年5月1日", "R1.5.1")]
#[case("2019-04-30", "平成31年4月30日", "H31.4.30")]
#[case("1989-01-07", "昭和64年1月7日", "S64.1.7")]
#[case("1600-01-02", "1600年1月2日", "1600.1.2")]
fn written(#[case] on: &str, #[case] long: &str, #[case] short: &str) {
    assert_eq!((eras().long(day(on)), eras().short(day(on))), (long.to_owned(), short.to_owned()));
}

#[rstest]
#[case("R8.4.1", "2026-04-01")]
#[case("r8.4.1", "2026-04-01")]
#[case("Ｒ８．４．１", "2026-04-01")]
#[case("令和8年4月1日", "2026-04-01")]
#[case("令和 ８年 ４月 １日", "2026-04-01")]
#[case("令和元年5月1日", "2019-05-01")]
#[case("㋿8年4月1日", "2026-04-01")]
#[case("H20.4.1", "2008-04-01")]
#[case("H20/4/1", "2008-04-01")]
#[case("平20.4.1", "2008-04-01")]
#[case("平20年4月1日", "2008-04-01")]
#[case("令元.5.1", "2019-05-01")]
#[case("昭63.2.29", "1988-02-29")]
#[case("平成２０年４月１日", "2008-04-01")]
#[case("2008/4/1", "2008-04-01")]
#[case("２００８／４／１", "2008-04-01")]
#[case("2008-04-01", "2008-04-01")]
#[case("2008年4月1日", "2008-04-01")]
#[case("2008.04.01", "2008-04-01")]
#[case("20080401", "2008-04-01")]
#[case("２００８０４０１", "2008-04-01")]
#[case(" S63.2.29 ", "1988-02-29")]
#[case("平成二十年四月二日", "2008-04-02")]
#[case("平成二十年四月二日生", "2008-04-02")]
#[case("平成二〇年十一月三十日生まれ", "2008-11-30")]
#[case("二〇〇八年四月二日", "2008-04-02")]
#[case("二千八年十二月二十一日", "2008-12-21")]
#[case("昭和六十三年二月二十九日", "1988-02-29")]
#[case("H20.4.2生", "2008-04-02")]
fn read_without_warning(#[case] text: &str, #[case] want: &str) {
    assert_eq!(eras().read(text), Ok(ReadDate { day: day(want), warning: None }));
}

#[rstest]
#[case("H31.5.1", "2019-05-01")]
#[case("R1.4.1", "2019-04-01")]
fn read_with_warning(#[case] text: &str, #[case] want: &str) {
    assert_eq!(eras().read(text), Ok(ReadDate { day: day(want), warning: Some(DateWarning::OutsideEra) }));
}

#[rstest]
#[case("", DateError::Empty)]
#[case("　", DateError::Empty)]
#[case("H20.2.30", DateError::NoSuchDay)]
#[case("平成二十年二月三十日", DateError::NoSuchDay)]
#[case("平成二十年十三月一日", DateError::NoSuchDay)]
#[case("平成百二十年四月一日", DateError::Unreadable)]
#[case("平成九九九九九九九九九九九九十年四月一日", DateError::Unreadable)]
#[case("2007/2/29", DateError::NoSuchDay)]
#[case("20081301", DateError::NoSuchDay)]
#[case("R0.4.1", DateError::NoSuchDay)]
#[case("2008-4-0", DateError::NoSuchDay)]
#[case("X8.4.1", DateError::UnknownEra)]
#[case("架空3年4月1日", DateError::UnknownEra)]
#[case("明和3年4月1日", DateError::UnknownEra)]
#[case("08/4/1", DateError::Unreadable)]
#[case("R8.4", DateError::Unreadable)]
#[case("R8.4.1.2", DateError::Unreadable)]
#[case("未定", DateError::Unreadable)]
#[case("39539", DateError::Unreadable)]
fn refused(#[case] text: &str, #[case] want: DateError) {
    assert_eq!(eras().read(text), Err(want));
}

#[rstest]
#[case("令和7年度", 2025)]
#[case("令和七年度", 2025)]
#[case("R7", 2025)]
#[case("令7年度", 2025)]
#[case("平成31年度", 2019)]
#[case("令和元年度", 2019)]
#[case("2025", 2025)]
#[case("２０２５年度", 2025)]
fn fiscal_years_read(#[case] text: &str, #[case] want: i32) {
    assert_eq!(eras().read_fiscal_year(text), Ok(FiscalYear(want)));
}

#[rstest]
#[case(2025, "令和7年度", "R7")]
#[case(2019, "令和元年度", "R1")]
#[case(2018, "平成30年度", "H30")]
#[case(1988, "昭和63年度", "S63")]
#[case(1989, "平成元年度", "H1")]
fn fiscal_years_written(#[case] year: i32, #[case] long: &str, #[case] short: &str) {
    assert_eq!(eras().fiscal_year_long(FiscalYear(year)), long);
    assert_eq!(eras().fiscal_year_short(FiscalYear(year)), short);
}

#[rstest]
#[case(39_539.0, Ok("2008-04-01"))]
#[case(39_539.75, Ok("2008-04-01"))]
#[case(1.0, Ok("1900-01-01"))]
#[case(59.0, Ok("1900-02-28"))]
#[case(61.0, Ok("1900-03-01"))]
#[case(60.0, Err(DateError::NoSuchDay))]
#[case(0.0, Err(DateError::NoSuchDay))]
#[case(-3.0, Err(DateError::NoSuchDay))]
#[case(f64::NAN, Err(DateError::NoSuchDay))]
#[case(9e9, Err(DateError::NoSuchDay))]
fn excel_days(#[case] serial: f64, #[case] want: Result<&str, DateError>) {
    assert_eq!(excel_serial(serial, ExcelEpoch::From1900), want.map(day));
}

#[test]
fn excel_days_of_the_other_system() {
    assert_eq!(excel_serial(0.0, ExcelEpoch::From1904), Ok(day("1904-01-01")));
    assert_eq!(excel_serial(38_077.0, ExcelEpoch::From1904), Ok(day("2008-04-01")));
}

#[test]
fn a_table_goes_on_from_what_is_known() {
    let shipped = include_str!("../../data/eras.csv").trim_end();
    let longer = Eras::going_on(&format!("{shipped}\n新元,X,2030-05-01\n")).unwrap();
    assert_eq!(longer.short(day("2030-05-01")), "X1.5.1");
    assert_eq!(longer.short(day("2030-04-30")), "R12.4.30");
    for (changed, lacks) in [("明治,M,1868-01-25", "大正"), ("", "明治")] {
        let table = format!("name,initial,first_day\n{changed}");
        assert_eq!(Eras::going_on(&table), Err(BadEraTable::Lacks(lacks.to_owned())));
    }
    let moved = shipped.replace("2019-05-01", "2019-04-01");
    assert_eq!(Eras::going_on(&moved), Err(BadEraTable::Lacks("令和".to_owned())));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(offset in 0u64..60_000) {
        let on = day("1873-01-01") + chrono::Days::new(offset);
        for text in [eras().long(on), eras().short(on), on.to_string(), on.format("%Y%m%d").to_string()] {
            prop_assert_eq!(eras().read(&text), Ok(ReadDate { day: on, warning: None }));
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,20}") {
        let _ = eras().read(&text);
        let _ = eras().read_fiscal_year(&text);
    }
}
