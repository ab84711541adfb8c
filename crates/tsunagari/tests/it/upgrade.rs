//! `migrate`: the schema changes after a snapshot of what was, by copy or by `pg_dump`; without one only when that is said.
//! And a server whose settings lose what was acknowledged is not worked on; and a new era needs no new program.

use std::path::{Path, PathBuf};
use std::process::Output;

use rstest::rstest;
use tsunagari_kernel::Timestamp;
use tsunagari_storage::testing::OlderDb;
use tsunagari_storage::{Location, migrate};
use tsunagari_testkit::{Kind, Town};

use crate::installation::{Process, tsunagari};

fn run(command: &str, config: &Path, more: &[&str]) -> Output {
    tsunagari().args([command, "--config"]).arg(config).args(more).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Settings on a database of an older program; on a server with the role of backups or without.
fn settings(db: &OlderDb, backup: Option<()>) -> PathBuf {
    let dir = db.dir.path();
    std::fs::create_dir_all(dir.join("keys")).unwrap();
    let mut text = format!("data_dir = \"{}\"\nlisten = \"127.0.0.1:0\"\n", dir.display());
    if let (Location::Server(url), Location::Server(owner)) = (&db.location, &db.owner) {
        std::fs::write(dir.join("url"), url).unwrap();
        std::fs::write(dir.join("owner-url"), owner).unwrap();
        let at = dir.display();
        text.push_str(&format!("[database]\nurl_file = \"{at}/url\"\nowner_url_file = \"{at}/owner-url\"\n"));
        if backup.is_some() {
            text.push_str(&format!("backup_url_file = \"{at}/owner-url\"\n"));
        }
    }
    let file = dir.join("settings.toml");
    std::fs::write(&file, text).unwrap();
    file
}

fn snapshots(db: &OlderDb) -> Vec<PathBuf> {
    let found = std::fs::read_dir(db.dir.path().join("backups")).into_iter().flatten().map(|it| it.unwrap().path());
    let named = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("before-migrate-");
    found.filter(named).collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_was_is_copied_before_the_schema_changes(#[case] kind: Kind) {
    let (db, at) = OlderDb::fresh(kind).await;
    let config = settings(&db, Some(()));
    let out = run("migrate", &config, &[]);
    assert!(out.status.success() && said(&out).contains("Snapshot before migrating"), "{}", said(&out));
    assert_eq!(migrate::standing(&db.owner).await.unwrap().at, migrate::newest());
    let found = snapshots(&db);
    let [snapshot] = found.as_slice() else { panic!("one snapshot: {found:?}") };
    match kind {
        Kind::File => {
            let old = migrate::standing(&Location::File(snapshot.clone())).await.unwrap();
            assert_eq!(old.at, at, "it is of before");
        }
        Kind::Server => {
            let listed = std::process::Command::new("pg_restore").arg("--list").arg(snapshot).output().unwrap();
            assert!(listed.status.success() && said(&listed).contains("TABLE DATA public schema_version"));
        }
    }
    let again = run("migrate", &config, &[]);
    assert!(again.status.success() && said(&again).contains("nothing to do"), "{}", said(&again));
    assert_eq!(snapshots(&db).len(), 1, "nothing changed, nothing is copied");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn without_a_snapshot_only_when_that_is_said(#[case] kind: Kind) {
    let (db, at) = OlderDb::fresh(kind).await;
    let config = settings(&db, None);
    // Nobody can make one: no role for it, or no place.
    if kind == Kind::File {
        std::fs::write(db.dir.path().join("backups"), "not a directory").unwrap();
    }
    let out = run("migrate", &config, &[]);
    assert!(!out.status.success(), "{}", said(&out));
    assert_eq!(migrate::standing(&db.owner).await.unwrap().at, at, "nothing was changed");
    if kind == Kind::File {
        std::fs::remove_file(db.dir.path().join("backups")).unwrap();
    } else {
        assert!(said(&out).contains("--no-snapshot"), "{}", said(&out));
    }
    let out = run("migrate", &config, &["--no-snapshot"]);
    assert!(out.status.success() && !said(&out).contains("Snapshot"), "{}", said(&out));
    assert_eq!(migrate::standing(&db.owner).await.unwrap().at, migrate::newest());
    assert_eq!(snapshots(&db), Vec::<PathBuf>::new());
}

/// The throw-away server of the tests keeps nothing; without the word that it is one, the program does not work on it.
#[tokio::test]
async fn a_server_that_loses_what_was_acknowledged_is_not_worked_on() {
    let (db, _) = OlderDb::fresh(Kind::Server).await;
    migrate::migrate(&db.owner, 0).await.unwrap();
    let config = settings(&db, None);
    let mut command = tsunagari();
    command.env_remove("TSUNAGARI_THROW_AWAY_DATABASE").args(["serve", "--config"]).arg(&config);
    let out = command.output().unwrap();
    assert!(!out.status.success() && said(&out).contains("this program needs version 15.14"), "{}", said(&out));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_era_needs_no_new_program() {
    let town = Town::founded(Kind::File).await;
    let config = crate::installation::settings(&town);
    let table = town.db.dir.path().join("eras.csv");
    let shipped = include_str!("../../../kernel/data/eras.csv").trim_end();
    town.real.set(Timestamp::from_micros(chrono::Utc::now().timestamp_micros()));
    let link = town.link(&town.here, "administrator").await;
    std::fs::write(&table, format!("{shipped}\n新元,X,2026-03-01\n")).unwrap();
    town.house.store.close().await;
    let process = Process::start(&config);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let entered = client.get(format!("{}{link}", process.origin)).send().await.unwrap();
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = client.get(format!("{}/office/audit", process.origin)).header("cookie", cookie).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("新元"), "{}", page.chars().take(4_000).collect::<String>());
    process.kill();
    for (broken, told) in [(format!("{shipped}\nX,2026-03-01\n"), "line 7"), (shipped.replace("令和", "礼和"), "令和")]
    {
        std::fs::write(&table, broken).unwrap();
        let heard = said(&run("serve", &config, &[]));
        assert!(heard.contains("eras.csv") && heard.contains(told), "{heard}");
    }
}
