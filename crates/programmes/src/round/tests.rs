//! When one can apply, and which moves a round refuses.

use chrono::TimeDelta;
use rstest::rstest;
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_micros(1_773_600_000_000_000);

fn after(hours: i64) -> Timestamp {
    NOW.plus(TimeDelta::hours(hours))
}

fn round(stage: Stage) -> Round {
    Round {
        id: RoundId(Uuid::nil()),
        programme: ProgrammeId(Uuid::nil()),
        version_no: 1,
        title: "夏".into(),
        year: FiscalYear(2026),
        edition: Some(2),
        stage,
        opens: after(-1),
        closes: Some(after(1)),
        capacity: Capacity::Places(30),
        waiting_list: WaitingList::None,
        budget: None,
        also: String::new(),
        note: String::new(),
        venues: vec![venue(1, None), venue(2, Some(after(48)))],
    }
}

fn venue(no: u16, starts: Option<Timestamp>) -> Venue {
    let (address, online) = (String::new(), String::new());
    Venue { no, name: "会場".into(), address, online, starts, ends: None, places: Some(10) }
}

#[rstest]
#[case(Stage::Draft, 0, Err(RoundRefusal::Draft))]
#[case(Stage::Announced, -2, Err(RoundRefusal::NotYet))]
#[case(Stage::Announced, -1, Ok(()))]
#[case(Stage::Announced, 1, Err(RoundRefusal::Over))]
#[case(Stage::CalledOff, 0, Err(RoundRefusal::CalledOff))]
#[case(Stage::Finished, 0, Err(RoundRefusal::Over))]
fn one_can_apply_in_its_period(#[case] stage: Stage, #[case] hours: i64, #[case] want: Result<(), RoundRefusal>) {
    assert_eq!(round(stage).takes(after(hours)), want);
}

#[test]
fn without_an_end_it_goes_on() {
    assert_eq!(Round { closes: None, ..round(Stage::Announced) }.takes(after(100_000)), Ok(()));
}

#[test]
fn the_day_of_an_event_is_that_of_the_venue() {
    let it = round(Stage::Announced);
    assert_eq!(it.event_day(Some(2)), Some(after(48).jst_date()));
    assert_eq!(it.event_day(Some(1)), it.event_day(Some(2)), "a venue without a day yet");
    assert_eq!(Round { venues: vec![], ..it }.event_day(None), None);
}

#[test]
fn only_what_is_whole_is_announced() {
    let draft = || round(Stage::Draft);
    assert_eq!(draft().announce(NOW).unwrap().stage, Stage::Announced);
    assert_eq!(draft().announce(after(1)), Err(RoundRefusal::EndHasPassed));
    assert_eq!(Round { closes: Some(after(-1)), ..draft() }.announce(NOW), Err(RoundRefusal::EndsBeforeItBegins));
    assert_eq!(Round { capacity: Capacity::Places(9), ..draft() }.announce(NOW), Err(RoundRefusal::VenueTooLarge));
    assert_eq!(round(Stage::Announced).announce(NOW), Err(RoundRefusal::Announced));
}

#[test]
fn what_is_over_stays_over() {
    assert_eq!(round(Stage::Draft).finish(), Err(RoundRefusal::Draft));
    let over = round(Stage::Announced).finish().unwrap();
    assert_eq!(over.clone().call_off(), Err(RoundRefusal::Over));
    assert_eq!(over.finish(), Err(RoundRefusal::Over));
    let off = round(Stage::Announced).call_off().unwrap();
    assert_eq!(off.clone().announce(NOW), Err(RoundRefusal::CalledOff));
    assert_eq!(off.call_off(), Err(RoundRefusal::CalledOff));
}
