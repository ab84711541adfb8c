//! An argument of a text: a number (grouped, decides plurals) or words (as they are). Years and codes are words, lest they be grouped.

use fluent_bundle::FluentValue;
use tsunagari_kernel::Yen;

/// An argument of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A whole number; shown grouped by thousands.
    Number(i64),
    /// Words, shown as they are.
    Words(String),
}

impl Arg {
    pub(crate) fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Number(n) => FluentValue::from(*n),
            Self::Words(s) => FluentValue::from(s.as_str()),
        }
    }
}

/// By value and by reference, because templates pass either.
macro_rules! numbers {
    ($($t:ty),*) => {$(
        impl From<$t> for Arg {
            fn from(n: $t) -> Self {
                Self::Number(i64::try_from(n).unwrap_or(i64::MAX))
            }
        }
        impl From<&$t> for Arg {
            fn from(n: &$t) -> Self {
                Self::from(*n)
            }
        }
        impl From<&&$t> for Arg {
            fn from(n: &&$t) -> Self {
                Self::from(**n)
            }
        }
    )*};
}
numbers!(i32, i64, u8, u16, u32, u64, usize);

impl From<Yen> for Arg {
    fn from(y: Yen) -> Self {
        Self::Number(y.0)
    }
}
impl From<&Yen> for Arg {
    fn from(y: &Yen) -> Self {
        Self::Number(y.0)
    }
}
impl From<String> for Arg {
    fn from(s: String) -> Self {
        Self::Words(s)
    }
}
impl From<&String> for Arg {
    fn from(s: &String) -> Self {
        Self::Words(s.clone())
    }
}
impl From<&&String> for Arg {
    fn from(s: &&String) -> Self {
        Self::Words((*s).clone())
    }
}
impl From<&str> for Arg {
    fn from(s: &str) -> Self {
        Self::Words(s.to_owned())
    }
}
impl From<&&str> for Arg {
    fn from(s: &&str) -> Self {
        Self::Words((*s).to_owned())
    }
}
