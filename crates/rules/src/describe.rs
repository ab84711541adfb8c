//! A rule in words without a person: structured phrases whose keys are `rule-op-…`, `rule-and`, `rule-or`, `rule-not`,
//! and each fact's own label. Leaves sentences to the locale files.

use crate::ast::{Checked, Comparison, Expr, Op, Rule, Test};
use crate::eval::Known;
use crate::fact::{Codes, FactCall, FactKind, ParamKind};
use crate::phrase::{Phrase, PhraseArg};
use crate::value::{Day, Operand, Span, Value};

impl Rule<Checked> {
    /// The rule as a phrase.
    pub fn phrase(&self) -> Phrase {
        expr(&self.expr)
    }
}

fn expr(node: &Expr<Test>) -> Phrase {
    match node {
        Expr::Everyone => Phrase::of("rule-everyone"),
        Expr::Test(test) => test.phrase(),
        Expr::And(parts) => joined("rule-and", parts),
        Expr::Or(parts) => joined("rule-or", parts),
        Expr::Not(inner) => Phrase::of("rule-not").with("inner", nested(inner)),
    }
}

fn joined(key: &'static str, parts: &[Expr<Test>]) -> Phrase {
    let parts = parts.iter().map(nested).collect();
    Phrase::of("rule-whole").with("inner", PhraseArg::Joined(key, parts))
}

/// A part inside another: groups stand in brackets.
fn nested(node: &Expr<Test>) -> PhraseArg {
    let inner = PhraseArg::Phrase(Box::new(expr(node)));
    match node {
        Expr::And(_) | Expr::Or(_) => PhraseArg::Phrase(Box::new(Phrase::of("rule-group").with("inner", inner))),
        Expr::Everyone | Expr::Test(_) | Expr::Not(_) => inner,
    }
}

impl FactCall {
    /// The fact's label; of a fact with parameters the sentence with its arguments by their names (`fact-…-of`), because
    /// a label alone would say nothing of them.
    pub fn phrase(&self) -> Phrase {
        let key = self.fact.label_key();
        let mut phrase = Phrase::of(if self.fact.params.is_empty() { key } else { format!("{key}-of") });
        for (param, arg) in self.fact.params.iter().zip(&self.args) {
            let codes = match param.kind {
                ParamKind::Code(codes) => Some(codes),
                ParamKind::Number | ParamKind::Date => None,
            };
            phrase = phrase.with(param.name, operand(arg, None, codes));
        }
        phrase
    }

    fn unit(&self) -> Option<&'static str> {
        match self.fact.kind {
            FactKind::Number { unit } => Some(unit),
            FactKind::Date | FactKind::Truth | FactKind::Text | FactKind::Choice(_) | FactKind::ChoiceSet(_) => None,
        }
    }

    fn operand(&self, it: &Operand) -> PhraseArg {
        operand(it, self.unit(), self.fact.codes())
    }

    /// What is known of this fact, in words: `rule-value-unknown`, `rule-value-yes`, a number with its unit, a list.
    pub fn known_phrase(&self, known: &Known) -> PhraseArg {
        let plain = |key: &str| PhraseArg::Phrase(Box::new(Phrase::of(key)));
        match known {
            Known::Unknown => plain("rule-value-unknown"),
            Known::Value(Value::Truth(true)) => plain("rule-value-yes"),
            Known::Value(Value::Truth(false)) => plain("rule-value-no"),
            Known::Value(Value::Number(n)) => number(*n, self.unit()),
            Known::Value(Value::Date(day)) => PhraseArg::Date(*day),
            Known::Value(Value::Text(text)) => PhraseArg::Text(text.clone()),
            Known::Value(Value::Code(code)) => coded(code, self.fact.codes()),
            Known::Set(set) if set.is_empty() => plain("rule-value-none"),
            Known::Set(set) => {
                PhraseArg::Joined("rule-list-and", set.iter().map(|code| coded(code, self.fact.codes())).collect())
            }
        }
    }
}

fn operand(it: &Operand, unit: Option<&'static str>, codes: Option<Codes>) -> PhraseArg {
    match it {
        Operand::Number(n) => number(*n, unit),
        Operand::Date(day) => day_arg(*day),
        Operand::Text(text) => {
            PhraseArg::Phrase(Box::new(Phrase::of("rule-text").with("text", PhraseArg::Text(text.clone()))))
        }
        Operand::Code(code) => coded(code, codes),
    }
}

fn number(n: i64, unit: Option<&'static str>) -> PhraseArg {
    let n = PhraseArg::Number(n);
    match unit {
        Some(unit) => PhraseArg::Phrase(Box::new(Phrase::of(format!("rule-unit-{unit}")).with("n", n))),
        None => n,
    }
}

fn coded(code: &str, codes: Option<Codes>) -> PhraseArg {
    codes.map_or_else(|| PhraseArg::Text(code.to_owned()), |codes| PhraseArg::Code(codes, code.to_owned()))
}

fn day_arg(day: Day) -> PhraseArg {
    let (amount, span) = match day {
        Day::On(day) => return PhraseArg::Date(day),
        Day::Today { amount: 0, .. } => return PhraseArg::Phrase(Box::new(Phrase::of("rule-day-today"))),
        Day::Today { amount, span } => (amount, span),
    };
    let key = match (span, amount < 0) {
        (Span::Days, true) => "rule-day-days-ago",
        (Span::Days, false) => "rule-day-days-later",
        (Span::Months, true) => "rule-day-months-ago",
        (Span::Months, false) => "rule-day-months-later",
        (Span::Years, true) => "rule-day-years-ago",
        (Span::Years, false) => "rule-day-years-later",
    };
    PhraseArg::Phrase(Box::new(Phrase::of(key).with("n", PhraseArg::Number(i64::from(amount.unsigned_abs())))))
}

impl Test {
    /// The condition as a phrase: `fact` and, by operator, `value`, `values` or `low` and `high`.
    pub fn phrase(&self) -> Phrase {
        let call = &self.call;
        let phrase = Phrase::of(self.operator_key()).with("fact", PhraseArg::Phrase(Box::new(call.phrase())));
        let list = |key: &'static str, operands: &[Operand]| {
            PhraseArg::Joined(key, operands.iter().map(|it| call.operand(it)).collect())
        };
        match &self.op {
            Op::Holds | Op::IsKnown | Op::IsUnknown => phrase,
            Op::Compare(_, value) | Op::Has(value) => phrase.with("value", call.operand(value)),
            Op::Between(low, high) => phrase.with("low", call.operand(low)).with("high", call.operand(high)),
            Op::In(values) | Op::NotIn(values) | Op::HasAny(values) | Op::HasAll(values) if values.len() == 1 => {
                values.iter().fold(phrase, |phrase, only| phrase.with("value", call.operand(only)))
            }
            Op::In(values) | Op::NotIn(values) | Op::HasAny(values) => {
                phrase.with("values", list("rule-list-or", values))
            }
            Op::HasAll(values) => phrase.with("values", list("rule-list-and", values)),
        }
    }

    /// The locale key of the operator; days have their own words of order, and a list of one is no list.
    fn operator_key(&self) -> &'static str {
        let dated = matches!(self.call.fact.kind, FactKind::Date);
        match (&self.op, dated) {
            (Op::Holds, _) => "rule-op-holds",
            (Op::Compare(Comparison::Equal, _), _) => "rule-op-equal",
            (Op::Compare(Comparison::NotEqual, _), _) => "rule-op-not-equal",
            (Op::Compare(Comparison::Less, _), false) => "rule-op-less",
            (Op::Compare(Comparison::AtMost, _), false) => "rule-op-at-most",
            (Op::Compare(Comparison::Greater, _), false) => "rule-op-greater",
            (Op::Compare(Comparison::AtLeast, _), false) => "rule-op-at-least",
            (Op::Compare(Comparison::Less, _), true) => "rule-op-before",
            (Op::Compare(Comparison::AtMost, _), true) => "rule-op-on-or-before",
            (Op::Compare(Comparison::Greater, _), true) => "rule-op-after",
            (Op::Compare(Comparison::AtLeast, _), true) => "rule-op-on-or-after",
            (Op::Between(..), _) => "rule-op-between",
            (Op::In(only), _) if only.len() == 1 => "rule-op-equal",
            (Op::NotIn(only), _) if only.len() == 1 => "rule-op-not-equal",
            (Op::HasAny(only) | Op::HasAll(only), _) if only.len() == 1 => "rule-op-has",
            (Op::In(_), _) => "rule-op-in",
            (Op::NotIn(_), _) => "rule-op-not-in",
            (Op::Has(_), _) => "rule-op-has",
            (Op::HasAny(_), _) => "rule-op-has-any",
            (Op::HasAll(_), _) => "rule-op-has-all",
            (Op::IsKnown, _) => "rule-op-is-known",
            (Op::IsUnknown, _) => "rule-op-is-unknown",
        }
    }
}
