//! `cargo xtask tidy`: the rules of the house that a program can check. Each file below `tidy/` holds one kind of rule as
//! a function from the tree to its findings; to add one, write such a function with its tests and name it in `CHECKS`.
//!
//! A finding is waived by a comment on its line or the line before: `tidy: allow(rule) the reason`, never without a reason.

mod acts;
mod dependencies;
mod engine;
mod japanese;
mod layers;
mod locales;
mod manifest;
mod migrations;
mod places;
mod purity;
mod reasons;
mod rust;
mod shape;
mod slugs;
mod sql;
mod tests_only;
mod unused_texts;

use std::path::Path;

use anyhow::{Result, bail};

use crate::tree::Tree;
use rust::Source;

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    message: String,
}

impl Finding {
    fn new(rule: &'static str, path: &str, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, message: message.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}: [{}] {}", self.path, self.line, self.rule, self.message)
    }
}

/// What the checks look at: the files, and the Rust files among them taken apart once.
pub struct House {
    tree: Tree,
    sources: Vec<Source>,
}

impl House {
    fn new(tree: Tree) -> Self {
        let sources = tree.ending("rs").map(Source::read).collect();
        Self { tree, sources }
    }

    /// Rust files of the product's crates.
    fn crate_sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.path.starts_with("crates/"))
    }

    #[cfg(test)]
    fn of(pairs: &[(&str, &str)]) -> Self {
        Self::new(Tree::of(pairs))
    }
}

type Check = fn(&House) -> Vec<Finding>;

const CHECKS: &[Check] = &[
    shape::check,
    layers::check,
    dependencies::check,
    purity::check,
    sql::check,
    engine::check,
    migrations::check,
    locales::check,
    unused_texts::check,
    reasons::check,
    acts::check,
    japanese::check,
    slugs::check,
    places::check,
    tests_only::check,
];

/// Runs every check and prints what it finds.
pub fn run(root: &Path) -> Result<()> {
    let house = House::new(Tree::read(root)?);
    let findings = findings(&house);
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files, nothing to say", house.tree.files.len());
        return Ok(());
    }
    bail!("tidy: {} findings", findings.len())
}

fn findings(house: &House) -> Vec<Finding> {
    let mut findings: Vec<Finding> = CHECKS.iter().flat_map(|check| check(house)).collect();
    findings.retain(|finding| !is_waived(house, finding));
    findings.sort();
    findings.dedup();
    findings
}

fn is_waived(house: &House, finding: &Finding) -> bool {
    let Some(file) = house.tree.file(&finding.path) else {
        return false;
    };
    let mark = format!("tidy: allow({})", finding.rule);
    file.lines()
        .filter(|(number, _)| *number == finding.line || *number + 1 == finding.line)
        .filter_map(|(_, line)| line.split_once(&mark))
        .any(|(_, reason)| reason.trim().trim_end_matches("-->").trim().len() > 8)
}

#[cfg(test)]
mod tests;
