//! An officer signs in: by password and code, by link; what does not fit is refused; a changed password ends sessions.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_access::{Act, password};
use tsunagari_testkit::{Browser, Kind, Town, town::PASSWORD};

async fn try_sign_in(town: &Town, browser: &mut Browser, password: &str, code: &str) -> (StatusCode, Option<String>) {
    let login = town.here.who("editor").staff.login.clone();
    let fields = [("login", login.as_str()), ("password", password), ("code", code), ("next", "/office")];
    let answer = browser.post("/office/sign-in", &fields).await;
    (answer.status, answer.location)
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn by_password_and_code_each_code_once(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut browser = town.browser();
    assert_eq!(browser.get("/office").await.location.as_deref(), Some("/office/sign-in?next=%2Foffice"));
    let code = town.code(&town.here, "editor");
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(try_sign_in(&town, &mut browser, PASSWORD, wrong).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        try_sign_in(&town, &mut browser, "wrong horse battery", &code).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(browser.get("/office").await.status, StatusCode::SEE_OTHER, "nobody is signed in yet");
    assert_eq!(try_sign_in(&town, &mut browser, PASSWORD, &code).await.1.as_deref(), Some("/office"));
    assert_eq!(browser.get("/office").await.status, StatusCode::OK);
    let mut other = town.browser();
    assert_eq!(
        try_sign_in(&town, &mut other, PASSWORD, &code).await.0,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a code works once"
    );
    town.real.advance(TimeDelta::seconds(30));
    // As a Japanese keyboard gives it.
    let wide = |c: char| char::from_u32(u32::from(c) - u32::from('0') + u32::from('０'));
    let next: String = town.code(&town.here, "editor").chars().filter_map(wide).collect();
    assert_eq!(try_sign_in(&town, &mut other, PASSWORD, &next).await.1.as_deref(), Some("/office"));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn by_link_once(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let link = town.link(&town.here, "viewer").await;
    let mut browser = town.browser();
    assert_eq!(browser.get(&link).await.location.as_deref(), Some("/office"));
    assert_eq!(browser.get("/office").await.status, StatusCode::OK);
    let mut other = town.browser();
    other.get(&link).await;
    assert_eq!(other.get("/office").await.status, StatusCode::SEE_OTHER, "the link is spent");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_changed_password_ends_every_session(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut browsers = [town.signed_in(&town.here, "editor").await, town.signed_in(&town.here, "editor").await];
    let mut bystander = town.signed_in(&town.here, "viewer").await;
    let user = town.here.who("editor").staff.id;
    let hash = password::hash("another horse battery", &[4; 16]).unwrap();
    let mut tx = town.house.org(town.here.org).write().await.unwrap();
    tx.set_password(user, &hash, town.house.real_clock.now()).await.unwrap();
    let act = Act::named("test", tsunagari_access::Actor::User(user), town.house.operation());
    tx.commit(&act).await.unwrap();
    for browser in &mut browsers {
        assert_eq!(browser.get("/office").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(bystander.get("/office").await.status, StatusCode::OK);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn an_idle_session_ends(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut browser = town.signed_in(&town.here, "editor").await;
    town.real.advance(TimeDelta::minutes(29));
    assert_eq!(browser.get("/office").await.status, StatusCode::OK);
    town.real.advance(TimeDelta::minutes(31));
    assert_eq!(browser.get("/office").await.status, StatusCode::SEE_OTHER);
}

const PAUSED: &str = "間違いが続いたため止めています";

async fn tried(browser: &Browser, login: &str) -> String {
    let fields = [("login", login), ("password", "wrong horse battery"), ("code", "000000"), ("next", "/office")];
    browser.clone().post("/office/sign-in", &fields).await.text
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_wait_whoever_is_guessed_and_however_many_at_once(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let editor = town.here.who("editor").staff.login.clone();
    for login in [editor.as_str(), "nobody@322041.example"] {
        let mut guesses = tokio::task::JoinSet::new();
        for n in 0..12 {
            let (browser, login) = (town.browser().at([10, 0, 0, n]), login.to_owned());
            guesses.spawn(async move { tried(&browser, &login).await });
        }
        let paused = guesses.join_all().await.iter().filter(|it| it.contains(PAUSED)).count();
        assert_eq!(paused, 7, "{login}: five are checked, at the same moment or not");
    }
    let mut browser = town.browser();
    let code = town.code(&town.here, "editor");
    assert_eq!(
        try_sign_in(&town, &mut browser, PASSWORD, &code).await.0,
        StatusCode::UNPROCESSABLE_ENTITY,
        "waits too"
    );
    town.real.advance(TimeDelta::seconds(2));
    assert_eq!(try_sign_in(&town, &mut browser, PASSWORD, &code).await.1.as_deref(), Some("/office"), "and comes in");
    assert!(!tried(&town.browser(), &editor).await.contains(PAUSED), "forgotten once it fitted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_does_not_try_every_name() {
    let town = Town::founded(Kind::File).await;
    let (sprayer, office) = (town.browser().at([10, 0, 0, 1]), town.browser().at([10, 0, 0, 2]));
    for n in 0..100 {
        let at = town.house.real_clock.now();
        drop(town.house.store.tries().begin(&format!("nobody{n}"), "10.0.0.1", at));
    }
    assert!(tried(&sprayer, "one-more@322041.example").await.contains(PAUSED));
    assert!(!tried(&office, "one-more@322041.example").await.contains(PAUSED), "another address is not held for it");
}
