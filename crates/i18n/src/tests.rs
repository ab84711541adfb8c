//! The embedded files are sound and complete; dates and numbers read as a town office writes them.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use tsunagari_kernel::{FiscalYear, Timestamp, Yen};

use crate::keys::{gaps, keys};
use crate::{Locale, Texts, bundles, missing_keys};

/// What a resident reads must exist in plain Japanese of its own, not by falling back.
const FOR_RESIDENTS: [&str; 7] = ["portal", "applying", "mail", "line", "reasons", "shell", "errors"];

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

#[test]
fn every_file_parses_and_defines_each_text_once() {
    for locale in Locale::ALL {
        assert_eq!(bundles::of(locale).faults, Vec::<String>::new());
        assert!(!keys(locale).is_empty());
    }
}

#[test]
fn english_has_what_japanese_has_and_the_other_way_round() {
    assert_eq!(gaps(Locale::Ja, Locale::En, &[]), Vec::<String>::new());
    assert_eq!(gaps(Locale::En, Locale::Ja, &[]), Vec::<String>::new());
}

#[test]
fn residents_find_everything_in_plain_japanese() {
    assert_eq!(gaps(Locale::Ja, Locale::JaEasy, &FOR_RESIDENTS), Vec::<String>::new());
    assert_eq!(gaps(Locale::JaEasy, Locale::Ja, &[]), Vec::<String>::new());
}

#[test]
fn a_missing_text_is_visible_and_recorded() {
    let t = Texts::of(Locale::En);
    assert_eq!(t.get("no-such-text"), "⟦no-such-text⟧");
    assert!(missing_keys().contains(&"en: no-such-text".to_owned()));
    assert_eq!(t.find("no-such-text"), None);
}

#[test]
fn a_missing_argument_is_recorded() {
    Texts::of(Locale::Ja).get("relative-minutes-past");
    assert!(missing_keys().iter().any(|k| k.starts_with("ja: relative-minutes-past")));
}

#[test]
fn dates_in_three_languages() {
    let d = day(2026, 3, 16);
    assert_eq!(Texts::of(Locale::Ja).date(d), "令和8年3月16日（月）");
    assert_eq!(Texts::of(Locale::JaEasy).date(d), "2026年（令和8年）3月16日（月曜日）");
    assert_eq!(Texts::of(Locale::En).date(d), "16 March 2026");
    assert_eq!(Texts::of(Locale::Ja).date_short(d), "2026/03/16");
    assert_eq!(Texts::of(Locale::Ja).date(day(2019, 4, 30)), "平成31年4月30日（火）");
    assert_eq!(Texts::of(Locale::Ja).date(day(2019, 5, 1)), "令和元年5月1日（水）");
    assert_eq!(Texts::of(Locale::Ja).date(day(1989, 1, 7)), "昭和64年1月7日（土）");
}

#[test]
fn fiscal_years() {
    let ja = Texts::of(Locale::Ja);
    assert_eq!(ja.fiscal_year(FiscalYear(2025)), "令和7年度");
    assert_eq!(ja.fiscal_year(FiscalYear(2019)), "令和元年度");
    assert_eq!(ja.fiscal_year(FiscalYear(2018)), "平成30年度");
    assert_eq!(ja.fiscal_year_short(FiscalYear(2025)), "R7");
    assert_eq!(Texts::of(Locale::En).fiscal_year(FiscalYear(2025)), "FY2025 (Reiwa 7)");
}

#[test]
fn numbers_amounts_and_shares() {
    let (ja, en) = (Texts::of(Locale::Ja), Texts::of(Locale::En));
    assert_eq!(ja.yen(Yen(28_000)), "28,000円");
    assert_eq!(en.yen(Yen(28_000)), "¥28,000");
    assert_eq!(ja.rate(35, 100), "35.0%");
    assert_eq!(ja.rate(1, 3), "33.3%");
    assert_eq!(ja.rate(2, 3), "66.7%");
    assert_eq!(ja.rate(1, 0), "—");
    assert_eq!(ja.number(1457), "1,457");
}

#[test]
fn instants_and_spans() {
    let ja = Texts::of(Locale::Ja);
    let now = Timestamp::at_jst(day(2026, 3, 16), NaiveTime::from_hms_opt(18, 5, 0).unwrap());
    assert_eq!(ja.date_time(now), "令和8年3月16日（月）18:05");
    assert_eq!(ja.relative(now.minus(TimeDelta::minutes(5)), now), "5分前");
    assert_eq!(ja.relative(now.plus(TimeDelta::hours(2)), now), "2時間後");
    assert_eq!(ja.relative(now.minus(TimeDelta::days(9)), now), "令和8年3月7日（土）");
    assert_eq!(Texts::of(Locale::En).relative(now.minus(TimeDelta::minutes(1)), now), "1 minute ago");
}

#[test]
fn the_language_of_a_browser() {
    assert_eq!(Locale::negotiate("en-US,en;q=0.9,ja;q=0.8"), Locale::En);
    assert_eq!(Locale::negotiate("ko,ja;q=0.5"), Locale::Ja);
    assert_eq!(Locale::negotiate(""), Locale::Ja);
    assert_eq!(Locale::parse("ja-easy"), Some(Locale::JaEasy));
    assert_eq!(Locale::parse("fr"), None);
}
