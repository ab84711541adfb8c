//! A list of transfers a bank carries out on a day, checked whole: nothing of a list that has a fault is handed to a bank. The
//! files of banks name no year, so the day is held near. Leaves the file to documents, who releases it to acts.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{Yen, holiday};

use crate::account::{Account, AccountKind, AccountNumber, BankCode, BranchCode};
use crate::bank_kana::BankKana;

/// The furthest ahead a day can be named without a year.
const FURTHEST: Days = Days::new(60);
/// The most yen one line can carry: ten digits.
const MOST_YEN: i64 = 9_999_999_999;
/// The most a file can add up to: twelve digits.
const MOST_TOTAL: i64 = 999_999_999_999;
/// The most lines a file can count: six digits.
const MOST_LINES: usize = 999_999;
/// Signs of a payee's name in a file; of a requester's.
const PAYEE: usize = 30;
const REQUESTER: usize = 40;

/// Who has the bank pay: as the bank has them on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// The ten-digit code the bank gave.
    pub code: String,
    /// The name.
    pub name: BankKana,
    /// The bank that pays.
    pub bank: BankCode,
    /// Its branch.
    pub branch: BranchCode,
    /// The account that is paid from.
    pub kind: AccountKind,
    /// Its number.
    pub number: AccountNumber,
}

/// One transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where to.
    pub account: Account,
    /// How much.
    pub yen: Yen,
    /// The office's number of the payment, at most ten digits: how a returned transfer is found again.
    pub reference: u64,
}

/// What keeps a list from being handed to a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransferFault {
    /// There is nothing to pay.
    #[error("transfer_empty")]
    Empty,
    /// More lines than a file counts.
    #[error("transfer_too_many")]
    TooMany,
    /// The day has passed, or is more than 60 days ahead.
    #[error("transfer_day_far")]
    DayFar,
    /// Banks do not work on that day.
    #[error("transfer_no_bank_day")]
    NoBankDay,
    /// The requester's code is not ten digits.
    #[error("transfer_requester_code")]
    RequesterCode,
    /// The requester's name is too long.
    #[error("transfer_requester_name")]
    RequesterName,
    /// A line's amount is nothing, or more than a file can carry: its place, from 1.
    #[error("transfer_amount")]
    Amount(usize),
    /// A payee's name is longer than a file can carry; somebody must shorten it: the line's place.
    #[error("transfer_name_long")]
    NameLong(usize),
    /// A reference has more than ten digits, or stands twice: the line's place.
    #[error("transfer_reference")]
    Reference(usize),
}

/// A list that has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferList {
    requester: Requester,
    on: NaiveDate,
    lines: Vec<Line>,
    total: Yen,
}

impl TransferList {
    /// Checks a list, on the day it is made.
    ///
    /// # Errors
    /// The first fault.
    pub fn of(requester: Requester, on: NaiveDate, lines: Vec<Line>, today: NaiveDate) -> Result<Self, TransferFault> {
        let furthest = today.checked_add_days(FURTHEST).unwrap_or(today);
        if !(today..=furthest).contains(&on) {
            return Err(TransferFault::DayFar);
        }
        // A year whose holidays are not known is as little a day for a bank.
        if holiday::is_bank_day(on) != Some(true) {
            return Err(TransferFault::NoBankDay);
        }
        if requester.code.len() != 10 || !requester.code.bytes().all(|it| it.is_ascii_digit()) {
            return Err(TransferFault::RequesterCode);
        }
        if requester.name.bytes() > REQUESTER {
            return Err(TransferFault::RequesterName);
        }
        match lines.len() {
            0 => return Err(TransferFault::Empty),
            n if n > MOST_LINES => return Err(TransferFault::TooMany),
            _ => {}
        }
        let mut references = std::collections::BTreeSet::new();
        let mut total = Yen(0);
        for (place, line) in (1..).zip(&lines) {
            let carried = (1..=MOST_YEN).contains(&line.yen.0);
            let sum = total.plus(line.yen).filter(|sum| carried && sum.0 <= MOST_TOTAL);
            total = sum.ok_or(TransferFault::Amount(place))?;
            if line.account.holder.bytes() > PAYEE {
                return Err(TransferFault::NameLong(place));
            }
            if line.reference > 9_999_999_999 || !references.insert(line.reference) {
                return Err(TransferFault::Reference(place));
            }
        }
        Ok(Self { requester, on, lines, total })
    }

    /// Who has the bank pay.
    pub const fn requester(&self) -> &Requester {
        &self.requester
    }

    /// On which day.
    pub const fn on(&self) -> NaiveDate {
        self.on
    }

    /// The transfers.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// All of it together, at most twelve digits.
    pub const fn total(&self) -> Yen {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn requester() -> Requester {
        Requester {
            code: "0012345678".into(),
            name: BankKana::parse("マスダシ").unwrap(),
            bank: BankCode::parse("0167").unwrap(),
            branch: BranchCode::parse("001").unwrap(),
            kind: AccountKind::Ordinary,
            number: AccountNumber::parse("7654321").unwrap(),
        }
    }

    fn line(reference: u64, yen: i64, holder: &str) -> Line {
        let account = Account {
            bank: BankCode::parse("9900").unwrap(),
            branch: BranchCode::parse("058").unwrap(),
            kind: AccountKind::Ordinary,
            number: AccountNumber::parse("1234567").unwrap(),
            holder: BankKana::parse(holder).unwrap(),
        };
        Line { account, yen: Yen(yen), reference }
    }

    fn list(on: &str, lines: Vec<Line>) -> Result<TransferList, TransferFault> {
        TransferList::of(requester(), day(on), lines, day("2026-11-20"))
    }

    #[rstest]
    #[case("2026-11-24", None)]
    #[case("2026-11-23", Some(TransferFault::NoBankDay))]
    #[case("2026-11-22", Some(TransferFault::NoBankDay))]
    #[case("2026-11-19", Some(TransferFault::DayFar))]
    #[case("2027-01-19", None)]
    #[case("2027-01-20", Some(TransferFault::DayFar))]
    fn the_day_is_near_and_banks_work(#[case] on: &str, #[case] want: Option<TransferFault>) {
        assert_eq!(list(on, vec![line(1, 1_200, "ヤマダ")]).err(), want);
    }

    #[test]
    fn a_list_is_checked_whole() {
        let good = || line(1, 1_200, "ヤマダ");
        let of = |lines| list("2026-11-24", lines);
        assert_eq!(of(vec![good(), line(2, 800, "サトウ")]).unwrap().total(), Yen(2_000));
        assert_eq!(of(vec![]), Err(TransferFault::Empty));
        assert_eq!(of(vec![good(), line(2, 0, "サトウ")]), Err(TransferFault::Amount(2)));
        assert_eq!(of(vec![good(), good()]), Err(TransferFault::Reference(2)));
        let long = "カナ".repeat(16);
        assert_eq!(of(vec![line(1, 1, &long)]), Err(TransferFault::NameLong(1)), "nobody's name is cut unasked");
        let short_code = Requester { code: "123".into(), ..requester() };
        let made = TransferList::of(short_code, day("2026-11-24"), vec![good()], day("2026-11-20"));
        assert_eq!(made, Err(TransferFault::RequesterCode));
    }
}
