//! The one tree of a rule, in two stages: `Rule<Parsed>` (names and literals as written) and `Rule<Checked>` (facts
//! resolved, operands typed). Only `check` makes the second; only the second can be evaluated or compiled to SQL.
//! Leaves the text to `lex`, `parse` and `print`. To add an operator: a variant of `Op`; the compiler shows the rest.

use std::fmt::Debug;

use crate::error::Position;
use crate::fact::FactCall;
use crate::value::{Day, Operand};

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Parsed {}
    impl Sealed for super::Checked {}
}

/// A stage of a rule. Sealed: `Parsed` and `Checked`.
pub trait Stage: sealed::Sealed {
    /// A single condition at this stage.
    type Leaf: Clone + Debug + PartialEq;
}

/// Well-formed, but not yet known to mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed {}

/// Checked against a catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {}

impl Stage for Parsed {
    type Leaf = RawTest;
}
impl Stage for Checked {
    type Leaf = Test;
}

/// A rule at a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule<S: Stage> {
    pub(crate) expr: Expr<S::Leaf>,
}

impl<S: Stage> Rule<S> {
    /// The tree, for reading: compilers match on it exhaustively.
    pub fn expr(&self) -> &Expr<S::Leaf> {
        &self.expr
    }
}

/// A tree of conditions.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr<L> {
    /// The literal `everyone`: always yes. There is no empty rule.
    Everyone,
    /// One condition.
    Test(L),
    /// All of them; two or more, none of which is itself `And`.
    And(Vec<Expr<L>>),
    /// At least one of them; two or more, none of which is itself `Or`.
    Or(Vec<Expr<L>>),
    /// The opposite; unknown stays unknown.
    Not(Box<Expr<L>>),
}

impl<L> Expr<L> {
    /// All of the parts, flattened; a single part stands for itself. `None` when there is no part.
    pub fn all(parts: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::And(inner) => flat.extend(inner),
                other @ (Self::Everyone | Self::Test(_) | Self::Or(_) | Self::Not(_)) => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Self::And(flat)) } else { flat.pop() }
    }

    /// Any of the parts, flattened; a single part stands for itself. `None` when there is no part.
    pub fn any(parts: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Or(inner) => flat.extend(inner),
                other @ (Self::Everyone | Self::Test(_) | Self::And(_) | Self::Not(_)) => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Self::Or(flat)) } else { flat.pop() }
    }

    /// The opposite of this.
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }
}

/// How a number or a day is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// What a condition asks of its fact. `V` is the operand at the stage. Every operator but `IsKnown` and `IsUnknown`
/// is unknown when the fact is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Op<V> {
    /// A truth fact standing alone.
    Holds,
    /// A comparison; of order only for numbers and days.
    Compare(Comparison, V),
    /// Within both bounds, inclusive.
    Between(V, V),
    /// One of these; never empty.
    In(Vec<V>),
    /// None of these; never empty.
    NotIn(Vec<V>),
    /// The set holds this code.
    Has(V),
    /// The set holds at least one of these; never empty.
    HasAny(Vec<V>),
    /// The set holds every one of these; never empty.
    HasAll(Vec<V>),
    /// The fact is known; itself never unknown.
    IsKnown,
    /// The fact is unknown; itself never unknown.
    IsUnknown,
}

/// One checked condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Test {
    /// The fact with its arguments.
    pub call: FactCall,
    /// What is asked of it.
    pub op: Op<Operand>,
}

/// One condition as written.
#[derive(Debug, Clone, PartialEq)]
pub struct RawTest {
    /// The fact's name.
    pub fact: Placed<String>,
    /// Its arguments.
    pub args: Vec<Placed<Literal>>,
    /// What is asked of it.
    pub op: Placed<Op<Placed<Literal>>>,
}

/// A literal as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// Digits with an optional sign, as written: a number, or a code made of digits (`322041`).
    Digits(String),
    /// A day.
    Day(Day),
    /// Quoted text: text, or a code that is no identifier.
    Text(String),
    /// A bare word: a code.
    Word(String),
}

/// Something and where it stood in the text. Equal when the thing is equal, wherever it stood.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// The thing.
    pub it: T,
    /// Where it began.
    pub at: Position,
}

impl<T: PartialEq> PartialEq for Placed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.it == other.it
    }
}
