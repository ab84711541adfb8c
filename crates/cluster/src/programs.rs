//! PostgreSQL's programs on this machine, and the account they run under.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The oldest PostgreSQL the product runs on.
const AT_LEAST: u32 = 15;

/// The folder with `initdb` and `postgres` of the newest suitable version.
pub fn binaries() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    let on_path = capture(Command::new("sh").args(["-c", "command -v initdb"])).ok();
    // A link may stand alone; the other programs are beside what it leads to.
    let real = on_path.and_then(|program| std::fs::canonicalize(program.trim()).ok());
    folders.extend(real.and_then(|program| program.parent().map(Path::to_path_buf)));
    folders
        .into_iter()
        .filter(|folder| folder.join("initdb").is_file())
        .filter_map(|folder| Some((version(&folder)?, folder)))
        .filter(|(version, _)| *version >= AT_LEAST)
        .max()
        .map(|(_, folder)| folder)
}

fn version(folder: &Path) -> Option<u32> {
    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    let text = capture(Command::new(folder.join("postgres")).arg("--version")).ok()?;
    text.split_whitespace().nth(2)?.split('.').next()?.parse().ok()
}

/// Who runs the server: this account, unless it is the super-user, which PostgreSQL refuses.
pub struct Account(Option<&'static str>);

impl Account {
    /// This account, or in the super-user's place one that Debian knows.
    pub fn find() -> Result<Self> {
        if capture(Command::new("id").arg("-u"))?.trim() != "0" {
            return Ok(Self(None));
        }
        let known = |user: &&str| capture(Command::new("id").args(["-u", user])).is_ok();
        let user = ["postgres", "nobody"].into_iter().find(known);
        Ok(Self(Some(user.context("neither `postgres` nor `nobody` is an account here")?)))
    }

    /// Gives it a folder.
    pub fn own(&self, folder: &Path) -> Result<()> {
        let Some(user) = self.0 else { return Ok(()) };
        capture(Command::new("chown").arg(user).arg(folder)).map(drop)
    }

    /// A program, to be run by it.
    pub fn command(&self, program: &Path) -> Result<Command> {
        let Some(user) = self.0 else { return Ok(Command::new(program)) };
        let group = capture(Command::new("id").args(["-g", user]))?;
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={user}")).arg(format!("--regid={}", group.trim())).arg("--clear-groups");
        command.arg("--").arg(program);
        Ok(command)
    }
}

/// Runs a command silently and returns its standard output, or an error that carries its standard error.
pub fn capture(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{program}`"))?;
    ensure!(output.status.success(), "`{program}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
