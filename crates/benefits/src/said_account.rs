//! An account as somebody writes it down: the names other banks use, or the symbol and number of the post office's bank, which many
//! young people have alone. Leaves what an account is to `account` and `yucho`.

use serde::{Deserialize, Serialize};

use crate::account::{Account, AccountFault, AccountKind, AccountNumber, BankCode, BranchCode};
use crate::bank_kana::{BankKana, NotInBanks};
use crate::yucho::{self, YuchoFault};

/// The most signs of a payee's name in a bank's file.
pub const HOLDER: usize = 30;

/// Which names it goes by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "names", rename_all = "snake_case")]
pub enum SaidAccount {
    /// A bank and its branch by their numbers.
    Bank {
        /// The bank's four digits.
        bank: String,
        /// The branch's three.
        branch: String,
        /// The sort.
        kind: AccountKind,
        /// Up to seven digits.
        number: String,
        /// Whose it is, in kana.
        holder: String,
    },
    /// The post office's bank.
    Yucho {
        /// Five digits.
        symbol: String,
        /// Up to eight.
        number: String,
        /// Whose it is, in kana.
        holder: String,
    },
}

/// What is wrong with it: the field, and a public code.
pub type Fault = (&'static str, &'static str);

impl SaidAccount {
    /// The account.
    ///
    /// # Errors
    /// Everything that is wrong, at its field: `bank`, `branch`, `number`, `symbol`, `holder`.
    pub fn account(&self) -> Result<Account, Vec<Fault>> {
        let mut wrong = Vec::new();
        let named = match self {
            Self::Bank { bank, branch, kind, number, .. } => {
                let bank = note(&mut wrong, "bank", BankCode::parse(bank).map_err(AccountFault::code));
                let branch = note(&mut wrong, "branch", BranchCode::parse(branch).map_err(AccountFault::code));
                let number = note(&mut wrong, "number", AccountNumber::parse(number).map_err(AccountFault::code));
                bank.zip(branch).zip(number).map(|((bank, branch), number)| (bank, branch, *kind, number))
            }
            Self::Yucho { symbol, number, .. } => match yucho::named(symbol, number) {
                Ok(it) => Some((it.bank, it.branch, it.kind, it.number)),
                Err(fault) => {
                    let field = match fault {
                        YuchoFault::Symbol | YuchoFault::TransferAccount => "symbol",
                        YuchoFault::Number | YuchoFault::LastDigit => "number",
                    };
                    wrong.push((field, fault.code()));
                    None
                }
            },
        };
        let (Self::Bank { holder, .. } | Self::Yucho { holder, .. }) = self;
        let holder = match BankKana::parse(holder) {
            Ok(name) if name.bytes() <= HOLDER => Ok(name),
            Ok(_) => Err("bank_name_long"),
            Err(NotInBanks::Empty) => Err("bank_name_empty"),
            Err(NotInBanks::Sign(_)) => Err("bank_name_sign"),
        };
        let holder = note(&mut wrong, "holder", holder);
        match (named, holder) {
            (Some((bank, branch, kind, number)), Some(holder)) => Ok(Account { bank, branch, kind, number, holder }),
            _ => Err(wrong),
        }
    }
}

fn note<T>(wrong: &mut Vec<Fault>, field: &'static str, read: Result<T, &'static str>) -> Option<T> {
    read.map_err(|code| wrong.push((field, code))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_way_of_naming_it_is_the_same_account() {
        let holder = "いわみ　はなこ".to_owned();
        let yucho = SaidAccount::Yucho { symbol: "10530".into(), number: "12345671".into(), holder: holder.clone() };
        let kind = AccountKind::Ordinary;
        let bank = |bank: &str, number: &str, holder: &str| SaidAccount::Bank {
            bank: bank.into(),
            branch: "058".into(),
            kind,
            number: number.into(),
            holder: holder.into(),
        };
        assert_eq!(yucho.account(), bank("9900", "1234567", &holder).account());
        let wrong = bank("99", "12345678", "石見").account().unwrap_err();
        assert_eq!(
            wrong,
            [("bank", "bank_code_wrong"), ("number", "account_number_wrong"), ("holder", "bank_name_sign")]
        );
        assert_eq!(bank("9900", "1", &"ア".repeat(31)).account().unwrap_err(), [("holder", "bank_name_long")]);
        let transfer = SaidAccount::Yucho { symbol: "00530".into(), number: "1".into(), holder: String::new() };
        let wrong = transfer.account().unwrap_err();
        assert_eq!(wrong, [("symbol", "yucho_transfer_account"), ("holder", "bank_name_empty")]);
    }
}
