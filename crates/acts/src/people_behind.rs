//! Which people stand behind a number of an indicator: those reached, those not reached (all, or for one reason), of one
//! cohort or of all. A number and its list are one rule, asked for the count here and for the lines there. Only reads.

use tsunagari_kernel::FiscalYear;
use tsunagari_people::{PersonFact, ReachReason};
use tsunagari_rules::{Catalogue, Checked, Expr, Rule};
use tsunagari_storage::indicator::KeptIndicator;

use crate::ActError;
use crate::compute_figure::read_rule;

/// Which of the people an indicator speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Those counted.
    Reached,
    /// Those the rule means but for reach.
    NotReached,
    /// Both.
    Known,
}

impl Group {
    /// The code in addresses and texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotReached => "not_reached",
            Self::Known => "known",
        }
    }

    /// From its code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Reached, Self::NotReached, Self::Known].into_iter().find(|it| it.code() == code)
    }
}

/// The people behind one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    /// Which of them.
    pub group: Group,
    /// Only those to whom this reason applies.
    pub reason: Option<ReachReason>,
    /// Only those who leave high school at the end of this year.
    pub cohort: Option<FiscalYear>,
}

impl Behind {
    /// Everybody of a group.
    pub const fn all(group: Group) -> Self {
        Self { group, reason: None, cohort: None }
    }

    /// The rule of these people.
    ///
    /// # Errors
    /// `indicator_rule_broken` when the indicator no longer reads against the organisation's lists.
    pub fn rule(&self, indicator: &KeptIndicator, catalogue: &Catalogue) -> Result<Rule<Checked>, ActError> {
        let numerator = read_rule(&indicator.definition.numerator, catalogue)?;
        let (reach, who): (Vec<_>, Vec<_>) = numerator.conjuncts().into_iter().partition(asks_for_reach);
        let mut parts = who;
        match self.group {
            Group::Reached => parts.extend(reach),
            Group::NotReached => parts.push(Rule::all_of(reach).opposite()),
            Group::Known => {}
        }
        if let Some(reason) = self.reason {
            parts.push(read_rule(&format!("reason({}, {})", reason.code(), indicator.purpose), catalogue)?);
        }
        if let Some(cohort) = self.cohort {
            parts.push(read_rule(&format!("cohort = {}", cohort.0), catalogue)?);
        }
        Ok(Rule::all_of(parts))
    }
}

fn asks_for_reach(part: &Rule<Checked>) -> bool {
    let Expr::Test(test) = part.expr() else { return false };
    matches!(PersonFact::of(&test.call), Some(PersonFact::Reachable(_) | PersonFact::ReachableBy(..)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tsunagari_figures::Indicator;
    use tsunagari_kernel::{Chance, IndicatorId, Timestamp};
    use tsunagari_people::FACTS;

    use super::*;

    fn text(behind: Behind) -> String {
        let catalogue = Catalogue::of(&[FACTS]).unwrap().with_codes("purposes", ["info"]);
        let indicator = KeptIndicator {
            id: IndicatorId::born(&Chance::seeded(1), Timestamp::default()),
            purpose: "info".into(),
            definition: Indicator {
                slug: "reachable-students".into(),
                name: "届けられる人".into(),
                unit: "人".into(),
                numerator: "cohort_age between 0 and 3 and tie(origin) and reachable(info)".into(),
                denominators: Vec::new(),
                targets: BTreeMap::new(),
            },
            position: 0,
        };
        behind.rule(&indicator, &catalogue).unwrap().to_string()
    }

    #[test]
    fn the_people_not_reached_are_those_of_the_rule_without_its_reach() {
        let who = "cohort_age between 0 and 3 and tie(origin)";
        assert_eq!(text(Behind::all(Group::Known)), who);
        assert_eq!(text(Behind::all(Group::Reached)), format!("{who} and reachable(info)"));
        assert_eq!(text(Behind::all(Group::NotReached)), format!("{who} and not reachable(info)"));
    }

    #[test]
    fn a_reason_and_a_cohort_narrow() {
        let cohort = Some(FiscalYear(2024));
        let behind = Behind { group: Group::NotReached, reason: Some(ReachReason::LineBlocked), cohort };
        assert!(text(behind).ends_with("not reachable(info) and reason(line_blocked, info) and cohort = 2024"));
    }
}
