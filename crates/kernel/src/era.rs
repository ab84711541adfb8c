//! Japanese eras: the table (data, so that a new era needs no release), how days and fiscal years are written with it.
//! Leaves reading what people type to `era::read`, and words in other languages to `i18n`.

mod read;

use std::sync::{LazyLock, OnceLock};

use chrono::{Datelike, NaiveDate};

use crate::FiscalYear;
pub use read::{DateError, DateWarning, ExcelEpoch, ReadDate, excel_serial};

/// One era.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Era {
    /// 令和
    pub name: String,
    /// R
    pub initial: char,
    /// The first civil day.
    pub first_day: NaiveDate,
}

/// The eras in the order of their beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eras(Vec<Era>);

/// Why an era table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEraTable {
    /// A line that cannot be read.
    #[error("line {line} of the era table is not `name,initial,first day`")]
    Line {
        /// From 1.
        line: usize,
    },
    /// It has to hold what is known: days of the past are not called otherwise.
    #[error("the era table does not hold {0} as it began")]
    Lacks(String),
}

static SHIPPED: LazyLock<Eras> = LazyLock::new(|| {
    // The shipped table is read by a test; were it broken, days would be written by the western year.
    Eras::from_csv(include_str!("../data/eras.csv")).unwrap_or(Eras(Vec::new()))
});

static SET: OnceLock<Eras> = OnceLock::new();

/// The table in force: what the program was started with, else the shipped one, 明治 to 令和.
pub fn eras() -> &'static Eras {
    SET.get().unwrap_or(&SHIPPED)
}

/// Puts a table in force, once, before anything is written with it: a new era needs no release. A second one changes nothing.
pub fn put_in_force(eras: Eras) {
    let _ = SET.set(eras);
}

impl Eras {
    /// Reads a table of `name,initial,first_day` with a header line.
    ///
    /// # Errors
    /// Names the first line that is not of that form.
    pub fn from_csv(text: &str) -> Result<Self, BadEraTable> {
        let mut eras = Vec::new();
        for (n, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let bad = BadEraTable::Line { line: n + 1 };
            let mut cells = line.split(',').map(str::trim);
            let (Some(name), Some(initial), Some(first), None) =
                (cells.next(), cells.next(), cells.next(), cells.next())
            else {
                return Err(bad);
            };
            let mut letters = initial.chars();
            let (Some(initial), None, Ok(first_day)) = (letters.next(), letters.next(), first.parse()) else {
                return Err(bad);
            };
            eras.push(Era { name: name.to_owned(), initial: initial.to_ascii_uppercase(), first_day });
        }
        eras.sort_by_key(|era| era.first_day);
        Ok(Self(eras))
    }

    /// The same, when it goes on from the shipped table.
    ///
    /// # Errors
    /// A line that cannot be read, or an era that is missing or began otherwise.
    pub fn going_on(text: &str) -> Result<Self, BadEraTable> {
        let eras = Self::from_csv(text)?;
        match SHIPPED.0.iter().find(|era| !eras.0.contains(era)) {
            Some(lacking) => Err(BadEraTable::Lacks(lacking.name.clone())),
            None => Ok(eras),
        }
    }

    /// The eras, oldest first.
    pub fn all(&self) -> &[Era] {
        &self.0
    }

    /// The era of a day and the year in it (1 is 元年); `None` before the first era.
    pub fn of(&self, day: NaiveDate) -> Option<(&Era, i32)> {
        let era = self.0.iter().rev().find(|era| era.first_day <= day)?;
        Some((era, day.year() - era.first_day.year() + 1))
    }

    /// 令和8年3月16日; the first year is 元年; the western year before the first era.
    pub fn long(&self, day: NaiveDate) -> String {
        let year = self.of(day).map_or_else(|| day.year().to_string(), |(era, n)| format!("{}{}", era.name, first(n)));
        format!("{year}年{}月{}日", day.month(), day.day())
    }

    /// R8.3.16
    pub fn short(&self, day: NaiveDate) -> String {
        let year = self.of(day).map_or_else(|| day.year().to_string(), |(era, n)| format!("{}{n}", era.initial));
        format!("{year}.{}.{}", day.month(), day.day())
    }

    /// The era a fiscal year is called by: the latest that begins in its calendar year or before (2019 is 令和元年度).
    pub fn of_fiscal_year(&self, year: FiscalYear) -> Option<(&Era, i32)> {
        let era = self.0.iter().rev().find(|era| era.first_day.year() <= year.0)?;
        Some((era, year.0 - era.first_day.year() + 1))
    }

    /// 令和7年度
    pub fn fiscal_year_long(&self, year: FiscalYear) -> String {
        self.of_fiscal_year(year)
            .map_or_else(|| format!("{}年度", year.0), |(era, n)| format!("{}{}年度", era.name, first(n)))
    }

    /// R7
    pub fn fiscal_year_short(&self, year: FiscalYear) -> String {
        self.of_fiscal_year(year).map_or_else(|| year.0.to_string(), |(era, n)| format!("{}{n}", era.initial))
    }
}

fn first(year: i32) -> String {
    if year == 1 { "元".to_owned() } else { year.to_string() }
}

#[cfg(test)]
mod tests;
