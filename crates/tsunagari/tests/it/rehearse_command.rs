//! `tsunagari rehearse`: every shipped programme goes through its season as its cases say, on both databases; one that does not is named
//! and fails; nothing of it stays behind.

use rstest::rstest;
use serde_json::Value;
use tsunagari_kernel::{FixedClock, Timestamp};
use tsunagari_storage::testing::cluster_url;
use tsunagari_testkit::{Kind, Town};

use crate::installation;

fn rehearse(arguments: &[&str]) -> (bool, String, String) {
    let out = installation::tsunagari().arg("rehearse").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (out.status.success(), text(out.stdout), text(out.stderr))
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[test]
fn every_programme_goes_through_its_season(#[case] kind: Kind) {
    let cluster = cluster_url();
    let mut arguments = vec!["--all", "--json", "--people", "3"];
    if kind == Kind::Server {
        arguments.extend(["--database", cluster.as_str()]);
    }
    let (done, told, problem) = rehearse(&arguments);
    let all: Vec<Value> = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}{problem}"));
    let wrong: Vec<&Value> = all.iter().filter(|it| it["ok"] != true).collect();
    assert!(done && wrong.is_empty(), "{wrong:?}");
    assert_eq!(all.len(), tsunagari_blueprints::BLUEPRINTS.len());
    // Nobody is rehearsed for nothing: people apply everywhere, and somebody is refused for every sort of reason.
    assert!(all.iter().all(|it| it["applications"].as_u64() > Some(0) && it["cases"].as_u64() > Some(0)), "{told}");
    let refused = |slug: &str, why: &str| {
        let it = all.iter().find(|it| it["slug"] == slug).unwrap();
        it["refused"][why].as_u64().unwrap_or_default()
    };
    assert!(refused("catalogue/yuzawa-shiokuri", "cap_household_year") > 0, "the seventh postage");
    assert!(refused("catalogue/itoigawa-wakachi", "everybody_resident") > 0, "the other reading");
    assert!(refused("catalogue/morioka-yell", "age") > 0);
}

#[test]
fn one_is_told_in_lines_and_an_unknown_one_how_to_find_others() {
    let (done, told, _) = rehearse(&["catalogue/hida-hidasuke", "--people", "3"]);
    assert!(done && told.starts_with("ok    catalogue/hida-hidasuke\n"), "{told}");
    assert!(told.ends_with("1 of 1 are as they should be\n"), "{told}");
    let (done, _, problem) = rehearse(&["catalogue/nowhere"]);
    assert!(!done && problem.contains("blueprint list"), "{problem}");
}

/// The control: a case that says something else than the programme does is told.
#[tokio::test]
async fn a_case_that_does_not_hold_is_told() {
    let mut town = Town::founded(Kind::File).await;
    let calendar = std::sync::Arc::new(FixedClock::at(Timestamp::from_micros(0)));
    town.house.clock = calendar.clone();
    let blueprint = tsunagari_blueprints::blueprint_by_slug("catalogue/nanbu-yell").unwrap().unwrap();
    let files = tsunagari_blueprints::cases().unwrap();
    let mut cases = files.into_iter().find(|it| it.blueprint == blueprint.slug).unwrap().cases;
    let third_year = cases.iter_mut().find(|it| it.because == ["school"]).unwrap();
    third_year.because = vec!["lives_away".to_owned()];
    let told = tsunagari_acts::rehearse::rehearse(&town.house, &calendar, &blueprint, &cases, 3).await.unwrap();
    assert_eq!(told.wrong.len(), 1, "{told:?}");
    assert!(told.wrong[0].contains("school") && !told.is_ok(), "{told:?}");
}
