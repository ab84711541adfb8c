//! `tsunagari mail-in` as a mail server starts it: what it answers by its exit code, on both databases, beside a running
//! house. What a bounce changes is told by the acts' own tests.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::SystemTime;

use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_access::{Act, Machine};
use tsunagari_storage::mail_channel::MailChannel;
use tsunagari_testkit::{Kind, Town};

use crate::installation::{settings, tsunagari};

const BOUNCE: &str = "Subject: Undelivered Mail Returned to Sender\r\n\r\n550 5.1.1 user unknown\r\n";

fn mail_in(settings: &Path, recipient: &str, raw: &str) -> Option<i32> {
    let mut child = tsunagari()
        .args(["mail-in", "--recipient", recipient, "--config"])
        .arg(settings)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(raw.as_bytes()).unwrap();
    child.wait().unwrap().code()
}

async fn return_path(town: &Town, token: &str) -> String {
    let channel = MailChannel {
        from_name: "益田市".into(),
        from_address: "news@town.example".into(),
        smtp_url: "smtp://127.0.0.1:2525".into(),
        bounce_domain: "bounce.town.example".into(),
        ..MailChannel::default()
    };
    let mut tx = town.house.org(town.here.org).write().await.unwrap();
    tx.keep_mail_channel(&channel).await.unwrap();
    let key = tx.sign("verp", "").await.unwrap();
    let by = Machine::working(town.here.org, "test");
    tx.commit(&Act::named("keep_mail_channel", by.actor(), town.house.operation())).await.unwrap();
    tsunagari_acts::mail_gateway::verp(&key, &channel).address(token).unwrap()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mail_server_understands_the_answer(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let ours = return_path(&town, "letter-0123456789abcdef0123456789abcdef").await;
    let settings = settings(&town);
    assert_eq!(mail_in(&settings, &ours, BOUNCE), Some(0), "a return path this installation signed");
    // More than a pipe holds: a mail server that cannot write all of it would call that a failure.
    assert_eq!(mail_in(&settings, &ours, &"x".repeat(11 * 1024 * 1024)), Some(0));
    for foreign in ["somebody@town.example", &ours.replace("bounce+letter-0", "bounce+letter-1")] {
        assert_eq!(mail_in(&settings, foreign, BOUNCE), Some(67), "{foreign}");
    }
    let elsewhere = town.db.dir.path().join("elsewhere.toml");
    for wrong in [format!("data_dir = \"{}/nowhere\"\n", town.db.dir.path().display()), "nonsense = 1\n".into()] {
        std::fs::write(&elsewhere, wrong).unwrap();
        assert_eq!(mail_in(&elsewhere, &ours, BOUNCE), Some(75), "a wrong setting loses nothing");
    }
    assert!(!town.db.dir.path().join("nowhere").exists(), "and makes no directory");
}

/// Whoever calls it beside a demonstration lives by the demonstration's calendar, or its history would have a day to come.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_demonstration_it_is_the_demonstrations_day(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let ours = return_path(&town, "letter-0123456789abcdef0123456789abcdef").await;
    let settings = settings(&town);
    let wanted = town.house.now().plus(TimeDelta::days(1));
    let machine = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros();
    let shift = i128::from(wanted.micros()) - i128::try_from(machine).unwrap();
    std::fs::write(town.db.dir.path().join("calendar"), shift.to_string()).unwrap();
    assert_eq!(mail_in(&settings, &ours, BOUNCE), Some(0));
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let newest = reader.newest_audit_row().await.unwrap().unwrap();
    assert_eq!(newest.jst_date(), wanted.jst_date());
}
