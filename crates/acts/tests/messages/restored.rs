//! A restored database: nothing of it is sent until a person says so, what had begun is unknown, and old letters stay.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use tsunagari_access::Act;
use tsunagari_acts::House;
use tsunagari_acts::cancel_campaign::cancel_campaign;
use tsunagari_acts::jobs::send_letter;
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::send_campaign::Guard;
use tsunagari_acts::settle_restored::{Settlement, WORK, settle_everywhere, settle_restored};
use tsunagari_kernel::{CampaignId, Chance};
use tsunagari_line_sim::faults::{Fault, FaultKind};
use tsunagari_outreach::campaign::{CampaignState, PauseReason};
use tsunagari_storage::restored::mark_restored;
use tsunagari_storage::testing::{BOTH, Kind};
use tsunagari_storage::{Key, Keyring, Location, Store};

use crate::town::{Has, Town, text};

/// The house on a copy of its database, as `restore` leaves it.
async fn on_a_copy(town: &Town, copy: &Path) -> House {
    let keys = town.house.files.with_file_name("persons.db");
    let location = Location::File(copy.to_owned());
    let chance = Arc::new(Chance::seeded(12));
    let keyring = Keyring::new(Key::new([7; 32]));
    let store = Store::open(&location, &keys, keyring, town.clock.clone(), chance.clone()).await.unwrap();
    House { store, chance, ..town.house.clone() }
}

async fn state(house: &House, town: &Town, id: CampaignId) -> CampaignState {
    house.org(town.org).read().await.unwrap().campaign(id).await.unwrap().campaign.state
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_restored_database_is_sent_until_somebody_resumes_it() {
    let mut town = Town::open(Kind::File, &[Has::Line; 6]).await;
    let sending = town.approved(text("送信中")).await;
    town.freeze_only().await;
    let waiting = town.approved(text("予約")).await;
    let beside = |name: &str| town.house.files.with_file_name(name);
    let (unsettled, copy) = (beside("unsettled.db"), beside("copy.db"));
    for to in [&unsettled, &copy] {
        town.house.store.snapshot(to).await.unwrap();
    }
    town.worker(Guard::On).drain().await.unwrap();
    assert_eq!(town.line_counts(), vec![2; 6], "both were delivered after the backup");

    // The control: a copy that is not settled sends everything again.
    let of = town.house.now();
    let first = town.house.clone();
    town.house = on_a_copy(&town, &unsettled).await;
    town.worker(Guard::On).drain().await.unwrap();
    assert_eq!(town.line_counts(), vec![4; 6]);

    mark_restored(&copy, of).await.unwrap();
    town.house = House { store: first.store.clone(), ..town.house.clone() };
    town.house = on_a_copy(&town, &copy).await;
    let minute = town.house.store.restored_of().await.unwrap().unwrap();
    assert!(minute <= of && of.since(minute) < TimeDelta::minutes(1));
    let done = settle_everywhere(&town.house, minute).await.unwrap();
    assert_eq!(done, Settlement { held: 2, unknown: 0, letters: 0 });
    assert_eq!(town.house.store.restored_of().await.unwrap(), None, "the mark is gone");
    town.clock.advance(TimeDelta::hours(2));
    town.worker(Guard::On).drain().await.unwrap();
    assert_eq!(town.line_counts(), vec![4; 6], "nothing leaves by itself");
    for id in [sending, waiting] {
        let held = state(&town.house, &town, id).await;
        assert!(matches!(held, CampaignState::Paused { reason: PauseReason::Restored, .. }), "{held:?}");
    }
    let work = town.house.org(town.org).read().await.unwrap().open_work(None, 10).await.unwrap();
    assert_eq!(work.iter().filter(|it| it.kind == WORK && it.note == minute.micros().to_string()).count(), 1);

    cancel_campaign(&town.house, &town.writer(), sending).await.unwrap();
    resume_campaign(&town.house, &town.stopper(), waiting).await.unwrap();
    assert!(
        matches!(state(&town.house, &town, waiting).await, CampaignState::Approved(_)),
        "it waits for its launch again"
    );
    town.worker(Guard::On).drain().await.unwrap();
    assert_eq!(town.line_counts(), vec![5; 6], "the one that was resumed, and it alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_begun_is_unknown_and_old_letters_are_dropped() {
    for kind in BOTH {
        let town = Town::open(kind, &[Has::Line; 4]).await;
        town.line.sim.faults().add(Fault::next(FaultKind::ErrorAfter, 100).on("/v2/bot/message/multicast"));
        let id = town.approved(text("お知らせ")).await;
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!(town.results(id).await.in_flight, 4);
        let now = town.house.now();
        let mut tx = town.house.org(town.org).write().await.unwrap();
        for hours in [1, 25, 50] {
            tx.enqueue(send_letter::KIND, "{}", now.minus(TimeDelta::hours(hours)), None).await.unwrap();
        }
        tx.commit(&Act::named("test", town.machine().actor(), town.house.operation())).await.unwrap();

        let done = settle_restored(&town.house, town.org, now).await.unwrap();
        assert_eq!(done, Settlement { held: 1, unknown: 4, letters: 2 }, "{kind:?}");
        town.line.sim.faults().clear();
        town.clock.advance(TimeDelta::hours(2));
        town.worker(Guard::On).drain().await.unwrap();
        assert_eq!((town.line_counts(), town.results(id).await.unknown), (vec![1; 4], 4));
        let again = settle_restored(&town.house, town.org, now).await.unwrap();
        assert_eq!((again.unknown, town.state(id).await.as_str()), (0, "paused"));
    }
}
