//! The canonical text of a rule and its hash. `parse(print(rule)) == rule`; two checked rules of one canonical text are
//! one rule. Leaves words for people to `describe`.

use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

use crate::ast::{Checked, Comparison, Expr, Literal, Op, Parsed, RawTest, Rule, Test};
use crate::fact::FactCall;
use crate::lex::is_bare;
use crate::value::{Day, Operand, Span};

impl Comparison {
    /// Its sign in a rule.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }
}

impl fmt::Display for Rule<Parsed> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expr(f, &self.expr, Place::Top)
    }
}

impl fmt::Display for Rule<Checked> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expr(f, &self.expr, Place::Top)
    }
}

impl Rule<Checked> {
    /// SHA-256 of the canonical text, in lower-case hexadecimal: what a published figure freezes.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.to_string().as_bytes()))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Top,
    InOr,
    InAnd,
    InNot,
}

fn expr<L: fmt::Display>(f: &mut fmt::Formatter<'_>, node: &Expr<L>, place: Place) -> fmt::Result {
    match node {
        Expr::Everyone => f.write_str("everyone"),
        Expr::Test(leaf) => leaf.fmt(f),
        Expr::And(parts) => group(f, parts, " and ", Place::InAnd, place == Place::InNot),
        Expr::Or(parts) => group(f, parts, " or ", Place::InOr, matches!(place, Place::InAnd | Place::InNot)),
        Expr::Not(inner) => {
            f.write_str("not ")?;
            expr(f, inner, Place::InNot)
        }
    }
}

fn group<L: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expr<L>],
    between: &str,
    place: Place,
    wrapped: bool,
) -> fmt::Result {
    if wrapped {
        f.write_char('(')?;
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        expr(f, part, place)?;
    }
    if wrapped { f.write_char(')') } else { Ok(()) }
}

fn list<V: fmt::Display>(f: &mut fmt::Formatter<'_>, values: &[V]) -> fmt::Result {
    f.write_char('(')?;
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        value.fmt(f)?;
    }
    f.write_char(')')
}

/// An operator after its fact.
struct After<'a, V>(&'a Op<V>);

impl<V: fmt::Display> fmt::Display for After<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Op::Holds => Ok(()),
            Op::Compare(comparison, value) => write!(f, " {} {value}", comparison.sign()),
            Op::Between(low, high) => write!(f, " between {low} and {high}"),
            Op::In(values) => f.write_str(" in ").and_then(|()| list(f, values)),
            Op::NotIn(values) => f.write_str(" not in ").and_then(|()| list(f, values)),
            Op::Has(value) => write!(f, " has {value}"),
            Op::HasAny(values) => f.write_str(" has any ").and_then(|()| list(f, values)),
            Op::HasAll(values) => f.write_str(" has all ").and_then(|()| list(f, values)),
            Op::IsKnown => f.write_str(" is known"),
            Op::IsUnknown => f.write_str(" is unknown"),
        }
    }
}

impl fmt::Display for RawTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fact.it)?;
        if !self.args.is_empty() {
            list(f, &self.args)?;
        }
        After(&self.op.it).fmt(f)
    }
}

impl fmt::Display for FactCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fact.name)?;
        if self.args.is_empty() { Ok(()) } else { list(f, &self.args) }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)?;
        After(&self.op).fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for crate::ast::Placed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.it.fmt(f)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digits(word) | Self::Word(word) => f.write_str(word),
            Self::Day(day) => day.fmt(f),
            Self::Text(text) => quoted(f, text),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => n.fmt(f),
            Self::Date(day) => day.fmt(f),
            Self::Text(text) => quoted(f, text),
            Self::Code(code) if is_bare(code) || is_digits(code) => f.write_str(code),
            Self::Code(code) => quoted(f, code),
        }
    }
}

fn is_digits(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amount, span) = match self {
            Self::On(day) => return day.fmt(f),
            Self::Today { amount, span } => (*amount, *span),
        };
        f.write_str("today")?;
        if amount == 0 {
            return Ok(());
        }
        let unit = match span {
            Span::Days => "days",
            Span::Months => "months",
            Span::Years => "years",
        };
        let sign = if amount < 0 { '-' } else { '+' };
        write!(f, " {sign} {} {unit}", amount.unsigned_abs())
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}
