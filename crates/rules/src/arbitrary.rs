//! Random well-typed rules and random facts over a catalogue, for property tests here and in storage (eval ≡ SQL).
//! Reproducible from a seed. Leaves populations in a database to whoever owns the tables.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{Days, NaiveDate};
use tsunagari_kernel::{Chance, Moment};

use crate::ast::{Checked, Comparison, Expr, Op, Rule, Test};
use crate::catalogue::Catalogue;
use crate::fact::{Codes, FactCall, FactDef, FactKind, ParamKind};
use crate::value::{Day, Facts, Operand, Span, Value};

/// How deep a random rule nests (0: a single condition).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth(pub u32);

/// A random rule over the catalogue's facts; facts whose open lists are empty are left out. With no fact at all it is
/// `everyone`.
pub fn rule(chance: &Chance, catalogue: &Catalogue, depth: Depth) -> Rule<Checked> {
    let usable: Vec<&'static FactDef> = catalogue.facts().filter(|fact| is_usable(fact, catalogue)).collect();
    let maker = Maker { chance, catalogue, usable };
    Rule { expr: maker.expr(depth.0) }
}

/// A proptest strategy of random rules; shrinks towards shallow ones.
#[cfg(any(test, feature = "arbitrary"))]
pub fn rules(catalogue: Catalogue) -> impl proptest::strategy::Strategy<Value = Rule<Checked>> {
    use proptest::prelude::*;
    (0u32..4, any::<u64>()).prop_map(move |(depth, seed)| rule(&Chance::seeded(seed), &catalogue, Depth(depth)))
}

fn is_usable(fact: &FactDef, catalogue: &Catalogue) -> bool {
    let filled = |codes: Codes| !catalogue.codes(codes).is_empty();
    fact.codes().is_none_or(filled)
        && fact.params.iter().all(|param| match param.kind {
            ParamKind::Code(codes) => filled(codes),
            ParamKind::Number | ParamKind::Date => true,
        })
}

struct Maker<'a> {
    chance: &'a Chance,
    catalogue: &'a Catalogue,
    usable: Vec<&'static FactDef>,
}

impl Maker<'_> {
    fn below(&self, bound: usize) -> usize {
        usize::try_from(self.chance.below(bound as u64)).unwrap_or(0)
    }

    fn expr(&self, depth: u32) -> Expr<Test> {
        let choice = if depth == 0 { 0 } else { self.below(7) };
        let parts = || (0..2 + self.below(3)).map(|_| self.expr(depth - 1)).collect();
        match choice {
            1 | 2 => Expr::all(parts()).unwrap_or(Expr::Everyone),
            3 | 4 => Expr::any(parts()).unwrap_or(Expr::Everyone),
            5 => self.expr(depth - 1).negated(),
            _ => self.leaf(),
        }
    }

    fn leaf(&self) -> Expr<Test> {
        if self.usable.is_empty() || self.below(60) == 0 {
            return Expr::Everyone;
        }
        let Some(fact) = self.usable.get(self.below(self.usable.len())).copied() else { return Expr::Everyone };
        let args = fact
            .params
            .iter()
            .map(|param| match param.kind {
                ParamKind::Code(codes) => self.code(codes),
                ParamKind::Number => Operand::Number(self.number()),
                ParamKind::Date => Operand::Date(self.day()),
            })
            .collect();
        Expr::Test(Test { call: FactCall { fact, args }, op: self.op(fact.kind) })
    }

    fn op(&self, kind: FactKind) -> Op<Operand> {
        let known = self.below(12);
        if known < 2 {
            return if known == 0 { Op::IsKnown } else { Op::IsUnknown };
        }
        match kind {
            FactKind::Truth => Op::Holds,
            FactKind::Number { .. } | FactKind::Date => self.ordered(kind),
            FactKind::Text | FactKind::Choice(_) => match self.below(4) {
                0 => Op::Compare(Comparison::Equal, self.operand(kind)),
                1 => Op::Compare(Comparison::NotEqual, self.operand(kind)),
                2 => Op::In(self.several(kind)),
                _ => Op::NotIn(self.several(kind)),
            },
            FactKind::ChoiceSet(_) => match self.below(3) {
                0 => Op::Has(self.operand(kind)),
                1 => Op::HasAny(self.several(kind)),
                _ => Op::HasAll(self.several(kind)),
            },
        }
    }

    fn ordered(&self, kind: FactKind) -> Op<Operand> {
        const ALL: [Comparison; 6] = [
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::AtMost,
            Comparison::Greater,
            Comparison::AtLeast,
        ];
        match self.below(9) {
            0 => Op::In(self.several(kind)),
            1 => Op::NotIn(self.several(kind)),
            2 => match kind {
                FactKind::Number { .. } => {
                    let (a, b) = (self.number(), self.number());
                    Op::Between(Operand::Number(a.min(b)), Operand::Number(a.max(b)))
                }
                FactKind::Date | FactKind::Truth | FactKind::Text | FactKind::Choice(_) | FactKind::ChoiceSet(_) => {
                    let (a, b) = (self.fixed(), self.fixed());
                    Op::Between(Operand::Date(Day::On(a.min(b))), Operand::Date(Day::On(a.max(b))))
                }
            },
            n => Op::Compare(ALL.get(n - 3).copied().unwrap_or(Comparison::Equal), self.operand(kind)),
        }
    }

    fn several(&self, kind: FactKind) -> Vec<Operand> {
        (0..=self.below(4)).map(|_| self.operand(kind)).collect()
    }

    fn operand(&self, kind: FactKind) -> Operand {
        match kind {
            FactKind::Number { .. } => Operand::Number(self.number()),
            FactKind::Date => Operand::Date(self.day()),
            FactKind::Text | FactKind::Truth => {
                const TEXTS: [&str; 6] = ["", "益田", "山田 \"太郎\"", "a\\b\nc", "𠮷野家", "o'clock; --"];
                Operand::Text(TEXTS.get(self.below(TEXTS.len())).copied().unwrap_or("").to_owned())
            }
            FactKind::Choice(codes) | FactKind::ChoiceSet(codes) => self.code(codes),
        }
    }

    fn code(&self, codes: Codes) -> Operand {
        let known = self.catalogue.codes(codes);
        Operand::Code(known.get(self.below(known.len())).copied().unwrap_or("").to_owned())
    }

    fn number(&self) -> i64 {
        const EDGES: [i64; 6] = [0, 1, 18, 2026, -1, crate::limits::NUMBER];
        if self.below(3) == 0 {
            EDGES.get(self.below(EDGES.len())).copied().unwrap_or(0)
        } else {
            i64::try_from(self.chance.below(130)).unwrap_or(0) - 5
        }
    }

    fn fixed(&self) -> NaiveDate {
        let start = NaiveDate::from_ymd_opt(1995, 1, 1).unwrap_or_default();
        start.checked_add_days(Days::new(self.chance.below(12_500))).unwrap_or(start)
    }

    fn day(&self) -> Day {
        if self.below(2) == 0 {
            return Day::On(self.fixed());
        }
        let amount = i32::try_from(self.chance.below(60)).unwrap_or(0) - 30;
        let span = match self.below(3) {
            1 if amount != 0 => Span::Months,
            2 if amount != 0 => Span::Years,
            _ => Span::Days,
        };
        Day::Today { amount, span }
    }
}

/// Facts that answer every call at random, the same answer for the same call, a quarter of them unknown.
#[derive(Debug, Clone)]
pub struct RandomFacts<'c> {
    /// The catalogue codes are taken from.
    pub catalogue: &'c Catalogue,
    /// Another seed, another person.
    pub seed: u64,
}

impl RandomFacts<'_> {
    fn chance(&self, call: &FactCall) -> Chance {
        let mut hasher = DefaultHasher::new();
        self.seed.hash(&mut hasher);
        call.hash(&mut hasher);
        Chance::seeded(hasher.finish())
    }
}

impl Facts for RandomFacts<'_> {
    fn value(&self, call: &FactCall, at: &Moment) -> Option<Value> {
        let chance = self.chance(call);
        if chance.below(4) == 0 {
            return None;
        }
        let maker = Maker { chance: &chance, catalogue: self.catalogue, usable: Vec::new() };
        match call.fact.kind {
            FactKind::Truth => Some(Value::Truth(chance.below(2) == 0)),
            kind => Some(maker.operand(kind).resolve(at)),
        }
    }

    fn set(&self, call: &FactCall, _at: &Moment) -> Option<BTreeSet<String>> {
        let chance = self.chance(call);
        if chance.below(4) == 0 {
            return None;
        }
        let codes = call.fact.codes().map(|codes| self.catalogue.codes(codes)).unwrap_or_default();
        Some(codes.into_iter().filter(|_| chance.below(2) == 0).map(str::to_owned).collect())
    }
}
