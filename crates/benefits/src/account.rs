//! A bank account as the banks' files name it (formats.md 2). Leaves the holder's spelling to `bank_kana`, and accounts of
//! the post office's bank, which many young people have alone, to `yucho`.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::bank_kana::BankKana;

/// What is no part of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum AccountFault {
    /// A bank has four digits.
    Bank,
    /// A branch has three digits.
    Branch,
    /// An account's number has at most seven digits.
    Number,
}

impl AccountFault {
    /// The public code, as in the locale keys `refused-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bank => "bank_code_wrong",
            Self::Branch => "branch_code_wrong",
            Self::Number => "account_number_wrong",
        }
    }
}

/// Digits in either width, filled up with zeroes on the left; nothing when there are none, or too many.
pub(crate) fn digits(text: &str, most: usize) -> Option<String> {
    let plain: String = text.nfkc().filter(|sign| !sign.is_whitespace() && *sign != '-').collect();
    let whole = !plain.is_empty() && plain.len() <= most && plain.bytes().all(|it| it.is_ascii_digit());
    whole.then(|| format!("{plain:0>most$}"))
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $most:literal, $least:literal, $fault:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads digits in either width.
            ///
            /// # Errors
            /// Too few, too many, or none.
            pub fn parse(text: &str) -> Result<Self, AccountFault> {
                let given = text.nfkc().filter(char::is_ascii_digit).count();
                digits(text, $most).filter(|_| given >= $least).map(Self).ok_or(AccountFault::$fault)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code!(
    /// A bank: four digits.
    BankCode, 4, 4, Bank
);
code!(
    /// A branch: three digits.
    BranchCode, 3, 3, Branch
);
code!(
    /// An account's number: seven digits, shorter ones filled up with zeroes.
    AccountNumber, 7, 1, Number
);

/// What sort of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// 普通
    Ordinary,
    /// 当座
    Current,
    /// 貯蓄
    Savings,
    /// その他
    Other,
}

impl AccountKind {
    /// The digit of the banks' files.
    pub const fn digit(self) -> char {
        match self {
            Self::Ordinary => '1',
            Self::Current => '2',
            Self::Savings => '4',
            Self::Other => '9',
        }
    }
}

/// An account money can be transferred to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The bank.
    pub bank: BankCode,
    /// The branch.
    pub branch: BranchCode,
    /// The sort.
    pub kind: AccountKind,
    /// The number.
    pub number: AccountNumber,
    /// Whose it is, as the bank spells it.
    pub holder: BankKana,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_in_either_width_and_filled_up() {
        assert_eq!(AccountNumber::parse("１２３４５").unwrap().to_string(), "0012345");
        assert_eq!(BankCode::parse("0001").unwrap().to_string(), "0001");
        assert_eq!(BankCode::parse("1"), Err(AccountFault::Bank), "a bank's code is never shortened");
        assert_eq!(BranchCode::parse("0123"), Err(AccountFault::Branch));
        assert_eq!(AccountNumber::parse("12345678"), Err(AccountFault::Number));
        assert_eq!(AccountNumber::parse(""), Err(AccountFault::Number));
    }
}
