//! A condition for each fact that reads as it stands, made of the organisation's own codes: what lists of facts and refusals
//! show. Leaves its words to `Rule::phrase`. To add a kind of fact: the compiler shows where.

use crate::catalogue::Catalogue;
use crate::fact::{Codes, FactDef, FactKind, ParamKind};
use crate::value::Operand;

impl FactDef {
    /// The fact with arguments of this catalogue, as it is written in a rule; nothing when an open list it needs is empty.
    pub fn example_call(&self, catalogue: &Catalogue) -> Option<String> {
        let args: Vec<String> =
            self.params.iter().map(|param| argument(param.kind, catalogue)).collect::<Option<_>>()?;
        Some(if args.is_empty() { self.name.to_owned() } else { format!("{}({})", self.name, args.join(", ")) })
    }

    /// A whole condition of this fact that the catalogue accepts; nothing when an open list it needs is empty.
    pub fn example(&self, catalogue: &Catalogue) -> Option<String> {
        let call = self.example_call(catalogue)?;
        Some(match self.kind {
            FactKind::Number { unit: "year" } => format!("{call} = {}", number_of("year")),
            FactKind::Number { unit } => format!("{call} >= {}", number_of(unit)),
            FactKind::Date => format!("{call} >= 2004-04-01"),
            FactKind::Truth => call,
            FactKind::Text => format!("{call} = \"…\""),
            FactKind::Choice(codes) => format!("{call} in ({})", some(codes, catalogue, 2)?),
            FactKind::ChoiceSet(codes) => format!("{call} has any ({})", some(codes, catalogue, 2)?),
        })
    }
}

/// A number as a fact of this unit has them.
pub(crate) fn number_of(unit: &str) -> &'static str {
    match unit {
        "age" => "18",
        "year" => "2026",
        _ => "1",
    }
}

fn argument(kind: ParamKind, catalogue: &Catalogue) -> Option<String> {
    match kind {
        ParamKind::Code(codes) => some(codes, catalogue, 1),
        ParamKind::Number => Some("1".to_owned()),
        ParamKind::Date => Some("2026-04-01".to_owned()),
    }
}

/// The first codes of a list, spelled as in a rule.
fn some(codes: Codes, catalogue: &Catalogue, most: usize) -> Option<String> {
    let known = catalogue.codes(codes);
    let spelled: Vec<String> =
        known.into_iter().take(most).map(|code| Operand::Code(code.to_owned()).to_string()).collect();
    (!spelled.is_empty()).then(|| spelled.join(", "))
}
