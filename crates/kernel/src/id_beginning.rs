//! The beginning of an id, as screens that are short of room show it and people type it again: all ids that begin with
//! some hexadecimal digits, up to a whole id. Leaves which ids there are to whoever asks the database: as ids are ordered by
//! their digits, a beginning is a range from `first` to `last`.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// Digits of a whole id.
const WHOLE: usize = 32;

/// All ids that begin with the same digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdBeginning {
    value: u128,
    digits: usize,
}

/// Not the beginning of an id: too few or too many digits, or something else than digits and hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the beginning of an id")]
pub struct NotAnId;

impl IdBeginning {
    /// The fewest digits: with less nearly every id would be meant.
    pub const FEWEST: usize = 4;

    /// The lowest of these ids.
    #[must_use]
    pub fn first(self) -> Uuid {
        Uuid::from_u128(self.value << self.open_bits())
    }

    /// The highest of these ids.
    #[must_use]
    pub fn last(self) -> Uuid {
        Uuid::from_u128((self.value << self.open_bits()) | ((1 << self.open_bits()) - 1))
    }

    /// At most 112, as a beginning has four digits or more.
    const fn open_bits(self) -> usize {
        (WHOLE - self.digits) * 4
    }
}

impl From<Uuid> for IdBeginning {
    fn from(id: Uuid) -> Self {
        Self { value: id.as_u128(), digits: WHOLE }
    }
}

impl FromStr for IdBeginning {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits: String = text.trim().nfkc().filter(|it| *it != '-').collect();
        let fits = (Self::FEWEST..=WHOLE).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_hexdigit());
        let value = u128::from_str_radix(&digits, 16).map_err(|_| NotAnId)?;
        if fits { Ok(Self { value, digits: digits.len() }) } else { Err(NotAnId) }
    }
}

impl fmt::Display for IdBeginning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$x}", self.value, width = self.digits)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0193", "01930000-0000-0000-0000-000000000000", "0193ffff-ffff-ffff-ffff-ffffffffffff")]
    #[case(" 0193A7C2-4b ", "0193a7c2-4b00-0000-0000-000000000000", "0193a7c2-4bff-ffff-ffff-ffffffffffff")]
    #[case("０１９３ａ", "0193a000-0000-0000-0000-000000000000", "0193afff-ffff-ffff-ffff-ffffffffffff")]
    #[case(
        "0193a7c2-4b5e-7000-8000-00000000002a",
        "0193a7c2-4b5e-7000-8000-00000000002a",
        "0193a7c2-4b5e-7000-8000-00000000002a"
    )]
    fn a_beginning_is_a_range(#[case] typed: &str, #[case] first: Uuid, #[case] last: Uuid) {
        let it: IdBeginning = typed.parse().unwrap();
        assert_eq!((it.first(), it.last()), (first, last));
        assert_eq!(it.to_string().parse(), Ok(it), "what is written reads the same");
    }

    #[rstest]
    #[case::few("019")]
    #[case::hyphens("01-9")]
    #[case::name("架空 花子")]
    #[case::sign("+0193")]
    #[case::long("0193a7c24b5e7000800000000000002a0")]
    #[case::nothing("")]
    fn other_texts_are_none(#[case] typed: &str) {
        assert_eq!(typed.parse::<IdBeginning>(), Err(NotAnId));
    }

    #[test]
    fn an_id_is_its_own_beginning() {
        let id = Uuid::from_u128(u128::MAX - 5);
        assert_eq!((IdBeginning::from(id).first(), IdBeginning::from(id).last()), (id, id));
    }
}
