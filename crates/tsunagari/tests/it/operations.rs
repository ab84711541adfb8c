//! The program as an operator meets it: the first start of a town, a second start on the same directory, metrics and
//! readiness, the stop, backups that read back and damaged ones that do not, erased people whom no restored backup brings
//! back, nothing sent twice after it, files nobody else can read, a database that is away, help, and a demonstration that
//! cannot start.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use chrono::TimeDelta;
use tsunagari_access::{Act, Machine};
use tsunagari_acts::erase_person::{decide_erasure, propose_erasure};
use tsunagari_kernel::{CampaignId, Clock, PersonId};
use tsunagari_outreach::campaign::{Approval, ApprovalRule, CampaignState, PauseReason};
use tsunagari_outreach::{Campaign, Message};
use tsunagari_storage::campaign::KeptCampaign;
use tsunagari_storage::testing::{cluster_url, databases_named};
use tsunagari_storage::{Key, Keyring, Location, Store};
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
    assert!(!early.status.success() && said(&early).contains("there is no installation"), "{}", said(&early));

    let who = ["--administrator-email", "hana@town.example", "--administrator-name", "益田花子"];
    let foreign = ["found", "--config", &config, "--code", "325015", "--plan", "shimane/masuda"];
    let refused = tsunagari(&[&foreign[..], &who[..]].concat());
    assert!(!refused.status.success() && !said(&refused).contains("/office/invite/"), "{}", said(&refused));
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
    let both = tsunagari(&["restore", "--verify", &archives[0], &archives[1], "--key", &key]);
    assert!(said(&both).contains("every address in it has its key"), "{}", said(&both));
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
    // What ends before its end leaves no database that could be served without its mark or its keys.
    let no_keys = dir.path().join("settings.toml").to_string_lossy().into_owned();
    let with = ["restore", &archives[0], "--person-keys", &no_keys, "--key", &key, "--to", &place];
    let refused = tsunagari(&with);
    let left: Vec<_> = std::fs::read_dir(&restored).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(!refused.status.success() && left.is_empty(), "{left:?}: {}", said(&refused));
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
pub async fn erased(town: &Town, person: PersonId) {
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

/// A message as it stands in a database: being sent, or waiting for its launch.
async fn message(town: &Town, state: CampaignState) -> CampaignId {
    let (house, now) = (&town.house, town.real.now());
    let author = town.here.who("editor").staff.id;
    let id = CampaignId::born(&house.chance, now);
    let mut kept = KeptCampaign {
        campaign: Campaign::drafted(id, author),
        title: "帰省".into(),
        purpose: "info".into(),
        segment: None,
        rule: "everyone".into(),
        rule_hash: String::new(),
        message: Message::default(),
        audience: None,
        team: None,
        author,
        created_at: now,
        updated_at: now,
        due_at: None,
        launched_at: None,
        version: 1,
    };
    let mut tx = house.org(town.here.org).write().await.unwrap();
    tx.add_campaign(&kept).await.unwrap();
    kept.campaign.state = state;
    tx.keep_campaign(&kept, now).await.unwrap();
    let by = Machine::working(town.here.org, "test");
    tx.commit(&Act::named("write_campaign", by.actor(), house.operation())).await.unwrap();
    id
}

/// `restore` marks the database, and `serve` settles it before it answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_of_a_restored_database_stand_still() {
    let town = Town::founded(Kind::File).await;
    let (now, by) = (town.real.now(), town.here.who("administrator").staff.id);
    let later = now.plus(TimeDelta::hours(1));
    let under = ApprovalRule::TwoPeople;
    let approval = Approval { by, at: now, cancel_until: now, scheduled_for: later, under };
    let waiting = message(&town, CampaignState::Approved(approval)).await;
    let sending = message(&town, CampaignState::Sending { at: now }).await;
    let config = installation::settings(&town).to_string_lossy().into_owned();
    let data = town.db.dir.path();
    std::fs::create_dir_all(data.join("files")).unwrap();
    let to = data.join("archives").to_string_lossy().into_owned();
    let made = tsunagari(&["backup", "--config", &config, "--to", &to]);
    assert!(made.status.success(), "{}", said(&made));
    let archives: Vec<String> = said(&made).lines().take(2).map(str::to_owned).collect();
    town.house.store.close().await;

    let place = data.join("restored");
    let (to, key) = (place.to_string_lossy().into_owned(), data.join("keys/backup.key").to_string_lossy().into_owned());
    let out = tsunagari(&["restore", &archives[0], &archives[1], "--key", &key, "--to", &to]);
    assert!(out.status.success() && said(&out).contains("stand still"), "{}", said(&out));
    std::fs::copy(data.join("keys/wrapping.key"), place.join("keys/wrapping.key")).unwrap();
    let settings = place.join("settings.toml");
    std::fs::write(&settings, format!("data_dir = \"{to}\"\nlisten = \"{FREE}\"\n[log]\nformat = \"json\"\n")).unwrap();
    Process::start(&settings).kill();
    let (location, persons) = (Location::File(place.join("tsunagari.db")), place.join("keys/persons.db"));
    let (clock, chance) = (town.house.clock.clone(), town.house.chance.clone());
    let store = Store::open(&location, &persons, Keyring::new(Key::new([7; 32])), clock, chance).await.unwrap();
    assert_eq!(store.restored_of().await.unwrap(), None);
    let mut reader = store.org(town.here.org).read().await.unwrap();
    for (id, goes_on) in [(waiting, Some(approval)), (sending, None)] {
        let CampaignState::Paused { reason, approval, .. } = reader.campaign(id).await.unwrap().campaign.state else {
            panic!("it does not stand still");
        };
        assert_eq!((reason, approval), (PauseReason::Restored, goes_on));
    }
    let work = reader.work_items_open(None).await.unwrap();
    assert!(work.contains(&("restored".to_owned(), 1)), "{work:?}");
}

/// Everything below a directory that others can reach.
fn open_to_others(dir: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt;
    let mut open = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::fs::symlink_metadata(&path).unwrap().permissions().mode();
        if mode & 0o077 != 0 {
            open.push(format!("{} {mode:o}", path.display()));
        }
        if path.is_dir() {
            open.extend(open_to_others(&path));
        }
    }
    open
}

#[test]
fn whatever_the_umask_nobody_else_reads_the_data() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path());
    let lax = |arguments: &[&str]| {
        let mut command = Command::new("sh");
        command.args(["-c", "umask 000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_tsunagari")]).args(arguments);
        command.output().unwrap()
    };
    let who = ["--administrator-email", "hana@town.example", "--administrator-name", "益田花子"];
    let made = lax(&[&["found", "--config", &config, "--code", "322041"][..], &who[..]].concat());
    assert!(made.status.success(), "{}", said(&made));
    let backed = lax(&["backup", "--config", &config]);
    assert!(backed.status.success(), "{}", said(&backed));
    assert_eq!(open_to_others(&dir.path().join("data")), Vec::<String>::new());
    let looked = tsunagari(&["doctor", "--offline", "--config", &config]);
    assert!(!said(&looked).contains("can read"), "{}", said(&looked));
    let database = dir.path().join("data/tsunagari.db");
    std::fs::set_permissions(&database, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let looked = tsunagari(&["doctor", "--offline", "--config", &config]);
    assert!(said(&looked).contains("can read 1 files") && said(&looked).contains("chmod"), "{}", said(&looked));
    // It looks, and leaves what it sees as it is: directories too.
    let keys = dir.path().join("data/keys");
    std::fs::set_permissions(&keys, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    tsunagari(&["doctor", "--offline", "--config", &config]);
    let mut left: Vec<String> = open_to_others(&dir.path().join("data"));
    left.sort();
    assert_eq!(left, [format!("{} 40755", keys.display()), format!("{} 100644", database.display())]);
}

#[test]
fn a_database_that_is_away_is_named_and_its_password_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path());
    assert!(found(&config).status.success());
    // Nobody listens on a port that was free a moment ago.
    let port = TcpListener::bind(FREE).unwrap().local_addr().unwrap().port();
    let url = dir.path().join("url");
    std::fs::write(&url, format!("postgres://tsunagari_login:himitsu@127.0.0.1:{port}/town")).unwrap();
    // Doctor looks at a database only where everything before it is in order.
    let audit = dir.path().join("data/keys/audit.key");
    std::fs::write(&audit, [1; 32]).unwrap();
    for secret in [&url, &audit] {
        std::fs::set_permissions(secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    let file = url.display();
    let more =
        format!("[database]\nurl_file = \"{file}\"\nowner_url_file = \"{file}\"\nbackup_url_file = \"{file}\"\n");
    let text = std::fs::read_to_string(&config).unwrap() + &more;
    std::fs::write(&config, text).unwrap();
    for command in ["serve", "migrate", "backup", "doctor"] {
        let out = tsunagari(&[command, "--config", &config]);
        let told = said(&out);
        assert!(
            !out.status.success() && told.contains(&format!("127.0.0.1:{port} cannot be reached")),
            "{command}: {told}"
        );
        assert!(told.contains("check that it runs") && !told.contains("himitsu"), "{command}: {told}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let config = settings(dir.path());
    assert!(found(&config).status.success());
    let to = dir.path().join("archives").to_string_lossy().into_owned();
    let archives = said(&tsunagari(&["backup", "--config", &config, "--to", &to]));
    let archives: Vec<&str> = archives.lines().take(2).collect();
    let key = dir.path().join("data/keys/backup.key").to_string_lossy().into_owned();
    let below_a_file = dir.path().join("settings.toml/new").to_string_lossy().into_owned();
    let out = tsunagari(&["restore", archives[0], archives[1], "--key", &key, "--to", &below_a_file]);
    assert!(said(&out).contains(&format!("cannot make {below_a_file}")), "{}", said(&out));
    let out = tsunagari(&["restore", archives[0], "--key", "/nowhere/backup.key", "--to", &below_a_file]);
    assert!(
        said(&out).contains("cannot read /nowhere/backup.key") && said(&out).contains("path right"),
        "{}",
        said(&out)
    );
}

#[test]
fn help_says_what_the_program_is_and_how_each_command_is_called() {
    let help = said(&tsunagari(&["--help"]));
    assert!(help.starts_with("Tsunagari keeps the tie"), "{help}");
    for command in [
        "demo", "found", "invite", "serve", "doctor", "backup", "restore", "restored", "migrate", "figures", "mail-in",
        "line-sim",
    ] {
        let line = help.lines().find(|line| line.trim_start().starts_with(&format!("{command} "))).unwrap_or_default();
        assert!(line.trim().len() > command.len() + 20, "{command} says nothing in {help}");
        if command != "demo" {
            let own = said(&tsunagari(&["help", command]));
            assert!(own.contains("Example") && own.contains(&format!("tsunagari {command}")), "{own}");
        }
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
