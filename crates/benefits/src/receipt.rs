//! The number under which a sending of a parcel is handed to a carrier and comes back in its list. It names nobody, and another
//! sending of the same parcel has another one.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The receipt of one sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Receipt {
    /// The parcel's number within the organisation, from 1.
    pub parcel: u32,
    /// Which sending of it, from 1.
    pub sending: u16,
}

impl Receipt {
    /// What it begins with. A letter keeps spreadsheets from making a number or a date of it.
    const MARK: char = 'P';

    /// The receipt as a carrier's list or a person writes it; nothing when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.nfkc().filter(|sign| !sign.is_whitespace()).collect();
        let plain = plain.to_ascii_uppercase();
        let (parcel, sending) = plain.strip_prefix(Self::MARK)?.split_once('-')?;
        let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
        if !digits(parcel) || !digits(sending) {
            return None;
        }
        let it = Self { parcel: parcel.parse().ok()?, sending: sending.parse().ok()? };
        (it.parcel > 0 && it.sending > 0).then_some(it)
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:05}-{}", Self::MARK, self.parcel, self.sending)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(1, 1, "P00001-1")]
    #[case(41, 2, "P00041-2")]
    #[case(u32::MAX, u16::MAX, "P4294967295-65535")]
    fn what_is_printed_is_read_back_and_fits_a_carriers_column(
        #[case] parcel: u32,
        #[case] sending: u16,
        #[case] text: &str,
    ) {
        let it = Receipt { parcel, sending };
        assert_eq!(it.to_string(), text);
        assert_eq!(Receipt::parse(text), Some(it));
        assert!(text.len() <= 20);
    }

    #[rstest]
    #[case::full_width("Ｐ０００４１－２", Some((41, 2)))]
    #[case::as_typed(" p41-2 ", Some((41, 2)))]
    #[case::no_mark("00041-2", None)]
    #[case::no_sending("P00041", None)]
    #[case::zero("P00000-1", None)]
    #[case::a_sign("P+41-2", None)]
    #[case::too_great("P99999999999-1", None)]
    #[case::empty("", None)]
    fn as_lists_write_it(#[case] text: &str, #[case] want: Option<(u32, u16)>) {
        assert_eq!(Receipt::parse(text).map(|it| (it.parcel, it.sending)), want);
    }
}
