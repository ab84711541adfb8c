//! Reading days and fiscal years as people type them: 令和8年4月1日, R8.4.1, 2008/4/1, 20080401, full-width digits, numbers
//! in kanji (平成二十年四月二日, 二〇〇八年), 生 at the end of a birth date, and Excel's serial numbers. What is no day of the calendar is refused, never repaired. Leaves guessing to nobody.

use chrono::{Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

use super::Eras;
use crate::FiscalYear;

/// A day as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadDate {
    /// The civil day.
    pub day: NaiveDate,
    /// What is odd about how it was written.
    pub warning: Option<DateWarning>,
}

/// Odd, yet understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateWarning {
    /// The day lies outside the era it names: H31.5.1 is R1.5.1.
    OutsideEra,
}

impl DateWarning {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OutsideEra => "date_outside_era",
        }
    }
}

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DateError {
    /// Nothing written.
    #[error("no date is written")]
    Empty,
    /// Not of a known form.
    #[error("not written as a date")]
    Unreadable,
    /// An era the table lacks.
    #[error("unknown era")]
    UnknownEra,
    /// 30 February, month 13, year 0 of an era.
    #[error("no such day in the calendar")]
    NoSuchDay,
}

impl DateError {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "date_empty",
            Self::Unreadable => "date_unreadable",
            Self::UnknownEra => "date_unknown_era",
            Self::NoSuchDay => "date_no_such_day",
        }
    }
}

/// The system a workbook counts days in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ExcelEpoch {
    /// Day 1 is 1900-01-01, and the day 1900-02-29 that never was is day 60.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// The day of a serial number, without its time of day.
///
/// # Errors
/// `NoSuchDay` below the epoch, for the invented day 60, and beyond 9999-12-31.
pub fn excel_serial(serial: f64, epoch: ExcelEpoch) -> Result<NaiveDate, DateError> {
    if !serial.is_finite() || !(0.0..2_958_466.0).contains(&serial) {
        return Err(DateError::NoSuchDay);
    }
    // In range, so the conversion is exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ serial < 2,958,466")]
    let number = serial.floor() as u64;
    let (base, days) = match (epoch, number) {
        (ExcelEpoch::From1904, n) => ((1904, 1, 1), n),
        (ExcelEpoch::From1900, 0 | 60) => return Err(DateError::NoSuchDay),
        (ExcelEpoch::From1900, n @ 1..60) => ((1899, 12, 31), n),
        (ExcelEpoch::From1900, n) => ((1899, 12, 30), n),
    };
    NaiveDate::from_ymd_opt(base.0, base.1, base.2)
        .and_then(|base| base.checked_add_days(Days::new(days)))
        .ok_or(DateError::NoSuchDay)
}

impl Eras {
    /// Reads a day in any of the forms people use. Spaces and the width of characters do not matter.
    ///
    /// # Errors
    /// See [`DateError`].
    pub fn read(&self, text: &str) -> Result<ReadDate, DateError> {
        let text = plain(text);
        if text.is_empty() {
            return Err(DateError::Empty);
        }
        if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
            let number = |range| text.get(range).and_then(|digits: &str| digits.parse().ok()).unwrap_or(0);
            return civil(i32::try_from(number(0..4)).unwrap_or(0), number(4..6), number(6..8))
                .map(|day| ReadDate { day, warning: None });
        }
        let (era, rest) = self.split_era(&text)?;
        let mut parts = rest.trim_end_matches('日').split(['年', '月', '.', '/', '-']);
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(DateError::Unreadable);
        };
        let (month, day) = (number(month, 2)?, number(day, 2)?);
        let Some(era) = era else {
            if year.len() != 4 {
                return Err(DateError::Unreadable);
            }
            return civil(number(year, 4)?.cast_signed(), month, day).map(|day| ReadDate { day, warning: None });
        };
        let day = civil(era.western(year)?, month, day)?;
        let inside = self.of(day).is_some_and(|(of_day, _)| of_day.name == era.name);
        Ok(ReadDate { day, warning: (!inside).then_some(DateWarning::OutsideEra) })
    }

    /// Reads a fiscal year: 令和7年度, R7, 平成31年度 (= 令和元年度), 2025, 2025年度.
    ///
    /// # Errors
    /// See [`DateError`].
    pub fn read_fiscal_year(&self, text: &str) -> Result<FiscalYear, DateError> {
        let text = plain(text);
        if text.is_empty() {
            return Err(DateError::Empty);
        }
        let (era, rest) = self.split_era(&text)?;
        let year = rest.trim_end_matches('度').trim_end_matches('年');
        match era {
            Some(era) => era.western(year).map(FiscalYear),
            None if year.len() == 4 => Ok(FiscalYear(number(year, 4)?.cast_signed())),
            None => Err(DateError::Unreadable),
        }
    }

    fn split_era<'t>(&self, text: &'t str) -> Result<(Option<&super::Era>, &'t str), DateError> {
        let Some(initial) = text.chars().next() else { return Err(DateError::Empty) };
        if initial.is_ascii_digit() {
            return Ok((None, text));
        }
        let named = self.all().iter().find_map(|era| Some((era, text.strip_prefix(era.name.as_str())?)));
        // The letter, or the first character of the name with the year behind it, as narrow columns have it: what goes on
        // otherwise names another era.
        let lettered = || {
            let rest = text.strip_prefix(initial)?;
            let year = rest.starts_with(|c: char| c.is_ascii_digit() || c == '元');
            let is = |era: &&super::Era| {
                era.initial == initial.to_ascii_uppercase() || year && era.name.starts_with(initial)
            };
            let era = self.all().iter().find(is)?;
            Some((era, rest.trim_start_matches('.')))
        };
        match named.or_else(lettered) {
            Some((era, rest)) => Ok((Some(era), rest)),
            None if text.contains('年') || initial.is_ascii_alphabetic() => Err(DateError::UnknownEra),
            None => Err(DateError::Unreadable),
        }
    }
}

impl super::Era {
    fn western(&self, year: &str) -> Result<i32, DateError> {
        let n = if year == "元" { 1 } else { number(year, 2)?.cast_signed() };
        if n == 0 {
            return Err(DateError::NoSuchDay);
        }
        Ok(chrono::Datelike::year(&self.first_day) + n - 1)
    }
}

/// One width, no spaces, one spelling of each separator, digits for numbers in kanji, nothing after a birth date.
fn plain(text: &str) -> String {
    let spelled: String = text
        .nfkc()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .map(|c| match c {
            '‐' | '‑' | '–' | '—' | '−' | 'ー' => '-',
            '・' | '。' | ',' | '、' => '.',
            other => other,
        })
        .collect();
    let spelled = spelled.strip_suffix("生まれ").or(spelled.strip_suffix('生')).unwrap_or(&spelled);
    in_digits(spelled)
}

/// A kanji that stands for a digit.
fn digit(c: char) -> Option<u32> {
    let zero = matches!(c, '〇' | '○' | '◯' | '零').then_some(0);
    zero.or_else(|| "一二三四五六七八九".chars().zip(1..).find(|(kanji, _)| *kanji == c).map(|(_, n)| n))
}

/// A kanji that stands for a power of ten.
fn power(c: char) -> Option<u32> {
    [('十', 10), ('百', 100), ('千', 1_000)].into_iter().find(|(kanji, _)| *kanji == c).map(|(_, n)| n)
}

/// The same with each number in kanji written in digits: 二十一 by its powers, 二〇〇八 digit by digit.
fn in_digits(text: &str) -> String {
    let (mut out, mut run) = (String::with_capacity(text.len()), Vec::new());
    for c in text.chars() {
        if digit(c).or(power(c)).is_some() {
            run.push(c);
        } else {
            out.push_str(&number_in_kanji(&run));
            run.clear();
            out.push(c);
        }
    }
    out + &number_in_kanji(&run)
}

fn number_in_kanji(run: &[char]) -> String {
    if run.iter().all(|c| power(*c).is_none()) {
        return run.iter().filter_map(|c| digit(*c)).map(|n| n.to_string()).collect();
    }
    let (mut sum, mut waiting) = (0_u32, None::<u32>);
    for c in run {
        match power(*c) {
            Some(power) => sum = sum.saturating_add(waiting.take().unwrap_or(1).saturating_mul(power)),
            // Two digits in a row beside a power are no number; what they make is refused as too long.
            None => {
                waiting = digit(*c).map(|n| waiting.map_or(n, |before| before.saturating_mul(10).saturating_add(n)))
            }
        }
    }
    sum.saturating_add(waiting.unwrap_or(0)).to_string()
}

fn number(digits: &str, most: usize) -> Result<u32, DateError> {
    if digits.is_empty() || digits.len() > most || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateError::Unreadable);
    }
    digits.parse().map_err(|_| DateError::Unreadable)
}

fn civil(year: i32, month: u32, day: u32) -> Result<NaiveDate, DateError> {
    if year < 1 {
        return Err(DateError::NoSuchDay);
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DateError::NoSuchDay)
}
