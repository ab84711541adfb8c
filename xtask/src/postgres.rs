//! A throw-away PostgreSQL cluster for tests: made in a temporary folder, on a free port of 127.0.0.1, never as the
//! super-user, and gone when this program ends however it ends. Databases inside it are made by storage's tests.
//!
//! A small shell process keeps watch: it waits on a pipe that only this program holds open. When the pipe closes
//! (normal end, failure, Ctrl-C, kill -9) it stops the server and removes the folder. A signal handler would not
//! cover kill -9, and would need either unsafe code or another dependency.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{capture, find};
use crate::prerequisites::{For, ensure, is_root, postgres_binaries};

/// What tests read: the URL of the super-user of the throw-away cluster.
pub const VARIABLE: &str = "TSUNAGARI_TEST_PG";

/// Tells the program that this cluster may lose its data: it runs without fsync, which the program refuses otherwise.
pub const THROW_AWAY: &str = "TSUNAGARI_THROW_AWAY_DATABASE";

const START_WITHIN: Duration = Duration::from_secs(60);

/// Waits for its standard input to close, then stops the server and removes the folder.
const WATCH: &str = r#"
trap '' INT TERM HUP
folder=$1; shift
"$@" >"$folder/server.log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf "$folder"
"#;

/// A running cluster; dropping it stops the server and removes its files.
pub struct Cluster {
    watch: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster.
    pub fn start() -> Result<Self> {
        let binaries = postgres_binaries().context("PostgreSQL 15 or newer is not installed")?;
        let folder = make_folder()?;
        Self::start_in(&binaries, folder.clone()).inspect_err(|_| {
            // The watch removes the folder too when it was started; both may try.
            let _ = fs::remove_dir_all(&folder);
        })
    }

    fn start_in(binaries: &Path, folder: PathBuf) -> Result<Self> {
        let owner = owner()?;
        if let Some(user) = owner {
            capture(Command::new("chown").arg(user).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut initdb = as_owner(owner, &binaries.join("initdb"))?;
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]);
        capture(initdb.arg("--pgdata").arg(&data).current_dir(&folder))?;

        let port = free_port()?;
        let server = as_owner(owner, &binaries.join("postgres"))?;
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "watch"]).arg(&folder).arg(server.get_program()).args(server.get_args());
        watch.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "max_connections=300",
            "shared_buffers=256MB",
            "max_wal_size=4GB",
            "log_min_messages=warning",
        ] {
            watch.args(["-c", setting]);
        }
        // Its own process group, so that Ctrl-C reaches this program first and the watch can tidy up after it.
        let watch = watch
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start the watch over PostgreSQL")?;
        let cluster = Self { watch, folder, port };
        cluster.wait_until_it_answers()?;
        Ok(cluster)
    }

    /// The URL of the super-user, over TCP.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_it_answers(&self) -> Result<()> {
        let begin = Instant::now();
        // The last line of postmaster.pid says "ready" once connections are accepted.
        let state = self.folder.join("data/postmaster.pid");
        while begin.elapsed() < START_WITHIN {
            let ready = fs::read_to_string(&state).is_ok_and(|text| text.trim_end().ends_with("ready"));
            if ready && TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        bail!("PostgreSQL did not start within {} s:\n{log}", START_WITHIN.as_secs());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        // Nothing to do about a watch that cannot be waited for: it works on its own.
        let _ = self.watch.wait();
    }
}

/// `cargo xtask pg`: keeps a cluster until Ctrl-C.
pub fn run_in_foreground(root: &Path) -> Result<()> {
    ensure(&[For::Tests])?;
    let cluster = Cluster::start()?;
    println!("\nexport {VARIABLE}={}", cluster.url());
    println!("export {THROW_AWAY}=1");
    let venv = crate::python::ensure(root)?;
    println!("export {}={}", crate::python::VARIABLE, venv.display());
    println!("Ctrl-C stops the server and removes its files.");
    loop {
        std::thread::park();
    }
}

/// The account the server runs under: none (this one) unless this program runs as the super-user, which PostgreSQL refuses.
fn owner() -> Result<Option<&'static str>> {
    if !is_root()? {
        return Ok(None);
    }
    let known = |user: &&str| capture(Command::new("id").args(["-u", user])).is_ok();
    ["postgres", "nobody"]
        .into_iter()
        .find(known)
        .map(Some)
        .context("neither `postgres` nor `nobody` is an account here")
}

fn as_owner(owner: Option<&str>, program: &Path) -> Result<Command> {
    let Some(user) = owner else {
        return Ok(Command::new(program));
    };
    let group = capture(Command::new("id").args(["-g", user]))?;
    let setpriv = find("setpriv").context("`setpriv` is missing (Debian: apt-get install util-linux)")?;
    let mut command = Command::new(setpriv);
    command.arg(format!("--reuid={user}")).arg(format!("--regid={}", group.trim())).arg("--clear-groups").arg("--");
    command.arg(program);
    Ok(command)
}

fn make_folder() -> Result<PathBuf> {
    // Short, because the path of a Unix socket is limited to about 100 bytes.
    let made = capture(Command::new("mktemp").args(["-d", "-t", "tsunagari-pg.XXXXXX"]))?;
    Ok(PathBuf::from(made.trim()))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let cluster = Cluster::start().unwrap();
        let (folder, port) = (cluster.folder.clone(), cluster.port);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        drop(cluster);
        assert!(!folder.exists());
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
    }
}
