//! The Python environment in which the official LINE SDK drives the simulator. Kept under `target/` and made anew
//! when the pinned list changes; which tests use it is left to them (`TSUNAGARI_PY_VENV`).

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::run;

/// What tests read to find the environment.
pub const VARIABLE: &str = "TSUNAGARI_PY_VENV";

/// Pinned so that a test means the same tomorrow.
const PACKAGES: &[&str] = &["line-bot-sdk==3.27.0"];

/// Makes sure the environment exists and returns its folder.
pub fn ensure(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/py-venv");
    let stamp = folder.join("tsunagari-packages.txt");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        println!("found: {}", PACKAGES.join(", "));
        return Ok(folder);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PACKAGES))?;
    std::fs::write(&stamp, wanted).context("cannot write the stamp of the Python environment")?;
    Ok(folder)
}
