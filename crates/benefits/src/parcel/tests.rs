//! Every move of a parcel's life from every state; a carrier's late line; numbers as lists write them.

use rstest::rstest;

use super::*;

fn number(text: &str) -> TrackingNumber {
    TrackingNumber::parse(text).unwrap()
}

fn handed_over() -> Parcel {
    Parcel::default().pack().unwrap().hand_over().unwrap()
}

/// A parcel in each state, in the order of the enum.
fn lives() -> [Parcel; 6] {
    let new = Parcel::default();
    let packed = new.pack().unwrap();
    let gone = handed_over();
    [new.clone(), packed, gone.clone(), gone.deliver().unwrap(), gone.come_back().unwrap(), new.give_up().unwrap()]
}

type Move = fn(&Parcel) -> Result<Parcel, Refusal>;

#[rstest]
#[case::pack(Parcel::pack, [None, Some(Refusal::PackedAlready), Some(Refusal::PackedAlready), Some(Refusal::Over),
    Some(Refusal::PackedAlready), Some(Refusal::Over)])]
#[case::take_back(Parcel::take_back, [Some(Refusal::NothingToTakeBack), None, None, None, None, None])]
#[case::hand_over(Parcel::hand_over, [Some(Refusal::NotPacked), None, Some(Refusal::HandedOverAlready), Some(Refusal::Over),
    Some(Refusal::HandedOverAlready), Some(Refusal::Over)])]
#[case::deliver(Parcel::deliver, [Some(Refusal::NotOnItsWay), Some(Refusal::NotOnItsWay), None, Some(Refusal::Over),
    Some(Refusal::NotOnItsWay), Some(Refusal::Over)])]
#[case::come_back(Parcel::come_back, [Some(Refusal::NotOnItsWay), Some(Refusal::NotOnItsWay), None, Some(Refusal::Over),
    Some(Refusal::NotOnItsWay), Some(Refusal::Over)])]
#[case::send_again(Parcel::send_again, [Some(Refusal::NotReturned), Some(Refusal::NotReturned), Some(Refusal::NotReturned),
    Some(Refusal::NotReturned), None, Some(Refusal::NotReturned)])]
#[case::give_up(Parcel::give_up, [None, None, Some(Refusal::HandedOverAlready), Some(Refusal::Over), None,
    Some(Refusal::Over)])]
fn each_move_from_each_state(#[case] act: Move, #[case] want: [Option<Refusal>; 6]) {
    assert_eq!(lives().map(|it| act(&it).err()), want);
}

#[test]
fn only_what_is_not_packed_takes_another_address() {
    assert_eq!(lives().map(|it| it.takes_address()), [true, false, false, false, false, false]);
    assert!(lives()[4].send_again().unwrap().takes_address());
}

#[test]
fn the_last_move_is_taken_back() {
    let [new, packed, gone, arrived, returned, given_up] = lives();
    assert_eq!(packed.take_back(), Ok(new));
    assert_eq!(gone.take_back(), Ok(packed));
    assert_eq!(arrived.take_back(), Ok(gone.clone()));
    assert_eq!(returned.take_back(), Ok(gone.clone()));
    assert_eq!(given_up.take_back().unwrap().sending(), 2, "another receipt, for the first may have left");
    let told = gone.track(1, number("123456789012")).unwrap();
    assert_eq!(told.take_back(), Err(Refusal::HandedOverAlready));
}

#[test]
fn what_is_stored_is_read_back() {
    let told = handed_over().track(1, number("123456789012")).unwrap();
    for it in lives().into_iter().chain([told]) {
        let tracking = it.state().tracking().map_or("", TrackingNumber::as_str);
        assert_eq!(Parcel::stored(it.state().code(), tracking, it.sending()).as_ref(), Some(&it));
    }
    assert_eq!(lives().map(|it| it.state().code()), State::CODES);
    assert_eq!(Parcel::stored("lost", "", 1), None);
    assert_eq!(Parcel::stored("packed", "✕", 1), None);
}

#[test]
fn the_same_list_twice_changes_nothing_and_another_number_is_refused() {
    let told = handed_over().track(1, number("1234-5678-9012")).unwrap();
    assert_eq!(told.state(), &State::HandedOver { tracking: Some(number("123456789012")) });
    assert_eq!(told.track(1, number("123456789012")), Ok(told.clone()));
    assert_eq!(told.track(1, number("123456789023")), Err(Refusal::OtherTrackingNumber));
    assert_eq!(told.deliver().unwrap().state(), &State::Delivered { tracking: Some(number("123456789012")) });
}

#[test]
fn a_number_is_told_of_what_left_and_of_nothing_else() {
    let refused = lives().map(|it| it.track(1, number("123456789012")).err());
    let not = Some(Refusal::NotOnItsWay);
    assert_eq!(refused, [not, not, None, None, None, not]);
}

#[test]
fn a_late_line_about_the_first_sending_does_not_touch_the_second() {
    let second = handed_over().come_back().unwrap().send_again().unwrap().pack().unwrap().hand_over().unwrap();
    assert_eq!(second.sending(), 2);
    assert_eq!(second.track(1, number("123456789012")), Err(Refusal::OtherSending));
    assert_eq!(
        second.track(2, number("123456789023")).unwrap().state(),
        &State::HandedOver { tracking: Some(number("123456789023")) }
    );
}

#[rstest]
#[case::hyphens("1234-5678-9012", Some("123456789012"))]
#[case::full_width("１２３４－５６７８－９０１２", Some("123456789012"))]
#[case::abroad("eg 123 456 789 jp", Some("EG123456789JP"))]
#[case::a_dash_of_a_spreadsheet("1234\u{2010}5678\u{2212}9012", Some("123456789012"))]
#[case::empty("", None)]
#[case::too_short("1234567", None)]
#[case::too_long("123456789012345678901", None)]
#[case::a_number_a_spreadsheet_spoilt("1.23457E+11", None)]
#[case::a_word("not shipped", None)]
fn numbers_as_lists_write_them(#[case] text: &str, #[case] want: Option<&str>) {
    let read = TrackingNumber::parse(text);
    assert_eq!(read.as_ref().ok().map(TrackingNumber::as_str), want);
    assert!(want.is_some() || read == Err(Refusal::NotATrackingNumber));
}
