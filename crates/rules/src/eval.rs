//! Three-valued evaluation of a checked rule over one person's facts, by Kleene's tables, as SQL treats NULL. *Unknown*
//! is never *yes*. Leaves reasons to `explain` and sets of people to storage's SQL, which must agree with this.

use std::collections::BTreeSet;

use tsunagari_kernel::Moment;

use crate::ast::{Checked, Comparison, Expr, Op, Rule, Test};
use crate::fact::FactKind;
use crate::value::{Facts, Operand, Value};

/// The answer of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not hold.
    No,
    /// A fact it depends on is unknown.
    Unknown,
    /// It holds.
    Yes,
}

impl Verdict {
    /// Kleene's and: the least of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Kleene's or: the most of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }

    /// Whether it is yes, the only answer that lets anyone in.
    pub const fn is_yes(self) -> bool {
        match self {
            Self::Yes => true,
            Self::Unknown | Self::No => false,
        }
    }
}

impl From<bool> for Verdict {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

/// Answers a rule for one person at a moment.
pub fn eval(rule: &Rule<Checked>, facts: &dyn Facts, at: &Moment) -> Verdict {
    expr(&rule.expr, facts, at)
}

fn expr(node: &Expr<Test>, facts: &dyn Facts, at: &Moment) -> Verdict {
    match node {
        Expr::Everyone => Verdict::Yes,
        Expr::Test(test) => judge(test, &Known::ask(test, facts, at), at),
        Expr::And(parts) => {
            let mut sum = Verdict::Yes;
            for part in parts {
                sum = sum.and(expr(part, facts, at));
                if sum == Verdict::No {
                    break;
                }
            }
            sum
        }
        Expr::Or(parts) => {
            let mut sum = Verdict::No;
            for part in parts {
                sum = sum.or(expr(part, facts, at));
                if sum == Verdict::Yes {
                    break;
                }
            }
            sum
        }
        Expr::Not(inner) => expr(inner, facts, at).negated(),
    }
}

/// What is known of a condition's fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    Unknown,
    /// A scalar.
    Value(Value),
    /// A set of codes.
    Set(BTreeSet<String>),
}

impl Known {
    pub(crate) fn ask(test: &Test, facts: &dyn Facts, at: &Moment) -> Self {
        match test.call.fact.kind {
            FactKind::ChoiceSet(_) => facts.set(&test.call, at).map_or(Self::Unknown, Self::Set),
            FactKind::Number { .. } | FactKind::Date | FactKind::Truth | FactKind::Text | FactKind::Choice(_) => {
                facts.value(&test.call, at).map_or(Self::Unknown, Self::Value)
            }
        }
    }
}

/// The verdict of one condition, given what is known of its fact.
pub(crate) fn judge(test: &Test, known: &Known, at: &Moment) -> Verdict {
    match (&test.op, known) {
        (Op::IsKnown, Known::Unknown) | (Op::IsUnknown, Known::Value(_) | Known::Set(_)) => Verdict::No,
        (Op::IsKnown, Known::Value(_) | Known::Set(_)) | (Op::IsUnknown, Known::Unknown) => Verdict::Yes,
        (_, Known::Unknown) => Verdict::Unknown,
        (op, Known::Value(value)) => scalar(op, value, at),
        (op, Known::Set(set)) => of_set(op, set),
    }
}

fn scalar(op: &Op<Operand>, value: &Value, at: &Moment) -> Verdict {
    let is = |operand: &Operand| compare(value, Comparison::Equal, operand, at);
    let any = |operands: &[Operand]| operands.iter().map(is).fold(Verdict::No, Verdict::or);
    match op {
        Op::Holds => match value {
            Value::Truth(truth) => Verdict::from(*truth),
            Value::Number(_) | Value::Date(_) | Value::Text(_) | Value::Code(_) => Verdict::Unknown,
        },
        Op::Compare(comparison, operand) => compare(value, *comparison, operand, at),
        Op::Between(low, high) => {
            compare(value, Comparison::AtLeast, low, at).and(compare(value, Comparison::AtMost, high, at))
        }
        Op::In(operands) => any(operands),
        Op::NotIn(operands) => any(operands).negated(),
        // A scalar answered for a set, or the reverse, is a provider's mistake: never yes.
        Op::Has(_) | Op::HasAny(_) | Op::HasAll(_) => Verdict::Unknown,
        Op::IsKnown => Verdict::Yes,
        Op::IsUnknown => Verdict::No,
    }
}

fn of_set(op: &Op<Operand>, set: &BTreeSet<String>) -> Verdict {
    let holds = |operand: &Operand| match operand {
        Operand::Code(code) => set.contains(code),
        Operand::Number(_) | Operand::Date(_) | Operand::Text(_) => false,
    };
    match op {
        Op::Has(operand) => holds(operand).into(),
        Op::HasAny(operands) => operands.iter().any(holds).into(),
        Op::HasAll(operands) => operands.iter().all(holds).into(),
        Op::Holds | Op::Compare(..) | Op::Between(..) | Op::In(_) | Op::NotIn(_) => Verdict::Unknown,
        Op::IsKnown => Verdict::Yes,
        Op::IsUnknown => Verdict::No,
    }
}

fn compare(value: &Value, comparison: Comparison, operand: &Operand, at: &Moment) -> Verdict {
    let ordering = match (value, operand) {
        (Value::Number(a), Operand::Number(b)) => a.cmp(b),
        (Value::Date(a), Operand::Date(b)) => a.cmp(&b.resolve(at)),
        (Value::Text(a), Operand::Text(b)) | (Value::Code(a), Operand::Code(b)) => a.cmp(b),
        // A value of another kind than the catalogue promised: never yes.
        _ => return Verdict::Unknown,
    };
    Verdict::from(match comparison {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::AtMost => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::AtLeast => ordering.is_ge(),
    })
}
