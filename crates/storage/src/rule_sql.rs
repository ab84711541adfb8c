//! A checked rule as an SQL predicate over `person_state p`, three-valued exactly as `rules::eval`: NULL is *unknown*, and only
//! *yes* lets anyone in. Values are bound, never written. Leaves the SQL of each fact to `facts`, and whom the predicate
//! is asked about to `audience`. The two meanings are held together by the property test `eval_equals_sql`.

use std::borrow::Cow;

use tsunagari_kernel::Moment;
use tsunagari_people::{PersonFact, Policy};
use tsunagari_rules::ast::{Checked, Comparison, Expr, Op, Rule, Test};
use tsunagari_rules::{FactKind, Operand, Value};

use crate::error::StorageError;
use crate::facts::{self, FactSql};
use crate::person_state::listed;
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

/// What the conditions are written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    /// The facts themselves, for any moment.
    Facts,
    /// A row of `person_state` that is right for the moment.
    State,
}

/// Writes conditions and gathers their arguments; `$1` is the organisation, `p` the person.
pub(crate) struct Compiler<'q> {
    pub(crate) at: &'q Moment,
    pub(crate) policy: &'q Policy,
    pub(crate) over: Over,
    slip: Slip,
    args: Vec<Arg>,
}

type Sql = Result<String, StorageError>;

impl<'q> Compiler<'q> {
    /// A compiler whose first arguments (`$2` …) are already bound.
    pub(crate) fn after(bound: Vec<Arg>, at: &'q Moment, policy: &'q Policy) -> Self {
        Self { at, policy, over: Over::Facts, slip: Slip::None, args: bound }
    }

    #[must_use]
    pub(crate) fn slipping(mut self, slip: Slip) -> Self {
        self.slip = slip;
        self
    }

    /// Writes something over the facts, whatever else is written over.
    pub(crate) fn over_facts<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let over = std::mem::replace(&mut self.over, Over::Facts);
        let written = write(self);
        self.over = over;
        written
    }

    /// Writes something twice: for rows of `person_state` that are right for the moment, and over the facts for the others.
    pub(crate) fn either(&mut self, mut write: impl FnMut(&mut Self) -> Sql) -> Sql {
        let holds = facts::state::holds(self);
        self.over = Over::State;
        let state = write(self);
        self.over = Over::Facts;
        // No CASE: inside of one SQLite works out both sides of every AND.
        Ok(format!("({holds} AND {} OR NOT {holds} AND {})", state?, write(self)?))
    }

    /// A value written so: over the row where it is right, otherwise over the facts.
    pub(crate) fn either_value(&mut self, mut write: impl FnMut(&mut Self) -> String) -> String {
        let holds = facts::state::holds(self);
        self.over = Over::State;
        let state = write(self);
        self.over = Over::Facts;
        format!("(CASE WHEN {holds} THEN {state} ELSE {} END)", write(self))
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
                ordered.sort_by_key(|part| weight(part, self.over));
                self.joined(&ordered, " AND ")?
            }
            Expr::Or(parts) => {
                let mut ordered: Vec<&Expr<Test>> = parts.iter().collect();
                ordered.sort_by_key(|part| weight(part, self.over));
                self.joined(&ordered, " OR ")?
            }
            Expr::Not(inner) => format!("NOT {}", self.expr(inner)?),
        })
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
            FactSql::Age => self.age(&test.op),
            FactSql::Listed(list) => self.listed(&list, &test.op),
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

    /// Ages are asked of the birth date as it is stored: `age >= 18` is "born on or before this day 18 years ago".
    fn age(&mut self, op: &Op<Operand>) -> String {
        let known = facts::age::known(self);
        let holds = match op {
            Op::Compare(comparison, operand) => match comparison {
                Comparison::AtLeast => self.at_least(operand, 0),
                Comparison::Greater => self.at_least(operand, 1),
                Comparison::Less => format!("NOT {}", self.at_least(operand, 0)),
                Comparison::AtMost => format!("NOT {}", self.at_least(operand, 1)),
                Comparison::Equal => self.aged(operand, operand),
                Comparison::NotEqual => format!("NOT {}", self.aged(operand, operand)),
            },
            Op::Between(low, high) => self.aged(low, high),
            Op::In(operands) => self.any_age(operands),
            Op::NotIn(operands) => format!("NOT {}", self.any_age(operands)),
            Op::IsKnown => return format!("coalesce({known}, FALSE)"),
            Op::IsUnknown => return format!("NOT coalesce({known}, FALSE)"),
            Op::Holds | Op::Has(_) | Op::HasAny(_) | Op::HasAll(_) => return UNKNOWN.to_owned(),
        };
        format!("(CASE WHEN {known} THEN {holds} END)")
    }

    fn at_least(&mut self, years: &Operand, more: i64) -> String {
        match years.resolve(self.at) {
            Value::Number(n) => {
                let latest = facts::age::latest_birth(self, n.saturating_add(more));
                format!("(p.birth_date <= {})", self.bind(latest))
            }
            Value::Date(_) | Value::Text(_) | Value::Code(_) | Value::Truth(_) => UNKNOWN.to_owned(),
        }
    }

    fn aged(&mut self, low: &Operand, high: &Operand) -> String {
        format!("({} AND NOT {})", self.at_least(low, 0), self.at_least(high, 1))
    }

    fn any_age(&mut self, operands: &[Operand]) -> String {
        let all: Vec<String> = operands.iter().map(|operand| self.aged(operand, operand)).collect();
        format!("({})", all.join(" OR "))
    }

    /// `list` is a column of `person_state` that lists codes, each between separators of its own.
    fn listed(&mut self, list: &str, op: &Op<Operand>) -> String {
        let mut has = |operand| format!("instr({list}, {}) > 0", self.operand(operand, member_arg));
        match op {
            Op::Has(operand) => format!("({})", has(operand)),
            Op::HasAny(operands) => {
                format!("({list} <> '' AND ({}))", operands.iter().map(has).collect::<Vec<_>>().join(" OR "))
            }
            Op::HasAll(operands) => format!("({})", operands.iter().map(has).collect::<Vec<_>>().join(" AND ")),
            Op::Holds | Op::Compare(..) | Op::Between(..) | Op::In(_) | Op::NotIn(_) | Op::IsKnown | Op::IsUnknown => {
                UNKNOWN.to_owned()
            }
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

/// An operand as a member of a list column.
fn member_arg(text: String) -> Arg {
    Arg::from(listed(&[&text]))
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
fn weight(node: &Expr<Test>, over: Over) -> u32 {
    match node {
        Expr::Everyone => 0,
        Expr::Test(test) => PersonFact::of(&test.call).map_or(0, |fact| facts::weight(&fact, over)),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().map(|part| weight(part, over)).sum(),
        Expr::Not(inner) => weight(inner, over),
    }
}

/// The predicate of a question over `person_state p`, its arguments following those already bound.
///
/// # Errors
/// A fact without SQL, or more values than a statement can hold.
pub(crate) fn predicate(question: &Question<'_>, bound: Vec<Arg>, slip: Slip) -> Result<Predicate, StorageError> {
    let mut compiler = Compiler::after(bound, question.at, question.policy).slipping(slip);
    let sql = compiler.either(|c| c.expr(question.rule.expr()))?;
    compiler.done(sql)
}
