//! Every move from every place: what it leads to, or the code it is refused with; corrections; the fold is what was appended.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::standing::{Came, Over, Place};

const NOW: Timestamp = Timestamp::from_micros(1_000);
const LATER: Timestamp = Timestamp::from_micros(2_000);
const PARCEL: BenefitNo = BenefitNo(1);

fn applied(events: &[Event]) -> Ledger {
    let mut ledger = Ledger::default();
    ledger.append(Event::Applied, NOW).unwrap();
    for event in events {
        ledger.append(event.clone(), NOW).unwrap();
    }
    ledger
}

fn place(ledger: &Ledger) -> Place {
    ledger.standing().unwrap().place
}

fn refused(ledger: &mut Ledger, event: Event, at: Timestamp) -> Refusal {
    let before = ledger.clone();
    let refusal = ledger.append(event, at).unwrap_err();
    assert_eq!(*ledger, before, "a refused move changes nothing");
    refusal
}

fn screened(outcome: Screening) -> Event {
    Event::Screened { outcome, points: None }
}

const OFFER: Event = Event::Offered { until: LATER };
const QUEUED: Event = Event::Queued { order: 3 };
const GIVEN: Event = Event::Fulfilled { benefit: PARCEL, number: 1 };
const BACK: Event = Event::Returned { benefit: PARCEL, number: 1 };
const REWARD: Event = Event::Rewarded { benefit: PARCEL };

#[test]
fn nothing_happens_before_anybody_applies_and_nobody_applies_twice() {
    let mut empty = Ledger::default();
    assert_eq!(refused(&mut empty, Event::Enrolled, NOW), Refusal::NotApplied);
    assert_eq!(refused(&mut applied(&[]), Event::Applied, NOW), Refusal::AppliedAlready);
}

#[rstest]
#[case::open(&[Event::Enrolled], Place::Held)]
#[case::no_room(&[QUEUED], Place::Waiting { order: 3 })]
#[case::moves_up(&[QUEUED, Event::Enrolled], Place::Held)]
#[case::offered(&[QUEUED, OFFER], Place::Offered { until: LATER })]
#[case::taken(&[QUEUED, OFFER, Event::Accepted], Place::Held)]
#[case::refused(&[QUEUED, OFFER, Event::Declined], Place::Over { why: Over::Declined })]
#[case::sent_back(&[screened(Screening::SentBack)], Place::SentBack)]
#[case::mended(&[screened(Screening::SentBack), Event::Amended], Place::Asked)]
#[case::chosen(&[screened(Screening::Chosen)], Place::Chosen)]
#[case::not_chosen(&[screened(Screening::NotChosen)], Place::Over { why: Over::NotChosen })]
#[case::won(&[Event::Drawn { lot: Lot::Won, rank: 2 }], Place::Chosen)]
#[case::behind(&[Event::Drawn { lot: Lot::Behind, rank: 31 }], Place::Waiting { order: 31 })]
#[case::withdrawn(&[Event::Enrolled, Event::Withdrawn], Place::Over { why: Over::Withdrawn })]
#[case::called_off(&[Event::Enrolled, GIVEN, Event::CancelledByOffice], Place::Over { why: Over::Cancelled })]
fn a_place_follows_from_what_happened(#[case] events: &[Event], #[case] want: Place) {
    assert_eq!(place(&applied(events)), want);
}

#[rstest]
#[case::amend_when_decided(&[Event::Enrolled], Event::Amended, Refusal::Decided)]
#[case::screen_twice(&[screened(Screening::Chosen)], screened(Screening::NotChosen), Refusal::Decided)]
#[case::draw_sent_back(&[screened(Screening::SentBack)], Event::Drawn { lot: Lot::Won, rank: 1 }, Refusal::Decided)]
#[case::offer_to_nobody_chosen(&[], OFFER, Refusal::NoPlace)]
#[case::accept_nothing(&[QUEUED], Event::Accepted, Refusal::NotOffered)]
#[case::decline_nothing(&[], Event::Declined, Refusal::NotOffered)]
#[case::lapse_early(&[QUEUED, OFFER], Event::Lapsed, Refusal::OfferHolds)]
#[case::enrol_twice(&[Event::Enrolled], Event::Enrolled, Refusal::Decided)]
#[case::come_without_place(&[], Event::Attended, Refusal::NoPlace)]
#[case::come_after_the_end(&[Event::Withdrawn], Event::Attended, Refusal::IsOver)]
#[case::come_twice(&[Event::Enrolled, Event::Attended], Event::Absent, Refusal::CameAlready)]
#[case::give_without_place(&[QUEUED], GIVEN, Refusal::NoPlace)]
#[case::give_twice(&[Event::Enrolled, GIVEN], GIVEN, Refusal::GivenAlready)]
#[case::back_what_never_went(&[Event::Enrolled], BACK, Refusal::NotGiven)]
#[case::back_twice(&[Event::Enrolled, GIVEN, BACK], BACK, Refusal::NotGiven)]
#[case::reward_the_absent(&[Event::Enrolled, Event::Absent], REWARD, Refusal::DidNotCome)]
#[case::reward_twice(&[Event::Enrolled, Event::Attended, REWARD], REWARD, Refusal::GivenAlready)]
#[case::complete_twice(&[Event::Enrolled, Event::Completed], Event::Completed, Refusal::CompletedAlready)]
#[case::withdraw_twice(&[Event::Withdrawn], Event::Withdrawn, Refusal::IsOver)]
#[case::withdraw_what_was_used(&[Event::Enrolled, Event::Attended], Event::Withdrawn, Refusal::UsedAlready)]
#[case::withdraw_what_was_given(&[Event::Enrolled, GIVEN], Event::Withdrawn, Refusal::UsedAlready)]
#[case::correct_nothing(&[Event::Enrolled], Event::Corrected { annuls: Seq(9) }, Refusal::NothingToCorrect)]
#[case::correct_a_decision(&[Event::Enrolled], Event::Corrected { annuls: Seq(2) }, Refusal::CannotBeCorrected)]
fn a_move_that_cannot_be_is_refused(#[case] before: &[Event], #[case] event: Event, #[case] want: Refusal) {
    assert_eq!(refused(&mut applied(before), event, NOW), want);
}

#[test]
fn an_offer_ends_at_its_minute() {
    let mut ledger = applied(&[QUEUED, OFFER]);
    assert_eq!(refused(&mut ledger, Event::Accepted, LATER), Refusal::OfferIsOver);
    ledger.append(Event::Lapsed, LATER).unwrap();
    assert_eq!(place(&ledger), Place::Over { why: Over::Lapsed });
}

#[test]
fn a_mistaken_fact_is_annulled_and_told_anew() {
    let mut ledger = applied(&[Event::Enrolled, Event::Absent]);
    ledger.append(Event::Corrected { annuls: Seq(3) }, NOW).unwrap();
    assert_eq!(ledger.standing().unwrap().came, None);
    ledger.append(Event::Attended, NOW).unwrap();
    assert_eq!(ledger.standing().unwrap().came, Some(Came::Yes));
    assert_eq!(ledger.entries().len(), 5, "nothing is taken out");
    let again = refused(&mut ledger, Event::Corrected { annuls: Seq(3) }, NOW);
    assert_eq!(again, Refusal::NothingToCorrect);
}

#[test]
fn what_others_follow_from_is_not_annulled() {
    let mut ledger = applied(&[Event::Enrolled, Event::Attended, REWARD]);
    let refusal = refused(&mut ledger, Event::Corrected { annuls: Seq(3) }, NOW);
    assert_eq!(refusal, Refusal::DidNotCome, "the reward would hang in the air");
    ledger.append(Event::Corrected { annuls: Seq(4) }, NOW).unwrap();
    ledger.append(Event::Corrected { annuls: Seq(3) }, NOW).unwrap();
    assert_eq!(ledger.standing().unwrap().came, None);
}

#[test]
fn what_came_back_can_be_sent_under_a_new_number() {
    let ledger = applied(&[Event::Enrolled, GIVEN, BACK, Event::Fulfilled { benefit: PARCEL, number: 2 }]);
    assert_eq!(ledger.standing().unwrap().given[&PARCEL].kept(), 1);
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Amended),
        Just(Event::Withdrawn),
        Just(screened(Screening::Chosen)),
        Just(screened(Screening::SentBack)),
        (1u32..9).prop_map(|rank| Event::Drawn { lot: Lot::Won, rank }),
        (1u32..9).prop_map(|order| Event::Queued { order }),
        Just(OFFER),
        Just(Event::Accepted),
        Just(Event::Declined),
        Just(Event::Lapsed),
        Just(Event::Enrolled),
        Just(Event::Attended),
        Just(Event::Absent),
        (1u16..3).prop_map(|number| Event::Fulfilled { benefit: PARCEL, number }),
        (1u16..3).prop_map(|number| Event::Returned { benefit: PARCEL, number }),
        Just(REWARD),
        Just(Event::Completed),
        Just(Event::CancelledByOffice),
        (1u32..12).prop_map(|n| Event::Corrected { annuls: Seq(n) }),
    ]
}

proptest! {
    #[test]
    fn a_stored_ledger_reads_as_it_was_written(events in prop::collection::vec((event(), 0i64..3_000), 0..40)) {
        let mut ledger = applied(&[]);
        for (event, at) in events {
            let _ = ledger.append(event, Timestamp::from_micros(at));
        }
        let read = Ledger::read(ledger.entries().to_vec()).unwrap();
        prop_assert_eq!(&read, &ledger);
        let standing = ledger.standing().unwrap();
        prop_assert!(standing.rewarded.is_empty() || standing.came == Some(Came::Yes));
        prop_assert!(standing.given.values().all(|it| it.returned.is_subset(&it.numbers)));
    }
}
