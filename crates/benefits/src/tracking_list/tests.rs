//! A list is done whole or not at all, and each wrong row says why.

use super::*;
use crate::parcel::State;

fn parcels() -> BTreeMap<u32, Parcel> {
    let gone = || Parcel::default().pack().unwrap().hand_over().unwrap();
    let number = TrackingNumber::parse("300000000003").unwrap();
    [gone(), gone(), gone().track(1, number).unwrap(), Parcel::default()]
        .into_iter()
        .zip(1..)
        .map(|(it, no)| (no, it))
        .collect()
}

fn planned(lines: &[(&str, &str)]) -> Plan {
    let line = |(row, (receipt, number)): (usize, &(&str, &str))| Line {
        row,
        receipt: (*receipt).into(),
        number: (*number).into(),
    };
    plan(&(2..).zip(lines).map(line).collect::<Vec<_>>(), &parcels())
}

#[test]
fn a_sound_list_tells_each_parcel_its_number() {
    let it = planned(&[("P00001-1", "1000-0000-0001"), ("P00003-1", "300000000003"), ("P00001-1", "100000000001")]);
    let one = Receipt { parcel: 1, sending: 1 };
    let number = TrackingNumber::parse("100000000001").unwrap();
    let known = Outcome::Known(Receipt { parcel: 3, sending: 1 });
    assert_eq!(it.lines, [(2, Outcome::Told(one, number.clone())), (3, known), (4, Outcome::Known(one))]);
    let changes = it.changes().unwrap();
    assert_eq!(changes.keys().collect::<Vec<_>>(), [&1], "what was known before is not written again");
    assert_eq!(changes[&1].state(), &State::HandedOver { tracking: Some(number) });
}

#[test]
fn one_bad_row_and_nothing_is_done_and_every_bad_row_says_why() {
    let it = planned(&[
        ("P00001-1", "100000000001"),
        ("0041", "200000000002"),
        ("P00099-1", "200000000002"),
        ("P00002-1", ""),
        ("P00002-1", "100000000001"),
        ("P00002-1", "300000000003"),
        ("P00002-2", "200000000002"),
        ("P00003-1", "200000000002"),
        ("P00004-1", "200000000002"),
    ]);
    assert_eq!(
        it.changes().unwrap_err(),
        [
            (3, Why::NotAReceipt),
            (4, Why::NoSuchParcel),
            (5, Why::Refused(Refusal::NotATrackingNumber)),
            (6, Why::NumberOfAnother),
            (7, Why::NumberOfAnother),
            (8, Why::Refused(Refusal::OtherSending)),
            (9, Why::Refused(Refusal::OtherTrackingNumber)),
            (10, Why::Refused(Refusal::NotOnItsWay)),
        ]
    );
}

#[test]
fn two_numbers_for_one_parcel_in_a_list_are_refused() {
    let it = planned(&[("P00001-1", "100000000001"), ("P00001-1", "100000000009")]);
    assert_eq!(it.changes().unwrap_err(), [(3, Why::Refused(Refusal::OtherTrackingNumber))]);
}
