//! Planted personal data is found nowhere in clear: recognisable addresses, numbers, LINE ids, words and secrets enter by
//! the door as they do in a town; then the database, its log, its backups, the program's log at its most talkative, the
//! files and the record are searched, in every spelling bytes can take. `TSUNAGARI_CANARIES` sets how many.

use std::path::Path;

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_mail_sim::{Behaviour, Order};
use tsunagari_testkit::lived::{LINE_SECRET, PICTURE};
use tsunagari_testkit::load::webhooks::{Happened, body, event, signature};
use tsunagari_testkit::town::PASSWORD;
use tsunagari_testkit::{Joining, Kind, Lived, Officer};

use crate::heard::Heard;
use crate::needles::Needles;

const SMALL: usize = 50;

fn canaries() -> usize {
    std::env::var("TSUNAGARI_CANARIES").ok().and_then(|it| it.parse().ok()).unwrap_or(SMALL)
}

/// A word nobody writes by chance.
fn word(class: &str, n: usize) -> String {
    format!("canary{class}{:06x}q{n}", (n * 7_919 + 13) % 0xff_ffff)
}

/// Eight digits after 090, spread so that no other number looks like them.
fn number(n: usize) -> String {
    format!("{:08}", 71_300_000 + n * 37)
}

/// Everything planted.
struct Planted {
    needles: Needles,
    /// Names: stored plain by design, but never in the record, the log, or outside the database.
    names: Needles,
}

async fn enter_by_hand(planted: &mut Planted, officer: &mut Officer, n: usize) {
    let (mail, phone, name) = (word("hand", n), number(n), word("name", n));
    let address = format!("{mail}@people.example");
    let more = [("email", address.as_str()), ("phone", &format!("090{phone}")), ("birth", "2000-04-02")];
    let id = officer.person("架空", &name, &more).await;
    officer.post(&format!("/office/people/{id}/contacts"), &[]).await;
    officer.browser.get(&format!("/office/people?q={name}")).await;
    officer.browser.get(&format!("/office/people?q={mail}")).await;
    planted.needles.add("by hand", &mail);
    planted.needles.add("telephone", &phone);
    planted.names.add("name", &name);
}

async fn import(planted: &mut Planted, lived: &Lived, officer: &mut Officer, from: usize, rows: usize) {
    let mut csv = "氏名,フリガナ,生年月日,メールアドレス,電話番号,住所,保護者氏名,保護者メール\r\n".to_owned();
    for n in from..from + rows {
        let (mail, phone, place, guardian) =
            (word("list", n), number(n + 50_000), word("place", n), word("guardian", n));
        csv.push_str(&format!(
            "架空 {n},カクウ ハナ,2007-06-01,{mail}@people.example,090{phone},{place}町1-2,{guardian},{guardian}@people.example\r\n"
        ));
        for (class, needle) in [("list", &mail), ("list", &phone), ("list", &place), ("list", &guardian)] {
            planted.needles.add(class, needle);
        }
    }
    let fields = [("school", "new"), ("school_name", "架空高等学校"), ("year", "2025"), ("sheet", "")];
    let answer = officer.upload("/office/import", &fields, ("一覧.csv", csv.as_bytes())).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let columns = answer.location.expect("the columns");
    let page = officer.browser.get(&columns).await;
    let forms = tsunagari_testkit::markup::forms(&page.text, &columns);
    let form = forms.into_iter().find(|form| form.action == columns).expect("the form of columns");
    let answer = officer.browser.submit(&form, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    lived.work().await;
    let show = columns.trim_end_matches("/columns").to_owned();
    officer.browser.get(&show).await;
    officer.post(&format!("{show}/decide-rest"), &[("decision", "enter")]).await;
    officer.post(&format!("{show}/apply"), &[]).await;
    lived.work().await;
    officer.browser.get(&show).await;
}

async fn join(planted: &mut Planted, lived: &Lived, n: usize) {
    let (mail, name, guardian) = (word("join", n), word("joiner", n), word("parent", n));
    let mut joining = Joining::of("架空", &name, &format!("{mail}@people.example"));
    joining.born = "2010".into();
    joining.peer = [127, 0, 1, u8::try_from(n % 250).expect("a byte")];
    let mut browser = lived.joined(&lived.town.here, &joining).await;
    let csrf = browser.get("/me/guardian").await.form_token().unwrap_or_default();
    let address = format!("{guardian}@people.example");
    browser.post("/me/guardian", &[("csrf", &csrf), ("email", &address)]).await;
    // Half of the letters have left, half still wait.
    if n.is_multiple_of(2) {
        lived.work().await;
    }
    let other = word("second", n);
    browser.post("/me/email", &[("csrf", &csrf), ("email", &format!("{other}@people.example"))]).await;
    browser.get("/me").await;
    browser.get("/me/data.json").await;
    // Somebody who stops half-way.
    let half = word("half", n);
    let mut stranger = lived.town.browser().at(joining.peer);
    stranger.post("/p/322041/join", &[]).await;
    let csrf = stranger.get("/p/322041/join/contact").await.form_token().unwrap_or_default();
    stranger.post("/p/322041/join-by-mail", &[("csrf", &csrf), ("email", &format!("{half}@people.example"))]).await;
    for (class, needle) in [("join", &mail), ("parent", &guardian), ("second", &other), ("half", &half)] {
        planted.needles.add(class, needle);
    }
    planted.names.add("joiner", &name);
}

async fn write_by_line(planted: &mut Planted, lived: &Lived, n: usize) {
    let user = format!("U{:032x}", 0x00c0_ffee_0000_u128 * 7_919 + n as u128 * 104_729);
    let said = word("said", n);
    let at = 1_773_619_200_000 + i64::try_from(n).expect("small");
    let text = event(Happened::Text, &user, &format!("01EVENTT{n:018}"), at).replace("yes", &said);
    assert!(text.contains(&said), "the words are planted");
    let follow = event(Happened::Follow, &user, &format!("01EVENTF{n:018}"), at);
    for body in [body(&[follow, text]), format!("{{\"events\": {said}, broken {user}")] {
        let browser = lived.town.browser();
        let request = browser
            .request(axum::http::Method::POST, &format!("/hooks/line/{}", lived.here.hook))
            .header("x-line-signature", signature(LINE_SECRET, &body))
            .body(axum::body::Body::from(body))
            .expect("a request");
        let answer = lived.town.browser().exchange(request).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
    lived.work().await;
    planted.needles.add("LINE id", &user);
    planted.needles.add("said", &said);
}

async fn knock(planted: &mut Planted, lived: &Lived, officer: &mut Officer, n: usize) {
    let (password, login) = (word("password", n), word("login", n));
    let mut browser = lived.town.browser().at([127, 0, 2, u8::try_from(n % 250).expect("a byte")]);
    let fields = [("login", login.as_str()), ("password", password.as_str()), ("code", "123456"), ("next", "/office")];
    browser.post("/office/sign-in", &fields).await;
    let nowhere = word("path", n);
    browser.get(&format!("/office/people/{nowhere}?email={nowhere}@people.example")).await;
    officer.browser.get(&format!("/office/people/{nowhere}")).await;
    officer.upload("/office/media", &[("title", "絵")], (&format!("{nowhere}.png"), PICTURE)).await;
    for (class, needle) in [("password", &password), ("login", &login), ("path", &nowhere)] {
        planted.needles.add(class, needle);
    }
}

/// Bodies of requests that failed and wait: the time in which addresses lie longest.
async fn leave_letters_waiting(lived: &Lived, officer: &mut Officer) {
    let draft = [
        ("title", "帰省"),
        ("purpose", "info"),
        ("language", "ja"),
        ("rule", "everyone"),
        ("b0-kind", "text"),
        ("b0-text", "お知らせ"),
        ("subject", "お知らせ"),
        ("body", "{{name}}様"),
    ];
    officer.post("/office/messages/new", &draft).await;
    let drafts = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.expect("a look");
        reader.campaigns(&["draft"], 9, 0).await.expect("the messages")
    };
    let id = drafts.first().expect("the draft").id;
    officer.done(&format!("/office/messages/{id}/submit"), &[]).await;
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    approver.approve(&format!("/office/messages/{id}"), &[]).await;
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::seconds(700));
    }
    lived.mail.order(Order { pattern: "*".into(), behaviour: Behaviour::Soft });
    lived.work().await;
}

/// Reads every file below a directory.
fn files(dir: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push((path.display().to_string(), std::fs::read(&path).expect("a file")));
        }
    }
}

/// Files this process has open, also those without a name any more.
fn open_files(into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir("/proc/self/fd").expect("the open files").flatten() {
        let Ok(target) = std::fs::read_link(entry.path()) else { continue };
        if target.starts_with(std::env::temp_dir())
            && let Ok(bytes) = std::fs::read(entry.path())
        {
            into.push((format!("open: {}", target.display()), bytes));
        }
    }
}

fn back_up(lived: &Lived) {
    let dir = lived.town.db.dir.path();
    let settings = crate::installation::settings(&lived.town);
    let temporary = dir.join("tmp");
    std::fs::create_dir_all(&temporary).expect("a directory");
    std::fs::create_dir_all(dir.join("files")).expect("a directory");
    let told = crate::installation::tsunagari()
        .args(["backup", "--config"])
        .arg(&settings)
        .env("TMPDIR", &temporary)
        .env("RUST_LOG", "trace")
        .output()
        .expect("it runs");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    std::fs::write(dir.join("backup-told"), [told.stdout, told.stderr].concat()).expect("written");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn soak_canaries(#[case] kind: Kind) {
    let heard = Heard::everything();
    let lived = Lived::furnished(kind).await;
    let mut planted = Planted { needles: Needles::default(), names: Needles::default() };
    let mut officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    // Joining plants six at once, an import four a row, the others two or three: together at least as many as asked for.
    let rounds = canaries() / 10;
    for n in 0..rounds {
        enter_by_hand(&mut planted, &mut officer, n).await;
        write_by_line(&mut planted, &lived, n).await;
        knock(&mut planted, &lived, &mut officer, n).await;
        if n.is_multiple_of(5) {
            join(&mut planted, &lived, n).await;
            import(&mut planted, &lived, &mut officer, n, 5).await;
            // An account may knock and join only so often; the next ones come later.
            lived.town.real.advance(chrono::TimeDelta::minutes(20));
            officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
        }
    }
    leave_letters_waiting(&lived, &mut officer).await;
    planted.needles.add("password", PASSWORD);
    planted.needles.add("LINE secret", LINE_SECRET);
    planted.needles.add("LINE token", "token-322041");
    for it in &lived.town.here.staff {
        planted.needles.add_bytes("TOTP secret", &it.totp);
    }
    assert!(planted.needles.len() >= canaries(), "{} planted", planted.needles.len());
    sealed(&lived).await;

    back_up(&lived);
    let mut places: Vec<(String, Vec<u8>)> = Vec::new();
    let mut rows = Vec::new();
    for row in lived.town.db.everything(None).await {
        rows.push((format!("table {}", row.table), row.text.into_bytes()));
    }
    files(lived.town.db.dir.path(), &mut places);
    open_files(&mut places);
    places.push(("the log".into(), heard.text()));
    assert!(places.iter().any(|(name, _)| name.ends_with(".backup")), "there is a backup to search");
    let mut found = planted.needles.find(&rows);
    found.extend(planted.needles.find(&places));
    // Names: never in the record, the log, a backup, a queue or a file.
    let outside = |name: &str| !name.contains("tsunagari.db") && !name.starts_with("table ");
    found.extend(planted.names.find(places.iter().filter(|(name, _)| outside(name))));
    let record = |name: &str| matches!(name, "table audit" | "table audit_head" | "table work_item" | "table throttle");
    found.extend(planted.names.find(rows.iter().filter(|(name, _)| record(name))));
    assert_eq!(found, Vec::<String>::new(), "{} in clear:\n{}", found.len(), found.join("\n"));

    // The control: what is stored plain by design is seen by the same look, and what the log is told is in it.
    assert!(!planted.names.find(&rows).is_empty(), "names are plain: the look sees them");
    if kind == Kind::File {
        assert!(!planted.names.find(places.iter().filter(|(name, _)| name.contains("tsunagari.db"))).is_empty());
    }
    tracing::trace!("{}", word("control", 1));
    let mut control = Needles::default();
    control.add("control", &word("control", 1));
    assert!(!control.find(&[("the log".to_owned(), heard.text())]).is_empty(), "the log is heard");
    if std::env::var_os("TSUNAGARI_SOAK").is_some() {
        println!(
            "soak: {} canaries on {kind:?} in {} places, 0 found",
            planted.needles.len(),
            places.len() + rows.len()
        );
    }
}

/// The record is sealed into its chain, as it is each second in a running program.
async fn sealed(lived: &Lived) {
    let here = lived.town.house.org(lived.town.here.org);
    while here.seal_some().await.expect("sealed") > 0 {}
}
