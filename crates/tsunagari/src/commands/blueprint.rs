//! `blueprint`: lists and shows the programmes shipped with the program, and checks files of one's own with their cases. Needs
//! no installation. Leaves reading and judging to the blueprints crate.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde::Serialize;
use tsunagari_blueprints::{
    Amount, Blueprint, CASES, Came, Case, CaseFile, ParameterValue, blueprint_by_slug, blueprints, load_blueprint,
    load_cases,
};

/// List, show and check the programmes a town can copy.
#[derive(Args)]
#[command(after_help = "Examples:
  tsunagari blueprint list
  tsunagari blueprint show SLUG   (as the list prints it)
  tsunagari blueprint check
  tsunagari blueprint check blueprints/catalogue/ours.toml --cases blueprints/cases/ours.toml")]
pub struct BlueprintCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// One line for each.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Everything one says.
    Show {
        /// Its slug, as `list` prints it.
        slug: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read files and play their cases; without files, those shipped.
    Check {
        /// Files of blueprints. The path under a folder `blueprints` must be the slug with `.toml`.
        files: Vec<PathBuf>,
        /// Files of cases; each names its blueprint, one of the files or a shipped one.
        #[arg(long)]
        cases: Vec<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Serialize)]
struct Listed {
    slug: String,
    organisation: String,
    title: String,
}

/// What checking a blueprint came to.
#[derive(Serialize)]
struct Checked {
    slug: String,
    cases: usize,
    /// The cases that came to something else, in words.
    wrong: Vec<String>,
}

impl BlueprintCommand {
    /// Does it.
    ///
    /// # Errors
    /// A file that is not there or has a mistake; a slug nobody has.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        match self.what {
            What::List { json } => list(json),
            What::Show { slug, json } => show(&slug, json),
            What::Check { files, cases, json } => check(&files, &cases, json),
        }
    }
}

fn list(json: bool) -> anyhow::Result<ExitCode> {
    let listed = blueprints()?.into_iter().map(|it| Listed {
        slug: it.slug,
        organisation: it.organisation_name,
        title: it.title,
    });
    let all: Vec<Listed> = listed.collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(ExitCode::SUCCESS);
    }
    let widest = all.iter().map(|it| it.slug.len()).max().unwrap_or(0);
    for it in all {
        println!("{:widest$}  {}  {}", it.slug, it.organisation, it.title);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(slug: &str, json: bool) -> anyhow::Result<ExitCode> {
    let unknown = || format!("there is no blueprint {slug}; `tsunagari blueprint list` prints those there are");
    let it = blueprint_by_slug(slug).with_context(unknown)??;
    if json {
        println!("{}", serde_json::to_string_pretty(&it)?);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}  {}  {}", it.slug, it.organisation_name, it.title);
    println!("source: {}: {}", it.source.document, it.source.heading);
    println!("\n{}", it.sheet.overview);
    list_of("aims", it.sheet.aims.iter());
    list_of("content", it.sheet.content.iter());
    list_of(
        "what a town may set",
        it.parameters.iter().map(|it| {
            let inferred = if it.inferred { " (inferred)" } else { "" };
            format!(
                "{} = {}{inferred}  {}",
                it.name,
                it.default_value().as_ref().map_or_else(String::new, written),
                it.label
            )
        }),
    );
    list_of(
        "who may take part",
        it.who.conditions.iter().map(|it| format!("{}: {}\n      {}", it.code, it.words, it.rule)),
    );
    list_of("classes", it.who.classes.iter().map(|it| format!("{}: {}\n      {}", it.code, it.words, it.rule)));
    list_of("how they are chosen", chosen(&it).into_iter());
    list_of("what is asked", it.form.iter().map(|it| format!("{}: {}", it.code, it.label)));
    list_of(
        "what they get",
        it.gets.iter().map(|it| match it.only_for.join(", ") {
            all if all.is_empty() => it.name.clone(),
            some => format!("{} (only {some})", it.name),
        }),
    );
    list_of("notes", it.notes.iter().map(|it| it.text.clone()));
    Ok(ExitCode::SUCCESS)
}

fn chosen(it: &Blueprint) -> Vec<String> {
    let amount = |it: &Amount| match it {
        Amount::Fixed(n) => n.to_string(),
        Amount::Named(name) => name.clone(),
    };
    let mut lines = vec![word(&it.choose.how)];
    lines.extend(it.choose.places.iter().map(|n| format!("places: {}", amount(n))));
    lines.extend(it.choose.waiting_list.iter().map(|n| format!("waiting list: {}", amount(n))));
    lines.extend(
        it.choose
            .caps
            .iter()
            .map(|cap| format!("at most {} per {} and {}", amount(&cap.at_most), word(&cap.per), word(&cap.within))),
    );
    lines
}

/// A code as the files write it.
fn word(code: &impl Serialize) -> String {
    serde_json::to_value(code).ok().and_then(|it| it.as_str().map(|it| it.replace('_', " "))).unwrap_or_default()
}

fn list_of(title: &str, lines: impl Iterator<Item = impl std::fmt::Display>) {
    let lines: Vec<String> = lines.map(|it| format!("  - {it}")).collect();
    if !lines.is_empty() {
        println!("\n{title}\n{}", lines.join("\n"));
    }
}

fn written(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Number(n) => n.to_string(),
        ParameterValue::Flag(yes) => yes.to_string(),
        ParameterValue::Code(code) => code.clone(),
        ParameterValue::Codes(codes) => codes.join(", "),
        ParameterValue::Day(day) => day.to_string(),
    }
}

fn check(files: &[PathBuf], cases: &[PathBuf], json: bool) -> anyhow::Result<ExitCode> {
    let (own, played) = if files.is_empty() && cases.is_empty() {
        (blueprints()?, CASES.iter().map(|(file, text)| load_cases(file, text)).collect::<Result<_, _>>()?)
    } else {
        (read(files, load_blueprint)?, read(cases, load_cases)?)
    };
    let checked = own_and_named(own, &played)?.iter().map(|it| outcome(it, &played)).collect::<Vec<Checked>>();
    if json {
        println!("{}", serde_json::to_string_pretty(&checked)?);
    } else {
        for it in &checked {
            let word = if it.wrong.is_empty() { "ok" } else { "WRONG" };
            println!("{}: {word} ({} cases)", it.slug, it.cases);
            it.wrong.iter().for_each(|line| println!("  - {line}"));
        }
    }
    let whole = checked.iter().all(|it| it.wrong.is_empty());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read<T, E: std::error::Error + Send + Sync + 'static>(
    files: &[PathBuf],
    load: fn(&str, &str) -> Result<T, E>,
) -> anyhow::Result<Vec<T>> {
    let one = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(load(&below_blueprints(path), &text)?)
    };
    files.iter().map(one).collect()
}

/// The path under the folder `blueprints`; the whole path where there is none.
fn below_blueprints(path: &Path) -> String {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let below = parts.iter().rposition(|part| *part == "blueprints").map_or(0, |at| at + 1);
    parts[below..].join("/")
}

/// The blueprints that were given, and the shipped ones that only cases name.
fn own_and_named(mut own: Vec<Blueprint>, played: &[CaseFile]) -> anyhow::Result<Vec<Blueprint>> {
    for file in played {
        if !own.iter().any(|it| it.slug == file.blueprint) {
            let unknown = || format!("the cases name {}, which is neither a file given nor shipped", file.blueprint);
            own.push(blueprint_by_slug(&file.blueprint).with_context(unknown)??);
        }
    }
    Ok(own)
}

fn outcome(it: &Blueprint, played: &[CaseFile]) -> Checked {
    let cases: Vec<&Case> =
        played.iter().filter(|file| file.blueprint == it.slug).flat_map(|file| &file.cases).collect();
    let wrong = cases.iter().filter_map(|case| match case.differs(it) {
        Ok(None) => None,
        Ok(Some(came)) => Some(format!("{}: {}", case.name, told(&came))),
        Err(problem) => Some(format!("{}: {problem}", case.name)),
    });
    Checked { slug: it.slug.clone(), cases: cases.len(), wrong: wrong.collect() }
}

fn told(came: &Came) -> String {
    let Came { verdict, because, class, gets, mainly } = came;
    format!("came to {verdict:?} by {because:?}, class {class:?}, gets {gets:?}, mainly for them: {mainly}")
}
