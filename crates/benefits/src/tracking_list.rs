//! What a carrier's list of numbers would do, line by line, before anything is done: the preview and the act read the same
//! plan. A list with one bad line moves nothing. Leaves reading the file to documents and storing to acts.

use std::collections::{BTreeMap, HashMap};

use crate::parcel::{Parcel, Refusal, TrackingNumber};
use crate::receipt::Receipt;

/// A line of the list, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row of the sheet, as a spreadsheet counts.
    pub row: usize,
    /// What stands where our receipt should.
    pub receipt: String,
    /// What stands where the carrier's number should.
    pub number: String,
}

/// What is wrong with a line. The texts are public codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Not one of our receipts.
    #[error("tracking_not_a_receipt")]
    NotAReceipt,
    /// A receipt, but of no parcel of this round.
    #[error("tracking_no_such_parcel")]
    NoSuchParcel,
    /// Another parcel has this number, in the list or on record.
    #[error("tracking_number_of_another")]
    NumberOfAnother,
    /// The parcel refuses it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// What a line comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The parcel takes the number.
    Told(Receipt, TrackingNumber),
    /// It had it before.
    Known(Receipt),
    /// The line is wrong.
    Fault(Why),
}

/// What a whole list comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Each line's row and outcome, in the list's order.
    pub lines: Vec<(usize, Outcome)>,
    changed: BTreeMap<u32, Parcel>,
}

impl Plan {
    /// The parcels as they would stand, by number.
    ///
    /// # Errors
    /// The rows that are wrong, each with its reason: then nothing is to be done.
    pub fn changes(self) -> Result<BTreeMap<u32, Parcel>, Vec<(usize, Why)>> {
        let fault = |(row, it): &(usize, Outcome)| match it {
            Outcome::Fault(why) => Some((*row, *why)),
            Outcome::Told(..) | Outcome::Known(_) => None,
        };
        let faults: Vec<_> = self.lines.iter().filter_map(fault).collect();
        if faults.is_empty() { Ok(self.changed) } else { Err(faults) }
    }
}

/// What the list would do to the parcels of a round, which are given by number.
pub fn plan(lines: &[Line], parcels: &BTreeMap<u32, Parcel>) -> Plan {
    let on_record = |(no, it): (&u32, &Parcel)| it.state().tracking().map(|number| (number.clone(), *no));
    let mut holders: HashMap<TrackingNumber, u32> = parcels.iter().filter_map(on_record).collect();
    let mut out = Plan::default();
    for line in lines {
        let outcome = match read(line, parcels, &holders, &out.changed) {
            Err(why) => Outcome::Fault(why),
            Ok((receipt, _, None)) => Outcome::Known(receipt),
            Ok((receipt, number, Some(after))) => {
                holders.insert(number.clone(), receipt.parcel);
                out.changed.insert(receipt.parcel, after);
                Outcome::Told(receipt, number)
            }
        };
        out.lines.push((line.row, outcome));
    }
    out
}

/// A line's receipt, number and the parcel after it; no parcel when it changes nothing.
fn read(
    line: &Line,
    parcels: &BTreeMap<u32, Parcel>,
    holders: &HashMap<TrackingNumber, u32>,
    changed: &BTreeMap<u32, Parcel>,
) -> Result<(Receipt, TrackingNumber, Option<Parcel>), Why> {
    let receipt = Receipt::parse(&line.receipt).ok_or(Why::NotAReceipt)?;
    let before = changed.get(&receipt.parcel).or_else(|| parcels.get(&receipt.parcel)).ok_or(Why::NoSuchParcel)?;
    let number = TrackingNumber::parse(&line.number)?;
    if holders.get(&number).is_some_and(|holder| *holder != receipt.parcel) {
        return Err(Why::NumberOfAnother);
    }
    let after = before.track(receipt.sending, number.clone())?;
    let told = (after != *before).then_some(after);
    Ok((receipt, number, told))
}

#[cfg(test)]
mod tests;
