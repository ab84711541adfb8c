//! What a plan promises for a year: a number, or an inequality such as 30名以上. A blank is `None` at whoever holds the
//! target and never becomes 0. Leaves the plan's rates as stated to `blueprints`.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::Yen;

/// How a target binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The number itself.
    Exactly,
    /// The number or more (以上).
    AtLeast,
    /// The number or less (以下).
    AtMost,
}

/// A target of one fiscal year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// People.
    pub people: u64,
    /// How it binds.
    pub bound: Bound,
}

impl Target {
    /// A plain number.
    pub const fn exactly(people: u64) -> Self {
        Self { people, bound: Bound::Exactly }
    }

    /// Whether a count meets it. A plain number is met when it is reached or passed.
    pub const fn met_by(self, count: u64) -> bool {
        match self.bound {
            Bound::Exactly | Bound::AtLeast => count >= self.people,
            Bound::AtMost => count <= self.people,
        }
    }
}

/// Yen of a plan per student of its last target, rounded half up: a plan value, not cost-effectiveness.
pub fn yen_per_student(budget: Yen, target: Target) -> Option<Yen> {
    i64::try_from(target.people).ok().and_then(|heads| budget.per_head(heads))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inequalities_bind_their_own_way() {
        let thirty_or_more = Target { people: 30, bound: Bound::AtLeast };
        assert!(thirty_or_more.met_by(30) && !thirty_or_more.met_by(29));
        let at_most = Target { people: 5, bound: Bound::AtMost };
        assert!(at_most.met_by(0) && !at_most.met_by(6));
        assert!(Target::exactly(10).met_by(11) && !Target::exactly(10).met_by(9));
    }
}
