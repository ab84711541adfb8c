//! A checked rule taken apart at its top and put together again: what a figure's lists are made of. Whatever comes out is
//! checked, because every part was. Leaves text to `print` and clicking to `clauses`.

use crate::ast::{Checked, Expr, Rule};

impl Rule<Checked> {
    /// The conditions that must all hold, each as a rule; none for `everyone`.
    pub fn conjuncts(&self) -> Vec<Self> {
        match &self.expr {
            Expr::And(parts) => parts.iter().map(|part| Self { expr: part.clone() }).collect(),
            Expr::Everyone => Vec::new(),
            one @ (Expr::Test(_) | Expr::Or(_) | Expr::Not(_)) => vec![Self { expr: one.clone() }],
        }
    }

    /// All of these; `everyone` when there is none.
    #[must_use]
    pub fn all_of(rules: impl IntoIterator<Item = Self>) -> Self {
        let parts = rules.into_iter().map(|rule| rule.expr).filter(|part| *part != Expr::Everyone).collect();
        Self { expr: Expr::all(parts).unwrap_or(Expr::Everyone) }
    }

    /// The opposite of this; what is unknown stays unknown.
    #[must_use]
    pub fn opposite(self) -> Self {
        Self { expr: self.expr.negated() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use crate::fact::{FactDef, FactKind};

    static FACTS: &[FactDef] =
        &[FactDef::plain("age", FactKind::Number { unit: "age" }), FactDef::plain("here", FactKind::Truth)];

    fn read(text: &str) -> Rule<Checked> {
        Rule::read(text, &Catalogue::of(&[FACTS]).unwrap()).unwrap()
    }

    #[test]
    fn apart_and_together_is_the_same() {
        for text in ["everyone", "here", "age >= 18 and here", "age >= 18 or here", "not (age >= 18 and here)"] {
            assert_eq!(Rule::all_of(read(text).conjuncts()), read(text), "{text}");
        }
    }

    #[test]
    fn the_opposite_of_all_is_written_with_brackets() {
        assert_eq!(read("age >= 18 and here").opposite().to_string(), "not (age >= 18 and here)");
        assert_eq!(Rule::all_of([read("here"), read("everyone")]).to_string(), "here");
    }
}
