//! The program as an operator meets it: the first start of a town, a second start on the same directory, metrics and
//! readiness, the stop, backups that read back and damaged ones that do not, erased people whom no restored backup brings
//! back, and a demonstration that cannot start.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tsunagari_acts::erase_person::{decide_erasure, propose_erasure};
use tsunagari_kernel::{Clock, PersonId};
use tsunagari_storage::testing::{cluster_url, databases_named};
use tsunagari_testkit::{Kind, Officer, Town};

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

/// Whether any file below a directory holds a text.
fn holds(dir: &Path, text: &str) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, text);
        }
        std::fs::read(&path).unwrap().windows(text.len()).any(|part| part == text.as_bytes())
    })
}

/// An officer proposes it, another decides.
async fn erased(town: &Town, person: PersonId) {
    let officer = |role: &str| {
        let staff = &town.here.who(role).staff;
        tsunagari_access::Officer::of(town.here.org, staff.id, vec![staff.role])
    };
    let now = town.real.now();
    let proposing = officer("editor").grant(now).unwrap();
    let case = propose_erasure(&town.house, &proposing, person, "asked").await.unwrap();
    decide_erasure(&town.house, &officer("administrator").grant(now).unwrap(), case).await.unwrap();
}

/// The newest person keys decide who is forgotten: an older archive of the database is restored beside them, and the erased
/// person is gone when the program answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_erased_stays_so_after_an_older_backup_is_restored() {
    const CANARY: &str = "消滅野";
    let town = Town::founded(Kind::File).await;
    let mut desk = Officer::of(&town, &town.here, "administrator").await;
    let gone = desk.person(CANARY, "花", &[("email", "hana@people.example")]).await;
    desk.person("存続野", "葉", &[]).await;
    let config = installation::settings(&town).to_string_lossy().into_owned();
    let data = town.db.dir.path();
    std::fs::create_dir_all(data.join("files")).unwrap();
    let backup = |to: &str| -> Vec<String> {
        let to = data.join(to).to_string_lossy().into_owned();
        let made = tsunagari(&["backup", "--config", &config, "--to", &to]);
        assert!(made.status.success(), "{}", said(&made));
        said(&made).lines().take(2).map(str::to_owned).collect()
    };
    let (before, key) = (backup("before"), data.join("keys/backup.key").to_string_lossy().into_owned());
    erased(&town, gone).await;
    let after = backup("after");
    let persons = data.join("keys/persons.db").to_string_lossy().into_owned();
    town.house.store.close().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let alone =
        tsunagari(&["restore", &before[0], "--key", &key, "--to", &elsewhere.path().join("x").to_string_lossy()]);
    assert!(!alone.status.success() && said(&alone).contains("no person keys were given"), "{}", said(&alone));
    // Which keys are given beside the older database, and whether the person comes back.
    let (old, new) = (before[1].as_str(), after[1].as_str());
    let cases: [(&[&str], bool); 4] =
        [(&[old, new], false), (&[new], false), (&[old, "--person-keys", &persons], false), (&[old], true)];
    for (n, (keys, comes_back)) in cases.into_iter().enumerate() {
        let place = elsewhere.path().join(n.to_string());
        let to = place.to_string_lossy().into_owned();
        let out = tsunagari(&[&["restore", &before[0], "--key", &key, "--to", &to][..], keys].concat());
        assert!(out.status.success(), "{}", said(&out));
        let log = if comes_back { "names 0 erased" } else { "names 1 erased" };
        assert!(said(&out).contains(log), "{}", said(&out));
        assert!(holds(&place, CANARY), "the older database brings the person back");
        std::fs::copy(data.join("keys/wrapping.key"), place.join("keys/wrapping.key")).unwrap();
        let config = place.join("settings.toml");
        std::fs::write(&config, format!("data_dir = \"{to}\"\nlisten = \"{FREE}\"\n[log]\nformat = \"json\"\n"))
            .unwrap();
        Process::start(&config).kill();
        assert_eq!(holds(&place, CANARY), comes_back, "with {keys:?}");
        assert!(holds(&place, "存続野"), "the others stay");
    }
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
