//! How many people the demonstration has: each town's plan states its population over four school years. The school years
//! since the plan began are known whole, those before it only as far as they joined, and some pupils are still younger.
//! Leaves when they joined to `timetable`.

use tsunagari_blueprints::Plan;
use tsunagari_kernel::FiscalYear;

use super::timetable::Timetable;

/// The fiscal year the calendar begins in.
pub const THIS_YEAR: FiscalYear = FiscalYear(2025);
/// School years of graduates, this year's the last.
const GRADUATING: i32 = 5;
/// School years before those, of whom only they are known who joined.
const EARLIER: i32 = 2;
/// School years still before graduation.
const YOUNGER: i32 = 2;
/// Pupils who are younger, of a graduating school year, in per cent.
const YOUNGER_PER_CENT: u64 = 12;
/// A plan states the people of this many school years.
const PLAN_YEARS: u64 = 4;
/// A town that states no population is as large as the smallest.
const UNKNOWN: u64 = 200;

/// One school year of a town.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolYear {
    /// The fiscal year at whose end they leave high school.
    pub leaves: FiscalYear,
    /// How many.
    pub people: u64,
    /// Each graduate has a place below this; the timetable says when which place joins.
    pub places: u64,
}

fn population(plan: &Plan) -> u64 {
    let indicator = plan.indicators.first();
    let stated = indicator.and_then(|it| it.denominators.first()).and_then(|it| it.people(THIS_YEAR));
    stated.unwrap_or(UNKNOWN)
}

/// Whether a plan counts only those who live elsewhere: nobody who is still at school.
pub fn counts_who_left(plan: &Plan) -> bool {
    plan.indicators.first().is_some_and(|it| it.numerator.contains("residence_prefecture"))
}

/// Of a thousand graduates, so many live in another prefecture.
pub const ELSEWHERE: u64 = 800;

/// Graduates of one school year of a town.
pub fn cohort(plan: &Plan) -> u64 {
    if counts_who_left(plan) {
        population(plan) * 1_000 / (ELSEWHERE * (PLAN_YEARS - 1))
    } else {
        population(plan) / PLAN_YEARS
    }
}

/// The school years of one town, for about `of` of `all` people in total (`None`: the plans' own size).
pub fn school_years(plan: &Plan, scale: Scale) -> Vec<SchoolYear> {
    let cohort = cohort(plan);
    let timetable = Timetable::of(plan, cohort);
    (-EARLIER..GRADUATING + YOUNGER)
        .map(|index| {
            let leaves = THIS_YEAR.plus(index + 1 - GRADUATING);
            let (people, places) = match leaves {
                later if later > THIS_YEAR => (cohort * YOUNGER_PER_CENT / 100, cohort),
                _ if index < 0 => (timetable.joining(leaves), timetable.joining(leaves)),
                _ => (cohort, cohort),
            };
            SchoolYear { leaves, people: scale.of(people), places }
        })
        .collect()
}

/// How much larger than the plans the demonstration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    wanted: u64,
    base: u64,
}

impl Scale {
    /// The plans' own size.
    pub const AS_PLANNED: Self = Self { wanted: 1, base: 1 };

    /// So that all towns together have about this many people.
    pub fn for_people(plans: &[Plan], wanted: u64) -> Self {
        let base = plans.iter().flat_map(|plan| school_years(plan, Self::AS_PLANNED)).map(|year| year.people).sum();
        Self { wanted, base }
    }

    fn of(self, people: u64) -> u64 {
        people * self.wanted / self.base.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_are_as_large_as_their_plans_say() {
        let plans = tsunagari_blueprints::plans().unwrap();
        let four: Vec<u64> = plans
            .iter()
            .map(|plan| school_years(plan, Scale::AS_PLANNED)[3..7].iter().map(|year| year.people).sum())
            .collect();
        assert_eq!(four, [5340, 3300, 1456, 808, 216, 380]);
    }

    #[test]
    fn a_million_is_about_a_million() {
        let plans = tsunagari_blueprints::plans().unwrap();
        let scale = Scale::for_people(&plans, 1_000_000);
        let all: u64 = plans.iter().flat_map(|plan| school_years(plan, scale)).map(|year| year.people).sum();
        assert!((990_000..=1_000_000).contains(&all), "{all}");
    }
}
