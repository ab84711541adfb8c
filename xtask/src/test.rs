//! `cargo xtask test`: everything a change must pass, in order, each step announced with its time. The last line is
//! the sum over all test runners. How a step works is left to its module.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use tsunagari_cluster::Cluster;

use crate::command::{self, Heard, cargo, find, listen, step};
use crate::count::{self, Count};
use crate::postgres;
use crate::prerequisites::{self, For};
use crate::{browser, python, tidy};

/// One part of the tests, as named by `--only`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Fmt,
    Clippy,
    Tidy,
    Unit,
    Browser,
}

impl Part {
    const ALL: [(&'static str, Self); 5] = [
        ("fmt", Self::Fmt),
        ("clippy", Self::Clippy),
        ("tidy", Self::Tidy),
        ("unit", Self::Unit),
        ("browser", Self::Browser),
    ];
}

/// What a run of the tests was asked to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Selection {
    parts: Vec<Part>,
    pictures: browser::Pictures,
}

impl Selection {
    /// Reads `--only a,b` and `--update-docs`; without `--only`, everything runs.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut selection =
            Self { parts: Part::ALL.map(|(_, part)| part).to_vec(), pictures: browser::Pictures::LeaveAlone };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match (argument.as_str(), argument.strip_prefix("--only=")) {
                ("--update-docs", _) => selection.pictures = browser::Pictures::UpdateDocs,
                ("--only", _) => selection.parts = parse_parts(rest.next().map_or("", String::as_str))?,
                (_, Some(names)) => selection.parts = parse_parts(names)?,
                (other, None) => bail!("`cargo xtask test` does not know `{other}`"),
            }
        }
        Ok(selection)
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
}

fn parse_parts(names: &str) -> Result<Vec<Part>> {
    names
        .split(',')
        .map(|name| match Part::ALL.iter().find(|(known, _)| *known == name) {
            Some((_, part)) => Ok(*part),
            None => {
                let known = Part::ALL.map(|(known, _)| known).join(", ");
                bail!("--only takes a list of {known}; `{name}` is none of them")
            }
        })
        .collect()
}

/// Runs the selected steps and prints the sum as the last line. A failing check ends the run; failing tests do not
/// keep the browser stories from running.
pub fn run(root: &Path, selection: &Selection) -> ExitCode {
    let mut total = Count::default();
    if let Err(error) = run_steps(root, selection, &mut total) {
        println!("\n{error:#}");
        // A step that broke is one thing that failed, so that the last line never reads as a success.
        total.failed += 1;
    }
    println!("\n{total}");
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_steps(root: &Path, selection: &Selection, total: &mut Count) -> Result<()> {
    let mut needs = Vec::new();
    if selection.has(Part::Unit) {
        needs.push(For::Tests);
    }
    if selection.has(Part::Browser) {
        needs.push(For::Browser);
    }
    if !needs.is_empty() {
        step("prerequisites", || prerequisites::ensure(&needs))?;
    }
    if selection.has(Part::Fmt) {
        step("format", || command::run(cargo().args(["fmt", "--all", "--check"])))?;
    }
    if selection.has(Part::Tidy) {
        step("tidy", || tidy::run(root))?;
    }
    if selection.has(Part::Clippy) {
        step("clippy", || {
            let arguments = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
            command::run(cargo().args(arguments))
        })?;
    }
    if needs.is_empty() {
        return Ok(());
    }
    let cluster = step("throw-away PostgreSQL", postgres::start)?;
    println!("{}={}", postgres::VARIABLE, cluster.url());
    if selection.has(Part::Unit) {
        let venv = step("Python environment", || python::ensure(root))?;
        *total += step("unit, property, storage and story tests", || workspace_tests(&cluster, &venv))?;
        *total += step("documentation tests", || documentation_tests(&cluster, &venv))?;
    }
    if selection.has(Part::Browser) {
        // Asked for as the tests are, so that what they have built is the program: alone it would be built with other
        // features, and all it needs with it.
        step("build for the browser", || {
            command::run(cargo().args(["build", "--locked", "--workspace", "--tests", "--bin", "tsunagari"]))
        })?;
        step("browser packages", || browser::install(root))?;
        for database in browser::DATABASES {
            *total += step(&format!("browser stories on {database}"), || {
                browser::stories(root, database, &cluster, selection.pictures)
            })?;
        }
    }
    Ok(())
}

fn workspace_tests(cluster: &Cluster, venv: &Path) -> Result<Count> {
    let mut tests = cargo();
    if find("cargo-nextest").is_some() {
        tests.args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]);
    } else {
        tests.args(["test", "--workspace", "--locked", "--all-targets", "--no-fail-fast"]);
    }
    counted(with_services(&mut tests, cluster, venv))
}

fn documentation_tests(cluster: &Cluster, venv: &Path) -> Result<Count> {
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--locked", "--doc", "--no-fail-fast"]);
    let heard = listen(with_services(&mut tests, cluster, venv))?;
    // A workspace without examples in its documentation is no failure.
    verdict(&heard, count::read(&heard.text))
}

/// Adds what tests read to find the services started for them.
pub fn with_services<'a>(command: &'a mut Command, cluster: &Cluster, venv: &Path) -> &'a mut Command {
    command.env(postgres::VARIABLE, cluster.url()).env(postgres::THROW_AWAY, "1").env(python::VARIABLE, venv)
}

/// Runs a test runner and counts; no test at all is a failure, because then nothing was shown.
pub fn counted(command: &mut Command) -> Result<Count> {
    let heard = listen(command)?;
    let count = count::read(&heard.text);
    if heard.succeeded && count.is_empty() {
        bail!("no test ran");
    }
    verdict(&heard, count)
}

fn verdict(heard: &Heard, count: Count) -> Result<Count> {
    match (heard.succeeded, count.failed) {
        (true, 0) | (false, 1..) => Ok(count),
        (false, 0) => bail!("the tests could not be built or run to their end"),
        (true, failed) => bail!("the test runner reports success but counts {failed} failures"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Selection> {
        Selection::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn everything_runs_unless_told_otherwise() {
        let all = parse("").unwrap();
        assert!(Part::ALL.iter().all(|(_, part)| all.has(*part)));
        let some = parse("--only fmt,unit").unwrap();
        assert_eq!(some.parts, [Part::Fmt, Part::Unit]);
        assert_eq!(parse("--only=tidy").unwrap().parts, [Part::Tidy]);
    }

    #[test]
    fn an_unknown_part_is_refused() {
        assert!(parse("--only units").unwrap_err().to_string().contains("units"));
        assert!(parse("--only").is_err());
        assert!(parse("--fast").is_err());
    }

    #[test]
    fn a_runner_that_breaks_without_counting_is_an_error() {
        let heard = |succeeded| Heard { text: String::new(), succeeded };
        assert!(verdict(&heard(false), Count::default()).is_err());
        assert!(verdict(&heard(true), Count { passed: 1, failed: 1 }).is_err());
        assert!(verdict(&heard(false), Count { passed: 1, failed: 1 }).is_ok());
    }
}
