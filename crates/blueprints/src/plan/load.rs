//! Text into a checked plan. Rule texts are parsed here; whether their facts exist is checked against a catalogue
//! by `Plan::check_rules`.

use std::collections::BTreeSet;

use tsunagari_figures::Rate;
use tsunagari_rules::{Catalogue, Checked, Parsed, Rule};

use crate::error::Text;
use crate::{BlueprintError, IndicatorPlan, Plan, Year};

/// Reads and checks a plan. `file` is its path under `blueprints/`, which must be its slug with `.toml`.
///
/// # Errors
/// The first fault, with file, line, field and what to write instead.
pub fn load_plan(file: &str, text: &str) -> Result<Plan, BlueprintError> {
    let text = Text { file, text };
    let plan: Plan = text.read()?;
    text.named(&plan.slug)?;
    whole(text, &plan)?;
    Ok(plan)
}

impl Plan {
    /// Checks every rule of the plan against the facts of this installation.
    ///
    /// # Errors
    /// The first rule that does not fit.
    pub fn check_rules(&self, catalogue: &Catalogue) -> Result<(), BlueprintError> {
        let file = format!("{}.toml", self.slug);
        for text in self.rule_texts() {
            Rule::<Checked>::read(text, catalogue).map_err(|error| {
                Text { file: &file, text: "" }.at("", text, &error.to_string(), "use facts and codes of the catalogue")
            })?;
        }
        Ok(())
    }
}

fn whole(text: Text<'_>, plan: &Plan) -> Result<(), BlueprintError> {
    for rule in plan.rule_texts() {
        Rule::<Parsed>::parse(rule)
            .map_err(|error| text.at(rule, "numerator", &error.to_string(), "write it in the rule language"))?;
    }
    for indicator in &plan.indicators {
        let mut years = BTreeSet::new();
        denominators(text, indicator)?;
        for year in &indicator.years {
            if !years.insert(year.fiscal_year) {
                let needle = format!("fiscal_year = {}", year.fiscal_year.0);
                return Err(text.at_last(&needle, "fiscal_year", "stands twice", "keep one line a year"));
            }
            rates(text, indicator, year)?;
        }
    }
    Ok(())
}

fn denominators(text: Text<'_>, indicator: &IndicatorPlan) -> Result<(), BlueprintError> {
    for denominator in &indicator.denominators {
        if !denominator.says_one_thing() {
            let fix = "write `rule`, or `provenance`, `source` and `people`";
            let needle = format!("slug = \"{}\"", denominator.slug);
            return Err(text.at(&needle, "denominators", "is neither a rule nor numbers with their source", fix));
        }
        if indicator.denominators.iter().filter(|other| other.slug == denominator.slug).count() > 1 {
            return Err(text.at(&denominator.slug, "denominators.slug", "stands twice", "give each its own slug"));
        }
    }
    Ok(())
}

/// A stated rate must come out of the target and its denominator.
fn rates(text: Text<'_>, indicator: &IndicatorPlan, year: &Year) -> Result<(), BlueprintError> {
    let needle = format!("fiscal_year = {}", year.fiscal_year.0);
    for (slug, stated) in &year.rates {
        let rate: Rate = stated.parse().map_err(|error: tsunagari_figures::rate::NotARate| {
            text.at(stated, "rates", &error.to_string(), "write one decimal")
        })?;
        let named = indicator.denominators.iter().find(|it| it.slug == *slug);
        let Some(population) = named.and_then(|it| it.people(year.fiscal_year)) else {
            let problem = "has no denominator of that name and year";
            return Err(text.at(&needle, "rates", problem, "add the population"));
        };
        if year.target.and_then(|target| Rate::of(target, population)) != Some(rate) {
            let problem = "does not follow from target and denominator";
            return Err(text.at(&needle, "rates", problem, "correct one of the three"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
