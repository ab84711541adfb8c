//! `cargo xtask soak`: the longer tests, run one after the other and printed as a table. Most are an ordinary test
//! that reads its size from the environment: small in `cargo xtask test`, large here. What needs the program as it is shipped
//! and a load beside it is a long part of the bench, whose goals must all hold. To add one: a line in `SOAKS`
//! and a test that prints `soak: <what was counted>` when `TSUNAGARI_SOAK` is set, or a part.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use tsunagari_cluster::Cluster;

use crate::command::{cargo, listen, step};
use crate::count;
use crate::postgres;
use crate::prerequisites::{For, ensure};
use crate::python;
use crate::test::with_services;

struct Soak {
    name: &'static str,
    promise: &'static str,
    runs: Runs,
}

/// What is run.
enum Runs {
    /// A test, on both databases.
    Test(Test),
    /// A part of the bench, one database after the other.
    Bench(&'static str),
}

struct Test {
    package: &'static str,
    /// What the test's full path contains.
    filter: &'static str,
    /// Sizes, as the test reads them.
    sizes: &'static [(&'static str, &'static str)],
    /// Whether it measures: then one database after the other, with the machine to itself.
    alone: bool,
}

/// The table of longer tests.
const SOAKS: &[Soak] = &[
    Soak {
        name: "rules-sql",
        promise: "eval and SQL agree on random rules and people, both databases",
        runs: Runs::Test(Test {
            package: "tsunagari-storage",
            filter: "soak_rule_eval_equals_sql",
            sizes: &[("TSUNAGARI_RULE_CASES", "20000")],
            alone: false,
        }),
    },
    Soak {
        name: "kill",
        promise: "kill -9: no acknowledged change is lost, restart within 2 s, both databases",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_kill_nine",
            sizes: &[("TSUNAGARI_KILL_ROUNDS", "1000")],
            alone: true,
        }),
    },
    Soak {
        name: "disk-full",
        promise: "disk full: reads keep working, writes are told when to come back, recovery without a restart, both databases",
        runs: Runs::Test(Test { package: "tsunagari", filter: "soak_disk_full", sizes: &[], alone: false }),
    },
    Soak {
        name: "fsync",
        promise: "a failed fsync ends the process (the driver's codes are given to it: no disk here fails on demand)",
        runs: Runs::Test(Test {
            package: "tsunagari-storage",
            filter: "a_failed_fsync_ends_the_process",
            sizes: &[],
            alone: false,
        }),
    },
    Soak {
        name: "line-faults",
        promise: "faulty LINE: nothing sent twice, nothing lost in the simulator's ledger",
        runs: Runs::Test(Test {
            package: "tsunagari-acts",
            filter: "soak_line_faults",
            sizes: &[("TSUNAGARI_LINE_MESSAGES", "10000")],
            alone: false,
        }),
    },
    Soak {
        name: "kill-sending",
        promise: "kill -9 while a message is sent to a faulty LINE: nobody twice, nobody lost in its ledger",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_kill_sending",
            sizes: &[
                ("TSUNAGARI_SEND_KILLS", "100"),
                ("TSUNAGARI_SEND_MESSAGES", "10000"),
                // Longer than the program waits for an answer, so that it really gives up on one that was accepted.
                ("TSUNAGARI_SEND_TIMEOUT", "21000"),
            ],
            alone: false,
        }),
    },
    Soak {
        name: "hostile",
        promise: "hostile requests at every route, from nobody, residents and administrators: never a 5xx",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_hostile",
            sizes: &[("TSUNAGARI_HOSTILE_CASES", "20000")],
            alone: false,
        }),
    },
    Soak {
        name: "webhooks",
        promise: "webhooks shuffled, repeated and badly signed: effects once; p99 at most 300 ms, always within 2 s",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_webhooks",
            sizes: &[("TSUNAGARI_WEBHOOK_EVENTS", "5000")],
            alone: true,
        }),
    },
    Soak {
        name: "withdrawal",
        promise: "consent withdrawn while sending: no send after the acknowledgement",
        runs: Runs::Test(Test {
            package: "tsunagari-acts",
            filter: "soak_withdrawal",
            sizes: &[("TSUNAGARI_INTERLEAVINGS", "10000")],
            alone: false,
        }),
    },
    Soak {
        name: "rush",
        promise: "50 registrations a second for 10 minutes without an error or a duplicate, p99 at most 500 ms",
        runs: Runs::Bench("rush"),
    },
    Soak {
        name: "overload",
        promise: "ten times the load for 2 minutes: goodput at least 80 % of the maximum, the rest told to come back, at most 1 GB, normal \
                  within 10 s",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_overload",
            sizes: &[("TSUNAGARI_OVERLOAD_SECONDS", "120")],
            alone: true,
        }),
    },
    Soak {
        name: "archives",
        promise: "corrupted backup archives are all refused",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_damaged_archives",
            sizes: &[("TSUNAGARI_ARCHIVES", "1000")],
            alone: false,
        }),
    },
    Soak {
        name: "canaries",
        promise: "planted personal data is found nowhere in clear",
        runs: Runs::Test(Test {
            package: "tsunagari",
            filter: "soak_canaries",
            sizes: &[("TSUNAGARI_CANARIES", "1000")],
            alone: false,
        }),
    },
];

struct Row {
    name: &'static str,
    promise: &'static str,
    verdict: String,
    seconds: f64,
}

/// Runs the named soaks, or all, and prints the table.
pub fn run(root: &Path, names: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = names.iter().find(|name| !SOAKS.iter().any(|soak| soak.name == name.as_str())) {
        let known: Vec<&str> = SOAKS.iter().map(|soak| soak.name).collect();
        bail!("no longer test is called `{unknown}`; there are: {}", known.join(", "));
    }
    step("prerequisites", || ensure(&[For::Tests]))?;
    let venv = step("Python environment", || python::ensure(root))?;
    let cluster = step("throw-away PostgreSQL", postgres::start)?;
    let mut rows = Vec::new();
    for soak in SOAKS.iter().filter(|soak| names.is_empty() || names.iter().any(|name| name == soak.name)) {
        let begin = Instant::now();
        let verdict =
            step(soak.name, || run_one(soak, &cluster, &venv)).unwrap_or_else(|error| format!("FAILED: {error:#}"));
        rows.push(Row { name: soak.name, promise: soak.promise, verdict, seconds: begin.elapsed().as_secs_f64() });
    }
    println!("\n| test | promise | result | seconds |\n|---|---|---|---|");
    for row in &rows {
        println!("| {} | {} | {} | {:.0} |", row.name, row.promise, row.verdict, row.seconds);
    }
    let failed = rows.iter().filter(|row| row.verdict.starts_with("FAILED")).count();
    println!("\n{} passed, {failed} failed", rows.len() - failed);
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_one(soak: &Soak, cluster: &Cluster, venv: &Path) -> Result<String> {
    match &soak.runs {
        Runs::Test(test) => run_test(test, cluster, venv),
        Runs::Bench(part) => run_part(part),
    }
}

fn run_test(test: &Test, cluster: &Cluster, venv: &Path) -> Result<String> {
    let mut tests = cargo();
    tests.args(["test", "--release", "--locked", "--package", test.package, test.filter, "--", "--nocapture"]);
    if test.alone {
        tests.arg("--test-threads=1");
    }
    tests.env("TSUNAGARI_SOAK", "1").envs(test.sizes.iter().copied());
    let heard = listen(with_services(&mut tests, cluster, venv))?;
    let count = count::read(&heard.text);
    if !heard.succeeded || count.failed > 0 {
        bail!("{count}");
    }
    if count.is_empty() {
        bail!("no test is called `{}` in {}", test.filter, test.package);
    }
    let said: Vec<&str> = heard.text.lines().filter_map(|line| line.trim().strip_prefix("soak: ")).collect();
    Ok(if said.is_empty() { "held".to_owned() } else { format!("held: {}", said.join("; ")) })
}

fn run_part(part: &str) -> Result<String> {
    let mut bench = cargo();
    bench.args(["run", "--release", "--locked", "--package", "tsunagari-bench", "--", part, "--must-hold"]);
    let heard = listen(&mut bench)?;
    let goals: Vec<String> = heard.text.lines().filter_map(goal).collect();
    if !heard.succeeded || goals.is_empty() {
        bail!("{}", goals.join("; "));
    }
    Ok(format!("held: {}", goals.join("; ")))
}

/// What a row of the bench's table says of its goal; nothing for a row that has none.
fn goal(line: &str) -> Option<String> {
    let cells: Vec<&str> = line.trim().split('|').map(str::trim).collect();
    match cells.as_slice() {
        ["", figure, goal, measured, verdict, ""]
            if !goal.is_empty() && (verdict.starts_with("met") || verdict.starts_with("not met")) =>
        {
            Some(format!("{figure} {measured} ({verdict}: {goal})"))
        }
        ["", _, _, _, failed, ""] if failed.starts_with("failed") => Some((*failed).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of every test of a crate.
    fn sources(dir: &Path, into: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                sources(&path, into);
            } else if path.extension().is_some_and(|it| it == "rs") {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_row_names_a_test_that_reads_its_sizes() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
        let mut wrong = Vec::new();
        for soak in SOAKS {
            let mut text = String::new();
            match &soak.runs {
                Runs::Bench(part) => {
                    sources(&crates.join("../bench/src/parts"), &mut text);
                    if !text.contains(&format!("\"{part}\"")) {
                        wrong.push(format!("{}: the bench has no part {part}", soak.name));
                    }
                }
                Runs::Test(test) => {
                    sources(&crates.join(test.package.trim_start_matches("tsunagari-")), &mut text);
                    if !text.contains(&format!("fn {}(", test.filter)) {
                        wrong.push(format!("{}: {} has no test {}", soak.name, test.package, test.filter));
                    }
                    for (size, _) in test.sizes.iter().filter(|(size, _)| !text.contains(&format!("\"{size}\""))) {
                        wrong.push(format!("{}: nothing reads {size}", soak.name));
                    }
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn the_rows_of_the_bench_that_have_a_goal_are_told() {
        let met = "| SQLite: rush: one page | p99 ≤ 500 ms | min 0.4 ms · p99 40 ms (n = 9) | met |";
        assert_eq!(goal(met).unwrap(), "SQLite: rush: one page min 0.4 ms · p99 40 ms (n = 9) (met: p99 ≤ 500 ms)");
        assert!(goal("| SQLite: rush: not finished | ≤ 0 | 3 | not met: GET /j/x: 429 |").unwrap().contains("429"));
        assert!(goal("| SQLite: rush | | | failed: no server |").unwrap().contains("no server"));
        for none in ["| calibration: cores |  | 2 |  |", "| figure | goal | measured | |", "|---|---|---|---|", ""] {
            assert_eq!(goal(none), None, "{none}");
        }
    }
}
