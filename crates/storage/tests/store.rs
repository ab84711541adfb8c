//! The store on both databases: turns, undo, tenants apart, group commit and the kill it survives, abandoned turns, a
//! writer that is not asked for nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

use std::io::BufRead;
use std::sync::Arc;
use std::task::Poll;

use tsunagari_access::{Act, Actor, Machine, OperationId};
use tsunagari_kernel::{Chance, FixedClock, OrgId, Timestamp};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::testing::{BOTH, Kind, TestDb};
use tsunagari_storage::{Key, Keyring, Location, Store};

fn town(id: OrgId, code: &str) -> Organisation {
    Organisation::by_default(id, code, "架空市", "カクウシ")
}

fn act(org: OrgId) -> Act {
    let actor: Actor = Machine::working(org, "test").actor();
    Act::named("found_organisation", actor, OperationId(org.0))
}

async fn fresh(kind: Kind) -> (TestDb, Arc<Chance>) {
    let chance = Arc::new(Chance::seeded(11));
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    (TestDb::fresh(kind, clock, chance.clone()).await, chance)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_committed_stays_and_what_is_undone_or_dropped_goes() {
    for kind in BOTH {
        let (db, chance) = fresh(kind).await;
        let org = OrgId::born(&chance, Timestamp::from_micros(1));
        db.found(&town(org, "322041")).await;

        for keep in ["undo", "drop"] {
            let mut tx = db.store.org(org).write().await.unwrap();
            let mut changed = town(org, "322041");
            changed.name = keep.into();
            tx.keep_organisation(&changed).await.unwrap();
            assert_eq!(tx.organisation().await.unwrap().name, keep);
            if keep == "undo" {
                tx.undo().await.unwrap()
            } else {
                drop(tx)
            }
            let mut reader = db.store.org(org).read().await.unwrap();
            assert_eq!(reader.organisation().await.unwrap().name, "架空市", "{kind:?} {keep}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_organisation_never_sees_another() {
    for kind in BOTH {
        let (db, chance) = fresh(kind).await;
        let ids: Vec<OrgId> = (0..2).map(|n| OrgId::born(&chance, Timestamp::from_micros(n))).collect();
        for (org, code) in ids.iter().zip(["322041", "322091"]) {
            let mut tx = db.store.org(*org).write().await.unwrap();
            tx.found_organisation(&town(*org, code)).await.unwrap();
            tx.commit(&act(*org)).await.unwrap();
        }
        assert_eq!(db.store.org(ids[0]).read().await.unwrap().organisation().await.unwrap().code, "322041");
        assert_eq!(db.store.platform().await.unwrap().organisations().await.unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_turns_at_once_all_reach_the_disk() {
    for kind in BOTH {
        let (db, chance) = fresh(kind).await;
        let ids: Vec<OrgId> = (0..60).map(|n| OrgId::born(&chance, Timestamp::from_micros(n))).collect();
        let tasks: Vec<_> = ids
            .iter()
            .enumerate()
            .map(|(n, org)| {
                let (store, org) = (db.store.clone(), *org);
                tokio::spawn(async move {
                    let mut tx = store.org(org).write().await.unwrap();
                    tx.found_organisation(&town(org, &format!("{n:06}"))).await.unwrap();
                    // Every third one is abandoned in the middle of its turn.
                    if n % 3 == 0 { drop(tx) } else { tx.commit(&act(org)).await.unwrap() }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(db.store.platform().await.unwrap().organisations().await.unwrap().len(), 40, "{kind:?}");
    }
}

/// Polls a future so many times and lets go of it.
async fn abandoned_after(polls: u32, future: impl Future<Output = ()>) {
    let mut future = std::pin::pin!(future);
    for _ in 0..polls {
        if std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await.is_ready() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_away_at_whatever_moment_leaves_the_writer_to_the_next() {
    for kind in BOTH {
        let (db, chance) = fresh(kind).await;
        for polls in 0..120 {
            let [gone, next] = [0, 1].map(|n| OrgId::born(&chance, Timestamp::from_micros(n)));
            let undone = async {
                let mut tx = db.store.org(gone).write().await.unwrap();
                tx.found_organisation(&town(gone, &format!("9{polls:05}"))).await.unwrap();
                tx.undo().await.unwrap();
            };
            abandoned_after(polls, undone).await;
            let mut tx = db.store.org(next).write().await.unwrap();
            tx.found_organisation(&town(next, &format!("{polls:06}"))).await.unwrap();
            tx.commit(&act(next)).await.unwrap();
        }
        assert_eq!(db.store.platform().await.unwrap().organisations().await.unwrap().len(), 120, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_goes_away_while_something_begins_leaves_every_connection_to_the_next() {
    for kind in BOTH {
        let (db, chance) = fresh(kind).await;
        let org = OrgId::born(&chance, Timestamp::from_micros(1));
        db.found(&town(org, "322041")).await;
        for polls in (0..600).step_by(5) {
            // After a look somebody writes, and the other way about: what was left open would be of the wrong sort. As many
            // at once as there are connections, so that whichever was left behind is among them.
            abandoned_after(polls, async { drop(db.store.org(org).read().await.unwrap()) }).await;
            let at_once = if kind == Kind::Server { 8 } else { 1 };
            let mut begun = Vec::new();
            for n in 0..at_once {
                let mut tx = db.store.org(org).write().await.unwrap();
                let [ja, easy, en] = ["お知らせ", "お知らせ", "News"].map(String::from);
                tx.keep_purpose(&Labelled { code: format!("news{n}"), ja, easy, en }, n).await.unwrap();
                begun.push(tx);
            }
            for tx in begun {
                tx.undo().await.unwrap();
            }
            abandoned_after(polls, async { drop(db.store.org(org).write().await.unwrap()) }).await;
            let mut looks = Vec::new();
            for _ in 0..8 {
                looks.push(db.store.org(org).read().await.unwrap());
            }
            for look in &mut looks {
                look.organisation().await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shredded_person_key_is_gone_and_the_others_stay() {
    let (db, chance) = fresh(Kind::File).await;
    let org = OrgId::born(&chance, Timestamp::from_micros(1));
    db.found(&town(org, "322041")).await;
    let people: Vec<tsunagari_kernel::PersonId> =
        (0..3).map(|n| tsunagari_kernel::PersonId::born(&chance, Timestamp::from_micros(n))).collect();
    let here = db.store.org(org);
    let made = here.make_person_keys(&people).await.unwrap();
    let sealed = made.of(people[0]).unwrap().seal(&chance, b"email", "a@example.jp".as_bytes()).unwrap();
    assert!(made.of(people[1]).unwrap().open(b"email", &sealed).is_err(), "another person's key must not open it");
    here.shred_person_key(people[1]).await.unwrap();
    let again = here.person_keys(&people).await.unwrap();
    assert!(again.of(people[1]).is_err());
    assert_eq!(again.of(people[0]).unwrap().open(b"email", &sealed).unwrap().as_slice(), b"a@example.jp");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_writer_is_not_asked_when_nothing_is_to_be_sealed_or_signed() {
    let (db, chance) = fresh(Kind::File).await;
    let org = OrgId::born(&chance, Timestamp::from_micros(1));
    db.found(&town(org, "322041")).await;
    let (here, key) = (db.store.org(org), Key::new([9; 32]));
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 15).unwrap();
    // The control: with something to seal and to sign the writer is asked, and it is done.
    assert_eq!(here.seal_some().await.unwrap(), 1);
    assert!(here.sign_head(&key, day).await.unwrap());
    let held = here.write().await.unwrap();
    let asked = async { (here.seal_some().await.unwrap(), here.sign_head(&key, day).await.unwrap()) };
    let asked = tokio::time::timeout(std::time::Duration::from_secs(20), asked).await;
    assert_eq!(asked.expect("it waits for the writer"), (0, false));
    held.undo().await.unwrap();
}

/// Tells the child of the kill where its database is and whether its guard is out.
const CHILD: &str = "TSUNAGARI_KILLED_CHILD";

async fn opened(dir: &std::path::Path) -> Store {
    let location = Location::File(dir.join("tsunagari.db"));
    tsunagari_storage::migrate::migrate(&location, 0).await.unwrap();
    let clock = Arc::new(FixedClock::at(Timestamp::from_micros(1_773_600_000_000_000)));
    let chance = Arc::new(Chance::from_entropy([1; 32]));
    let keyring = Keyring::new(Key::new([7; 32]));
    Store::open(&location, &dir.join("persons.db"), keyring, clock, chance).await.unwrap()
}

/// The child: changes something, says so when it is acknowledged, and goes on until it is killed.
async fn acknowledge_for_ever(dir: &std::path::Path, early: bool) {
    let store = opened(dir).await;
    if early {
        store.answer_early().await.unwrap();
    }
    for n in 1_u128.. {
        let org = OrgId(uuid::Uuid::from_u128(n));
        let mut tx = store.org(org).write().await.unwrap();
        tx.found_organisation(&town(org, &format!("{n:06}"))).await.unwrap();
        tx.commit(&act(org)).await.unwrap();
        eprintln!("acknowledged {n}");
    }
}

/// How many acknowledged changes are lost when the process is killed.
async fn lost(early: bool) -> usize {
    let dir = tempfile::tempdir().unwrap();
    drop(opened(dir.path()).await);
    let told = format!("{early} {}", dir.path().display());
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "an_acknowledged_change_survives_a_kill", "--nocapture"])
        .env(CHILD, told)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = 0;
    for line in std::io::BufReader::new(child.stderr.take().unwrap()).lines() {
        acknowledged += usize::from(line.unwrap().contains("acknowledged"));
        if acknowledged == 20 {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(acknowledged >= 20, "it came that far");
    let kept = opened(dir.path()).await.platform().await.unwrap().organisations().await.unwrap().len();
    acknowledged.saturating_sub(kept)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledged_change_survives_a_kill() {
    if let Ok(told) = std::env::var(CHILD) {
        let (early, dir) = told.split_once(' ').unwrap();
        return acknowledge_for_ever(std::path::Path::new(dir), early == "true").await;
    }
    assert_eq!(lost(false).await, 0);
    assert!(lost(true).await > 0, "the control: acknowledged before the commit, it is lost");
}
