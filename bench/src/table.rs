//! What was measured, as rows of one markdown table: the figure, its goal, the numbers, and whether the goal is met.
//! A goal that is not met is a row like any other and says why; nothing here fails. Leaves measuring to the parts.

use std::fmt;
use std::time::Duration;

use tsunagari_load::Times;

/// One row.
#[derive(Debug, Clone)]
pub struct Figure {
    what: String,
    goal: String,
    measured: String,
    verdict: Verdict,
    why: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Met,
    NotMet,
    /// There is no goal: the number is for the reader.
    ForInformation,
}

/// The number of a series of times a goal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// 95 of 100 are faster.
    P95,
    /// 99 of 100 are faster.
    P99,
    /// None is slower.
    Max,
}

impl Of {
    const fn label(self) -> &'static str {
        match self {
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Max => "max",
        }
    }

    fn of(self, times: &Times) -> Duration {
        match self {
            Self::P95 => times.at(95.0),
            Self::P99 => times.at(99.0),
            Self::Max => times.at(100.0),
        }
    }
}

/// A duration as people read it.
pub fn short(it: Duration) -> String {
    let ms = it.as_secs_f64() * 1e3;
    if ms >= 1_000.0 {
        format!("{:.1} s", ms / 1e3)
    } else if ms >= 10.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{ms:.1} ms")
    }
}

const fn verdict(met: bool) -> Verdict {
    if met { Verdict::Met } else { Verdict::NotMet }
}

impl Figure {
    fn new(what: impl Into<String>, goal: String, measured: String, verdict: Verdict) -> Self {
        Self { what: what.into(), goal, measured, verdict, why: String::new() }
    }

    /// Something that was done once, within a time.
    pub fn took(what: impl Into<String>, took: Duration, at_most: Duration) -> Self {
        Self::new(what, format!("≤ {}", short(at_most)), short(took), verdict(took <= at_most))
    }

    /// Many times of the same thing, with the goals about them.
    pub fn times(what: impl Into<String>, times: &Times, goals: &[(Of, Duration)]) -> Self {
        let met = goals.iter().all(|(of, most)| of.of(times) <= *most);
        let wanted: Vec<String> = goals.iter().map(|(of, most)| format!("{} ≤ {}", of.label(), short(*most))).collect();
        let measured = format!(
            "min {} · median {} · p95 {} · p99 {} · max {} (n = {})",
            short(times.at(0.0)),
            short(times.at(50.0)),
            short(times.at(95.0)),
            short(times.at(99.0)),
            short(times.at(100.0)),
            times.len()
        );
        let verdict = if goals.is_empty() { Verdict::ForInformation } else { verdict(met && !times.is_empty()) };
        Self::new(what, wanted.join(", "), measured, verdict)
    }

    /// Things a second.
    pub fn rate(what: impl Into<String>, a_second: f64, at_least: f64) -> Self {
        Self::new(what, format!("≥ {at_least:.0}/s"), format!("{a_second:.0}/s"), verdict(a_second >= at_least))
    }

    /// A number that must not be passed, with its unit.
    pub fn most(what: impl Into<String>, found: f64, at_most: f64, unit: &str) -> Self {
        let text = |n: f64| if n.fract() == 0.0 { format!("{n:.0}{unit}") } else { format!("{n:.2}{unit}") };
        Self::new(what, format!("≤ {}", text(at_most)), text(found), verdict(found <= at_most))
    }

    /// A fact without a goal.
    pub fn fact(what: impl Into<String>, measured: impl Into<String>) -> Self {
        Self::new(what, String::new(), measured.into(), Verdict::ForInformation)
    }

    /// What is said when the goal is not met.
    #[must_use]
    pub fn why_not(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// Whether a goal was missed.
    pub fn is_missed(&self) -> bool {
        self.verdict == Verdict::NotMet
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict {
            Verdict::Met => "met".to_owned(),
            Verdict::NotMet if self.why.is_empty() => "not met".to_owned(),
            Verdict::NotMet => format!("not met: {}", self.why),
            Verdict::ForInformation => String::new(),
        };
        write!(f, "| {} | {} | {} | {verdict} |", self.what, self.goal, self.measured)
    }
}

/// The head of a table.
pub const HEAD: &str = "| figure | goal | measured | |\n|---|---|---|---|";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_goal_says_why_and_a_met_one_does_not() {
        let second = Duration::from_secs(1);
        let missed = Figure::took("start", second * 2, second).why_not("the disk");
        assert_eq!(missed.to_string(), "| start | ≤ 1.0 s | 2.0 s | not met: the disk |");
        let met = Figure::took("start", second, second).why_not("the disk");
        assert_eq!(met.to_string(), "| start | ≤ 1.0 s | 1.0 s | met |");
    }

    #[test]
    fn a_series_without_a_single_time_meets_nothing() {
        assert!(Figure::times("pages", &Times::default(), &[(Of::P95, Duration::from_secs(1))]).is_missed());
    }
}
