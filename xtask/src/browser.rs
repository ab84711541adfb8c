//! The browser stories: installs what `e2e/package-lock.json` pins and runs `e2e/run.mjs` once on each database.
//! What the stories do is left to `e2e/`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use tsunagari_cluster::Cluster;

use crate::command::run;
use crate::count::Count;
use crate::postgres;
use crate::prerequisites::chromium;
use crate::test::counted;

/// The databases the stories run on, as `e2e/run.mjs --database` names them.
pub const DATABASES: [&str; 2] = ["sqlite", "postgres"];

/// What the stories do with the pictures of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictures {
    /// Pictures go to `e2e/shots`, which is not kept.
    LeaveAlone,
    /// The chosen pictures are written to `docs/images`.
    UpdateDocs,
}

/// Installs the pinned packages; their install scripts are not run, since none of them needs one.
pub fn install(root: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(npm.current_dir(root.join("e2e")))
}

/// Runs every story on one database.
pub fn stories(root: &Path, database: &str, cluster: &Cluster, pictures: Pictures) -> Result<Count> {
    let chromium = chromium().context("Chromium is not installed")?;
    let mut node = Command::new("node");
    node.arg("run.mjs").args(["--database", database]);
    node.arg("--binary").arg(root.join("target/debug/tsunagari"));
    if pictures == Pictures::UpdateDocs && database == DATABASES[0] {
        node.arg("--update-docs");
    }
    node.current_dir(root.join("e2e"));
    node.env(postgres::VARIABLE, cluster.url()).env(postgres::THROW_AWAY, "1").env("TSUNAGARI_CHROMIUM", chromium);
    counted(&mut node)
}
