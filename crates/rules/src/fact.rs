//! What a fact is: its name in rules, what kind of answer it gives, which parameters it takes; and a call of a fact
//! inside a checked rule. Leaves the facts themselves to the domain crates that own them (each has a
//! `static FACTS: &[FactDef]`), their values to `Facts` (one person in memory) and to storage (SQL).
//! To add a kind of fact: add a variant to `FactKind`, and let the compiler show where it must be handled.

use crate::value::Operand;

/// Where the codes of a choice come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codes {
    /// A closed list, fixed by the program.
    Closed(&'static [&'static str]),
    /// An open list of this name; the organisation supplies its codes to the catalogue (interests, schools, purposes).
    Open(&'static str),
}

/// The kind of answer a fact gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// A whole number; `unit` is a key for its words (`years`, `yen`, `count`).
    Number {
        /// Key of the unit's words.
        unit: &'static str,
    },
    /// A civil day in Japan.
    Date,
    /// Yes or no; stands alone in a rule.
    Truth,
    /// Free text, compared exactly.
    Text,
    /// Exactly one code, or unknown.
    Choice(Codes),
    /// Any number of codes; none is a known, empty set.
    ChoiceSet(Codes),
}

/// The kind of a fact's parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// One code.
    Code(Codes),
    /// A whole number.
    Number,
    /// A civil day.
    Date,
}

/// A parameter of a fact. All parameters are required, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParamDef {
    /// Its name, for messages (`purpose`, `reason`).
    pub name: &'static str,
    /// What it takes.
    pub kind: ParamKind,
}

/// A fact rules may speak about. Its words stand in the locale files under `FactDef::label_key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FactDef {
    /// The name in rules: lower-case ASCII with underscores, not a keyword.
    pub name: &'static str,
    /// The kind of answer.
    pub kind: FactKind,
    /// Its parameters.
    pub params: &'static [ParamDef],
}

impl FactDef {
    /// A fact without parameters.
    pub const fn plain(name: &'static str, kind: FactKind) -> Self {
        Self { name, kind, params: &[] }
    }

    /// A fact with parameters.
    pub const fn with_params(name: &'static str, kind: FactKind, params: &'static [ParamDef]) -> Self {
        Self { name, kind, params }
    }

    /// The locale key of this fact's words: `fact-job-hunting` for `job_hunting`.
    pub fn label_key(&self) -> String {
        format!("fact-{}", self.name.replace('_', "-"))
    }

    /// The codes this fact answers with, when it is a choice or a set of choices.
    pub const fn codes(&self) -> Option<Codes> {
        match self.kind {
            FactKind::Choice(codes) | FactKind::ChoiceSet(codes) => Some(codes),
            FactKind::Number { .. } | FactKind::Date | FactKind::Truth | FactKind::Text => None,
        }
    }
}

/// A fact with its arguments, as it stands in a checked rule. The arguments fit `fact.params` in number and kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FactCall {
    /// The definition; match on `fact.name` to give it a meaning.
    pub fact: &'static FactDef,
    /// One operand for each parameter: `Operand::Code`, `Operand::Number` or `Operand::Date`.
    pub args: Vec<Operand>,
}

impl FactCall {
    /// The code given for the parameter at `index`; `None` when that parameter is not a code.
    pub fn code(&self, index: usize) -> Option<&str> {
        match self.args.get(index)? {
            Operand::Code(code) => Some(code),
            Operand::Number(_) | Operand::Date(_) | Operand::Text(_) => None,
        }
    }
}
