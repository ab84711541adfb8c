//! A checked rule as an SQL predicate over `person p`, three-valued exactly as `rules::eval`: NULL is *unknown*, and only
//! *yes* lets anyone in. Values are bound, never written. Leaves the SQL of each fact to `facts`, and whom the predicate
//! is asked about to `audience`. The two meanings are held together by the property test `eval_equals_sql`.

use std::borrow::Cow;

use tsunagari_kernel::Moment;
use tsunagari_people::{PersonFact, Policy};
use tsunagari_rules::ast::{Checked, Comparison, Expr, Op, Rule, Test};
use tsunagari_rules::{FactKind, Operand, Value};

use crate::error::StorageError;
use crate::facts::{self, FactSql};
use crate::sql::{Arg, MAX_PARAMETERS};

/// A rule asked for a moment under what the organisation has set.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The rule.
    pub rule: &'q Rule<Checked>,
    /// The moment it is asked for.
    pub at: &'q Moment,
    /// The organisation's settings.
    pub policy: &'q Policy,
}

/// A mistake the compiler can be told to make, so that a test proves it would be noticed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Slip {
    /// No mistake.
    #[default]
    None,
    /// What is unknown counts as no, so that its opposite becomes yes.
    #[cfg(feature = "testing")]
    UnknownIsNo,
    /// A span contains its end.
    #[cfg(feature = "testing")]
    ClosedSpans,
}

/// Text of a condition and its arguments, numbered from `$2` (or after what was bound before) on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Predicate {
    pub(crate) sql: String,
    pub(crate) args: Vec<Arg>,
}

/// Writes conditions and gathers their arguments; `$1` is the organisation, `p` the person.
pub(crate) struct Compiler<'q> {
    pub(crate) at: &'q Moment,
    pub(crate) policy: &'q Policy,
    slip: Slip,
    args: Vec<Arg>,
}

type Sql = Result<String, StorageError>;

impl<'q> Compiler<'q> {
    /// A compiler whose first arguments (`$2` …) are already bound.
    pub(crate) fn after(bound: Vec<Arg>, at: &'q Moment, policy: &'q Policy) -> Self {
        Self { at, policy, slip: Slip::None, args: bound }
    }

    #[must_use]
    pub(crate) fn slipping(mut self, slip: Slip) -> Self {
        self.slip = slip;
        self
    }

    pub(crate) fn done(self, sql: String) -> Result<Predicate, StorageError> {
        if self.args.len() >= MAX_PARAMETERS {
            return Err(StorageError::Broken("the rule holds more values than a statement can".to_owned()));
        }
        Ok(Predicate { sql, args: self.args })
    }

    /// Binds a value and gives its placeholder; the first ones are shared when equal (the moment, the purpose).
    pub(crate) fn bind(&mut self, value: impl Into<Arg>) -> String {
        let value = value.into();
        let known = self.args.iter().take(32).position(|arg| *arg == value);
        let index = known.unwrap_or_else(|| {
            self.args.push(value);
            self.args.len() - 1
        });
        format!("${}", index + 2)
    }

    pub(crate) fn day(&mut self) -> String {
        self.bind(self.at.date)
    }

    pub(crate) fn instant(&mut self) -> String {
        self.bind(self.at.instant)
    }

    /// Whether a half-open span of two columns holds a point; never unknown.
    pub(crate) fn inside(&self, from: &str, until: &str, point: &str) -> String {
        let before = match self.slip {
            Slip::None => "<",
            #[cfg(feature = "testing")]
            Slip::UnknownIsNo => "<",
            #[cfg(feature = "testing")]
            Slip::ClosedSpans => "<=",
        };
        format!("{from} <= {point} AND ({until} IS NULL OR {point} {before} {until})")
    }

    /// A tree of conditions.
    pub(crate) fn expr(&mut self, node: &Expr<Test>) -> Sql {
        Ok(match node {
            Expr::Everyone => "TRUE".to_owned(),
            Expr::Test(test) => self.test(test)?,
            Expr::And(parts) => {
                let mut ordered: Vec<&Expr<Test>> = parts.iter().collect();
                ordered.sort_by_key(|part| weight(part));
                self.joined(&ordered, " AND ")?
            }
            Expr::Or(parts) => {
                let mut ordered: Vec<&Expr<Test>> = parts.iter().collect();
                ordered.sort_by_key(|part| weight(part));
                self.joined(&ordered, " OR ")?
            }
            Expr::Not(inner) => format!("NOT {}", self.expr(inner)?),
        })
    }

    /// The rule, and before it the best way in: a set of people outside of which no top condition can hold. It changes
    /// only how the answer is found.
    pub(crate) fn rule(&mut self, node: &Expr<Test>) -> Sql {
        let tops: &[Expr<Test>] = match node {
            Expr::And(parts) => parts,
            one @ (Expr::Everyone | Expr::Test(_) | Expr::Or(_) | Expr::Not(_)) => std::slice::from_ref(one),
        };
        let mut ways: Vec<(u32, String, &Test)> = Vec::new();
        for top in tops {
            if let Expr::Test(test) = top
                && let Some((rank, open)) = facts::way_in(&fact_of(test)?)
                && matches!(&test.op, Op::Compare(Comparison::Equal, _) | Op::In(_) | Op::Has(_) | Op::HasAny(_))
            {
                ways.push((rank, open, test));
            }
        }
        let sql = self.expr(node)?;
        let Some((_, open, test)) = ways.into_iter().min_by_key(|(rank, _, _)| *rank) else { return Ok(sql) };
        let code: fn(String) -> Arg = if test.call.fact.name == "high_school" { id_arg } else { Arg::from };
        let operands = match &test.op {
            Op::Compare(_, one) | Op::Has(one) => std::slice::from_ref(one),
            Op::In(many) | Op::HasAny(many) => many,
            Op::Holds | Op::Between(..) | Op::NotIn(_) | Op::HasAll(_) | Op::IsKnown | Op::IsUnknown => return Ok(sql),
        };
        Ok(format!("p.person_id IN ({open} IN {}) AND {sql}", self.list(operands, code)))
    }

    fn joined(&mut self, parts: &[&Expr<Test>], word: &str) -> Sql {
        let parts = parts.iter().map(|part| self.expr(part)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("({})", parts.join(word)))
    }

    fn test(&mut self, test: &Test) -> Sql {
        let fact = fact_of(test)?;
        // A set is never unknown. Asked before its SQL is written: PostgreSQL counts what was bound and not used.
        if let (FactKind::ChoiceSet(_), Op::IsKnown | Op::IsUnknown) = (test.call.fact.kind, &test.op) {
            return Ok(if test.op == Op::IsKnown { "TRUE" } else { "FALSE" }.to_owned());
        }
        let sql = match facts::sql(self, &fact) {
            FactSql::Scalar(sql) => self.scalar(&sql, &test.op, Arg::from),
            FactSql::Id(sql) => self.scalar(&sql, &test.op, id_arg),
            FactSql::Truth(sql) => match &test.op {
                Op::Holds => format!("({sql})"),
                Op::IsKnown => format!("(({sql}) IS NOT NULL)"),
                Op::IsUnknown => format!("(({sql}) IS NULL)"),
                Op::Compare(..)
                | Op::Between(..)
                | Op::In(_)
                | Op::NotIn(_)
                | Op::Has(_)
                | Op::HasAny(_)
                | Op::HasAll(_) => UNKNOWN.to_owned(),
            },
            FactSql::Set(one_of) => self.set(&one_of, &test.op),
        };
        Ok(match self.slip {
            Slip::None => sql,
            #[cfg(feature = "testing")]
            Slip::UnknownIsNo => format!("coalesce({sql}, FALSE)"),
            #[cfg(feature = "testing")]
            Slip::ClosedSpans => sql,
        })
    }

    fn operand(&mut self, operand: &Operand, code: fn(String) -> Arg) -> String {
        match operand.resolve(self.at) {
            Value::Number(n) => self.bind(n),
            Value::Date(day) => self.bind(comparable_day(day)),
            Value::Text(text) => self.bind(text),
            Value::Code(text) => self.bind(code(text)),
            Value::Truth(truth) => self.bind(truth),
        }
    }

    fn list(&mut self, operands: &[Operand], code: fn(String) -> Arg) -> String {
        let list: Vec<String> = operands.iter().map(|operand| self.operand(operand, code)).collect();
        format!("({})", list.join(", "))
    }

    fn scalar(&mut self, sql: &str, op: &Op<Operand>, code: fn(String) -> Arg) -> String {
        match op {
            Op::Compare(comparison, operand) => {
                format!("({sql} {} {})", sign(*comparison), self.operand(operand, code))
            }
            Op::Between(low, high) => {
                let (low, high) = (self.operand(low, code), self.operand(high, code));
                format!("({sql} BETWEEN {low} AND {high})")
            }
            Op::In(operands) => format!("({sql} IN {})", self.list(operands, code)),
            Op::NotIn(operands) => format!("({sql} NOT IN {})", self.list(operands, code)),
            Op::IsKnown => format!("({sql} IS NOT NULL)"),
            Op::IsUnknown => format!("({sql} IS NULL)"),
            // What `check` never lets through is never yes.
            Op::Holds | Op::Has(_) | Op::HasAny(_) | Op::HasAll(_) => UNKNOWN.to_owned(),
        }
    }

    /// `one_of` is an EXISTS left open before the comparison of a member's code.
    fn set(&mut self, one_of: &str, op: &Op<Operand>) -> String {
        match op {
            Op::Has(operand) => format!("{one_of} = {})", self.operand(operand, Arg::from)),
            Op::HasAny(operands) => format!("{one_of} IN {})", self.list(operands, Arg::from)),
            Op::HasAll(operands) => {
                let all: Vec<String> = operands
                    .iter()
                    .map(|operand| format!("{one_of} = {})", self.operand(operand, Arg::from)))
                    .collect();
                format!("({})", all.join(" AND "))
            }
            Op::Holds | Op::Compare(..) | Op::Between(..) | Op::In(_) | Op::NotIn(_) | Op::IsKnown | Op::IsUnknown => {
                UNKNOWN.to_owned()
            }
        }
    }
}

const UNKNOWN: &str = "CAST(NULL AS boolean)";

const fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::AtMost => "<=",
        Comparison::Greater => ">",
        Comparison::AtLeast => ">=",
    }
}

/// An id in a rule; what is none equals none.
fn id_arg(text: String) -> Arg {
    Arg::Id(Some(uuid::Uuid::parse_str(&text).unwrap_or(uuid::Uuid::nil())))
}

/// Days are compared as text of four-digit years; a rule may name one beyond, which is after (before) everything stored.
fn comparable_day(day: chrono::NaiveDate) -> Cow<'static, str> {
    use chrono::Datelike;
    match day.year() {
        ..0 => Cow::Borrowed("0000-00-00"),
        0..=9999 => Cow::Owned(day.format("%Y-%m-%d").to_string()),
        10_000.. => Cow::Borrowed("9999-99-99"),
    }
}

impl From<Cow<'static, str>> for Arg {
    fn from(text: Cow<'static, str>) -> Self {
        Self::Text(Some(text.into_owned()))
    }
}

pub(crate) fn fact_of(test: &Test) -> Result<PersonFact, StorageError> {
    let unknown = || StorageError::Broken(format!("the fact {} has no SQL", test.call.fact.name));
    PersonFact::of(&test.call).ok_or_else(unknown)
}

/// How dear a condition is, so that cheap ones are asked first; the order never changes the answer.
fn weight(node: &Expr<Test>) -> u32 {
    match node {
        Expr::Everyone => 0,
        Expr::Test(test) => PersonFact::of(&test.call).map_or(0, |fact| facts::weight(&fact)),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().map(weight).sum(),
        Expr::Not(inner) => weight(inner),
    }
}

/// The predicate of a question, its arguments following those already bound.
///
/// # Errors
/// A fact without SQL, or more values than a statement can hold.
pub(crate) fn predicate(question: &Question<'_>, bound: Vec<Arg>, slip: Slip) -> Result<Predicate, StorageError> {
    let mut compiler = Compiler::after(bound, question.at, question.policy).slipping(slip);
    let sql = compiler.rule(question.rule.expr())?;
    compiler.done(sql)
}
