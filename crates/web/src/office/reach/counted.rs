//! Whom an indicator counts on a day, in one plain sentence under its heading: its name says what for, and people take it for
//! who. Read from the rule, so that it cannot say otherwise; a rule that asks for neither cohorts nor the job-hunting season has
//! none and speaks by its own words alone.

use chrono::NaiveDate;
use tsunagari_i18n::Texts;
use tsunagari_kernel::FiscalYear;
use tsunagari_rules::{Checked, Clause, Clauses, Rule, Sense};

/// The facts that say of whom a rule speaks, by their names in rules.
const COHORT: &str = "cohort_age";
const SEASON: &str = "job_hunting";

/// The sentence of a rule on a day; `purpose` is what the reach is called.
pub(crate) fn counted(t: Texts, rule: &Rule<Checked>, purpose: &str, day: NaiveDate) -> Option<String> {
    let Some(Clauses::All(groups)) = rule.as_clauses() else { return None };
    // Only what every person counted must fulfil.
    let each: Vec<&Clause> =
        groups.iter().filter_map(|group| if let [one] = &group.any_of[..] { Some(one) } else { None }).collect();
    let asks = |fact: &str| each.iter().copied().find(|it| it.fact == fact && it.sense == Sense::Holds);
    let now = asks(SEASON).is_some_and(|it| it.op.is_empty());
    let cohorts = asks(COHORT).and_then(|it| cohorts(it, day));
    let with = [("date", t.date(day).into()), ("purpose", purpose.into())];
    match cohorts {
        None if now => Some(t.with("reach-counted-hunting", &with)),
        None => None,
        Some([first, last]) => {
            let years = [("first", t.fiscal_year(first).into()), ("last", t.fiscal_year(last).into())];
            let key = if now { "reach-counted-both" } else { "reach-counted-cohorts" };
            Some(t.with(key, &with.into_iter().chain(years).collect::<Vec<_>>()))
        }
    }
}

/// The years at whose ends the people of `cohort_age between …` leave high school, the first before the last.
fn cohorts(it: &Clause, day: NaiveDate) -> Option<[FiscalYear; 2]> {
    let [low, high] = &it.values[..] else { return None };
    let this = FiscalYear::of(day);
    let year = |age: &str| age.parse::<i32>().ok().map(|age| this.plus(-age));
    (it.op == "between").then_some([year(high)?, year(low)?])
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;
    use tsunagari_people::FACTS;
    use tsunagari_rules::Catalogue;

    use super::*;

    fn said(rule: &str) -> Option<String> {
        let catalogue = Catalogue::of(&[FACTS]).unwrap().with_codes("purposes", ["info"]);
        let rule = Rule::<Checked>::read(rule, &catalogue).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
        counted(Texts::of(Locale::Ja), &rule, "案内", day)
    }

    #[test]
    fn whom_a_rule_counts_is_said_by_the_rule() {
        let cohorts = said("cohort_age between 0 and 3 and tie(origin) and reachable(info)").unwrap();
        for part in ["令和4年度から令和7年度まで", "「案内」", "就活期がまだの人も"] {
            assert!(cohorts.contains(part), "{part}: {cohorts}");
        }
        let now = said("job_hunting and tie(origin) and reachable(info)").unwrap();
        assert!(now.contains("に就活期にいる人") && !now.contains("まだの人"), "{now}");
        assert_eq!(said("age >= 18 and reachable(info)"), None);
        assert_eq!(said("not job_hunting and reachable(info)"), None, "what must not hold is not who is counted");
        assert_eq!(said("(job_hunting or age >= 18) and reachable(info)"), None, "one of two is not everybody");
    }

    #[test]
    fn every_plan_that_is_shipped_says_whom_it_counts() {
        for plan in tsunagari_blueprints::all().unwrap() {
            let schools = plan.rule_texts().flat_map(|it| it.split('"').skip(1).step_by(2)).map(str::to_owned);
            let places = ["320005".to_owned()];
            let catalogue = Catalogue::of(&[FACTS])
                .unwrap()
                .with_codes("purposes", ["info"])
                .with_codes("schools", schools.collect::<Vec<_>>())
                .with_codes("prefectures", places);
            for it in plan.figures() {
                let rule = it.numerator_rule(&catalogue).unwrap();
                let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
                assert!(counted(Texts::of(Locale::En), &rule, "news", day).is_some(), "{}", it.numerator);
            }
        }
    }
}
