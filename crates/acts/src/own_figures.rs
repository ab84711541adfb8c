//! What an organisation set itself before it adopts a plan: targets and denominators of indicators the plan takes over, where the
//! plan says something else. It is shown beforehand, kept unless the administrator wants the plan's, and put into the record
//! either way. Leaves adopting to `adopt_plan`.

use tsunagari_figures::{Denominator, Indicator, Target};
use tsunagari_kernel::FiscalYear;

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// It stays; the plan fills what is blank.
    Kept,
    /// The plan's takes its place.
    Replaced,
}

/// A target of the organisation's own for which the plan has another, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTarget {
    /// Of which indicator, by name.
    pub indicator: String,
    /// Which year.
    pub year: FiscalYear,
    /// The organisation's.
    pub own: Target,
    /// The plan's; nothing where it is blank there.
    pub plan: Option<Target>,
}

/// What an indicator has of its own against the one a plan brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnFigures {
    /// Targets.
    pub targets: Vec<OwnTarget>,
    /// Denominators, by name.
    pub denominators: Vec<String>,
}

impl OwnFigures {
    /// Whether there is nothing to lose.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty() && self.denominators.is_empty()
    }

    /// What stands now against what the plan brings; of indicators the plan does not have nothing is lost.
    pub fn of<'i>(now: impl Iterator<Item = &'i Indicator> + Clone, plan: &[Indicator]) -> Self {
        let mut all = Self::default();
        for brought in plan {
            let Some(stands) = now.clone().find(|it| it.slug == brought.slug) else { continue };
            all.targets.extend(own_targets(stands, brought));
            all.denominators.extend(own_denominators(stands, brought).map(|it| it.name.clone()));
        }
        all
    }
}

fn own_targets(stands: &Indicator, brought: &Indicator) -> Vec<OwnTarget> {
    let other = stands.targets.iter().filter(|(year, own)| brought.target(**year) != Some(**own));
    let told = |(year, own): (&FiscalYear, &Target)| OwnTarget {
        indicator: brought.name.clone(),
        year: *year,
        own: *own,
        plan: brought.target(*year),
    };
    other.map(told).collect()
}

/// The denominators an indicator has that another one has not, or has otherwise.
pub(crate) fn own_denominators<'i>(
    stands: &'i Indicator,
    brought: &'i Indicator,
) -> impl Iterator<Item = &'i Denominator> {
    stands.denominators.iter().filter(|it| !brought.denominators.contains(it))
}

/// The indicator a plan brings, with what the organisation keeps of its own.
pub(crate) fn keeping(stands: &Indicator, brought: &Indicator) -> Indicator {
    let mut kept = brought.clone();
    kept.targets.extend(stands.targets.iter().map(|(year, own)| (*year, *own)));
    for own in own_denominators(stands, brought) {
        match kept.denominators.iter_mut().find(|it| it.slug == own.slug) {
            Some(it) => *it = own.clone(),
            None => kept.denominators.push(own.clone()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tsunagari_figures::{Basis, Bound};

    use super::*;

    fn indicator(targets: &[(i32, u64)], denominators: &[(&str, &str)]) -> Indicator {
        let denominator = |(slug, rule): &(&str, &str)| Denominator {
            slug: (*slug).into(),
            name: (*slug).into(),
            basis: Basis::Rule((*rule).into()),
        };
        Indicator {
            slug: "reachable".into(),
            name: "届く人".into(),
            unit: "人".into(),
            numerator: "everyone".into(),
            denominators: denominators.iter().map(denominator).collect(),
            targets: targets.iter().map(|(year, n)| (FiscalYear(*year), Target::exactly(*n))).collect(),
        }
    }

    #[test]
    fn only_what_differs_from_the_plan_is_the_organisations_own() {
        let plan = indicator(&[(2024, 990), (2025, 1_457)], &[("plan", "age >= 15")]);
        let stands = indicator(&[(2023, 5), (2024, 990), (2025, 30)], &[("plan", "age >= 15"), ("own-1", "everyone")]);
        let own = OwnFigures::of(std::iter::once(&stands), std::slice::from_ref(&plan));
        let years: Vec<_> =
            own.targets.iter().map(|it| (it.year.0, it.own.people, it.plan.map(|it| it.people))).collect();
        assert_eq!(years, [(2023, 5, None), (2025, 30, Some(1_457))]);
        assert_eq!(own.denominators, ["own-1"]);
        assert!(OwnFigures::of(std::iter::once(&plan), std::slice::from_ref(&plan)).is_empty());
        let kept = keeping(&stands, &plan);
        assert_eq!(kept.targets, stands.targets);
        assert_eq!(kept.denominators.len(), 2);
        let blank = keeping(&indicator(&[], &[]), &plan);
        assert_eq!(blank, plan, "the plan fills what is blank");
        // How a target binds is part of it.
        let bound = Target { people: 990, bound: Bound::AtLeast };
        let other = Indicator { targets: BTreeMap::from([(FiscalYear(2024), bound)]), ..plan.clone() };
        assert_eq!(OwnFigures::of(std::iter::once(&other), &[plan]).targets.len(), 1);
    }
}
