//! The catalogue a rule is checked against: the facts of the domain crates and the organisation's own open lists of
//! codes. Leaves the words for facts and codes to the locale files and to the organisation's settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::fact::{Codes, FactDef};

/// The facts and codes rules of one organisation may speak about.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    facts: BTreeMap<&'static str, &'static FactDef>,
    open: BTreeMap<String, BTreeSet<String>>,
}

/// Two facts of the same name: a mistake in the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the fact {0} is defined twice")]
pub struct DefinedTwice(pub &'static str);

impl Catalogue {
    /// A catalogue of the facts of some crates.
    ///
    /// # Errors
    /// When two facts share a name.
    pub fn of(contributions: &[&'static [FactDef]]) -> Result<Self, DefinedTwice> {
        let mut facts = BTreeMap::new();
        for fact in contributions.iter().copied().flatten() {
            if facts.insert(fact.name, fact).is_some() {
                return Err(DefinedTwice(fact.name));
            }
        }
        Ok(Self { facts, open: BTreeMap::new() })
    }

    /// The same with the codes of an open list added.
    #[must_use]
    pub fn with_codes<C: Into<String>>(mut self, list: &str, codes: impl IntoIterator<Item = C>) -> Self {
        self.open.entry(list.to_owned()).or_default().extend(codes.into_iter().map(Into::into));
        self
    }

    /// The fact of this name.
    pub fn fact(&self, name: &str) -> Option<&'static FactDef> {
        self.facts.get(name).copied()
    }

    /// All facts, by name.
    pub fn facts(&self) -> impl Iterator<Item = &'static FactDef> + '_ {
        self.facts.values().copied()
    }

    /// The codes of a list, in order; an open list nobody supplied is empty.
    pub fn codes(&self, codes: Codes) -> Vec<&str> {
        match codes {
            Codes::Closed(list) => list.to_vec(),
            Codes::Open(name) => self.open.get(name).into_iter().flatten().map(String::as_str).collect(),
        }
    }

    /// Whether a code is in a list.
    pub fn knows(&self, codes: Codes, code: &str) -> bool {
        match codes {
            Codes::Closed(list) => list.contains(&code),
            Codes::Open(name) => self.open.get(name).is_some_and(|list| list.contains(code)),
        }
    }
}
