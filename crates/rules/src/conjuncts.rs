//! A checked rule taken apart at its top and put together again: what a figure's lists are made of. Whatever comes out is
//! checked, because every part was. Leaves text to `print` and clicking to `clauses`.

use crate::ast::{Checked, Expr, Rule, Test};

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

    /// Either of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { expr: Expr::any(vec![self.expr, other.expr]).unwrap_or(Expr::Everyone) }
    }

    /// The same with a wider condition in the place of some: wherever one lets people in, never where it keeps them out. So
    /// whoever the rule lets in is let in still.
    #[must_use]
    pub fn widened(&self, wider: &impl Fn(&Self) -> Option<Self>) -> Self {
        Self { expr: widened(&self.expr, wider) }
    }

    /// The opposite of this; what is unknown stays unknown.
    #[must_use]
    pub fn opposite(self) -> Self {
        Self { expr: self.expr.negated() }
    }
}

fn widened(expr: &Expr<Test>, wider: &impl Fn(&Rule<Checked>) -> Option<Rule<Checked>>) -> Expr<Test> {
    let all = |parts: &[Expr<Test>]| parts.iter().map(|part| widened(part, wider)).collect();
    match expr {
        Expr::Everyone => Expr::Everyone,
        Expr::Test(_) => {
            let one = Rule { expr: expr.clone() };
            wider(&one).map_or(one.expr, |wider| wider.expr)
        }
        Expr::And(parts) => Expr::all(all(parts)).unwrap_or(Expr::Everyone),
        Expr::Or(parts) => Expr::any(all(parts)).unwrap_or(Expr::Everyone),
        Expr::Not(inner) => Expr::Not(inner.clone()),
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
    fn what_lets_in_is_widened_and_what_keeps_out_is_not() {
        let wider = |part: &Rule<Checked>| (part.to_string() == "here").then(|| read("here or age >= 18"));
        for (text, want) in [
            ("here", "here or age >= 18"),
            ("here and age <= 30", "(here or age >= 18) and age <= 30"),
            ("age <= 30 or here", "age <= 30 or here or age >= 18"),
            ("age <= 30 and not here", "age <= 30 and not here"),
        ] {
            assert_eq!(read(text).widened(&wider), read(want), "{text}");
        }
    }

    #[test]
    fn the_opposite_of_all_is_written_with_brackets() {
        assert_eq!(read("age >= 18 and here").opposite().to_string(), "not (age >= 18 and here)");
        assert_eq!(Rule::all_of([read("here"), read("everyone")]).to_string(), "here");
    }
}
