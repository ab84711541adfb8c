//! One cell of a sheet, read or written. Leaves parsing of eras, names and digits to the kernel: text is kept as written.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

/// The value of one cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Text exactly as written, white space included.
    Text(String),
    /// A number as the workbook stores it; its own display format is not kept.
    Number(f64),
    /// A civil date without a time of day.
    Date(NaiveDate),
    /// Nothing.
    #[default]
    Empty,
}

impl Cell {
    /// The cell as text: numbers in shortest form without a trailing `.0`, dates as `YYYY-MM-DD`.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(n) => Cow::Owned(n.to_string()),
            Self::Date(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            Self::Empty => Cow::Borrowed(""),
        }
    }

    /// Whether nothing readable stands in it (white space counts as nothing).
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Date(_) => false,
            Self::Empty => true,
        }
    }

    /// The date of a date cell, or of a number that is a spreadsheet day count between 1900-03-01 and 2199: a date
    /// column formatted with a built-in Japanese era format arrives as such a bare number.
    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            Self::Number(n) if *n >= 61.0 && *n < 109_575.0 && n.fract() == 0.0 => {
                // 1899-12-30 absorbs the leap day of 1900 that the format invents. The range was checked.
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "range checked")]
                let days = *n as u64;
                NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
            }
            Self::Number(_) | Self::Text(_) | Self::Empty => None,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<i64> for Cell {
    fn from(n: i64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts and yen stay below 2^53")]
        Self::Number(n as f64)
    }
}
