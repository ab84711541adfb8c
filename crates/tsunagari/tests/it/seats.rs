//! Places under pressure: many apply for few at the same moment, and exactly so many get one. The control counts before its
//! transaction instead of behind the round's lock, and overbooks. The long run is a soak.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use rstest::rstest;
use tokio::task::JoinSet;
use tsunagari_access::permission::{HandleApplications, ManageProgrammes};
use tsunagari_access::{Act, Granted, Machine, Officer, Resident};
use tsunagari_acts::ActError;
use tsunagari_acts::adopt_blueprint::adopt;
use tsunagari_acts::answer_offer::{OfferAnswer, answer_offer, lapse_offers};
use tsunagari_acts::apply::{Handing, apply, enter_application};
use tsunagari_acts::keep_round::{RoundStep, add_round, step_round};
use tsunagari_acts::load_people::load_people;
use tsunagari_acts::withdraw_application::withdraw_application;
use tsunagari_blueprints::{Blueprint, blueprint_by_slug};
use tsunagari_kernel::{ApplicationId, Clock as _, FiscalYear, PersonId, RoundId, Timestamp};
use tsunagari_people::{Person, PersonLocale, PersonRecord};
use tsunagari_programmes::{
    Arrival as Comes, Capacity, Event, HandedBy, How, Outcome, Paper, Place, Round, Stage, Standing, Venue, WaitingList,
};
use tsunagari_storage::application::{KeptApplication, NewPaper};
use tsunagari_storage::ledger::Begun;
use tsunagari_storage::person::Arrival;
use tsunagari_testkit::{Kind, Town};

const SEATS: u32 = 30;

pub(crate) fn granted<P: tsunagari_access::permission::Permission>(town: &Town) -> Granted<P> {
    let who = &town.here.who("administrator").staff;
    Officer::of(town.here.org, who.id, vec![who.role]).grant(town.real.now()).unwrap()
}

/// So many people of whom only the name is known.
pub(crate) async fn people(town: &Town, many: usize) -> Vec<PersonId> {
    let now = town.house.now();
    let person = |n: usize| Person {
        id: PersonId::born(&town.house.chance, now),
        family: "架空".into(),
        given: format!("人{n}"),
        family_kana: "カクウ".into(),
        given_kana: "ヒト".into(),
        birth_date: None,
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: now,
    };
    let arrival =
        |n| Arrival { record: PersonRecord::of(person(n)), source: "office".into(), addresses: HashMap::new() };
    let arrivals: Vec<Arrival> = (0..many).map(arrival).collect();
    load_people(&town.house, &Machine::working(town.here.org, "test"), &arrivals).await.unwrap();
    arrivals.into_iter().map(|it| it.record.person.id).collect()
}

/// An announced round of a dialogue event with so many seats, for whoever comes first.
pub(crate) async fn opened(town: &Town, seats: u32, waiting_list: WaitingList) -> Round {
    chosen_by(town, How::FirstCome, seats, waiting_list).await
}

/// The same, whose seats are drawn.
pub(crate) async fn by_draw(town: &Town, seats: u32) -> Round {
    chosen_by(town, How::Draw, seats, WaitingList::None).await
}

/// The same as a draft; what it is announced with.
pub(crate) async fn by_draw_drafted(town: &Town, seats: u32) -> Round {
    drafted(town, How::Draw, seats, WaitingList::None).await
}

async fn chosen_by(town: &Town, how: How, seats: u32, waiting_list: WaitingList) -> Round {
    let id = drafted(town, how, seats, waiting_list).await.id;
    step_round(&town.house, &granted::<ManageProgrammes>(town), id, 1, RoundStep::Announce).await.unwrap();
    town.house.org(town.here.org).read().await.unwrap().round(id).await.unwrap().round
}

async fn drafted(town: &Town, how: How, seats: u32, waiting_list: WaitingList) -> Round {
    let mut blueprint = blueprint_by_slug("catalogue/gonohe-world-cafe").unwrap().unwrap();
    blueprint.choose.how = how;
    drafted_of(town, blueprint, Capacity::Places(seats), waiting_list).await
}

/// An announced round of a blueprint, for everybody who asks.
pub(crate) async fn opened_of(town: &Town, blueprint: Blueprint) -> Round {
    let id = drafted_of(town, blueprint, Capacity::Open, WaitingList::None).await.id;
    step_round(&town.house, &granted::<ManageProgrammes>(town), id, 1, RoundStep::Announce).await.unwrap();
    town.house.org(town.here.org).read().await.unwrap().round(id).await.unwrap().round
}

async fn drafted_of(town: &Town, blueprint: Blueprint, capacity: Capacity, waiting_list: WaitingList) -> Round {
    let by = granted::<ManageProgrammes>(town);
    let programme = adopt(&town.house, &by, blueprint).await.unwrap();
    let now = town.house.now();
    let starts = Some(now.plus(TimeDelta::days(30)));
    let (address, online) = ("架空1-1".to_owned(), String::new());
    let venue = Venue { no: 1, name: "公民館".into(), address, online, starts, ends: None, places: None };
    let round = Round {
        id: RoundId::born(&town.house.chance, now),
        programme,
        version_no: 1,
        title: "春の回".into(),
        year: FiscalYear::of(now.jst_date()),
        edition: None,
        stage: Stage::Draft,
        opens: now,
        closes: Some(now.plus(TimeDelta::days(20))),
        capacity,
        waiting_list,
        budget: None,
        also: String::new(),
        note: String::new(),
        venues: vec![venue],
    };
    let id = add_round(&town.house, &by, &round).await.unwrap();
    Round { id, ..round }
}

fn handing(round: &Round) -> Handing {
    Handing { round: round.id, venue: None, paper: Paper::default() }
}

async fn by_place(town: &Town, round: &Round) -> Vec<(String, i64)> {
    town.house.org(town.here.org).read().await.unwrap().applications_by_place(round.id).await.unwrap()
}

async fn nothing_is_wrong(town: &Town) {
    let found = town.house.org(town.here.org).read().await.unwrap().findings().await.unwrap();
    assert_eq!(found, vec![]);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_get_exactly_the_seats(#[case] kind: Kind) {
    let town = Arc::new(Town::founded(kind).await);
    let round = Arc::new(opened(&town, SEATS, WaitingList::UpTo(10)).await);
    let mut under_way = JoinSet::new();
    for person in people(&town, 150).await {
        let (town, round) = (town.clone(), round.clone());
        under_way.spawn(async move {
            let by = Resident::of_checked_link(town.here.org, person);
            apply(&town.house, &by, &handing(&round)).await
        });
    }
    let mut full = 0;
    while let Some(done) = under_way.join_next().await {
        match done.unwrap() {
            Ok(applied) => assert!(matches!(applied.standing.place, Place::Held | Place::Waiting { .. })),
            Err(ActError::Refused(reasons)) => {
                assert_eq!(reasons.first().unwrap().code, "round_full");
                full += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(by_place(&town, &round).await, [("held".to_owned(), 30), ("waiting".to_owned(), 10)], "{kind:?}");
    assert_eq!(full, 110);
    nothing_is_wrong(&town).await;
}

/// The control: who counts before the transaction that writes finds free seats that somebody is just taking.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counting_without_the_lock_overbooks(#[case] kind: Kind) {
    let town = Arc::new(Town::founded(kind).await);
    let round = Arc::new(opened(&town, SEATS, WaitingList::None).await);
    let people = people(&town, 60).await;
    let here = town.house.org(town.here.org);
    let keys = Arc::new(here.make_person_keys(&people).await.unwrap());
    let all_looked = Arc::new(tokio::sync::Barrier::new(people.len()));
    let mut under_way = JoinSet::new();
    for (n, person) in people.into_iter().enumerate() {
        let (town, round, keys, all_looked) = (town.clone(), round.clone(), keys.clone(), all_looked.clone());
        under_way.spawn(async move {
            let here = town.house.org(town.here.org);
            let (places, _) = here.read().await.unwrap().places_of(&round, None).await.unwrap();
            all_looked.wait().await;
            if places.one_more() != Comes::Place {
                return;
            }
            let now = town.house.now();
            let application = KeptApplication {
                id: ApplicationId::born(&town.house.chance, now),
                round: round.id,
                programme: round.programme,
                year: round.year,
                version_no: 1,
                venue: Some(1),
                receipt: format!("control{n}"),
                applicant: Some(person),
                beneficiary: Some(person),
                household: None,
                handed_by: HandedBy::Applicant,
                judged: Outcome::Met,
                class: None,
                standing: Standing::asked(),
                entries: 0,
                applied_at: now,
                changed_at: now,
            };
            let mut tx = here.write().await.unwrap();
            let paper = NewPaper { paper: &Paper::default(), mark: None };
            let begun = Begun { application: &application, paper, keys: &keys };
            let by = Machine::working(town.here.org, "test").actor();
            tx.begin_ledger(begun, &[Event::Applied, Event::Enrolled], &by).await.unwrap().unwrap();
            tx.commit(&Act::named("control", by, town.house.operation())).await.unwrap();
        });
    }
    while let Some(done) = under_way.join_next().await {
        done.unwrap();
    }
    assert_eq!(by_place(&town, &round).await, [("held".to_owned(), 60)], "{kind:?}: thirty seats, sixty people");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_place_given_back_goes_to_who_waits(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = opened(&town, 1, WaitingList::Endless).await;
    let people = people(&town, 4).await;
    let by = |n: usize| Resident::of_checked_link(town.here.org, people[n]);
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(apply(&town.house, &by(n), &handing(&round)).await.unwrap().id);
    }
    let place = async |n: usize| {
        let mut reader = town.house.org(town.here.org).read().await.unwrap();
        reader.application(ids[n]).await.unwrap().standing.place
    };
    assert_eq!(place(0).await, Place::Held);
    assert_eq!(place(3).await, Place::Waiting { order: 3 });
    // Nobody takes back another's, and nobody answers an offer that was not made.
    assert!(matches!(withdraw_application(&town.house, &by(1), ids[0]).await, Err(ActError::NotFound)));
    let refused = answer_offer(&town.house, &by(1), ids[1], OfferAnswer::Take).await;
    assert!(matches!(refused, Err(ActError::Refused(why)) if why[0].code == "ledger_not_offered"));

    withdraw_application(&town.house, &by(0), ids[0]).await.unwrap();
    let Place::Offered { until } = place(1).await else { panic!("the first who waits is offered it") };
    assert_eq!(until, town.house.now().plus(TimeDelta::hours(48)));
    assert_eq!(place(2).await, Place::Waiting { order: 2 });
    // They leave it: it goes on. The next lets it run out: it goes on again.
    answer_offer(&town.house, &by(1), ids[1], OfferAnswer::Leave).await.unwrap();
    assert!(matches!(place(2).await, Place::Offered { .. }));
    assert_eq!(lapse_offers(&town.house, town.here.org).await.unwrap(), 0, "it still holds");
    town.calendar.advance(TimeDelta::hours(48));
    assert_eq!(lapse_offers(&town.house, town.here.org).await.unwrap(), 1);
    assert!(matches!(place(3).await, Place::Offered { .. }));
    answer_offer(&town.house, &by(3), ids[3], OfferAnswer::Take).await.unwrap();
    assert_eq!(place(3).await, Place::Held);
    // Whoever took theirs back may apply again; whoever has a place may not.
    let again = apply(&town.house, &by(0), &handing(&round)).await.unwrap();
    assert_eq!(again.standing.place, Place::Waiting { order: 1 });
    let twice = apply(&town.house, &by(3), &handing(&round)).await;
    assert!(matches!(twice, Err(ActError::Refused(why)) if why[0].code == "cap_beneficiary_round"));
    nothing_is_wrong(&town).await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_round_takes_nobody_outside_its_period(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let round = opened(&town, 5, WaitingList::None).await;
    let person = people(&town, 1).await[0];
    let staff = granted::<HandleApplications>(&town);
    let code = |result: Result<_, ActError>| match result {
        Err(ActError::Refused(why)) => why[0].code,
        Err(other) => panic!("{other}"),
        Ok::<tsunagari_acts::apply::Applied, _>(_) => "taken",
    };
    let ends: Timestamp = round.closes.unwrap();
    town.calendar.set(ends);
    let by = Resident::of_checked_link(town.here.org, person);
    assert_eq!(code(apply(&town.house, &by, &handing(&round)).await), "round_over");
    assert_eq!(code(enter_application(&town.house, &staff, person, &handing(&round)).await), "round_over");
    town.calendar.set(ends.minus(TimeDelta::seconds(1)));
    assert_eq!(code(enter_application(&town.house, &staff, person, &handing(&round)).await), "taken");
    let manage = granted::<ManageProgrammes>(&town);
    step_round(&town.house, &manage, round.id, 2, RoundStep::CallOff).await.unwrap();
    assert_eq!(code(apply(&town.house, &by, &handing(&round)).await), "round_called_off");
}
