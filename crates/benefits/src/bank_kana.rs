//! A name as banks' files carry it (formats.md 2): one byte a sign, half-width kana without the small ones, capitals, digits and
//! `( ) - .`. What cannot be carried is named and nothing is dropped: the record is opened for correction.

use std::fmt;

use serde::{Deserialize, Serialize};
use tsunagari_kernel::names;

/// A name in signs that banks carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BankKana(String);

/// A sign that banks do not carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotInBanks {
    /// There is nothing.
    #[error("bank_name_empty")]
    Empty,
    /// This one.
    #[error("bank_name_sign")]
    Sign(char),
}

impl BankKana {
    /// A name as somebody writes it: kana of either width, Latin letters, digits.
    ///
    /// # Errors
    /// Empty, or the first sign that cannot be carried (a kanji, a mark).
    pub fn parse(text: &str) -> Result<Self, NotInBanks> {
        let out = names::full_to_half(&text.trim().to_uppercase(), carried).map_err(NotInBanks::Sign)?;
        if out.is_empty() { Err(NotInBanks::Empty) } else { Ok(Self(out)) }
    }

    /// The signs, each of which is one byte in a bank's file.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether another spelling is the same name to a bank: spaces do not matter.
    pub fn is_same(&self, other: &Self) -> bool {
        let plain = |it: &Self| it.0.chars().filter(|sign| *sign != ' ').collect::<String>();
        plain(self) == plain(other)
    }
}

impl fmt::Display for BankKana {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

const fn carried(sign: char) -> bool {
    matches!(sign, 'A'..='Z' | '0'..='9' | ' ' | '(' | ')' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ")]
    #[case("やまだ たろう", "ﾔﾏﾀﾞ ﾀﾛｳ")]
    #[case("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ")]
    #[case("キョウコ・ヲガワ", "ｷﾖｳｺ ｵｶﾞﾜ")]
    #[case("ジョー", "ｼﾞﾖ-")]
    #[case("パク", "ﾊﾟｸ")]
    #[case("Smith John", "SMITH JOHN")]
    #[case("カ）マスダ", "ｶ)ﾏｽﾀﾞ")]
    #[case("ワン", "ﾜﾝ")]
    fn a_name_becomes_what_banks_carry(#[case] text: &str, #[case] want: &str) {
        let name = BankKana::parse(text).unwrap();
        assert_eq!((name.as_str(), name.bytes()), (want, want.chars().count()));
    }

    #[rstest]
    #[case("山田", NotInBanks::Sign('山'))]
    #[case("ヤマダ＆コ", NotInBanks::Sign('&'))]
    #[case("ヰ", NotInBanks::Sign('ヰ'))]
    #[case("  ", NotInBanks::Empty)]
    fn what_cannot_be_carried_is_named(#[case] text: &str, #[case] want: NotInBanks) {
        assert_eq!(BankKana::parse(text), Err(want));
    }

    #[test]
    fn spaces_make_no_other_name() {
        let of = |text| BankKana::parse(text).unwrap();
        assert!(of("ヤマダ タロウ").is_same(&of("ヤマダタロウ")) && !of("ヤマダ").is_same(&of("ヤマタ")));
    }

    proptest! {
        #[test]
        fn what_was_carried_is_carried_the_same(text in "[ァ-ヶーA-Z0-9 ]{1,40}") {
            if let Ok(name) = BankKana::parse(&text) {
                prop_assert_eq!(BankKana::parse(name.as_str()), Ok(name));
            }
        }
    }
}
