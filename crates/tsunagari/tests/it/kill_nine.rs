//! kill -9: what was acknowledged over HTTP is there after the next start on the same directory. A change here is a
//! sign-in by a one-time link: acknowledged with a redirection and a cookie; it survived when the cookie opens the
//! office and the link is spent.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rstest::rstest;
use tsunagari_kernel::Timestamp;
use tsunagari_storage::Location;
use tsunagari_testkit::{Kind, Town};

/// Requests in flight when the process dies.
const AT_ONCE: usize = 4;
const SMALL: usize = 20;

/// A serving process; dropping it kills it.
struct Process {
    child: Child,
    origin: String,
}

impl Process {
    #[expect(clippy::zombie_processes, reason = "`kill` waits for it; a start that fails ends the test")]
    fn start(config: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tsunagari"))
            .args(["serve", "--config"])
            .arg(config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut heard = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(listen) = said["fields"]["listen"].as_str() {
                return Self { child, origin: format!("http://{listen}") };
            }
            heard.push_str(&line);
        }
        panic!("it ended before it served: {heard}");
    }

    /// SIGKILL, and waits until it is gone.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A sign-in that was acknowledged.
struct Acknowledged {
    link: String,
    cookie: String,
}

fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

async fn enter(client: reqwest::Client, origin: String, link: String) -> Option<Acknowledged> {
    let answer = client.get(format!("{origin}{link}")).send().await.ok()?;
    assert_eq!(answer.status().as_u16(), 303, "a fresh link signs in");
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    Some(Acknowledged { link, cookie })
}

async fn survived(client: &reqwest::Client, origin: &str, it: &Acknowledged) -> bool {
    let page = client.get(format!("{origin}/office")).header("cookie", &it.cookie).send().await.unwrap();
    let again = client.get(format!("{origin}{}", it.link)).send().await.unwrap();
    page.status().as_u16() == 200 && again.status().as_u16() != 303
}

fn settings(town: &Town) -> std::path::PathBuf {
    let dir = town.db.dir.path();
    std::fs::create_dir_all(dir.join("keys")).unwrap();
    std::fs::write(dir.join("keys").join("wrapping.key"), [7; 32]).unwrap();
    let mut text = format!("data_dir = \"{}\"\nlisten = \"127.0.0.1:0\"\n[log]\nformat = \"json\"\n", dir.display());
    if let Location::Server(url) = &town.db.location {
        std::fs::write(dir.join("url"), url).unwrap();
        text.push_str(&format!("[database]\nurl_file = \"{}\"\n", dir.join("url").display()));
    }
    let file = dir.join("settings.toml");
    std::fs::write(&file, text).unwrap();
    file
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak_kill_nine(#[case] kind: Kind) {
    let rounds: usize = std::env::var("TSUNAGARI_KILL_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(SMALL);
    let town = Town::founded(kind).await;
    town.real.set(Timestamp::from_micros(chrono::Utc::now().timestamp_micros()));
    let mut links = Vec::new();
    for _ in 0..rounds * AT_ONCE {
        links.push(town.link(&town.here, "editor").await);
    }
    let config = settings(&town);
    town.house.store.close().await;
    let client = client();
    let (mut acknowledged, mut lost): (Vec<Acknowledged>, usize) = (Vec::new(), 0);
    for round in 0..rounds {
        let process = Process::start(&config);
        // Those of the last round are looked at now, after the start that had to recover.
        for it in acknowledged.iter().rev().take(AT_ONCE) {
            lost += usize::from(!survived(&client, &process.origin, it).await);
        }
        let mut flying = tokio::task::JoinSet::new();
        for link in &links[round * AT_ONCE..(round + 1) * AT_ONCE] {
            flying.spawn(enter(client.clone(), process.origin.clone(), link.clone()));
        }
        // The first acknowledgement is the signal: the others are at any point of their way. Every other round two.
        for _ in 0..=round % 2 {
            acknowledged.extend(flying.join_next().await.unwrap().unwrap());
        }
        process.kill();
        while let Some(done) = flying.join_next().await {
            acknowledged.extend(done.unwrap());
        }
    }
    let process = Process::start(&config);
    for it in &acknowledged {
        lost += usize::from(!survived(&client, &process.origin, it).await);
    }
    process.kill();
    assert!(acknowledged.len() >= rounds, "every round acknowledged something");
    assert_eq!(lost, 0, "of {} acknowledged sign-ins", acknowledged.len());
    println!("soak: {rounds} kills, {} acknowledged, 0 lost", acknowledged.len());
}
