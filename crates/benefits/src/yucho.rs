//! An account of the post office's bank (ゆうちょ), which its holders know by a symbol and a number, as other banks name it
//! (formats.md 3). Only savings accounts, whose symbol begins with 1: how transfer accounts (0) are named was not confirmed, so
//! their holders are asked for the names other banks use.

use crate::account::{AccountKind, AccountNumber, BankCode, BranchCode, digits};

/// The bank's code among banks.
pub const BANK: &str = "9900";

/// The account as other banks name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The bank.
    pub bank: BankCode,
    /// The branch.
    pub branch: BranchCode,
    /// The sort.
    pub kind: AccountKind,
    /// The number.
    pub number: AccountNumber,
}

/// What is no symbol or number of such an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum YuchoFault {
    /// A symbol is five digits, the first of which is 1.
    Symbol,
    /// A number has at most eight digits.
    Number,
    /// The number of a savings account ends in 1.
    LastDigit,
    /// A transfer account: its holder is asked for the names other banks use.
    TransferAccount,
}

impl YuchoFault {
    /// The public code, as in the locale keys `refused-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Symbol => "yucho_symbol_wrong",
            Self::Number => "yucho_number_wrong",
            Self::LastDigit => "yucho_last_digit_wrong",
            Self::TransferAccount => "yucho_transfer_account",
        }
    }
}

/// Names an account by its symbol and number.
///
/// # Errors
/// See [`YuchoFault`].
pub fn named(symbol: &str, number: &str) -> Result<Named, YuchoFault> {
    let symbol = digits(symbol, 5).ok_or(YuchoFault::Symbol)?;
    if symbol.starts_with('0') {
        return Err(YuchoFault::TransferAccount);
    }
    let behind = symbol.strip_prefix('1').ok_or(YuchoFault::Symbol)?;
    let number = digits(number, 8).ok_or(YuchoFault::Number)?;
    let kept = number.strip_suffix('1').ok_or(YuchoFault::LastDigit)?;
    let branch = behind.get(..2).map(|of| format!("{of}8")).ok_or(YuchoFault::Symbol)?;
    Ok(Named {
        bank: BankCode::parse(BANK).map_err(|_| YuchoFault::Symbol)?,
        branch: BranchCode::parse(&branch).map_err(|_| YuchoFault::Symbol)?,
        kind: AccountKind::Ordinary,
        number: AccountNumber::parse(kept).map_err(|_| YuchoFault::Number)?,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// formats.md 3.
    #[rstest]
    #[case("10530", "12345671", "058", "1234567")]
    #[case("12345", "12345671", "238", "1234567")]
    #[case("１０５３０", "1-1", "058", "0000001")]
    fn a_savings_account_by_its_symbol(
        #[case] symbol: &str,
        #[case] number: &str,
        #[case] branch: &str,
        #[case] account: &str,
    ) {
        let it = named(symbol, number).unwrap();
        assert_eq!((it.bank.to_string().as_str(), it.kind), (BANK, AccountKind::Ordinary));
        assert_eq!((it.branch.to_string().as_str(), it.number.to_string().as_str()), (branch, account));
    }

    #[rstest]
    #[case("00530", "12345671", YuchoFault::TransferAccount)]
    #[case("20530", "12345671", YuchoFault::Symbol)]
    #[case("10530", "12345672", YuchoFault::LastDigit)]
    #[case("10530", "123456781", YuchoFault::Number)]
    #[case("105300", "12345671", YuchoFault::Symbol)]
    fn what_is_none_is_told(#[case] symbol: &str, #[case] number: &str, #[case] want: YuchoFault) {
        assert_eq!(named(symbol, number), Err(want));
    }
}
