//! What the tests need from the machine: finds it, installs the Debian package when it may, and otherwise says what
//! to install. To add one: a line in `NEEDS`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{self, capture, find, is_program, run};

/// A part of the tests that needs something from the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Unit, property, storage and story tests.
    Tests,
    /// The browser stories.
    Browser,
}

struct Need {
    name: &'static str,
    /// Debian packages tried in order.
    packages: &'static [&'static str],
    parts: &'static [For],
    is_there: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        name: "PostgreSQL 15 or newer (initdb, postgres)",
        packages: &["postgresql-15", "postgresql"],
        parts: &[For::Tests, For::Browser],
        is_there: || tsunagari_cluster::binaries().is_some(),
    },
    Need {
        name: "Python 3 with venv and pip",
        packages: &["python3-venv"],
        parts: &[For::Tests],
        is_there: || capture(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok(),
    },
    Need {
        name: "Node.js 18 or newer",
        packages: &["nodejs"],
        parts: &[For::Browser],
        is_there: || node_version().is_some_and(|version| version >= 18),
    },
    Need { name: "npm", packages: &["npm"], parts: &[For::Browser], is_there: || find("npm").is_some() },
    Need {
        name: "Chromium",
        packages: &["chromium", "chromium-l10n"],
        parts: &[For::Browser],
        is_there: || chromium().is_some(),
    },
    Need {
        name: "a Japanese font (Noto CJK)",
        packages: &["fonts-noto-cjk"],
        parts: &[For::Browser],
        is_there: has_japanese_font,
    },
];

/// Finds everything the given parts need, installing what is missing where that is allowed.
pub fn ensure(parts: &[For]) -> Result<()> {
    let needed = || NEEDS.iter().filter(|need| need.parts.iter().any(|part| parts.contains(part)));
    let missing: Vec<&Need> = needed().filter(|need| !(need.is_there)()).collect();
    for need in needed() {
        let state = if missing.iter().any(|other| other.name == need.name) { "missing" } else { "found" };
        println!("{state}: {}", need.name);
    }
    if missing.is_empty() {
        return Ok(());
    }
    if is_root()? && find("apt-get").is_some() {
        install(&missing)?;
    }
    let still: Vec<String> = missing
        .iter()
        .filter(|need| !(need.is_there)())
        .map(|need| format!("  {} (Debian: apt-get install {})", need.name, need.packages[0]))
        .collect();
    if still.is_empty() {
        return Ok(());
    }
    bail!("the tests need what this machine does not have; install and run again:\n{}", still.join("\n"));
}

fn install(missing: &[&Need]) -> Result<()> {
    run(apt().arg("update"))?;
    for need in missing {
        for package in need.packages {
            if run(apt().args(["install", "--yes", "--no-install-recommends", package])).is_ok() {
                break;
            }
        }
    }
    Ok(())
}

fn apt() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn is_root() -> Result<bool> {
    Ok(capture(Command::new("id").arg("-u"))?.trim() == "0")
}

/// The Chromium that the browser stories drive; `TSUNAGARI_CHROMIUM` overrides the search.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("TSUNAGARI_CHROMIUM").map(PathBuf::from) {
        return is_program(&named).then_some(named);
    }
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| find(name))
}

fn node_version() -> Option<u32> {
    let text = capture(Command::new("node").arg("--version")).ok()?;
    text.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn has_japanese_font() -> bool {
    // Without fontconfig's tool the folder of the Debian package tells.
    match command::capture(Command::new("fc-list").args([":lang=ja", "family"])) {
        Ok(families) => !families.trim().is_empty(),
        Err(_) => Path::new("/usr/share/fonts/opentype/noto").is_dir(),
    }
}
