//! Classes of those who take part, with different benefits: the first whose rule holds. A class that is not known to hold is
//! not theirs yet; what would have to be said for it can be told. Leaves what a class gets to the blueprint.

use tsunagari_kernel::Moment;
use tsunagari_rules::{Checked, Facts, Rule, Verdict, eval};

/// A class.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its code in the blueprint.
    pub code: String,
    /// Who is in it.
    pub rule: Rule<Checked>,
}

/// Somebody's class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified<'c> {
    /// The class; nothing where none holds.
    pub class: Option<&'c str>,
    /// Better classes that may be theirs once more is known.
    pub maybe: Vec<&'c str>,
}

/// The class of somebody at a moment.
pub fn classify<'c>(classes: &'c [Class], facts: &dyn Facts, at: &Moment) -> Classified<'c> {
    let mut maybe = Vec::new();
    for class in classes {
        match eval(&class.rule, facts, at) {
            Verdict::Yes => return Classified { class: Some(&class.code), maybe },
            Verdict::Unknown => maybe.push(class.code.as_str()),
            Verdict::No => {}
        }
    }
    Classified { class: None, maybe }
}
