//! A school joins at once: many people go through every question at the same time, by slip and mail, from one address, as
//! fast as they are answered. Nobody meets an error and nobody is entered twice. The long run, at a rate and against the
//! machine's own clock, is a part of the bench (`cargo xtask soak rush`).

use std::collections::BTreeSet;
use std::sync::Arc;

use rstest::rstest;
use tokio::task::JoinSet;
use tsunagari_testkit::{Joining, Kind, Lived};

/// More than an address may send without a slip's code.
const SCHOOL: usize = 45;
const AT_ONCE: usize = 16;

async fn people(lived: &Lived) -> BTreeSet<String> {
    let rows = lived.town.db.everything(Some(lived.town.here.org)).await;
    rows.into_iter().filter(|row| row.table == "person").map(|row| row.text).collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_school_joins_from_one_address(#[case] kind: Kind) {
    let lived = Arc::new(Lived::furnished(kind).await);
    let slip = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.join_events().await.unwrap().remove(0).code
    };
    let before = people(&lived).await.len();
    let mut under_way = JoinSet::new();
    for n in 0..SCHOOL {
        if under_way.len() >= AT_ONCE {
            under_way.join_next().await.unwrap().expect("everybody gets in");
        }
        let mut joining = Joining::of("架空", &format!("人{n}"), &format!("rush{n}@people.example"));
        (joining.peer, joining.slip) = ([10, 9, 0, 1], Some(slip.clone()));
        let lived = lived.clone();
        under_way.spawn(async move {
            lived.joined(&lived.town.here, &joining).await;
        });
    }
    while let Some(done) = under_way.join_next().await {
        done.expect("everybody gets in");
    }
    assert_eq!(people(&lived).await.len() - before, SCHOOL, "each is entered once");
}
