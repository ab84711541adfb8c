//! What a town sets itself beside its plan: a denominator by a rule that is read back to it, and targets that a plan does not
//! take away unasked.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_access::{Machine, Officer, Role};
use tsunagari_acts::adopt_plan::adopt_plan_at_setup;
use tsunagari_acts::keep_segment::{SegmentGiven, keep_segment};
use tsunagari_figures::{Basis, Bound, Indicator, Target};
use tsunagari_kernel::FiscalYear;
use tsunagari_testkit::{Kind, Town};

use crate::reach::{filled, indicator};

async fn first(town: &Town) -> Indicator {
    town.house.org(town.here.org).read().await.unwrap().indicators().await.unwrap().remove(0).definition
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_denominators_rule_is_read_back_and_taken_from_an_audience(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    filled(&town, &town.here, "shimane/masuda").await;
    let by = Officer::of(town.here.org, town.here.who("administrator").staff.id, vec![Role::Administrator]);
    let rule = "cohort_age between 0 and 3 and had_tie(origin)";
    let given = SegmentGiven { name: "計画の学年".into(), why: "分母".into(), rule: rule.into(), team: None };
    let audience =
        keep_segment(&town.house, &by.grant(town.house.real_clock.now()).unwrap(), None, &given).await.unwrap();
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let new = format!("/office/settings/indicators/{}/denominators/new", indicator(&town).await);
    let page = admin.get(&new).await;
    assert!(page.text.contains("計画の学年") && page.text.contains("書ける項目と例"), "{}", page.text);
    assert_eq!(page.text.matches(" formnovalidate formaction=").count(), 2, "asked also before it has a name");
    let token = page.form_token().expect("the form of a denominator");
    let kept = || async { first(&town).await.denominators.len() };
    let before = kept().await;

    // A rule that is none: its place, what may stand there and what was meant, in the reader's language.
    for pressed in [("do", "read"), ("do", "")] {
        let typed = [("csrf", token.as_str()), pressed, ("name", "分母"), ("kind", "rule"), ("rule", "cohort_ag >= 0")];
        let page = admin.post(&new, &typed).await;
        let status = if pressed.1 == "read" { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(page.status, status, "{}", page.text);
        for told in ["1行目の1文字目", "もしかして「cohort_age」ですか", "<mark>cohort_ag</mark>"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert!(!page.text.contains("at line") && page.text.contains("value=\"分母\""), "{}", page.text);
    }
    let stray = [("csrf", token.as_str()), ("name", "分母"), ("kind", "rule"), ("rule", "cohort_age ＝ 0")];
    let page = admin.post(&new, &stray).await;
    assert!(
        page.text.contains("条件の中で使えない文字です") && !page.text.contains("stray_character"),
        "{}",
        page.text
    );

    // The audience's rule is copied, read back in words with whom it holds for, and nothing is kept yet.
    let id = audience.to_string();
    let take =
        [("csrf", token.as_str()), ("do", "take"), ("name", "分母"), ("audience", id.as_str()), ("kind", "stated")];
    let page = admin.post(&new, &take).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(&format!("{rule}</textarea>")), "{}", page.text);
    assert!(page.text.contains("この条件の意味：") && page.text.contains("今あてはまる人：3人"), "{}", page.text);
    assert_eq!(kept().await, before);
    let keep = [("csrf", token.as_str()), ("name", "分母"), ("kind", "rule"), ("rule", rule)];
    assert_eq!(admin.post(&new, &keep).await.status, StatusCode::SEE_OTHER);
    assert_eq!(first(&town).await.denominators.pop().unwrap().basis, Basis::Rule(rule.into()));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_plan_takes_no_target_of_the_towns_own_away_unasked(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let by = Machine::working(town.here.org, "test");
    adopt_plan_at_setup(&town.house, &by, None).await.unwrap();
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let (here, plan) = (format!("/office/settings/indicators/{}", indicator(&town).await), "/office/settings/plan");
    assert!(!admin.get(plan).await.text.contains("この団体で決めた目標と分母"), "nothing of its own yet");
    let token = admin.get(&here).await.form_token().expect("the form of targets");
    let own = [("csrf", token.as_str()), ("target-2025", "1,500人"), ("bound-2025", "at-least")];
    assert_eq!(admin.post(&here, &own).await.status, StatusCode::SEE_OTHER);
    let set = Target { people: 1_500, bound: Bound::AtLeast };

    let page = admin.get(plan).await;
    assert!(page.text.contains("令和7年度：今は 1,500以上、計画は 1,457"), "{}", page.text);
    assert!(page.text.contains("value=\"kept\" checked"), "to keep is what is chosen: {}", page.text);
    let adopt = [("csrf", token.as_str()), ("plan", "shimane/masuda")];
    assert_eq!(admin.post(plan, &adopt).await.status, StatusCode::SEE_OTHER);
    let kept = first(&town).await;
    assert_eq!(kept.target(FiscalYear(2025)), Some(set));
    assert_eq!(kept.target(FiscalYear(2024)), Some(Target::exactly(990)), "what was blank is the plan's");
    assert_eq!(kept.denominators.len(), 1, "and its denominator");

    // Its own denominator, and a target of another of the plan's indicators.
    let own = [("csrf", token.as_str()), ("name", "分母"), ("kind", "rule"), ("rule", "everyone")];
    assert_eq!(admin.post(&format!("{here}/denominators/new"), &own).await.status, StatusCode::SEE_OTHER);
    let second = town.house.org(town.here.org).read().await.unwrap().indicators().await.unwrap().remove(1).id;
    let own = [("csrf", token.as_str()), ("target-2025", "500"), ("bound-2025", "exactly")];
    let its = format!("/office/settings/indicators/{second}");
    assert_eq!(admin.post(&its, &own).await.status, StatusCode::SEE_OTHER);

    // Who says so takes the plan's, and the record has what was.
    let replace: Vec<_> = adopt.into_iter().chain([("own", "replaced")]).collect();
    assert_eq!(admin.post(plan, &replace).await.status, StatusCode::SEE_OTHER);
    assert_eq!(first(&town).await.target(FiscalYear(2025)), Some(Target::exactly(1_457)));
    let record = admin.get("/office/audit").await.text;
    for told in [
        "令和7年度の目標 — → 1,500",
        "令和7年度の目標 1,500 → 1,457",
        "2番目の指標の令和7年度の目標 500 → —",
        "計画のものに替えた分母 1",
    ] {
        assert!(record.contains(told), "{told}: {record}");
    }
}
