//! A throw-away PostgreSQL cluster for tests and for measuring: made in a folder of its own, on a free port of 127.0.0.1,
//! never as the super-user, and gone when this program ends however it ends. How durable it is, and what it costs, is
//! said by the settings the caller gives. Databases inside it are made by storage.
//!
//! A small shell process keeps watch: it waits on a pipe that only this program holds open. When the pipe closes
//! (normal end, failure, Ctrl-C, kill -9) it stops the server and removes the folder. A signal handler would not
//! cover kill -9, and would need either unsafe code or another dependency.

mod programs;

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

pub use programs::binaries;
use programs::{Account, capture};

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
    binaries: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster in a folder of its own below a directory that every account may enter, with settings
    /// (`name=value`) beside PostgreSQL's own.
    ///
    /// # Errors
    /// PostgreSQL is not installed or does not start.
    pub fn start(below: &Path, settings: &[&str]) -> Result<Self> {
        let binaries = binaries().context("PostgreSQL 15 or newer is not installed")?;
        let made = capture(Command::new("mktemp").arg("-d").arg(below.join("tsunagari-pg.XXXXXX")))?;
        let folder = PathBuf::from(made.trim());
        Self::start_in(folder.clone(), binaries, settings).inspect_err(|_| {
            // The watch removes the folder too when it was started; both may try.
            let _ = fs::remove_dir_all(&folder);
        })
    }

    fn start_in(folder: PathBuf, binaries: PathBuf, settings: &[&str]) -> Result<Self> {
        let account = Account::find()?;
        account.own(&folder)?;
        let data = folder.join("data");
        let mut initdb = account.command(&binaries.join("initdb"))?;
        // What initdb wrote need not outlive a power cut; whether a commit does is for the server's settings.
        initdb.args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]);
        capture(initdb.arg("--pgdata").arg(&data).current_dir(&folder))?;

        let port = free_port()?;
        let server = account.command(&binaries.join("postgres"))?;
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "watch"]).arg(&folder).arg(server.get_program()).args(server.get_args());
        watch.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        let sockets = format!("unix_socket_directories={}", folder.display());
        for setting in ["listen_addresses=127.0.0.1", sockets.as_str()].iter().chain(settings) {
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
        let cluster = Self { watch, binaries, folder, port };
        cluster.wait_until_it_answers()?;
        Ok(cluster)
    }

    /// The URL of the super-user, over TCP.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The same by its socket, as a program on the server's own machine connects.
    pub fn socket_url(&self) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://postgres@{folder}:{}/postgres", self.port)
    }

    /// What autovacuum does with tables after a load: tidies them, and refreshes what the planner knows of them.
    ///
    /// # Errors
    /// The tool is missing, the server is gone, or it knows no such table.
    pub fn vacuum(&self, database: &str, tables: &[&str]) -> Result<()> {
        self.maintain(database, tables, "--analyze")
    }

    /// What it does while a table is in use: only refreshes what the planner knows.
    ///
    /// # Errors
    /// As `vacuum`.
    pub fn analyse(&self, database: &str, tables: &[&str]) -> Result<()> {
        self.maintain(database, tables, "--analyze-only")
    }

    fn maintain(&self, database: &str, tables: &[&str], how: &str) -> Result<()> {
        // Without a table named it would be all of them.
        if tables.is_empty() {
            return Ok(());
        }
        let mut tool = Command::new(self.binaries.join("vacuumdb"));
        tool.args([how, "--quiet", "-U", "postgres", "-h", "127.0.0.1", "-p"]).arg(self.port.to_string());
        tool.args(tables.iter().flat_map(|table| ["-t", *table])).arg(database);
        capture(&mut tool).map(drop)
    }

    /// What `psql` prints for an SQL text, as the super-user in the database `postgres`: lines of unaligned columns.
    ///
    /// # Errors
    /// The tool is missing, the server is gone, or it refuses the text.
    pub fn ask(&self, sql: &str) -> Result<String> {
        self.ask_in("postgres", sql)
    }

    /// The same in another database.
    ///
    /// # Errors
    /// As `ask`.
    pub fn ask_in(&self, database: &str, sql: &str) -> Result<String> {
        let mut psql = Command::new(self.binaries.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "-U", "postgres", "-h", "127.0.0.1", "-p"]);
        psql.arg(self.port.to_string()).args(["-d", database]);
        capture(psql.args(["-v", "ON_ERROR_STOP=1", "-c", sql]))
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

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let cluster = Cluster::start(&std::env::temp_dir(), &["fsync=off"]).unwrap();
        let (folder, port) = (cluster.folder.clone(), cluster.port);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        cluster.ask("CREATE TABLE beans (n bigint)").unwrap();
        cluster.vacuum("postgres", &["beans"]).unwrap();
        cluster.analyse("postgres", &["beans"]).unwrap();
        assert!(cluster.analyse("postgres", &["peas"]).is_err());
        cluster.vacuum("postgres", &[]).unwrap();
        assert_eq!(cluster.ask("SELECT 6 * 7").unwrap(), "42\n");
        drop(cluster);
        assert!(!folder.exists());
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
    }
}
