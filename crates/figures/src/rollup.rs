//! Several organisations together: people are added, rates never. One person whom two towns know is counted twice, so
//! the sum is labelled 延べ through its kind's code. Leaves the label's words to the locale files.

use serde::Serialize;

/// What the number of a roll-up means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RollupKind {
    /// Sum over organisations; a person known to several is counted for each (延べ).
    WithRepeats,
}

impl RollupKind {
    /// The code of its label.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WithRepeats => "rollup_with_repeats",
        }
    }
}

/// What one organisation brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution<B> {
    /// The organisation.
    pub body: B,
    /// People; `None` is blank.
    pub people: Option<u64>,
}

/// People of several organisations. There is no rate on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rollup<B> {
    /// The sum of what is not blank; `None` when all are blank.
    pub people: Option<u64>,
    /// How many organisations are in the sum.
    pub counted: usize,
    /// The organisations that are blank.
    pub blank: Vec<B>,
    /// What the sum means.
    pub kind: RollupKind,
}

impl<B> Rollup<B> {
    /// Adds people. `None` on overflow.
    pub fn of(parts: impl IntoIterator<Item = Contribution<B>>) -> Option<Self> {
        let mut rollup = Self { people: None, counted: 0, blank: Vec::new(), kind: RollupKind::WithRepeats };
        for part in parts {
            match part.people {
                Some(people) => {
                    rollup.people = Some(rollup.people.unwrap_or(0).checked_add(people)?);
                    rollup.counted += 1;
                }
                None => rollup.blank.push(part.body),
            }
        }
        Some(rollup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_is_named_and_not_added() {
        let part = |body, people| Contribution { body, people };
        let rollup = Rollup::of([part("a", Some(242)), part("b", None), part("c", Some(0))]).unwrap();
        assert_eq!((rollup.people, rollup.counted, rollup.blank), (Some(242), 2, vec!["b"]));
        assert_eq!(Rollup::of([part("a", None)]).unwrap().people, None);
        assert_eq!(Rollup::of([part("a", Some(u64::MAX)), part("b", Some(1))]), None);
    }
}
