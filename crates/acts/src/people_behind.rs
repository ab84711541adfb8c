//! Which people stand behind a number of an indicator: those reached, those not reached (all, or for one reason), of one
//! cohort or of all. A number and its list are one rule, asked for the count here and for the lines there. Only reads.

use tsunagari_kernel::FiscalYear;
use tsunagari_people::{PersonFact, ReachReason, TieKind};
use tsunagari_rules::{Catalogue, Checked, Expr, Op, Rule};
use tsunagari_storage::indicator::KeptIndicator;

use crate::ActError;
use crate::compute_figure::read_rule;

/// Which of the people an indicator speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Those counted.
    Reached,
    /// Those the rule means but for reach; also whose tie it asks for was there and has ended.
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
        let Apart { who, known, reach } = Apart::of(&numerator, &indicator.purpose, catalogue)?;
        let mut parts = match self.group {
            Group::Reached => vec![who, reach],
            Group::NotReached => vec![known, reach.opposite()],
            Group::Known => vec![known],
        };
        if let Some(reason) = self.reason {
            parts.push(read_rule(&format!("reason({}, {})", reason.code(), indicator.purpose), catalogue)?);
        }
        if let Some(cohort) = self.cohort {
            parts.push(read_rule(&format!("cohort = {}", cohort.0), catalogue)?);
        }
        Ok(Rule::all_of(parts))
    }
}

/// An indicator's rule taken apart.
struct Apart {
    /// Whom it means, reached or not, as it is written.
    who: Rule<Checked>,
    /// Whom it speaks of: also those whose tie it asks for was there and has ended. Reach asks for a living tie itself, so
    /// that none of them is counted, and somebody who leaves stays among the known as not reached, with the reason, instead
    /// of being forgotten on both sides of the rate.
    known: Rule<Checked>,
    /// Its reach part; `everyone` without one, and then nobody is spoken of but who is counted.
    reach: Rule<Checked>,
}

impl Apart {
    fn of(numerator: &Rule<Checked>, purpose: &str, catalogue: &Catalogue) -> Result<Self, ActError> {
        let (reach, who): (Vec<_>, Vec<_>) = numerator.conjuncts().into_iter().partition(asks_for_reach);
        let (asked, who) = (!reach.is_empty(), Rule::all_of(who));
        // Any other living tie makes somebody another one's: only who has none any more is spoken of as gone.
        let gone =
            |kind: TieKind| read_rule(&format!("had_tie({}) and reason(tie_ended, {purpose})", kind.code()), catalogue);
        let ended = TieKind::ALL.iter().map(|kind| Ok((*kind, gone(*kind)?))).collect::<Result<Vec<_>, ActError>>()?;
        let wider = |part: &Rule<Checked>| {
            let kind = tie_of(part)?;
            let (_, gone) = ended.iter().find(|(it, _)| *it == kind)?;
            Some(part.clone().or(gone.clone()))
        };
        let known = if asked { who.widened(&wider) } else { who.clone() };
        Ok(Self { who, known, reach: Rule::all_of(reach) })
    }
}

/// The rule whose walk counts an indicator: those it counts are those of its numerator, and those it means but for reach are
/// those it speaks of.
///
/// # Errors
/// As `Behind::rule`.
pub(crate) fn walked(
    numerator: &Rule<Checked>,
    indicator: &KeptIndicator,
    catalogue: &Catalogue,
) -> Result<Rule<Checked>, ActError> {
    let Apart { known, reach, .. } = Apart::of(numerator, &indicator.purpose, catalogue)?;
    Ok(Rule::all_of(known.conjuncts().into_iter().chain(reach.conjuncts())))
}

/// The kind of tie a condition asks for.
fn tie_of(part: &Rule<Checked>) -> Option<TieKind> {
    let Expr::Test(test) = part.expr() else { return None };
    let Some(PersonFact::Tie(kind)) = PersonFact::of(&test.call) else { return None };
    (test.op == Op::Holds).then_some(kind)
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
        let known = "cohort_age between 0 and 3 and (tie(origin) or had_tie(origin) and reason(tie_ended, info))";
        assert_eq!(text(Behind::all(Group::Known)), known);
        assert_eq!(text(Behind::all(Group::Reached)), format!("{who} and reachable(info)"));
        assert_eq!(text(Behind::all(Group::NotReached)), format!("{known} and not reachable(info)"));
    }

    #[test]
    fn a_reason_and_a_cohort_narrow() {
        let cohort = Some(FiscalYear(2024));
        let behind = Behind { group: Group::NotReached, reason: Some(ReachReason::LineBlocked), cohort };
        assert!(text(behind).ends_with("not reachable(info) and reason(line_blocked, info) and cohort = 2024"));
    }
}
