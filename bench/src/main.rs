//! How fast and how small the product is, measured on this machine with the load beside the server, and printed as one
//! markdown table: `cargo run --release -p tsunagari-bench -- [part …] [--database sqlite|postgres] [--people N]`.
//! Never a test: a goal that is missed is a row that says so. To add a part: see `part`.

mod arrivals;
mod bench;
mod calibration;
mod part;
mod parts;
mod people;
mod server;
mod table;
mod town;
mod upkeep;

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use bench::{Bench, Database};
use part::Part;
use table::Figure;

/// Measures and prints a table.
#[derive(Parser)]
#[command(name = "tsunagari-bench")]
struct Arguments {
    /// Which parts; all but the long ones when none is named.
    parts: Vec<String>,
    /// Which database; both, one after the other, when none is named.
    #[arg(long)]
    database: Option<Database>,
    /// How many people the town has.
    #[arg(long, default_value_t = 100_000)]
    people: u64,
    /// The server to measure; otherwise it is built.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Where the data lies; below the system's temporary directory otherwise.
    #[arg(long)]
    root: Option<PathBuf>,
    /// On PostgreSQL: after each part, the statements the server spent its time in, to standard error.
    #[arg(long)]
    statements: bool,
    /// Ends with a failure when a goal was missed.
    #[arg(long)]
    must_hold: bool,
    /// Lists the parts.
    #[arg(long)]
    list: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let parts = parts::all();
    if arguments.list {
        for part in &parts {
            println!("{:<12} {}", part.name(), part.about());
        }
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = arguments.parts.iter().find(|name| !parts.iter().any(|part| part.name() == name.as_str())) {
        bail!("no part is called `{unknown}`; --list tells which there are");
    }
    let binary = match arguments.binary {
        Some(binary) => binary,
        None => build()?,
    };
    let root = tempfile::Builder::new()
        .prefix("tsunagari-bench-")
        .tempdir_in(arguments.root.unwrap_or_else(std::env::temp_dir))?;
    println!("{}", table::HEAD);
    for figure in calibration::calibrate(root.path())? {
        println!("{figure}");
    }
    let databases = arguments.database.map_or_else(|| vec![Database::Sqlite, Database::Postgres], |one| vec![one]);
    let mut missed = 0;
    for database in databases {
        let below = root.path().join(database.label());
        std::fs::create_dir_all(&below)?;
        let bench = Bench::begin(database, arguments.people, binary.clone(), below, arguments.statements)?;
        let asked = |it: &dyn Part| match arguments.parts.as_slice() {
            [] => !it.is_long(),
            named => named.iter().any(|name| name == it.name()),
        };
        for part in parts.iter().filter(|it| asked(it.as_ref())) {
            match part.run(&bench).await {
                Ok(figures) => {
                    missed += figures.iter().filter(|figure| figure.is_missed()).count();
                    print(database, &figures);
                }
                Err(error) => {
                    missed += 1;
                    println!("| {}: {} | | | failed: {error:#} |", database.label(), part.about());
                }
            }
            if let Some(dearest) = bench.dearest_statements()? {
                eprintln!("{}:\n{dearest}", part.name());
            }
        }
    }
    eprintln!("{missed} goals missed");
    Ok(if arguments.must_hold && missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn print(database: Database, figures: &[Figure]) {
    for figure in figures {
        let row = figure.to_string();
        println!("| {}: {}", database.label(), row.trim_start_matches("| "));
    }
}

/// Builds the server as it is shipped. The second cargo is not told of the first one's package, which would have it build
/// crates again that look at it.
fn build() -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(&name);
        }
    }
    let done = cargo.args(["build", "--release", "--locked", "-p", "tsunagari"]).status()?;
    ensure!(done.success(), "the server does not build");
    let own = std::env::current_exe()?;
    Ok(own.parent().context("this program lies nowhere")?.join("tsunagari"))
}
