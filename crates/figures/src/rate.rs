//! A percentage with one decimal, rounded half up and computed in integers. A rate is never summed or averaged: there is
//! no arithmetic on it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A percentage in tenths: 636 is 63.6 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(u32);

/// The text is no percentage with exactly one decimal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no percentage with one decimal, such as 63.6")]
pub struct NotARate(pub String);

impl Rate {
    /// People counted out of a population; `None` when the population is empty or the rate would not fit.
    pub fn of(people: u64, population: u64) -> Option<Self> {
        if population == 0 {
            return None;
        }
        let (people, population) = (u128::from(people), u128::from(population));
        u32::try_from((2_000 * people + population) / (2 * population)).ok().map(Self)
    }

    /// Tenths of a percent.
    pub const fn tenths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl FromStr for Rate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        let refuse = || NotARate(text.to_owned());
        let (whole, tenth) = text.split_once('.').ok_or_else(refuse)?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(tenth) || tenth.len() != 1 {
            return Err(refuse());
        }
        format!("{whole}{tenth}").parse().map(Self).map_err(|_| refuse())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_goes_up() {
        assert_eq!(Rate::of(1, 2000).unwrap().to_string(), "0.1"); // 0.05 %
        assert_eq!(Rate::of(2366, 5340).unwrap().to_string(), "44.3");
        assert_eq!(Rate::of(217, 217).unwrap().to_string(), "100.0");
        assert_eq!(Rate::of(0, 5).unwrap().to_string(), "0.0");
        assert_eq!(Rate::of(5, 0), None);
    }

    #[test]
    fn only_one_decimal_is_read() {
        assert_eq!("63.6".parse(), Ok(Rate(636)));
        for bad in ["63", "63.60", "-1.0", ".5", "1.", "６.0", ""] {
            assert!(bad.parse::<Rate>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_comes_back(tenths in 0u32..100_000) {
            prop_assert_eq!(Rate(tenths).to_string().parse(), Ok(Rate(tenths)));
        }

        #[test]
        fn within_half_a_tenth(people in 0u64..1_000_000, population in 1u64..1_000_000) {
            let rate = i128::from(Rate::of(people, population).unwrap().tenths());
            let error = rate * i128::from(population) - 1000 * i128::from(people);
            prop_assert!(2 * error <= i128::from(population) && 2 * error > -i128::from(population));
        }
    }
}
