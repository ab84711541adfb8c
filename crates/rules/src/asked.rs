//! What a rule asks: the names of its facts. Leaves their values to the providers.

use std::collections::BTreeSet;

use crate::ast::{Checked, Expr, Rule, Test};

impl Rule<Checked> {
    /// The names of every fact it asks.
    pub fn asked(&self) -> BTreeSet<&'static str> {
        let mut found = BTreeSet::new();
        collect(&self.expr, &mut found);
        found
    }
}

fn collect(expr: &Expr<Test>, found: &mut BTreeSet<&'static str>) {
    match expr {
        Expr::Everyone => {}
        Expr::Test(test) => drop(found.insert(test.call.fact.name)),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, found)),
        Expr::Not(inner) => collect(inner, found),
    }
}
