//! The server at rest, on the demonstration's own data: the time to its first answer, its memory when nobody asks; and how
//! fast the demonstration itself answers and is complete. Always the embedded database's, as the demonstration is.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use async_trait::async_trait;

use crate::bench::{Bench, Database};
use crate::part::Part;
use crate::server::{Installation, Server};
use crate::table::{Figure, Of};
use tsunagari_load::Times;

/// How often the start is measured.
const STARTS: usize = 5;
/// How long the server is left alone before its memory is read.
const LEFT_ALONE: Duration = Duration::from_secs(90);

/// The part.
pub struct Rest;

#[async_trait]
impl Part for Rest {
    fn name(&self) -> &'static str {
        "rest"
    }

    fn about(&self) -> &'static str {
        "start and memory of the server on the demonstration's data, and the demonstration's own start"
    }

    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>> {
        if bench.database != Database::Sqlite {
            return Ok(Vec::new());
        }
        let dir = tempfile::Builder::new().prefix("demo-").tempdir_in(&bench.root)?;
        let data = dir.path().join("data");
        let (answers, complete) = demonstrate(bench, &data).await?;
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let origin = format!("http://localhost:{port}");
        let mut starts = Vec::with_capacity(STARTS);
        let mut memory = Vec::new();
        for n in 0..STARTS {
            // The demonstration's simulators are gone by now.
            let at = Installation {
                binary: &bench.binary,
                dir: &data,
                port,
                origin: &origin,
                simulator: "http://127.0.0.1:8090",
                url_file: None,
            };
            let server = Server::start(&at).await?;
            starts.push(server.started_in);
            memory.push(server.memory()?);
            if n + 1 == STARTS {
                tokio::time::sleep(LEFT_ALONE).await;
                memory.push(server.memory()?);
            }
        }
        let idle = memory.pop().unwrap_or_default();
        Ok(vec![
            Figure::times(
                "start of the server: first answer",
                &Times::of(starts),
                &[(Of::Max, Duration::from_secs(1))],
            ),
            Figure::most("memory of the idle server", idle, 80.0, " MB"),
            Figure::took("the demonstration: first answer", answers, Duration::from_secs(1)),
            Figure::took("the demonstration: everybody is there", complete, Duration::from_secs(10)),
        ])
    }
}

/// Starts the demonstration, waits until it is complete, and stops it. The directory keeps its data.
async fn demonstrate(bench: &Bench, data: &std::path::Path) -> Result<(Duration, Duration)> {
    let begin = Instant::now();
    let mut process = Command::new(&bench.binary)
        .args(["demo", "--listen-free-ports", "--data"])
        .arg(data)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("the demonstration cannot be started")?;
    let said = BufReader::new(process.stdout.take().context("no output")?);
    let lines = tokio::task::spawn_blocking(move || {
        let (mut portal, mut answers) = (None, None);
        for line in said.lines().map_while(Result::ok) {
            if let Some(address) = line.trim().strip_prefix("portal  ") {
                (portal, answers) = (Some(address.to_owned()), Some(begin.elapsed()));
            }
            if line.ends_with("people are there.") {
                return (portal, answers, Some(begin.elapsed()));
            }
        }
        (portal, answers, None)
    });
    let (portal, answers, complete) = lines.await?;
    let portal = portal.context("the demonstration named no portal")?;
    let status = reqwest::get(&portal).await?.status();
    Command::new("kill").arg(process.id().to_string()).status()?;
    process.wait()?;
    anyhow::ensure!(status.is_success(), "the demonstration's portal answered {status}");
    Ok((answers.context("no answer")?, complete.context("the demonstration was not complete")?))
}
