//! Project tasks: `cargo xtask test | tidy | soak | pg`. This file reads the command line and leaves every task to
//! its own module. To add a task: a module with a `run` function, a line in `USAGE`, an arm in `dispatch`.

mod browser;
mod command;
mod count;
mod postgres;
mod prerequisites;
mod python;
mod soak;
mod test;
mod tidy;
mod tree;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask test [--only fmt,clippy,tidy,unit,browser] [--update-docs]
    everything a change must pass; --update-docs lets the browser stories rewrite docs/images
cargo xtask tidy
    the rules of the house that a program can check
cargo xtask soak [NAME ...]
    the longer tests, printed as a table
cargo xtask pg
    a throw-away PostgreSQL in the foreground; prints the variable that tests read";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let root = tree::workspace_root()?;
    std::env::set_current_dir(&root)?;
    match arguments.split_first().map(|(task, rest)| (task.as_str(), rest)) {
        Some(("test", rest)) => return Ok(test::run(&root, &test::Selection::parse(rest)?)),
        Some(("tidy", [])) => tidy::run(&root)?,
        Some(("soak", rest)) => return soak::run(&root, rest),
        Some(("pg", [])) => postgres::run_in_foreground(&root)?,
        Some(("help" | "--help" | "-h", _)) => println!("{USAGE}"),
        _ => bail!("unknown task or arguments\n{USAGE}"),
    }
    Ok(ExitCode::SUCCESS)
}
