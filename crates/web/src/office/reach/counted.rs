//! Whom an indicator counts on a day, in one plain sentence under its heading: its name says what for, and people take it for
//! who. Read from the rule, so that it cannot say otherwise: what the rule asks besides is pointed to, for its own words stand
//! below. A rule that asks for neither cohorts nor the job-hunting season has none and speaks by its own words alone.

use chrono::NaiveDate;
use tsunagari_i18n::{Arg, Texts};
use tsunagari_kernel::FiscalYear;
use tsunagari_rules::{Checked, Clause, Clauses, Group, Rule, Sense};

/// The facts that say of whom a rule speaks, by their names in rules.
const COHORT: &str = "cohort_age";
const SEASON: &str = "job_hunting";
const REACHABLE: &str = "reachable";
const TIE: &str = "tie";
const ORIGIN: &str = "origin";

/// The sentence of a rule on a day; `purpose` is what the reach is called.
pub(crate) fn counted(t: Texts, rule: &Rule<Checked>, purpose: &str, day: NaiveDate) -> Option<String> {
    let Some(Clauses::All(groups)) = rule.as_clauses() else { return None };
    let (mut now, mut years, mut reach) = (false, None, false);
    let mut further: Vec<&Group> = Vec::new();
    for group in &groups {
        // Only what every person counted must fulfil is told, and each thing once.
        match &group.any_of[..] {
            [it] if holds(it, SEASON) => now = true,
            [it] if years.is_none() && cohorts(it, day).is_some() => years = cohorts(it, day),
            [it] if !reach && holds(it, REACHABLE) => reach = true,
            [it] if holds(it, TIE) && it.args == [ORIGIN] => {}
            _ => further.push(group),
        }
    }
    let asked_besides = |fact: &str| further.iter().any(|group| group.any_of.iter().any(|it| it.fact == fact));
    let key = match (years, now) {
        (None, false) => return None,
        (None, true) => "reach-counted-hunting",
        (Some(_), true) => "reach-counted-both",
        // It says that the season does not matter.
        (Some(_), false) if asked_besides(SEASON) => return None,
        (Some(_), false) => "reach-counted-cohorts",
    };
    let mut with: Vec<(&str, Arg)> = vec![("date", t.date(day).into()), ("purpose", purpose.into())];
    if let Some([first, last]) = years {
        with.extend([("first", t.fiscal_year(first).into()), ("last", t.fiscal_year(last).into())]);
    }
    Some(if further.is_empty() { t.with(key, &with) } else { t.with(format!("{key}.further"), &with) })
}

/// Whether a clause is a truth fact standing alone.
fn holds(it: &Clause, fact: &str) -> bool {
    it.fact == fact && it.sense == Sense::Holds && it.op.is_empty()
}

/// The years at whose ends the people of `cohort_age between …` leave high school, the first before the last.
fn cohorts(it: &Clause, day: NaiveDate) -> Option<[FiscalYear; 2]> {
    let [low, high] = &it.values[..] else { return None };
    if it.fact != COHORT || it.sense != Sense::Holds || it.op != "between" {
        return None;
    }
    let this = FiscalYear::of(day);
    let year = |age: &str| age.parse::<i32>().ok().map(|age| this.plus(-age));
    Some([year(high)?, year(low)?])
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;
    use tsunagari_people::FACTS;
    use tsunagari_rules::Catalogue;

    use super::*;

    fn said(rule: &str) -> Option<String> {
        let catalogue = Catalogue::of(&[FACTS]).unwrap().with_codes("purposes", ["info", "jobs"]);
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
    fn what_a_rule_asks_besides_is_not_left_out() {
        let besides = "すべて当てはまり";
        let whole = "cohort_age between 0 and 3 and tie(origin) and reachable(info)";
        assert!(!said(whole).unwrap().contains(besides));
        for more in [
            "age >= 18",
            "not tie(resident)",
            "tie(resident)",
            "reachable(jobs)",
            "cohort_age between 1 and 2",
            "(tie(origin) or tie(resident))",
        ] {
            let told = said(&format!("{whole} and {more}")).unwrap();
            assert!(told.contains(besides) && told.contains("就活期がまだの人も"), "{more}: {told}");
            let told = said(&format!("job_hunting and reachable(info) and {more}")).unwrap();
            assert_eq!(told.contains(besides), !more.starts_with("cohort_age"), "{more}: {told}");
        }
        assert_eq!(said(&format!("{whole} and not job_hunting")), None, "then the season does matter");
        let both = said(&format!("{whole} and job_hunting and age >= 18")).unwrap();
        assert!(both.contains(besides) && both.contains("就活期にいる人"), "{both}");
    }

    #[test]
    fn every_plan_that_is_shipped_says_whom_it_counts_and_nobody_else() {
        let t = Texts::of(Locale::En);
        for plan in tsunagari_blueprints::plans().unwrap() {
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
                let told = counted(t, &rule, "news", day).unwrap_or_else(|| panic!("nothing of {}", it.numerator));
                // One school's own people only, or everybody who comes from the town.
                let more = ["high_school", "residence"].iter().any(|fact| it.numerator.contains(fact));
                assert_eq!(told.contains("meet every condition below"), more, "{}: {told}", it.numerator);
            }
        }
    }
}
