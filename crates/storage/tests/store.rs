//! The store on both databases: turns, undo, tenants apart, group commit, abandoned turns.

use std::sync::Arc;

use tsunagari_access::{Act, Actor, Machine, OperationId};
use tsunagari_kernel::{Chance, FixedClock, OrgId, Timestamp};
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::testing::{BOTH, Kind, TestDb};

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
        let mut tx = db.store.org(org).write().await.unwrap();
        tx.found_organisation(&town(org, "322041")).await.unwrap();
        tx.commit(&act(org)).await.unwrap();

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

#[tokio::test(flavor = "multi_thread")]
async fn a_shredded_person_key_is_gone_and_the_others_stay() {
    let (db, chance) = fresh(Kind::File).await;
    let org = OrgId::born(&chance, Timestamp::from_micros(1));
    let mut tx = db.store.org(org).write().await.unwrap();
    tx.found_organisation(&town(org, "322041")).await.unwrap();
    tx.commit(&act(org)).await.unwrap();
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
