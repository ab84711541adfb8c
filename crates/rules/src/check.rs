//! `Rule<Parsed>` into `Rule<Checked>`: facts and codes are known, arguments fit, the operator can be asked of the fact,
//! values are of its kind and in range. The only maker of `Rule<Checked>`. Leaves truth to `eval`.

use crate::ast::{Checked, Expr, Literal, Op, Parsed, Placed, RawTest, Rule, Test};
use crate::catalogue::Catalogue;
use crate::error::{ErrorCode, Position, RuleError};
use crate::example::number_of;
use crate::fact::{Codes, FactCall, FactDef, FactKind, ParamKind};
use crate::limits;
use crate::value::{Day, Operand};

impl Rule<Parsed> {
    /// Gives the rule its meaning in a catalogue.
    ///
    /// # Errors
    /// The first place at which the rule means nothing there.
    pub fn check(&self, catalogue: &Catalogue) -> Result<Rule<Checked>, RuleError> {
        let mut nodes = 0;
        Ok(Rule { expr: expr(&self.expr, catalogue, 0, &mut nodes)? })
    }
}

impl Rule<Checked> {
    /// Reads and checks a rule's text in one step.
    ///
    /// # Errors
    /// The first place at which the text is no rule of this catalogue.
    pub fn read(text: &str, catalogue: &Catalogue) -> Result<Self, RuleError> {
        Rule::<Parsed>::parse(text)?.check(catalogue)
    }
}

type Check<T> = Result<T, RuleError>;

fn expr(node: &Expr<RawTest>, catalogue: &Catalogue, depth: usize, nodes: &mut usize) -> Check<Expr<Test>> {
    *nodes += 1;
    // Twice the parser's bounds: a group that needs no parentheses is a level of the tree but none of the text.
    if depth > 2 * limits::DEPTH + 2 {
        return Err(RuleError::new(ErrorCode::TooDeep, Position::default(), ""));
    }
    if *nodes > 2 * limits::NODES {
        return Err(RuleError::new(ErrorCode::TooManyConditions, Position::default(), ""));
    }
    let mut inner = |parts: &[Expr<RawTest>]| -> Check<Vec<Expr<Test>>> {
        if parts.is_empty() {
            return Err(RuleError::new(ErrorCode::Empty, Position::default(), ""));
        }
        parts.iter().map(|part| expr(part, catalogue, depth + 1, nodes)).collect()
    };
    Ok(match node {
        Expr::Everyone => Expr::Everyone,
        Expr::Test(raw) => Expr::Test(test(raw, catalogue)?),
        Expr::And(parts) => Expr::And(inner(parts)?),
        Expr::Or(parts) => Expr::Or(inner(parts)?),
        Expr::Not(part) => expr(part, catalogue, depth + 1, nodes)?.negated(),
    })
}

fn test(raw: &RawTest, catalogue: &Catalogue) -> Check<Test> {
    let name = raw.fact.it.as_str();
    let Some(fact) = catalogue.fact(name) else {
        let names = catalogue.facts().map(|fact| fact.name);
        return Err(RuleError::new(ErrorCode::UnknownFact, raw.fact.at, name).suggesting(names));
    };
    let call = FactCall { fact, args: args(raw, fact, catalogue)? };
    let allowed = operators(fact.kind);
    let asked = operator_name(&raw.op.it);
    if !allowed.contains(&asked) {
        let found = if asked.is_empty() { name } else { asked };
        let allowed = allowed.iter().map(|op| if op.is_empty() { name } else { op });
        return Err(RuleError::new(ErrorCode::WrongOperator, raw.op.at, found).expecting(allowed));
    }
    Ok(Test { call, op: op(&raw.op.it, fact.kind, catalogue)? })
}

fn args(raw: &RawTest, fact: &FactDef, catalogue: &Catalogue) -> Check<Vec<Operand>> {
    if raw.args.len() != fact.params.len() {
        let at = raw.args.get(fact.params.len()).map_or(raw.fact.at, |extra| extra.at);
        let wanted: Vec<&str> = fact.params.iter().map(|param| param.name).collect();
        let shape = fact.example_call(catalogue).unwrap_or_else(|| format!("{}({})", fact.name, wanted.join(", ")));
        return Err(RuleError::new(ErrorCode::WrongArguments, at, fact.name).expecting([shape]));
    }
    raw.args
        .iter()
        .zip(fact.params)
        .map(|(arg, param)| match param.kind {
            ParamKind::Code(codes) => code(arg, codes, catalogue),
            ParamKind::Number => number(arg, ""),
            ParamKind::Date => day(arg),
        })
        .collect()
}

/// The operators that can be asked of a kind, spelled as in a rule; standing alone is the empty spelling.
pub(crate) fn operators(kind: FactKind) -> &'static [&'static str] {
    match kind {
        FactKind::Number { .. } | FactKind::Date => {
            &["=", "!=", "<", "<=", ">", ">=", "between", "in", "not in", "is known", "is unknown"]
        }
        FactKind::Text | FactKind::Choice(_) => &["=", "!=", "in", "not in", "is known", "is unknown"],
        FactKind::Truth => &["", "is known", "is unknown"],
        FactKind::ChoiceSet(_) => &["has", "has any", "has all", "is known", "is unknown"],
    }
}

impl FactKind {
    /// The operators that can be asked of a fact of this kind, spelled as in a rule; standing alone is the empty spelling.
    pub fn operators(self) -> &'static [&'static str] {
        operators(self)
    }
}

/// An operator's spelling.
pub(crate) fn operator_name<V>(op: &Op<V>) -> &'static str {
    match op {
        Op::Holds => "",
        Op::Compare(comparison, _) => comparison.sign(),
        Op::Between(..) => "between",
        Op::In(_) => "in",
        Op::NotIn(_) => "not in",
        Op::Has(_) => "has",
        Op::HasAny(_) => "has any",
        Op::HasAll(_) => "has all",
        Op::IsKnown => "is known",
        Op::IsUnknown => "is unknown",
    }
}

fn op(raw: &Op<Placed<Literal>>, kind: FactKind, catalogue: &Catalogue) -> Check<Op<Operand>> {
    let one = |literal: &Placed<Literal>| value(literal, kind, catalogue);
    let many = |literals: &[Placed<Literal>]| -> Check<Vec<Operand>> {
        if literals.is_empty() {
            return Err(RuleError::new(ErrorCode::Empty, Position::default(), ""));
        }
        if let Some(beyond) = literals.get(limits::LIST) {
            return Err(RuleError::new(ErrorCode::ListTooLong, beyond.at, ""));
        }
        literals.iter().map(one).collect()
    };
    Ok(match raw {
        Op::Holds => Op::Holds,
        Op::Compare(comparison, literal) => Op::Compare(*comparison, one(literal)?),
        Op::Between(low, high) => between(low, one(low)?, one(high)?)?,
        Op::In(literals) => Op::In(many(literals)?),
        Op::NotIn(literals) => Op::NotIn(many(literals)?),
        Op::Has(literal) => Op::Has(one(literal)?),
        Op::HasAny(literals) => Op::HasAny(many(literals)?),
        Op::HasAll(literals) => Op::HasAll(many(literals)?),
        Op::IsKnown => Op::IsKnown,
        Op::IsUnknown => Op::IsUnknown,
    })
}

fn between(written: &Placed<Literal>, low: Operand, high: Operand) -> Check<Op<Operand>> {
    let empty = match (&low, &high) {
        (Operand::Number(low), Operand::Number(high)) => low > high,
        (Operand::Date(Day::On(low)), Operand::Date(Day::On(high))) => low > high,
        (Operand::Date(Day::Today { amount: low, span: a }), Operand::Date(Day::Today { amount: high, span: b })) => {
            a == b && low > high
        }
        _ => false,
    };
    if empty {
        return Err(RuleError::new(ErrorCode::EmptyRange, written.at, format!("{low} … {high}")));
    }
    Ok(Op::Between(low, high))
}

fn value(literal: &Placed<Literal>, kind: FactKind, catalogue: &Catalogue) -> Check<Operand> {
    match kind {
        FactKind::Number { unit } => number(literal, unit),
        FactKind::Date => day(literal),
        FactKind::Text => match &literal.it {
            Literal::Text(text) => Ok(Operand::Text(text.clone())),
            Literal::Digits(_) | Literal::Day(_) | Literal::Word(_) => Err(wrong(literal, "\"…\"")),
        },
        FactKind::Choice(codes) | FactKind::ChoiceSet(codes) => code(literal, codes, catalogue),
        // Truth facts take no value; `operators` has refused before.
        FactKind::Truth => Err(RuleError::new(ErrorCode::WrongOperator, literal.at, literal.it.to_string())),
    }
}

fn number(literal: &Placed<Literal>, unit: &str) -> Check<Operand> {
    let refused =
        |code, found: &str, expected: String| Err(RuleError::new(code, literal.at, found).expecting([expected]));
    let digits = match &literal.it {
        Literal::Digits(digits) if is_whole(digits) => digits.as_str(),
        other @ (Literal::Digits(_) | Literal::Day(_) | Literal::Text(_) | Literal::Word(_)) => {
            return refused(ErrorCode::NotANumber, &other.to_string(), number_of(unit).to_owned());
        }
    };
    match digits.parse::<i64>() {
        Ok(n) if (-limits::NUMBER..=limits::NUMBER).contains(&n) => Ok(Operand::Number(n)),
        Ok(_) | Err(_) => refused(ErrorCode::OutOfRange, digits, limits::NUMBER.to_string()),
    }
}

/// Whether a text is a whole number of any size; a form may post anything as one.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn day(literal: &Placed<Literal>) -> Check<Operand> {
    match &literal.it {
        Literal::Day(day) => Ok(Operand::Date(*day)),
        Literal::Digits(_) | Literal::Text(_) | Literal::Word(_) => {
            let error = RuleError::new(ErrorCode::WrongValue, literal.at, literal.it.to_string());
            Err(error.expecting(["2026-04-01", "today", "today - 30 days"]))
        }
    }
}

fn code(literal: &Placed<Literal>, codes: Codes, catalogue: &Catalogue) -> Check<Operand> {
    let written = match &literal.it {
        Literal::Word(word) | Literal::Text(word) | Literal::Digits(word) => word.as_str(),
        Literal::Day(_) => return Err(wrong(literal, "code")),
    };
    if catalogue.knows(codes, written) {
        return Ok(Operand::Code(written.to_owned()));
    }
    let known = catalogue.codes(codes);
    let error = RuleError::new(ErrorCode::UnknownCode, literal.at, written).expecting(known.iter().copied());
    Err(RuleError { codes: Some(Box::new(codes)), ..error.suggesting(known) })
}

fn wrong(literal: &Placed<Literal>, expected: &str) -> RuleError {
    RuleError::new(ErrorCode::WrongValue, literal.at, literal.it.to_string()).expecting([expected])
}
