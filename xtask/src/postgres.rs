//! The throw-away PostgreSQL of the tests: one that may lose its data, and the variables by which tests find it.

use std::path::Path;

use anyhow::Result;
use tsunagari_cluster::Cluster;

use crate::prerequisites::{For, ensure};

/// What tests read: the URL of the super-user of the throw-away cluster.
pub const VARIABLE: &str = "TSUNAGARI_TEST_PG";

/// Tells the program that this cluster may lose its data: it runs without fsync, which the program refuses otherwise.
pub const THROW_AWAY: &str = "TSUNAGARI_THROW_AWAY_DATABASE";

/// Makes and starts a cluster for tests.
pub fn start() -> Result<Cluster> {
    let settings =
        ["fsync=off", "max_connections=300", "shared_buffers=256MB", "max_wal_size=4GB", "log_min_messages=warning"];
    Cluster::start(&std::env::temp_dir(), &settings)
}

/// `cargo xtask pg`: keeps a cluster until Ctrl-C.
pub fn run_in_foreground(root: &Path) -> Result<()> {
    ensure(&[For::Tests])?;
    let cluster = start()?;
    println!("\nexport {VARIABLE}={}", cluster.url());
    println!("export {THROW_AWAY}=1");
    let venv = crate::python::ensure(root)?;
    println!("export {}={}", crate::python::VARIABLE, venv.display());
    println!("Ctrl-C stops the server and removes its files.");
    loop {
        std::thread::park();
    }
}
