//! The program as an operator meets it: the first start of a town, a second start on the same directory, metrics and
//! readiness, the stop, backups that read back and damaged ones that do not, and a demonstration that cannot start.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tsunagari_storage::testing::{cluster_url, databases_named};

use crate::installation::{self, Process};

const FREE: &str = "127.0.0.1:0";

fn tsunagari(arguments: &[&str]) -> Output {
    installation::tsunagari().args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Settings of an empty installation.
fn settings(dir: &Path) -> String {
    let file = dir.join("settings.toml");
    let data = dir.join("data");
    let text = format!(
        "data_dir = \"{}\"\nlisten = \"{FREE}\"\n[log]\nformat = \"json\"\n[metrics]\nlisten = \"{FREE}\"\n",
        data.display()
    );
    std::fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

fn found(config: &str) -> Output {
    let who = ["--administrator-email", "hana@town.example", "--administrator-name", "益田花子"];
    tsunagari(&[&["found", "--config", config, "--code", "322041"][..], &who[..]].concat())
}

async fn get(url: &str) -> (u16, String) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(url).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_nothing_to_a_town_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path());
    let early = tsunagari(&["serve", "--config", &config]);
    assert!(!early.status.success() && said(&early).contains("tsunagari migrate"), "{}", said(&early));

    let first = found(&config);
    assert!(first.status.success(), "{}", said(&first));
    let link = said(&first).lines().find(|line| line.contains("/office/invite/")).unwrap().trim().to_owned();
    let again = found(&config);
    assert!(!again.status.success() && said(&again).contains("322041"), "{}", said(&again));
    assert!(said(&again).contains("founded already"));

    let mut process = Process::start(Path::new(&config));
    let path = link.split_once("/office/").unwrap().1;
    let (status, page) = get(&format!("{}/office/{path}", process.origin)).await;
    assert!(status == 200 && page.contains("益田花子"), "{page}");
    assert_eq!(get(&format!("{}/health/ready", process.origin)).await, (200, "ready\n".into()));
    assert_eq!(get(&format!("{}/metrics", process.origin)).await.0, 404, "metrics are not on the public side");

    let second = tsunagari(&["serve", "--config", &config]);
    assert!(said(&second).contains(&format!("process {}", process.child.id())), "{}", said(&second));
    let renewed = tsunagari(&["invite", "--config", &config, "--code", "322041", "--login", "hana@town.example"]);
    assert!(said(&renewed).contains("/office/invite/"), "{}", said(&renewed));
    assert_ne!(get(&format!("{}/office/{path}", process.origin)).await.0, 200, "the older link is spent");

    let id = process.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(process.child.wait().unwrap().code(), Some(0), "everything came to its end");
    let looked = tsunagari(&["doctor", "--offline", "--config", &config]);
    assert!(!said(&looked).contains("BROKEN") && said(&looked).contains("Not running."), "{}", said(&looked));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_tell_what_happens() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path());
    assert!(found(&config).status.success());
    let process = Process::start(Path::new(&config));
    let metrics = process.metrics.recv().unwrap();
    get(&format!("{}/health/live", process.origin)).await;
    get(&format!("{}/nowhere/hana@town.example", process.origin)).await;
    let (status, text) = get(&format!("http://{metrics}/metrics")).await;
    assert_eq!(status, 200);
    for line in [
        "tsunagari_http_requests_total{method=\"GET\",route=\"/health/live\",status=\"200\"} 1",
        "route=\"unmatched\",status=\"404\"} 1",
        "tsunagari_jobs{state=\"waiting\"} ",
        "tsunagari_deliveries{state=\"sent\"} 0",
        "tsunagari_job_oldest_due_seconds 0",
        "tsunagari_audit_unsealed_rows ",
        "tsunagari_audit_seal_lag_seconds ",
        "tsunagari_writer_commit_seconds_count",
        "tsunagari_writer_waiting ",
        "tsunagari_database_bytes ",
        "tsunagari_backup_age_seconds ",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
    assert!(!text.contains("hana"), "an address as typed is no label");
}

#[test]
fn a_backup_reads_back_and_a_damaged_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path());
    assert!(found(&config).status.success());
    let (to, data) = (dir.path().join("archives"), dir.path().join("data"));
    let made = tsunagari(&["backup", "--config", &config, "--to", &to.to_string_lossy()]);
    assert!(made.status.success(), "{}", said(&made));
    let archives: Vec<String> = said(&made).lines().take(2).map(str::to_owned).collect();
    let key = data.join("keys/backup.key").to_string_lossy().into_owned();
    let verify = |archive: &str| tsunagari(&["restore", "--verify", archive, "--key", &key]);
    for archive in &archives {
        let looked = verify(archive);
        assert!(looked.status.success() && said(&looked).contains("sound"), "{}", said(&looked));
    }
    let mut bytes = std::fs::read(&archives[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = dir.path().join("damaged.backup").to_string_lossy().into_owned();
    std::fs::write(&damaged, bytes).unwrap();
    assert!(!verify(&damaged).status.success());

    let restored = dir.path().join("restored");
    let place = restored.to_string_lossy().into_owned();
    let refused = tsunagari(&["restore", &archives[1], &damaged, "--key", &key, "--to", &place]);
    assert!(!refused.status.success() && !restored.exists(), "nothing is written when one archive is damaged");
    let out = tsunagari(&["restore", &archives[0], &archives[1], "--key", &key, "--to", &place]);
    assert!(out.status.success(), "{}", said(&out));
    let lost = tsunagari(&["doctor", "--offline", "--data", &place]);
    assert_eq!(lost.status.code(), Some(2), "without its keys nothing opens: {}", said(&lost));
    for key in ["wrapping", "audit", "forms", "backup"] {
        let name = format!("{key}.key");
        if data.join("keys").join(&name).exists() {
            std::fs::copy(data.join("keys").join(&name), restored.join("keys").join(&name)).unwrap();
        }
    }
    let whole = tsunagari(&["doctor", "--offline", "--data", &place]);
    assert!(!said(&whole).contains("does not open") && !said(&whole).contains("damaged"), "{}", said(&whole));
    let again = tsunagari(&["restore", &archives[0], "--key", &key, "--to", &place]);
    assert!(said(&again).contains("holds tsunagari.db already"), "{}", said(&again));
}

#[tokio::test]
async fn a_demonstration_that_cannot_start_leaves_nothing_behind() {
    let cluster = cluster_url();
    // Taken by this test, or by somebody else: either way the demonstration cannot have it.
    let taken = TcpListener::bind("127.0.0.1:8080");
    let mut child = installation::tsunagari()
        .args(["demo", "--log", "info", "--database-url", &cluster])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let lines: Vec<String> = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap).collect();
    assert!(!child.wait().unwrap().success());
    drop(taken);
    let made = lines.iter().find_map(|line| line.split_once("database=")).unwrap().1;
    let name = made.trim_matches('"').split('"').next().unwrap();
    assert!(name.starts_with("tsunagari_demo_"), "{name}");
    assert!(lines.iter().any(|line| line.contains("8080")), "{lines:?}");
    assert_eq!(databases_named(name).await, 0, "{name} is still there");
}
