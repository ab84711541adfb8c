//! How many people the demonstration has: each town's plan states its population over four school years; the five years
//! that matter for this year's and last year's figure are made, and some pupils who are still younger.

use tsunagari_blueprints::Blueprint;
use tsunagari_kernel::FiscalYear;

/// The fiscal year the calendar begins in.
pub const THIS_YEAR: FiscalYear = FiscalYear(2025);
/// School years of graduates, this year's the last.
const GRADUATING: i32 = 5;
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
    /// How many of a thousand let themselves be reached.
    pub joining: u64,
}

fn population(plan: &Blueprint) -> u64 {
    let indicator = plan.indicators.first();
    let stated = indicator.and_then(|it| it.denominators.first()).and_then(|it| it.people(THIS_YEAR));
    stated.unwrap_or(UNKNOWN)
}

fn joining(plan: &Blueprint) -> u64 {
    let target = plan.indicators.first().and_then(|it| it.target(THIS_YEAR)).unwrap_or(UNKNOWN);
    // Somewhat more than the target's share joins, because some block, withdraw or leave later.
    (target * 1_000 / population(plan).max(1)).clamp(100, 960)
}

/// The school years of one town, for about `of` of `all` people in total (`None`: the plans' own size).
pub fn school_years(plan: &Blueprint, scale: Scale) -> Vec<SchoolYear> {
    let cohort = population(plan) / PLAN_YEARS;
    (0..GRADUATING + YOUNGER)
        .map(|index| {
            let leaves = THIS_YEAR.plus(index + 1 - GRADUATING);
            let people = if leaves > THIS_YEAR { cohort * YOUNGER_PER_CENT / 100 } else { cohort };
            SchoolYear { leaves, people: scale.of(people), joining: joining(plan) }
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
    pub fn for_people(plans: &[Blueprint], wanted: u64) -> Self {
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
        let plans = tsunagari_blueprints::all().unwrap();
        let four: Vec<u64> = plans
            .iter()
            .map(|plan| school_years(plan, Scale::AS_PLANNED)[1..5].iter().map(|year| year.people).sum())
            .collect();
        assert_eq!(four, [5340, 3300, 1456, 808, 216, 228]);
    }

    #[test]
    fn a_million_is_about_a_million() {
        let plans = tsunagari_blueprints::all().unwrap();
        let scale = Scale::for_people(&plans, 1_000_000);
        let all: u64 = plans.iter().flat_map(|plan| school_years(plan, scale)).map(|year| year.people).sum();
        assert!((990_000..=1_000_000).contains(&all), "{all}");
    }
}
