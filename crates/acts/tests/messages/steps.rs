//! Each step of an application is told once: on LINE, by mail, or by the office where no message reaches the applicant; nothing to a
//! protected address, nothing in the quiet hours, nothing twice.

use chrono::TimeDelta;
use tsunagari_access::permission::{HandleApplications, ManageProgrammes};
use tsunagari_access::{Granted, Officer, Resident, Role};
use tsunagari_acts::ActError;
use tsunagari_acts::adopt_blueprint::adopt;
use tsunagari_acts::apply::{Applied, Handing, apply};
use tsunagari_acts::jobs::send_letter::SendLetter;
use tsunagari_acts::keep_round::{RoundStep, add_round, step_round};
use tsunagari_acts::leave_word::{leave_word, read_words};
use tsunagari_acts::record_participation::{Recorded, record_participation};
use tsunagari_acts::remind_participants::remind_participants;
use tsunagari_acts::tell_step::TellStep;
use tsunagari_acts::withdraw_application::{call_off_application, withdraw_application};
use tsunagari_blueprints::blueprint_by_slug;
use tsunagari_jobs::{Handlers, Waker, Worker};
use tsunagari_kernel::{Clock, FiscalYear, RoundId, UserId};
use tsunagari_programmes::{Came, Capacity, Notice, Paper, Round, Stage, Venue, WaitingList, Went};
use tsunagari_storage::testing::BOTH;
use uuid::Uuid;

use crate::town::{Has, Town, address_of};

fn granted<P: tsunagari_access::permission::Permission>(town: &Town) -> Granted<P> {
    let officer = Officer::of(town.org, UserId(Uuid::from_u128(1)), vec![Role::Administrator]);
    officer.grant(town.clock.now()).unwrap()
}

/// An announced round with so many seats and a list behind.
async fn opened(town: &Town, seats: u32) -> RoundId {
    let by = granted::<ManageProgrammes>(town);
    let blueprint = blueprint_by_slug("catalogue/gonohe-world-cafe").unwrap().unwrap();
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
        closes: None,
        capacity: Capacity::Places(seats),
        waiting_list: WaitingList::UpTo(9),
        budget: None,
        also: String::new(),
        note: String::new(),
        venues: vec![venue],
    };
    let id = add_round(&town.house, &by, &round).await.unwrap();
    step_round(&town.house, &by, id, 1, RoundStep::Announce).await.unwrap();
    id
}

async fn applied(town: &Town, round: RoundId, n: usize) -> Applied {
    let handing = Handing { round, venue: None, paper: Paper::default() };
    apply(&town.house, &Resident::of_checked_link(town.org, town.people[n]), &handing).await.unwrap()
}

async fn deliver(town: &Town) {
    let handlers = Handlers::default().with(TellStep(town.house.clone())).with(SendLetter::of(town.house.clone()));
    Worker::new(town.house.store.clone(), handlers, town.clock.clone(), Waker::default()).drain().await.unwrap();
}

async fn told(town: &Town, it: &Applied) -> Vec<(Notice, Went)> {
    let mut reader = town.house.org(town.org).read().await.unwrap();
    reader.notices_of(it.id).await.unwrap().iter().map(|it| (it.notice, it.went)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_is_told_once_by_the_way_that_reaches() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email, Has::Nothing, Has::Both]).await;
        let mut tx = town.house.org(town.org).write().await.unwrap();
        let mut hidden = tx.person(town.people[3]).await.unwrap();
        hidden.address_protected = true;
        tx.keep_person(&hidden).await.unwrap();
        let act = tsunagari_access::Act::named("test", town.machine().actor(), town.house.operation());
        tx.commit(&act).await.unwrap();

        let round = opened(&town, 1).await;
        let mut all = Vec::new();
        for n in 0..4 {
            all.push(applied(&town, round, n).await);
        }
        assert_eq!((town.line_counts(), town.mail.total()), (vec![0; 4], 0), "told after the step, not in it");
        deliver(&town).await;
        deliver(&town).await;
        assert_eq!(told(&town, &all[0]).await, [(Notice::Held, Went::Line)], "{kind:?}");
        assert_eq!(told(&town, &all[1]).await, [(Notice::Waiting, Went::Mail)]);
        assert_eq!(told(&town, &all[2]).await, [(Notice::Waiting, Went::Nowhere)]);
        assert_eq!(told(&town, &all[3]).await, [(Notice::Waiting, Went::Nowhere)], "a protected address");
        assert_eq!((town.line_counts(), town.mail.total()), (vec![1, 0, 0, 0], 1));

        // The place of whoever takes theirs back is offered: told to the next, not to who did it.
        withdraw_application(&town.house, &Resident::of_checked_link(town.org, town.people[0]), all[0].id)
            .await
            .unwrap();
        deliver(&town).await;
        assert_eq!(told(&town, &all[0]).await.len(), 1);
        assert_eq!(told(&town, &all[1]).await.last(), Some(&(Notice::Offered, Went::Mail)));
        assert_eq!(town.mail.count_to(&address_of(1)), 2);

        let by = granted::<HandleApplications>(&town);
        call_off_application(&town.house, &by, all[1].id).await.unwrap();
        deliver(&town).await;
        assert_eq!(told(&town, &all[1]).await.last(), Some(&(Notice::CalledOff, Went::Mail)));
        assert_eq!(town.house.org(town.org).read().await.unwrap().findings().await.unwrap(), vec![], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_called_off_tells_everybody_of_it_in_the_morning() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Line]).await;
        let round = opened(&town, 5).await;
        let (first, second) = (applied(&town, round, 0).await, applied(&town, round, 1).await);
        withdraw_application(&town.house, &Resident::of_checked_link(town.org, town.people[1]), second.id)
            .await
            .unwrap();
        deliver(&town).await;
        // In the night nobody is written to.
        let morning = tsunagari_kernel::Timestamp::start_of(town.clock.now().jst_date().succ_opt().unwrap());
        town.clock.advance(morning.plus(TimeDelta::hours(2)).since(town.clock.now()));
        let seen = town.house.org(town.org).read().await.unwrap().round(round).await.unwrap().version;
        step_round(&town.house, &granted(&town), round, seen, RoundStep::CallOff).await.unwrap();
        let before = town.line_counts();
        deliver(&town).await;
        assert_eq!(town.line_counts(), before, "{kind:?}");
        town.clock.advance(TimeDelta::hours(7));
        deliver(&town).await;
        assert_eq!(town.line_counts(), [before[0] + 1, before[1]], "{kind:?}: who took theirs back is told nothing");
        assert_eq!(told(&town, &first).await.last(), Some(&(Notice::CalledOff, Went::Line)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_expected_is_reminded_the_day_before_and_who_came_is_asked_afterwards() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line, Has::Email, Has::Email]).await;
        let round = opened(&town, 5).await;
        let all = [applied(&town, round, 0).await, applied(&town, round, 1).await, applied(&town, round, 2).await];
        deliver(&town).await;
        let remind = || remind_participants(&town.house, town.org);
        assert_eq!(remind().await.unwrap(), (0, 0), "{kind:?}: it is a month away");
        let starts = town.house.org(town.org).read().await.unwrap().round(round).await.unwrap().round.venues[0].starts;
        let starts = starts.unwrap();
        // In the night before: found, but told in the morning; who takes theirs back meanwhile is told nothing.
        let eve = tsunagari_kernel::Timestamp::start_of(starts.jst_date().pred_opt().unwrap());
        town.clock.advance(eve.plus(TimeDelta::hours(1)).since(town.clock.now()));
        assert_eq!(remind().await.unwrap(), (3, 0), "{kind:?}");
        assert_eq!(remind().await.unwrap(), (0, 0), "once");
        deliver(&town).await;
        let last = async |n: usize| told(&town, &all[n]).await.last().copied();
        assert_eq!(last(0).await, Some((Notice::Tomorrow, Went::Due)));
        withdraw_application(&town.house, &Resident::of_checked_link(town.org, town.people[2]), all[2].id)
            .await
            .unwrap();
        town.clock.advance(TimeDelta::hours(8));
        deliver(&town).await;
        assert_eq!(last(0).await, Some((Notice::Tomorrow, Went::Line)));
        assert_eq!(last(1).await, Some((Notice::Tomorrow, Went::Mail)));
        assert_eq!(last(2).await, Some((Notice::Tomorrow, Went::Overtaken)));

        // Only who came is asked, once it is over.
        let by = granted::<HandleApplications>(&town);
        town.clock.advance(starts.since(town.clock.now()).checked_sub(&TimeDelta::minutes(5)).unwrap());
        record_participation(&town.house, &by, all[0].id, Recorded::Attendance(Came::Yes)).await.unwrap();
        assert_eq!(remind().await.unwrap(), (0, 0), "{kind:?}: it has not begun");
        town.clock.advance(TimeDelta::hours(4));
        assert_eq!(remind().await.unwrap(), (0, 1), "{kind:?}");
        let resident = |n: usize| Resident::of_checked_link(town.org, town.people[n]);
        let early = leave_word(&town.house, &resident(1), all[1].id, "楽しかったです。").await;
        assert!(matches!(early, Err(ActError::Refused(_))), "who did not come has nothing to tell");
        leave_word(&town.house, &resident(0), all[0].id, "楽しかったです。").await.unwrap();
        let words = read_words(&town.house, &granted(&town), round).await.unwrap();
        assert_eq!(words.iter().map(|it| it.words.as_str()).collect::<Vec<_>>(), ["楽しかったです。"]);
        assert_eq!(town.house.org(town.org).read().await.unwrap().findings().await.unwrap(), vec![], "{kind:?}");
    }
}
