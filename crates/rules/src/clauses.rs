//! The form model of a rule, for building by clicking: all of some groups, each group any of some simple clauses, every
//! part plain text as a form posts it. Leaves rules that nest deeper to the text editor (`Rule::as_clauses` is `None`).

use crate::ast::{Checked, Comparison, Expr, Literal, Op, Parsed, Placed, RawTest, Rule, Test};
use crate::catalogue::Catalogue;
use crate::error::{ErrorCode, Position, RuleError};
use crate::explain::Sense;
use crate::fact::{FactKind, ParamKind};
use crate::parse;
use crate::value::Operand;

/// A rule as a form shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clauses {
    /// `everyone`, chosen explicitly.
    Everyone,
    /// All of these groups; none at all is refused, never everyone.
    All(Vec<Group>),
}

/// Any of some clauses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// The clauses; none at all is refused.
    pub any_of: Vec<Clause>,
}

/// One clause, each part as a form posts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Whether it must hold or not hold.
    pub sense: Sense,
    /// The fact's name.
    pub fact: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// The operator as spelled in a rule (`>=`, `has any`, …); empty for a truth fact standing alone.
    pub op: String,
    /// The values: none, one, two for `between`, or a list.
    pub values: Vec<String>,
}

/// A refused form: which clause, and why. Positions inside the error are not of a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("group {group}, clause {clause}: {error}")]
pub struct ClauseError {
    /// Index of the group.
    pub group: usize,
    /// Index of the clause in its group.
    pub clause: usize,
    /// Why.
    pub error: RuleError,
}

impl Rule<Checked> {
    /// The rule as a form, when a form can show it.
    pub fn as_clauses(&self) -> Option<Clauses> {
        let groups = match &self.expr {
            Expr::Everyone => return Some(Clauses::Everyone),
            Expr::And(parts) => parts.iter().map(group).collect::<Option<Vec<_>>>()?,
            single @ (Expr::Test(_) | Expr::Or(_) | Expr::Not(_)) => vec![group(single)?],
        };
        Some(Clauses::All(groups))
    }
}

fn group(node: &Expr<Test>) -> Option<Group> {
    let any_of = match node {
        Expr::Or(parts) => parts.iter().map(clause).collect::<Option<Vec<_>>>()?,
        single @ (Expr::Everyone | Expr::Test(_) | Expr::And(_) | Expr::Not(_)) => vec![clause(single)?],
    };
    Some(Group { any_of })
}

fn clause(node: &Expr<Test>) -> Option<Clause> {
    let (sense, test) = match node {
        Expr::Test(test) => (Sense::Holds, test),
        Expr::Not(inner) => match inner.as_ref() {
            Expr::Test(test) => (Sense::HoldsNot, test),
            Expr::Everyone | Expr::And(_) | Expr::Or(_) | Expr::Not(_) => return None,
        },
        Expr::Everyone | Expr::And(_) | Expr::Or(_) => return None,
    };
    let values = match &test.op {
        Op::Holds | Op::IsKnown | Op::IsUnknown => Vec::new(),
        Op::Compare(_, value) | Op::Has(value) => vec![posted(value)],
        Op::Between(low, high) => vec![posted(low), posted(high)],
        Op::In(values) | Op::NotIn(values) | Op::HasAny(values) | Op::HasAll(values) => {
            values.iter().map(posted).collect()
        }
    };
    Some(Clause {
        sense,
        fact: test.call.fact.name.to_owned(),
        args: test.call.args.iter().map(posted).collect(),
        op: crate::check::operator_name(&test.op).to_owned(),
        values,
    })
}

fn posted(operand: &Operand) -> String {
    match operand {
        Operand::Number(n) => n.to_string(),
        Operand::Date(day) => day.to_string(),
        Operand::Text(text) | Operand::Code(text) => text.clone(),
    }
}

impl Clauses {
    /// The rule of a form.
    ///
    /// # Errors
    /// The first clause that means nothing, or a form without clauses.
    pub fn to_rule(&self, catalogue: &Catalogue) -> Result<Rule<Checked>, ClauseError> {
        let groups = match self {
            Self::Everyone => return Ok(Rule { expr: Expr::Everyone }),
            Self::All(groups) => groups,
        };
        let mut all = Vec::with_capacity(groups.len());
        for (g, group) in groups.iter().enumerate() {
            let mut any = Vec::with_capacity(group.any_of.len());
            for (c, clause) in group.any_of.iter().enumerate() {
                any.push(clause.checked(catalogue).map_err(|error| ClauseError { group: g, clause: c, error })?);
            }
            all.push(Expr::any(any).ok_or_else(|| nothing(g))?);
        }
        let expr = Expr::all(all).ok_or_else(|| nothing(0))?;
        // Once more as a whole, through its text: the size bounds hold for forms too.
        let text = Rule::<Checked> { expr }.to_string();
        Rule::<Checked>::read(&text, catalogue).map_err(|error| ClauseError { group: 0, clause: 0, error })
    }
}

fn nothing(group: usize) -> ClauseError {
    ClauseError { group, clause: 0, error: bad(ErrorCode::Empty, "") }
}

fn bad(code: ErrorCode, found: &str) -> RuleError {
    RuleError::new(code, Position::default(), found)
}

impl Clause {
    fn checked(&self, catalogue: &Catalogue) -> Result<Expr<Test>, RuleError> {
        let kinds = catalogue.fact(&self.fact).map(|fact| (fact.kind, fact.params));
        let (kind, params) = kinds.unwrap_or((FactKind::Text, &[]));
        let mut args = Vec::with_capacity(self.args.len());
        for (index, text) in self.args.iter().enumerate() {
            let kind = match params.get(index).map(|param| param.kind) {
                Some(ParamKind::Date) => FactKind::Date,
                Some(ParamKind::Number) => FactKind::Number { unit: "" },
                Some(ParamKind::Code(codes)) => FactKind::Choice(codes),
                None => FactKind::Text,
            };
            args.push(literal(text, kind)?);
        }
        let values = self.values.iter().map(|text| literal(text, kind)).collect::<Result<Vec<_>, _>>()?;
        let raw = RawTest { fact: placed(self.fact.clone()), args, op: placed(self.operator(values)?) };
        let expr = match self.sense {
            Sense::Holds => Expr::Test(raw),
            Sense::HoldsNot => Expr::Test(raw).negated(),
        };
        Rule::<Parsed> { expr }.check(catalogue).map(|rule| rule.expr)
    }

    fn operator(&self, values: Vec<Placed<Literal>>) -> Result<Op<Placed<Literal>>, RuleError> {
        let mut values = values;
        let last = values.pop();
        let compared = |comparison, value| Op::Compare(comparison, value);
        let listed = |mut values: Vec<_>, last| {
            values.push(last);
            values
        };
        Ok(match (self.op.as_str(), values.len(), last) {
            ("", 0, None) => Op::Holds,
            ("is known", 0, None) => Op::IsKnown,
            ("is unknown", 0, None) => Op::IsUnknown,
            ("=", 0, Some(value)) => compared(Comparison::Equal, value),
            ("!=", 0, Some(value)) => compared(Comparison::NotEqual, value),
            ("<", 0, Some(value)) => compared(Comparison::Less, value),
            ("<=", 0, Some(value)) => compared(Comparison::AtMost, value),
            (">", 0, Some(value)) => compared(Comparison::Greater, value),
            (">=", 0, Some(value)) => compared(Comparison::AtLeast, value),
            ("has", 0, Some(value)) => Op::Has(value),
            ("between", 1, Some(high)) => match values.pop() {
                Some(low) => Op::Between(low, high),
                None => return Err(bad(ErrorCode::WrongOperator, &self.op)),
            },
            ("in", _, Some(value)) => Op::In(listed(values, value)),
            ("not in", _, Some(value)) => Op::NotIn(listed(values, value)),
            ("has any", _, Some(value)) => Op::HasAny(listed(values, value)),
            ("has all", _, Some(value)) => Op::HasAll(listed(values, value)),
            (_, _, None) => return Err(bad(ErrorCode::WrongValue, "")),
            (other, _, Some(_)) => return Err(bad(ErrorCode::WrongOperator, other)),
        })
    }
}

fn placed<T>(it: T) -> Placed<T> {
    Placed { it, at: Position::default() }
}

/// A posted text as the literal its fact's kind expects; `check` judges it.
fn literal(text: &str, kind: FactKind) -> Result<Placed<Literal>, RuleError> {
    Ok(placed(match kind {
        FactKind::Number { .. } => Literal::Digits(text.trim().to_owned()),
        FactKind::Date => parse::literal(text)?,
        FactKind::Truth | FactKind::Text | FactKind::Choice(_) | FactKind::ChoiceSet(_) => {
            Literal::Text(text.to_owned())
        }
    }))
}
