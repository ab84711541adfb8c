//! Why a person got a verdict: the rule's tree with the verdict and the known value at every node, what would make it
//! yes, and sentences for both. Leaves the plain answer to `eval` (the two agree by test) and words to `phrase`.

use tsunagari_kernel::Moment;

use crate::ast::{Checked, Expr, Rule, Test};
use crate::eval::{Known, Verdict, judge};
use crate::fact::FactCall;
use crate::phrase::{Phrase, PhraseArg};
use crate::value::Facts;

/// A node of an explanation; borrows the rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'r> {
    /// The answer here.
    pub verdict: Verdict,
    /// What it follows from.
    pub because: Because<'r>,
}

/// What a verdict follows from.
#[derive(Debug, Clone, PartialEq)]
pub enum Because<'r> {
    /// The rule lets everyone in.
    Everyone,
    /// One condition and what is known of its fact.
    Test(&'r Test, Known),
    /// All of these.
    All(Vec<Explanation<'r>>),
    /// Any of these.
    Any(Vec<Explanation<'r>>),
    /// The opposite of this.
    Not(Box<Explanation<'r>>),
}

/// Explains the verdict of a rule for one person at a moment. Asks every fact of the rule.
pub fn explain<'r>(rule: &'r Rule<Checked>, facts: &dyn Facts, at: &Moment) -> Explanation<'r> {
    node(&rule.expr, facts, at)
}

fn node<'r>(expr: &'r Expr<Test>, facts: &dyn Facts, at: &Moment) -> Explanation<'r> {
    let parts =
        |parts: &'r [Expr<Test>]| -> Vec<Explanation<'r>> { parts.iter().map(|part| node(part, facts, at)).collect() };
    match expr {
        Expr::Everyone => Explanation { verdict: Verdict::Yes, because: Because::Everyone },
        Expr::Test(test) => {
            let known = Known::ask(test, facts, at);
            Explanation { verdict: judge(test, &known, at), because: Because::Test(test, known) }
        }
        Expr::And(inner) => {
            let parts = parts(inner);
            let verdict = parts.iter().map(|part| part.verdict).fold(Verdict::Yes, Verdict::and);
            Explanation { verdict, because: Because::All(parts) }
        }
        Expr::Or(inner) => {
            let parts = parts(inner);
            let verdict = parts.iter().map(|part| part.verdict).fold(Verdict::No, Verdict::or);
            Explanation { verdict, because: Because::Any(parts) }
        }
        Expr::Not(inner) => {
            let inner = node(inner, facts, at);
            Explanation { verdict: inner.verdict.negated(), because: Because::Not(Box::new(inner)) }
        }
    }
}

/// Whether a condition must hold or must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sense {
    /// It must hold.
    Holds,
    /// It must not hold (and must be known not to).
    HoldsNot,
}

impl Sense {
    const fn opposite(self) -> Self {
        match self {
            Self::Holds => Self::HoldsNot,
            Self::HoldsNot => Self::Holds,
        }
    }

    const fn wants(self) -> Verdict {
        match self {
            Self::Holds => Verdict::Yes,
            Self::HoldsNot => Verdict::No,
        }
    }
}

/// What would have to change for a yes.
#[derive(Debug, Clone, PartialEq)]
pub enum Need<'r> {
    /// This condition would have to hold, or not to.
    Test(&'r Test, Sense),
    /// All of these.
    All(Vec<Need<'r>>),
    /// One of these suffices.
    Any(Vec<Need<'r>>),
    /// Nothing can: the rule refuses everyone here.
    Impossible,
}

/// A line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How deep it is indented.
    pub depth: usize,
    /// The answer of this line.
    pub verdict: Verdict,
    /// Its sentence.
    pub phrase: Phrase,
}

impl<'r> Explanation<'r> {
    /// What would make it yes; `None` when it is.
    pub fn need(&self) -> Option<Need<'r>> {
        self.need_for(Sense::Holds)
    }

    fn need_for(&self, sense: Sense) -> Option<Need<'r>> {
        if self.verdict == sense.wants() {
            return None;
        }
        let needs = |parts: &[Self]| parts.iter().filter_map(|part| part.need_for(sense)).collect::<Vec<_>>();
        Some(match (&self.because, sense) {
            (Because::Everyone, _) => Need::Impossible,
            (Because::Test(test, _), sense) => Need::Test(test, sense),
            (Because::All(parts), Sense::Holds) | (Because::Any(parts), Sense::HoldsNot) => {
                whole(Need::All, needs(parts))
            }
            (Because::All(parts), Sense::HoldsNot) | (Because::Any(parts), Sense::Holds) => {
                whole(Need::Any, needs(parts))
            }
            (Because::Not(inner), sense) => return inner.need_for(sense.opposite()),
        })
    }

    /// The explanation line by line: groups open a level, conditions say what is known.
    pub fn lines(&self) -> Vec<Line> {
        let mut out = Vec::new();
        self.write(0, &mut out);
        out
    }

    fn write(&self, depth: usize, out: &mut Vec<Line>) {
        let (phrase, parts): (Phrase, &[Self]) = match &self.because {
            Because::Everyone => (Phrase::of("rule-everyone"), &[]),
            Because::Test(test, known) => (because(test, known, self.verdict), &[]),
            Because::All(parts) => (Phrase::of("rule-because-all"), parts),
            Because::Any(parts) => (Phrase::of("rule-because-any"), parts),
            Because::Not(inner) => (Phrase::of("rule-because-not"), std::slice::from_ref(inner)),
        };
        out.push(Line { depth, verdict: self.verdict, phrase });
        for part in parts {
            part.write(depth + 1, out);
        }
    }
}

fn whole<'r>(kind: fn(Vec<Need<'r>>) -> Need<'r>, mut needs: Vec<Need<'r>>) -> Need<'r> {
    match needs.len() {
        1 => needs.pop().unwrap_or(Need::Impossible),
        _ => kind(needs),
    }
}

fn because(test: &Test, known: &Known, verdict: Verdict) -> Phrase {
    let key = match verdict {
        Verdict::Yes => "rule-because-yes",
        Verdict::No => "rule-because-no",
        Verdict::Unknown => "rule-because-unknown",
    };
    let call: &FactCall = &test.call;
    Phrase::of(key)
        .with("condition", PhraseArg::Phrase(Box::new(test.phrase())))
        .with("value", call.known_phrase(known))
}

impl Need<'_> {
    /// The need as a phrase.
    pub fn phrase(&self) -> Phrase {
        let joined = |key: &'static str, parts: &[Self]| {
            let parts = parts.iter().map(|part| PhraseArg::Phrase(Box::new(part.phrase()))).collect();
            Phrase::of("rule-group").with("inner", PhraseArg::Joined(key, parts))
        };
        match self {
            Self::Test(test, Sense::Holds) => test.phrase(),
            Self::Test(test, Sense::HoldsNot) => {
                Phrase::of("rule-not").with("inner", PhraseArg::Phrase(Box::new(test.phrase())))
            }
            Self::All(parts) => joined("rule-and", parts),
            Self::Any(parts) => joined("rule-or", parts),
            Self::Impossible => Phrase::of("rule-need-impossible"),
        }
    }
}
