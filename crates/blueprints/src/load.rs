//! Text into a checked blueprint. Rule texts are parsed here; whether their facts exist is checked against a catalogue
//! by `Blueprint::check_rules`.

use std::collections::BTreeSet;

use tsunagari_figures::Rate;
use tsunagari_rules::{Catalogue, Checked, Parsed, Rule};

use crate::{Blueprint, BlueprintError};

/// Reads and checks a blueprint. `file` is its path under `blueprints/`, which must be its slug with `.toml`.
///
/// # Errors
/// The first fault, with file, line, field and what to write instead.
pub fn load(file: &str, text: &str) -> Result<Blueprint, BlueprintError> {
    let blueprint: Blueprint = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        fault(file, line, key_on(text, line), error.message(), "write the field as the neighbouring blueprints do")
    })?;
    let check = Check { file, text };
    check.whole(&blueprint)?;
    Ok(blueprint)
}

impl Blueprint {
    /// Checks every rule of the blueprint against the facts of this installation.
    ///
    /// # Errors
    /// The first rule that does not fit.
    pub fn check_rules(&self, catalogue: &Catalogue) -> Result<(), BlueprintError> {
        let file = format!("{}.toml", self.slug);
        for text in self.rule_texts() {
            Rule::<Checked>::read(text, catalogue)
                .map_err(|error| fault(&file, 1, text, &error.to_string(), "use facts and codes of the catalogue"))?;
        }
        Ok(())
    }
}

struct Check<'a> {
    file: &'a str,
    text: &'a str,
}

impl Check<'_> {
    fn fail(&self, needle: &str, field: &str, problem: &str, fix: &str) -> BlueprintError {
        let line = self.text.find(needle).map_or(1, |at| line_of(self.text, at));
        fault(self.file, line, field, problem, fix)
    }

    fn whole(&self, blueprint: &Blueprint) -> Result<(), BlueprintError> {
        if self.file.strip_suffix(".toml") != Some(blueprint.slug.as_str()) {
            return Err(self.fail("slug", "slug", "differs from the file's path", "name the file after the slug"));
        }
        for text in blueprint.rule_texts() {
            Rule::<Parsed>::parse(text)
                .map_err(|error| self.fail(text, "numerator", &error.to_string(), "write it in the rule language"))?;
        }
        for indicator in &blueprint.indicators {
            let mut years = BTreeSet::new();
            for denominator in &indicator.denominators {
                if !denominator.says_one_thing() {
                    return Err(self.fail(
                        &format!("slug = \"{}\"", denominator.slug),
                        "denominators",
                        "is neither a rule nor numbers with their source",
                        "write `rule`, or `provenance`, `source` and `people`",
                    ));
                }
                let slugs = indicator.denominators.iter().filter(|other| other.slug == denominator.slug).count();
                if slugs > 1 {
                    return Err(self.fail(
                        &denominator.slug,
                        "denominators.slug",
                        "stands twice",
                        "give each its own slug",
                    ));
                }
            }
            for year in &indicator.years {
                if !years.insert(year.fiscal_year) {
                    let needle = format!("fiscal_year = {}", year.fiscal_year.0);
                    let line = self.text.rfind(&needle).map_or(1, |at| line_of(self.text, at));
                    return Err(fault(self.file, line, "fiscal_year", "stands twice", "keep one line a year"));
                }
                self.rates(indicator, year)?;
            }
        }
        Ok(())
    }

    /// A stated rate must come out of the target and its denominator.
    fn rates(&self, indicator: &crate::IndicatorPlan, year: &crate::Year) -> Result<(), BlueprintError> {
        for (slug, stated) in &year.rates {
            let needle = format!("fiscal_year = {}", year.fiscal_year.0);
            let rate: Rate = stated.parse().map_err(|error: tsunagari_figures::rate::NotARate| {
                self.fail(stated, "rates", &error.to_string(), "write one decimal")
            })?;
            let population = indicator
                .denominators
                .iter()
                .find(|denominator| &denominator.slug == slug)
                .and_then(|denominator| denominator.people(year.fiscal_year));
            let Some(population) = population else {
                return Err(self.fail(
                    &needle,
                    "rates",
                    "has no denominator of that name and year",
                    "add the population",
                ));
            };
            if year.target.and_then(|target| Rate::of(target, population)) != Some(rate) {
                return Err(self.fail(
                    &needle,
                    "rates",
                    "does not follow from target and denominator",
                    "correct one of the three",
                ));
            }
        }
        Ok(())
    }
}

fn fault(file: &str, line: usize, field: &str, problem: &str, fix: &str) -> BlueprintError {
    BlueprintError {
        file: file.to_owned(),
        line,
        field: field.to_owned(),
        problem: problem.replace('\n', " "),
        fix: fix.to_owned(),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

fn key_on(text: &str, line: usize) -> &str {
    text.lines().nth(line - 1).and_then(|line| line.split('=').next()).map_or("", str::trim)
}

#[cfg(test)]
mod tests;
