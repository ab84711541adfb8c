//! The real server as a process of its own on a town's data: started, waited for, looked at from outside (memory,
//! processor time), stopped as an installation stops it. Leaves load to the parts.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const START_WITHIN: Duration = Duration::from_secs(60);

/// A running server; dropping it stops it.
pub struct Server {
    process: Child,
    /// From starting the program to its first answer.
    pub started_in: Duration,
}

/// What a server is started on.
#[derive(Clone, Copy)]
pub struct Installation<'a> {
    /// The program.
    pub binary: &'a Path,
    /// Its data directory.
    pub dir: &'a Path,
    /// Where it listens.
    pub port: u16,
    /// The origin people see.
    pub origin: &'a str,
    /// The root of the simulator of LINE.
    pub simulator: &'a str,
    /// The file of PostgreSQL's URL.
    pub url_file: Option<&'a Path>,
}

impl Server {
    /// Starts it and waits for its first answer.
    ///
    /// # Errors
    /// It ended, or does not answer within a minute.
    pub async fn start(at: &Installation<'_>) -> Result<Self> {
        let Installation { binary, dir, port, origin, simulator, url_file } = *at;
        let mut settings = toml::Table::new();
        settings.insert("data_dir".into(), dir.display().to_string().into());
        settings.insert("listen".into(), format!("127.0.0.1:{port}").into());
        settings.insert("origin".into(), origin.into());
        let mut database = toml::Table::new();
        if let Some(file) = url_file {
            database.insert("url_file".into(), file.display().to_string().into());
        }
        settings.insert("database".into(), database.into());
        let mut line = toml::Table::new();
        line.insert("simulator".into(), simulator.trim_end_matches('/').into());
        settings.insert("line".into(), line.into());
        let mut mail = toml::Table::new();
        mail.insert("inner_hosts".into(), vec!["127.0.0.1"].into());
        settings.insert("mail".into(), mail.into());
        let mut log = toml::Table::new();
        log.insert("filter".into(), "warn".into());
        settings.insert("log".into(), log.into());
        let file = dir.join("bench.toml");
        std::fs::write(&file, toml::to_string(&settings)?)?;
        let log = std::fs::File::create(dir.join("server.log"))?;
        let mut command = Command::new(binary);
        // As docs/operations/tsunagari.service sets it.
        command.env("MALLOC_ARENA_MAX", "2");
        command.arg("serve").arg("--config").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        Self::wait(command, port, dir).await
    }

    async fn wait(mut command: Command, port: u16, dir: &Path) -> Result<Self> {
        let client = reqwest::Client::new();
        let url = format!("http://127.0.0.1:{port}/health/ready");
        let begin = Instant::now();
        let mut process = command.spawn().context("the server cannot be started")?;
        while begin.elapsed() < START_WITHIN {
            if client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(Self { process, started_in: begin.elapsed() });
            }
            if let Some(status) = process.try_wait()? {
                let said = std::fs::read_to_string(dir.join("server.log")).unwrap_or_default();
                bail!("the server ended with {status}: {said}");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let _ = process.kill();
        bail!("the server did not answer within {} s", START_WITHIN.as_secs())
    }

    /// Resident memory in MB (of 1,000,000 bytes), as the system counts it.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1_024.0 / 1e6)
    }

    /// Processor time used so far.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn processor(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        let after = stat.rsplit_once(')').context("no stat")?.1;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked to stop as an installation asks, so that what is under way is finished.
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}
