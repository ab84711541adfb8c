//! A PostgreSQL cluster for measuring: in the run's directory, on a free port of loopback, with everything that makes a
//! commit durable left on. Gone when this program ends however it ends: a shell keeps watch on a pipe that only this
//! program holds open. Leaves making databases in it to storage.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

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

/// Settings of the server that are not PostgreSQL's own, for the table.
pub const SETTINGS: &[&str] = &["shared_buffers=256MB", "max_wal_size=4GB", "max_connections=100"];

/// A running cluster.
pub struct Cluster {
    watch: Child,
    binaries: PathBuf,
    owner: Option<&'static str>,
    port: u16,
}

impl Cluster {
    /// Makes and starts one below a directory.
    ///
    /// # Errors
    /// PostgreSQL is not installed or does not start.
    pub fn start(root: &Path) -> Result<Self> {
        let binaries = binaries()?;
        let owner = owner()?;
        let folder = root.join("cluster");
        std::fs::create_dir_all(&folder)?;
        if let Some(user) = owner {
            run(Command::new("chmod").arg("755").arg(root))?;
            run(Command::new("chown").arg(user).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut initdb = as_owner(owner, &binaries.join("initdb"))?;
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]);
        run(initdb.arg("--pgdata").arg(&data).current_dir(&folder))?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let server = as_owner(owner, &binaries.join("postgres"))?;
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "watch"]).arg(&folder).arg(server.get_program()).args(server.get_args());
        watch.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
        watch.args(["-c", "unix_socket_directories="]);
        for setting in SETTINGS {
            watch.args(["-c", setting]);
        }
        let watch = watch
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start PostgreSQL")?;
        let cluster = Self { watch, binaries, owner, port };
        let begin = Instant::now();
        while begin.elapsed() < START_WITHIN {
            let ready = std::fs::read_to_string(data.join("postmaster.pid"));
            if ready.is_ok_and(|text| text.trim_end().ends_with("ready"))
                && TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
            {
                return Ok(cluster);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("PostgreSQL did not start; its words are in {}", folder.join("server.log").display())
    }

    /// The URL of the super-user.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// What autovacuum does within the first minutes: refreshes what the planner knows, after a load.
    ///
    /// # Errors
    /// The tool is missing.
    pub fn analyse(&self) -> Result<()> {
        let mut vacuum = as_owner(self.owner, &self.binaries.join("vacuumdb"))?;
        vacuum.args(["--all", "--analyze", "--quiet", "-U", "postgres", "-h", "127.0.0.1", "-p"]);
        run(vacuum.arg(self.port.to_string()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        // Nothing to do about a watch that cannot be waited for: it works on its own.
        let _ = self.watch.wait();
    }
}

fn binaries() -> Result<PathBuf> {
    let found = Command::new("pg_config").arg("--bindir").output().ok().filter(|it| it.status.success());
    let told = found.map(|it| PathBuf::from(String::from_utf8_lossy(&it.stdout).trim()));
    let mut candidates: Vec<PathBuf> = told.into_iter().collect();
    candidates.extend((15..=19).rev().map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"))));
    candidates.into_iter().find(|dir| dir.join("initdb").exists()).context("PostgreSQL 15 or newer is not installed")
}

/// The account the server runs under: this one, unless it is the super-user, which PostgreSQL refuses.
fn owner() -> Result<Option<&'static str>> {
    let me = Command::new("id").arg("-u").output()?;
    if String::from_utf8_lossy(&me.stdout).trim() != "0" {
        return Ok(None);
    }
    let known = |user: &&str| Command::new("id").arg(user).output().is_ok_and(|it| it.status.success());
    ["postgres", "nobody"].into_iter().find(known).map(Some).context("neither `postgres` nor `nobody` is known here")
}

fn as_owner(owner: Option<&str>, program: &Path) -> Result<Command> {
    let Some(user) = owner else { return Ok(Command::new(program)) };
    let group = Command::new("id").args(["-g", user]).output()?;
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={}", String::from_utf8_lossy(&group.stdout).trim()));
    command.arg("--clear-groups").arg("--").arg(program);
    Ok(command)
}

fn run(command: &mut Command) -> Result<()> {
    let out = command.output().with_context(|| format!("cannot run {:?}", command.get_program()))?;
    ensure!(out.status.success(), "{:?}: {}", command.get_program(), String::from_utf8_lossy(&out.stderr));
    Ok(())
}
