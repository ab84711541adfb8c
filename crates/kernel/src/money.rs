//! Money: whole yen, checked arithmetic. Leaves rounding of shares to whoever shares.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An amount in whole yen. Never a float.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Yen(pub i64);

impl Yen {
    /// Sum, or `None` on overflow.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Multiple, or `None` on overflow.
    pub fn times(self, n: i64) -> Option<Self> {
        self.0.checked_mul(n).map(Self)
    }

    /// Yen per head, rounded half up; `None` when nobody is counted.
    pub fn per_head(self, heads: i64) -> Option<Self> {
        (heads > 0).then(|| Self((2 * self.0 + heads).div_euclid(2 * heads)))
    }
}

impl fmt::Display for Yen {
    /// Grouped by thousands, without a currency mark: `28,000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if self.0 < 0 {
            out.push('-');
        }
        for (i, c) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(c);
        }
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_per_student_of_the_six_plans() {
        // sources.md 1: budget / R7 target, rounded half up.
        for (budget, heads, want) in [
            (28_000_000, 2366, 11_834),
            (25_451_000, 2100, 12_120),
            (28_000_000, 1457, 19_218),
            (12_000_000, 567, 21_164),
            (26_700_000, 217, 123_041),
            (13_973_000, 165, 84_685),
            (134_124_000, 6872, 19_517),
        ] {
            assert_eq!(Yen(budget).per_head(heads), Some(Yen(want)));
        }
        assert_eq!(Yen(1).per_head(0), None);
    }

    #[test]
    fn grouping() {
        assert_eq!(Yen(134_124_000).to_string(), "134,124,000");
        assert_eq!(Yen(-1000).to_string(), "-1,000");
        assert_eq!(Yen(999).to_string(), "999");
    }
}
