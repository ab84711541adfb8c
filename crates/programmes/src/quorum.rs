//! How many of a group must meet a condition: a number of them, or a share. Counted in three truths: who is not known to meet
//! it is not counted, but is asked about where it would help. Leaves the condition itself to the rule language.

use serde::{Deserialize, Serialize};
use tsunagari_rules::Verdict;

/// A share of a group as a fraction: `4/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Share {
    of: u32,
    each: u32,
}

/// A share that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no share: write a fraction of at most one, as 4/5")]
pub struct NotAShare(String);

impl Share {
    /// So many of each so many; at most all of them.
    pub fn of(of: u32, each: u32) -> Option<Self> {
        (each > 0 && of <= each).then_some(Self { of, each })
    }

    /// This share of an amount in whole yen; what is left of a yen is dropped.
    pub fn of_yen(self, yen: i64) -> i64 {
        let part = i128::from(yen) * i128::from(self.of) / i128::from(self.each);
        // A fraction of at most one of an i64 is an i64.
        i64::try_from(part).unwrap_or(yen)
    }

    /// The least number of so many that is this share: 4/5 of 11 are 9.
    pub const fn needed(self, members: u32) -> u32 {
        // A fraction of at most one of a u32 is a u32.
        (members as u64 * self.of as u64).div_ceil(self.each as u64) as u32
    }
}

impl TryFrom<String> for Share {
    type Error = NotAShare;

    fn try_from(text: String) -> Result<Self, NotAShare> {
        let parts =
            text.split_once('/').and_then(|(of, each)| Some((of.trim().parse().ok()?, each.trim().parse().ok()?)));
        parts.and_then(|(of, each)| Self::of(of, each)).ok_or(NotAShare(text))
    }
}

impl From<Share> for String {
    fn from(it: Share) -> Self {
        format!("{}/{}", it.of, it.each)
    }
}

/// How many of a group must meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// So many.
    AtLeast(u32),
    /// This share of the group.
    Share(Share),
    /// All of them.
    All,
}

impl Quorum {
    /// The least number of so many members.
    pub const fn needed(self, members: u32) -> u32 {
        match self {
            Self::AtLeast(n) => n,
            Self::Share(share) => share.needed(members),
            Self::All => members,
        }
    }

    /// Whether a group meets it, from what holds of each member. Unknown when those of whom it is not known would decide it.
    pub fn judge(self, members: &[Verdict]) -> Tally {
        let of = |wanted| u32::try_from(members.iter().filter(|it| **it == wanted).count()).unwrap_or(u32::MAX);
        let (yes, unknown) = (of(Verdict::Yes), of(Verdict::Unknown));
        let needed = self.needed(u32::try_from(members.len()).unwrap_or(u32::MAX));
        let verdict = match (yes >= needed, yes.saturating_add(unknown) >= needed) {
            (true, _) => Verdict::Yes,
            (false, true) => Verdict::Unknown,
            (false, false) => Verdict::No,
        };
        Tally { verdict, yes, needed }
    }
}

/// What counting a group came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Whether it is enough.
    pub verdict: Verdict,
    /// How many meet the condition.
    pub yes: u32,
    /// How many are needed.
    pub needed: u32,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn four_fifths() -> Quorum {
        Quorum::Share(Share::try_from("4/5".to_owned()).unwrap())
    }

    /// sources.md 3, catalogue/itoigawa-wakachi.
    #[rstest]
    #[case(5, 4)]
    #[case(6, 5)]
    #[case(7, 6)]
    #[case(9, 8)]
    #[case(10, 8)]
    #[case(11, 9)]
    fn four_fifths_of_a_group(#[case] members: u32, #[case] needed: u32) {
        assert_eq!(four_fifths().needed(members), needed);
    }

    #[rstest]
    #[case(&[4, 0, 1], Verdict::Yes)]
    #[case(&[3, 1, 1], Verdict::Unknown)]
    #[case(&[3, 0, 2], Verdict::No)]
    fn who_is_not_known_is_asked_about_only_where_it_decides(#[case] of: &[usize; 3], #[case] want: Verdict) {
        let each = [Verdict::Yes, Verdict::Unknown, Verdict::No];
        let members: Vec<Verdict> = of.iter().zip(each).flat_map(|(n, it)| std::iter::repeat_n(it, *n)).collect();
        assert_eq!(four_fifths().judge(&members).verdict, want);
    }

    #[test]
    fn numbers_and_all() {
        assert_eq!(Quorum::AtLeast(5).judge(&[Verdict::Yes; 4]), Tally { verdict: Verdict::No, yes: 4, needed: 5 });
        assert_eq!(Quorum::All.judge(&[Verdict::Yes, Verdict::Unknown]).verdict, Verdict::Unknown);
    }

    #[rstest]
    #[case("5/4")]
    #[case("1/0")]
    #[case("80%")]
    fn what_is_no_share_is_refused(#[case] text: &str) {
        assert!(Share::try_from(text.to_owned()).is_err());
    }

    #[test]
    fn the_largest_group_does_not_overflow() {
        assert_eq!(four_fifths().needed(u32::MAX), 3_435_973_836);
    }
}
