//! Who may take part: conditions over the one who applies, the one it is for, a guardian, a household or a group, each judged
//! for the day the programme names. What is unknown is asked for and never passes; what a rule leaves to the staff goes to
//! them. Leaves facts to their providers, caps to `caps` and words to the locale files.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{FiscalYear, Moment, Timestamp};
use tsunagari_rules::{Checked, Explanation, Facts, Rule, Verdict, eval, explain};

use crate::quorum::{Quorum, Tally};

/// Whom a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The one who applies.
    Applicant,
    /// The one it is for; the applicant where both are the same.
    Beneficiary,
    /// A guardian of the one it is for.
    Guardian,
    /// The members of the beneficiary's household.
    Household,
    /// The members of the group that applies.
    Group,
}

/// The day a programme judges for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The day the application comes in.
    ApplicationDay,
    /// The last day of the round's fiscal year.
    FiscalYearEnd,
    /// The day of the round's event.
    EventDay,
    /// A day of its own.
    On(NaiveDate),
}

impl Reference {
    /// The moment to judge for. Days to come are asked about as of their end; nothing when the event has no day yet.
    pub fn moment(self, applied: Timestamp, year: FiscalYear, event: Option<NaiveDate>) -> Option<Moment> {
        match self {
            Self::ApplicationDay => Some(Moment { instant: applied, date: applied.jst_date() }),
            Self::FiscalYearEnd => Some(Moment { instant: applied, date: year.last_day() }),
            Self::EventDay => event.map(|day| Moment { instant: applied, date: day }),
            Self::On(day) => Some(Moment { instant: applied, date: day }),
        }
    }
}

/// A condition of a programme.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Its code in the blueprint: what refusals are counted by.
    pub code: String,
    /// Whom it is about.
    pub about: About,
    /// What must hold of them.
    pub rule: Rule<Checked>,
    /// Where the rule does not let somebody in but this does, the staff decides.
    pub staff_decides: Option<Rule<Checked>>,
    /// Of how many of a household or group it must hold; of everybody where nothing is said.
    pub quorum: Option<Quorum>,
}

/// The people an application is about.
pub trait Parties {
    /// The facts of those a condition is about: one for applicant and beneficiary, any number for the others.
    fn facts(&self, about: About) -> Vec<&dyn Facts>;
}

/// What a condition came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It holds.
    Met,
    /// The staff decides.
    ForStaff,
    /// Something must be said first.
    NotKnown,
    /// It does not hold.
    NotMet,
}

impl Outcome {
    /// The public code, as stored and as in the locale keys `outcome-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::ForStaff => "for_staff",
            Self::NotKnown => "not_known",
            Self::NotMet => "not_met",
        }
    }
}

impl std::str::FromStr for Outcome {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Met, Self::ForStaff, Self::NotKnown, Self::NotMet].into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// A condition and what it came to.
#[derive(Debug)]
pub struct Finding<'c> {
    /// The condition.
    pub condition: &'c Condition,
    /// What it came to.
    pub outcome: Outcome,
    /// Of a household or group, how many meet it.
    pub tally: Option<Tally>,
    /// Why, for each it was asked of.
    pub why: Vec<Explanation<'c>>,
}

/// What all conditions came to, in their order.
#[derive(Debug)]
pub struct Judged<'c>(pub Vec<Finding<'c>>);

impl<'c> Judged<'c> {
    /// The worst of them: one that is not met refuses, whatever else is unknown.
    pub fn outcome(&self) -> Outcome {
        self.0.iter().map(|it| it.outcome).max().unwrap_or(Outcome::Met)
    }

    /// The conditions that came to this.
    pub fn that_are(&self, outcome: Outcome) -> impl Iterator<Item = &Finding<'c>> {
        self.0.iter().filter(move |it| it.outcome == outcome)
    }
}

/// Judges every condition.
pub fn judge<'c>(conditions: &'c [Condition], parties: &dyn Parties, at: &Moment) -> Judged<'c> {
    Judged(conditions.iter().map(|condition| finding(condition, parties, at)).collect())
}

fn finding<'c>(condition: &'c Condition, parties: &dyn Parties, at: &Moment) -> Finding<'c> {
    let asked = parties.facts(condition.about);
    let why: Vec<Explanation<'c>> = asked.iter().map(|facts| explain(&condition.rule, *facts, at)).collect();
    let each: Vec<Verdict> = why.iter().map(|it| it.verdict).collect();
    let (verdict, tally) = match (condition.about, condition.quorum) {
        (About::Applicant | About::Beneficiary, _) => (each.first().copied().unwrap_or(Verdict::Unknown), None),
        // Any guardian will do; without one nothing is known.
        (About::Guardian, _) => (each.iter().copied().reduce(Verdict::or).unwrap_or(Verdict::Unknown), None),
        (About::Household | About::Group, _) if each.is_empty() => (Verdict::Unknown, None),
        (About::Household | About::Group, quorum) => {
            let tally = quorum.unwrap_or(Quorum::All).judge(&each);
            (tally.verdict, Some(tally))
        }
    };
    let for_staff = |rule| asked.iter().any(|facts| eval(rule, *facts, at).is_yes());
    let outcome = match verdict {
        Verdict::Yes => Outcome::Met,
        Verdict::No | Verdict::Unknown if condition.staff_decides.as_ref().is_some_and(for_staff) => Outcome::ForStaff,
        Verdict::Unknown => Outcome::NotKnown,
        Verdict::No => Outcome::NotMet,
    };
    Finding { condition, outcome, tally, why }
}

#[cfg(test)]
mod tests;
