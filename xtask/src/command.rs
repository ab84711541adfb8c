//! Running other programs: announced steps with their time, output passed through and, where counts are read from
//! it, kept as well. What the output means is left to `count`.

use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// Announces a step, runs it and says how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n==> {name}");
    let begin = Instant::now();
    let outcome = work().with_context(|| format!("step `{name}` failed"));
    let word = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("==> {name}: {word} in {:.1} s", begin.elapsed().as_secs_f64());
    outcome
}

/// Runs a command with its output shown; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    println!("$ {shown}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a command silently and returns its standard output, or an error that carries its standard error.
pub fn capture(command: &mut Command) -> Result<String> {
    let shown = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` ended with {}:\n{}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a command printed (both streams, in the order of arrival) and whether it succeeded.
pub struct Heard {
    /// Everything printed, without colour codes.
    pub text: String,
    /// Whether the exit code was 0.
    pub succeeded: bool,
}

/// Runs a command, passes its output through line by line and keeps it.
pub fn listen(command: &mut Command) -> Result<Heard> {
    let shown = describe(command);
    println!("$ {shown}");
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let (sender, receiver) = std::sync::mpsc::channel::<String>();
    let readers: Vec<thread::JoinHandle<()>> = [
        child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
    ]
    .into_iter()
    .flatten()
    .map(|stream| {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        })
    })
    .collect();
    drop(sender);
    let mut text = String::new();
    for line in receiver {
        print!("{line}");
        std::io::stdout().flush()?;
        text.push_str(&without_colour(&line));
    }
    for reader in readers {
        // A reader that broke has already shown what it read; the exit code decides.
        let _ = reader.join();
    }
    let succeeded = child.wait().with_context(|| format!("cannot wait for `{shown}`"))?.success();
    Ok(Heard { text, succeeded })
}

/// Finds a program on the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| is_program(candidate))
}

/// Whether a file exists and may be executed.
pub fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// The cargo that runs this program. It is not told which package this is: `ring` looks at that when it is built, and would
/// be built again, with all that stands on it, whenever cargo is called from here and from a shell by turns.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(&name);
        }
    }
    cargo
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A colour code is ESC [ parameters letter.
            for inner in characters.by_ref() {
                if inner.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_codes_are_removed() {
        assert_eq!(without_colour("\u{1b}[1;32m     Summary\u{1b}[0m 3 tests"), "     Summary 3 tests");
    }

    #[test]
    fn listening_keeps_both_streams_and_the_failure() {
        let heard = listen(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert!(heard.text.contains("out\n") && heard.text.contains("err\n"));
        assert!(!heard.succeeded);
    }
}
