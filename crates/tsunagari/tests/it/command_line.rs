//! What an operator types and mistypes: nothing is made at a wrong place, nothing is counted of a day to come, and whatever
//! is refused says which form it reads.

use std::path::Path;
use std::process::Output;

use rstest::rstest;
use tsunagari_storage::migrate;
use tsunagari_storage::testing::OlderDb;
use tsunagari_testkit::{Kind, Town};

use crate::installation;

fn tsunagari(arguments: &[&str]) -> Output {
    installation::tsunagari().args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Refused with exit code 1 or, where the line itself is not understood, 2; what it says.
fn refused(arguments: &[&str]) -> String {
    let out = tsunagari(arguments);
    assert!(matches!(out.status.code(), Some(1 | 2)), "{arguments:?}: {}", said(&out));
    said(&out)
}

fn settings(dir: &Path, more: &str) -> String {
    let file = dir.join("settings.toml");
    let text = format!("data_dir = \"{}\"\n{more}", dir.join("data").display());
    std::fs::write(&file, text).unwrap();
    file.to_string_lossy().into_owned()
}

fn figures<'a>(config: &'a str, more: [&'a str; 2]) -> Vec<&'a str> {
    [&["figures", "--config", config][..], &more[..]].concat()
}

const WHO: [&str; 2] = ["--administrator-name", "益田花子"];

#[test]
fn only_found_makes_an_installation_and_what_it_makes_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path(), "listen = \"127.0.0.1:0\"\n");
    let data = dir.path().join("data");
    for command in ["serve", "migrate", "backup", "doctor", "figures"] {
        let told = refused(&[command, "--config", &config]);
        assert!(told.contains("there is no installation at") && told.contains("data_dir"), "{command}: {told}");
        assert!(!data.exists(), "{command} makes nothing");
    }
    let found = |email: &str| {
        let first = ["found", "--config", &config, "--code", "322041", "--administrator-email", email];
        tsunagari(&[&first[..], &WHO[..]].concat())
    };
    let out = found("hana");
    assert!(!out.status.success() && said(&out).contains("hana@town.example"), "{}", said(&out));
    assert!(!data.exists(), "nor does what is refused");
    let out = found("Hana@Town.example");
    assert!(out.status.success(), "{}", said(&out));
    // Between `found` and the first `serve`: nothing is missing.
    let looked = tsunagari(&["doctor", "--offline", "--config", &config]);
    assert!(!said(&looked).contains("BROKEN") && !said(&looked).contains("is missing"), "{}", said(&looked));
    let again = tsunagari(&["migrate", "--config", &config]);
    assert!(again.status.success() && said(&again).contains("nothing to do"), "the control: {}", said(&again));
}

#[test]
fn a_year_or_a_day_that_cannot_be_counted_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path(), "");
    let first = ["found", "--config", &config, "--code", "322041", "--administrator-email", "hana@town.example"];
    let out = tsunagari(&[&first[..], &WHO[..], &["--plan", "shimane/masuda"]].concat());
    assert!(out.status.success(), "{}", said(&out));
    let told = refused(&figures(&config, ["--as-of", "2999-01-01"]));
    assert!(told.contains("is a day to come") && told.contains("today is"), "{told}");
    let told = refused(&figures(&config, ["--as-of", "2026-02-30"]));
    assert!(told.contains("no such day; a day reads 2026-03-16"), "{told}");
    for year in ["25", "this"] {
        let told = refused(&figures(&config, ["--fiscal-year", year]));
        assert!(told.contains("a fiscal year reads 2025 or R7"), "{told}");
    }
    for year in ["1925", "2100"] {
        let told = refused(&figures(&config, ["--fiscal-year", year]));
        assert!(told.contains(&format!("--fiscal-year {year} has no figures; there are 20")), "{told}");
    }
    for year in ["2025", "R7", "令和7年度"] {
        let out = tsunagari(&figures(&config, ["--fiscal-year", year]));
        assert!(out.status.success() && said(&out).contains("\t2025\t"), "the control: {year}: {}", said(&out));
    }
    let told = refused(&["restored", "--config", &config, "--of", "2999-01-01T00:00:00+09:00"]);
    assert!(told.contains("is a moment to come"), "{told}");
    let told = refused(&["restored", "--config", &config, "--of", "yesterday"]);
    assert!(told.contains("a moment reads 2026-03-16T02:00:00+09:00"), "{told}");
}

#[test]
fn nobody_is_no_demonstration() {
    let told = refused(&["demo", "--listen-free-ports", "--people", "0"]);
    assert!(told.contains("1 or more"), "{told}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn an_older_program_copies_nothing_of_a_newer_schema(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let config = installation::settings(&town).to_string_lossy().into_owned();
    OlderDb::as_if_newer(&town.db.owner).await;
    for _ in 0..2 {
        let told = refused(&["migrate", "--config", &config]);
        assert!(told.contains("start the newer program"), "{told}");
    }
    let copies = town.db.dir.path().join("backups");
    let copied = std::fs::read_dir(&copies).into_iter().flatten().count();
    assert_eq!(copied, 0, "nothing is copied by a program that refuses");
    assert!(migrate::standing(&town.db.owner).await.unwrap().at > migrate::newest());
}

#[test]
fn an_archive_that_ends_too_early_and_settings_that_are_none_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path(), "");
    let first = ["found", "--config", &config, "--code", "322041", "--administrator-email", "hana@town.example"];
    assert!(tsunagari(&[&first[..], &WHO[..]].concat()).status.success());
    let out = tsunagari(&["backup", "--config", &config]);
    let archives: Vec<String> = said(&out).lines().take(2).map(str::to_owned).collect();
    let key = dir.path().join("data/keys/backup.key").to_string_lossy().into_owned();
    let whole = tsunagari(&["restore", "--verify", &archives[1], "--key", &key]);
    assert!(said(&whole).contains("is whole: 1 part\n"), "{}", said(&whole));
    let bytes = std::fs::read(&archives[1]).unwrap();
    let short = dir.path().join("short.backup").to_string_lossy().into_owned();
    for length in [5, 20, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&short, &bytes[..length]).unwrap();
        let told = refused(&["restore", "--verify", &short, "--key", &key]);
        assert!(told.contains("cut off") || told.contains("no archive"), "{told}");
        assert!(told.contains("short.backup") && !told.contains("buffer"), "{told}");
    }
    std::fs::write(&config, "data_dir = \n").unwrap();
    let told = refused(&["doctor", "--config", &config]);
    assert!(told.contains("settings.toml") && !told.contains(": : "), "{told}");
    assert!(told.find("settings.toml").unwrap() < told.find("TOML parse error").unwrap(), "the file first: {told}");
}
