//! What came of it for somebody: recorded once for each kind with what shows it, counted by rules as of any day in memory and in the
//! database alike, annulled when it was a mistake, and one of a kind after two entries are merged.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_kernel::{Moment, PersonId};
use tsunagari_people::{FACTS, PersonFacts, Policy};
use tsunagari_rules::{Catalogue, Rule, eval};
use tsunagari_storage::audience::Audience;
use tsunagari_testkit::{Kind, Lived, Officer};

/// How many people a rule lets in as of so many days ago, and whether it lets one in in memory.
async fn counted(lived: &Lived, person: PersonId, rule: &str, days: i64) -> (i64, bool) {
    let town = &lived.town;
    let catalogue = Catalogue::of(&[FACTS]).unwrap();
    let rule = Rule::read(rule, &catalogue).unwrap();
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let policy: Policy = reader.organisation().await.unwrap().policy();
    let instant = town.house.now().minus(TimeDelta::days(days));
    let at = Moment { date: instant.jst_date(), instant };
    let n = reader.count_audience(&Audience::of_rule(&rule, &at, &policy)).await.unwrap();
    let record = reader.person_record(person).await.unwrap();
    let lets_in = eval(&rule, &PersonFacts { record: &record, policy: &policy }, &at).is_yes();
    (n, lets_in)
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn an_outcome_counts_once_from_its_day_on(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let person = officer.person("架空", "成", &[]).await;
    let card = format!("/office/people/{person}");
    let add = format!("{card}/outcomes/add");
    let since = town.house.now().minus(TimeDelta::days(10)).jst_date().to_string();
    let moved = [("kind", "move_in"), ("on", since.as_str()), ("evidence", "転入届")];

    let unproven = officer.post(&add, &[("kind", "move_in"), ("on", &since), ("evidence", " ")]).await;
    assert_eq!(unproven.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unproven.text.contains("id=\"f-evidence\""), "{}", unproven.text);
    officer.done(&add, &moved).await;
    let again = officer.post(&add, &moved).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("もう記録されています"), "{}", again.text);
    officer.done(&add, &[("kind", "job_change"), ("on", ""), ("evidence", "本人から電話")]).await;
    let page = officer.browser.get(&card).await.text;
    assert!(page.contains("移住") && page.contains("転入届") && page.contains("転職"), "{page}");

    for (rule, days, want) in [
        ("outcome(move_in)", 0, (1, true)),
        ("outcome(move_in)", 10, (1, true)),
        ("outcome(move_in)", 11, (0, false)),
        ("outcome(job_change) and outcome(move_in)", 0, (1, true)),
        ("outcome(job_change)", 1, (0, false)),
        ("outcome(local_employment)", 0, (0, false)),
    ] {
        assert_eq!(counted(&lived, person, rule, days).await, want, "{kind:?}: {rule} {days} days ago");
    }

    // A mistake counts no more, stays on the card's history, and may be recorded anew.
    let record = town.house.org(town.here.org).read().await.unwrap().person_record(person).await.unwrap();
    let wrong = record.outcomes.iter().find(|it| it.evidence == "転入届").unwrap().id;
    officer.done(&format!("{card}/outcomes/{wrong}"), &[]).await;
    assert_eq!(counted(&lived, person, "outcome(move_in)", 0).await, (0, false), "{kind:?}");
    assert!(officer.browser.get(&card).await.text.contains("転入届"), "what was known then stands among the changes");
    officer.done(&add, &moved).await;
    assert_eq!(counted(&lived, person, "outcome(move_in)", 0).await, (1, true));
    assert_eq!(town.house.org(town.here.org).read().await.unwrap().findings().await.unwrap(), vec![]);
}
