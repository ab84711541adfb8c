//! From which account the organisation pays, as its bank has it on record, and what that bank wants of a file. Leaves the file to documents.

use serde::{Deserialize, Serialize};

use crate::account::{AccountFault, AccountKind, AccountNumber, BankCode, BranchCode};
use crate::bank_kana::BankKana;
use crate::said_account::Fault;
use crate::transfer::Requester;

/// Signs of the requester's name in a bank's file.
const NAME: usize = 40;

/// What was agreed with the bank. A bank says how its files are; the defaults are the plainest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// Who pays, with the code the bank gave.
    pub requester: Requester,
    /// A line break after each record.
    pub line_breaks: bool,
    /// The clearing house as spaces instead of zeroes.
    pub blank_clearing_house: bool,
    /// The byte 1A at the end.
    pub end_of_file: bool,
}

/// It as an officer writes it down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaidPayer {
    /// The ten digits the bank gave.
    pub code: String,
    /// The name in kana.
    pub name: String,
    /// The bank's four digits.
    pub bank: String,
    /// The branch's three.
    pub branch: String,
    /// The sort of account; nothing where none was chosen.
    pub kind: Option<AccountKind>,
    /// Its number.
    pub number: String,
    /// See [`Payer`].
    pub line_breaks: bool,
    /// See [`Payer`].
    pub blank_clearing_house: bool,
    /// See [`Payer`].
    pub end_of_file: bool,
}

impl SaidPayer {
    /// What it says.
    ///
    /// # Errors
    /// Everything that is wrong, at its field.
    pub fn payer(&self) -> Result<Payer, Vec<Fault>> {
        let code: String =
            self.code.trim().chars().filter_map(|sign| sign.to_digit(10)).map(|n| n.to_string()).collect();
        let whole = code.len() == 10 && self.code.trim().chars().count() == 10;
        let name = BankKana::parse(&self.name).ok().filter(|name| name.bytes() <= NAME);
        let read = (BankCode::parse(&self.bank), BranchCode::parse(&self.branch), AccountNumber::parse(&self.number));
        let mut wrong: Vec<Fault> = Vec::new();
        if !whole {
            wrong.push(("code", "transfer_requester_code"));
        }
        if name.is_none() {
            wrong.push(("name", "transfer_requester_name"));
        }
        wrong.extend(read.0.as_ref().err().map(|it| ("bank", AccountFault::code(*it))));
        wrong.extend(read.1.as_ref().err().map(|it| ("branch", AccountFault::code(*it))));
        if self.kind.is_none() {
            wrong.push(("kind", "field_empty"));
        }
        wrong.extend(read.2.as_ref().err().map(|it| ("number", AccountFault::code(*it))));
        match (name, read, self.kind) {
            (Some(name), (Ok(bank), Ok(branch), Ok(number)), Some(kind)) if wrong.is_empty() => Ok(Payer {
                requester: Requester { code, name, bank, branch, kind, number },
                line_breaks: self.line_breaks,
                blank_clearing_house: self.blank_clearing_house,
                end_of_file: self.end_of_file,
            }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_at_its_field_all_at_once() {
        let fields = |it: &SaidPayer| it.payer().unwrap_err().into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(fields(&SaidPayer::default()), ["code", "name", "bank", "branch", "kind", "number"]);
        let good = SaidPayer {
            code: "0012345678".into(),
            name: "カクウシ".into(),
            bank: "0167".into(),
            branch: "001".into(),
            kind: Some(AccountKind::Ordinary),
            number: "7654321".into(),
            ..SaidPayer::default()
        };
        assert_eq!(good.payer().unwrap().requester.name.as_str(), "ｶｸｳｼ");
        assert_eq!(fields(&SaidPayer { code: "12".into(), ..good }), ["code"]);
    }
}
