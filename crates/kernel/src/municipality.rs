//! 全国地方公共団体コード: six digits with a check digit (JIS X 0401/0402, formats.md 1), and the table of prefectures and
//! municipalities in `data/municipalities.csv`. The check digit guards against typing errors only; whether a code exists
//! is asked of the table. Leaves what an organisation is to `access` and `storage`.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::names;

/// A well-formed code: six ASCII digits whose last is the check digit. It may still be unknown to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MunicipalityCode(u32);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CodeError {
    /// Not six digits (five may be completed with [`MunicipalityCode::complete`]).
    #[error("a municipality code has six digits")]
    NotSixDigits,
    /// The last digit does not fit the first five: probably mistyped.
    #[error("the check digit of the municipality code does not fit")]
    CheckDigit,
    /// Well-formed, but no prefecture or municipality of today has it.
    #[error("no municipality has this code")]
    Unknown,
}

impl CodeError {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSixDigits => "municipality_not_six_digits",
            Self::CheckDigit => "municipality_check_digit",
            Self::Unknown => "municipality_unknown",
        }
    }
}

impl MunicipalityCode {
    /// Reads six digits in either width.
    ///
    /// # Errors
    /// `NotSixDigits` or `CheckDigit`; the table is not asked.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let digits = digits(text).filter(|d| d.len() == 6).ok_or(CodeError::NotSixDigits)?;
        let number: u32 = digits.parse().map_err(|_| CodeError::NotSixDigits)?;
        if Self::from_five(number / 10).0 == number { Ok(Self(number)) } else { Err(CodeError::CheckDigit) }
    }

    /// Reads the five digits of JIS X 0401/0402 and adds the check digit.
    ///
    /// # Errors
    /// `NotSixDigits` when the text is not five digits.
    pub fn complete(text: &str) -> Result<Self, CodeError> {
        let digits = digits(text).filter(|d| d.len() == 5).ok_or(CodeError::NotSixDigits)?;
        digits.parse().map(Self::from_five).map_err(|_| CodeError::NotSixDigits)
    }

    fn from_five(five: u32) -> Self {
        let sum: u32 = [10_000, 1000, 100, 10, 1].iter().zip([6, 5, 4, 3, 2]).map(|(p, w)| five / p % 10 * w).sum();
        Self(five * 10 + (11 - sum % 11) % 10)
    }

    /// The code of the prefecture it lies in (its own for a prefecture).
    pub fn prefecture(self) -> Self {
        Self::from_five(self.0 / 10_000 * 1000)
    }

    /// Whether it is the code of a prefecture.
    pub fn is_prefecture(self) -> bool {
        self.prefecture() == self
    }

    /// The entry of the table; `None` when no municipality of today has the code.
    pub fn lookup(self) -> Option<&'static Municipality> {
        let table = &TABLE.all;
        table.binary_search_by_key(&self, |m| m.code).ok().and_then(|i| table.get(i))
    }

    /// The same as [`MunicipalityCode::parse`], and the table must know it.
    ///
    /// # Errors
    /// All of [`CodeError`].
    pub fn known(text: &str) -> Result<&'static Municipality, CodeError> {
        Self::parse(text)?.lookup().ok_or(CodeError::Unknown)
    }
}

fn digits(text: &str) -> Option<String> {
    let plain: String = text.nfkc().collect::<String>().trim().to_owned();
    plain.bytes().all(|b| b.is_ascii_digit()).then_some(plain)
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}
impl FromStr for MunicipalityCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        Self::parse(text)
    }
}
impl TryFrom<String> for MunicipalityCode {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        Self::parse(&text)
    }
}
impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> Self {
        code.to_string()
    }
}

/// What kind of body a code names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MunicipalityKind {
    /// 都道府県
    Prefecture,
    /// 政令指定都市
    DesignatedCity,
    /// 市
    City,
    /// 特別区
    SpecialWard,
    /// 町
    Town,
    /// 村
    Village,
}

impl MunicipalityKind {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "prefecture" => Self::Prefecture,
            "designated_city" => Self::DesignatedCity,
            "city" => Self::City,
            "special_ward" => Self::SpecialWard,
            "town" => Self::Town,
            "village" => Self::Village,
            _ => return None,
        })
    }
}

/// A prefecture or municipality of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Municipality {
    /// Its code.
    pub code: MunicipalityCode,
    /// What it is.
    pub kind: MunicipalityKind,
    /// The prefecture's name: 島根県.
    pub prefecture: &'static str,
    /// The county (郡), empty for cities and wards.
    pub county: &'static str,
    /// The name without prefecture and county, empty for a prefecture.
    pub name: &'static str,
    /// In full-width katakana.
    pub kana: &'static str,
}

impl Municipality {
    /// The name a reader expects: 島根県, 益田市.
    pub fn short_name(&self) -> &'static str {
        if self.name.is_empty() { self.prefecture } else { self.name }
    }

    /// With the prefecture: 島根県益田市.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.prefecture, self.name)
    }
}

struct Table {
    all: Vec<Municipality>,
    by_name: HashMap<String, Vec<usize>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut all: Vec<Municipality> =
        include_str!("../data/municipalities.csv").lines().skip(1).filter_map(row).collect();
    all.sort_by_key(|m| m.code);
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, m) in all.iter().enumerate() {
        let mut spellings = vec![m.short_name().to_owned(), m.full_name()];
        if !m.county.is_empty() {
            spellings.push(format!("{}{}", m.county, m.name));
            spellings.push(format!("{}{}{}", m.prefecture, m.county, m.name));
        }
        spellings.iter_mut().for_each(|s| *s = names::comparable(s));
        spellings.sort();
        spellings.dedup();
        for spelling in spellings {
            by_name.entry(spelling).or_default().push(i);
        }
    }
    Table { all, by_name }
});

fn row(line: &'static str) -> Option<Municipality> {
    let mut cells = line.split(',');
    Some(Municipality {
        code: MunicipalityCode::parse(cells.next()?).ok()?,
        kind: MunicipalityKind::of(cells.next()?)?,
        prefecture: cells.next()?,
        county: cells.next()?,
        name: cells.next()?,
        kana: cells.next()?,
    })
}

/// All prefectures and municipalities, by code.
pub fn all() -> &'static [Municipality] {
    &TABLE.all
}

/// The 47 prefectures, by code.
pub fn prefectures() -> impl Iterator<Item = &'static Municipality> {
    all().iter().filter(|m| m.kind == MunicipalityKind::Prefecture)
}

/// All that bear a name, with or without prefecture and county (府中市 is two, 広島県府中市 is one), by code.
pub fn named(name: &str) -> Vec<&'static Municipality> {
    let found = TABLE.by_name.get(&names::comparable(name));
    found.into_iter().flatten().filter_map(|i| TABLE.all.get(*i)).collect()
}

/// The one of a name inside a prefecture (三郷町 of 奈良県); `None` when there is none or more than one.
pub fn named_in(prefecture: &str, name: &str) -> Option<&'static Municipality> {
    let prefecture = names::comparable(prefecture);
    let mut found = named(name).into_iter().filter(|m| names::comparable(m.prefecture) == prefecture);
    found.next().filter(|_| found.next().is_none())
}

/// Up to `most` whose name or kana begins with a text, for a field that completes what is typed.
pub fn starting_with(text: &str, most: usize) -> Vec<&'static Municipality> {
    let (name, kana) = (names::comparable(text), names::comparable_kana(text));
    if name.is_empty() {
        return Vec::new();
    }
    all()
        .iter()
        .filter(|m| names::comparable(m.short_name()).starts_with(&name) || m.kana.starts_with(&kana))
        .take(most)
        .collect()
}

#[cfg(test)]
mod tests;
