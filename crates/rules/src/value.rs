//! Values: what a fact answers (`Value`), what a rule compares it with (`Operand`), and days that may move with the
//! question's date (`Day`). Leaves their spelling to `print`.

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};
use tsunagari_kernel::Moment;

use crate::fact::FactCall;

/// What a scalar fact answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// For `FactKind::Number`.
    Number(i64),
    /// For `FactKind::Date`.
    Date(NaiveDate),
    /// For `FactKind::Truth`.
    Truth(bool),
    /// For `FactKind::Text`.
    Text(String),
    /// For `FactKind::Choice`.
    Code(String),
}

/// One person's (or applicant's) facts. `None` is *unknown*, as NULL is in SQL.
pub trait Facts {
    /// The answer of a fact of kind number, date, truth, text or choice, for the moment asked.
    fn value(&self, call: &FactCall, at: &Moment) -> Option<Value>;

    /// The answer of a fact of kind choice set, for the moment asked.
    fn set(&self, call: &FactCall, at: &Moment) -> Option<BTreeSet<String>>;
}

/// A unit of a relative day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// Days.
    Days,
    /// Calendar months; the day of month is held within the month's end.
    Months,
    /// Twelve months each.
    Years,
}

/// A day in a rule: fixed, or counted from the date of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Day {
    /// A fixed civil day.
    On(NaiveDate),
    /// `today`, moved by `amount` (may be negative, |amount| ≤ 40,000) spans.
    Today {
        /// How many spans later.
        amount: i32,
        /// Of which length.
        span: Span,
    },
}

impl Day {
    /// The civil day meant for a question asked for this moment. SQL binds this day; it computes none itself.
    pub fn resolve(self, at: &Moment) -> NaiveDate {
        let (amount, span) = match self {
            Self::On(day) => return day,
            Self::Today { amount, span } => (amount, span),
        };
        let size = amount.unsigned_abs();
        let months = match span {
            Span::Days => {
                let days = Days::new(u64::from(size));
                let moved = if amount < 0 { at.date.checked_sub_days(days) } else { at.date.checked_add_days(days) };
                return moved.unwrap_or(at.date);
            }
            Span::Months => Months::new(size),
            Span::Years => Months::new(size.saturating_mul(12)),
        };
        let moved = if amount < 0 { at.date.checked_sub_months(months) } else { at.date.checked_add_months(months) };
        moved.unwrap_or(at.date)
    }
}

/// What a checked rule compares a fact with, or gives it as an argument.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A whole number.
    Number(i64),
    /// A day.
    Date(Day),
    /// Text.
    Text(String),
    /// A code known to the catalogue.
    Code(String),
}

impl Operand {
    /// The value meant for this moment.
    pub fn resolve(&self, at: &Moment) -> Value {
        match self {
            Self::Number(n) => Value::Number(*n),
            Self::Date(day) => Value::Date(day.resolve(at)),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Code(code) => Value::Code(code.clone()),
        }
    }
}
