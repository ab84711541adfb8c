//! Negative controls: a promise is kept with its guard, and the same look sees it broken without. What other tests of this
//! binary control themselves stands there: foreign ids, retry keys, canaries, rooms, uploads, the order of webhooks.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_access::permission::{ApproveMessages, WriteMessages};
use tsunagari_acts::approve_campaign::approve_campaign;
use tsunagari_storage::directory::Organisation;
use tsunagari_testkit::{Browser, Kind, Lived, Office, Officer, Town};

use crate::kill_sending::{approved, counts, grant, handed_in, settled, version_of};

/// Whether a page of another origin can add a department in the name of an officer who is signed in.
async fn a_foreign_page_can_post(router: Router, town: &Town, site: &str, name: &str) -> bool {
    let officer = Officer::of(town, &town.here, "administrator").await;
    let cookies: Vec<String> =
        officer.browser.cookies().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("csrf", officer.csrf()), ("name", name)])
        .finish();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/office/settings/teams")
        .header(header::HOST, "localhost")
        .header(header::COOKIE, cookies.join("; "))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", site)
        .body(Body::from(body))
        .unwrap();
    let mut anywhere = Browser::before(router);
    let status = anywhere.exchange(request).await.status;
    let teams = town.house.org(town.here.org).read().await.unwrap().teams().await.unwrap();
    let there = teams.iter().any(|team| team.name == name);
    assert_eq!(there, status == StatusCode::SEE_OTHER, "what was answered is what happened");
    there
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    for site in ["cross-site", "same-site"] {
        assert!(!a_foreign_page_can_post(town.router(), &town, site, "よその課").await, "{site}");
    }
    // Without the guard the same look sees it done.
    let (unguarded, _) = tsunagari_web::table(town.state.clone()).into_routers();
    assert!(a_foreign_page_can_post(unguarded, &town, "cross-site", "よその課").await);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_form_needs_the_token_of_its_own_session(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut officer = Officer::of(&town, &town.here, "administrator").await;
    let colleague = Officer::of(&town, &town.here, "administrator").await;
    for token in ["", "x", colleague.csrf()] {
        let fields = [("csrf", token), ("name", "ひとの課")];
        assert_eq!(officer.browser.post("/office/settings/teams", &fields).await.status, StatusCode::FORBIDDEN);
    }
    // The control: with its own token the same form is taken.
    officer.done("/office/settings/teams", &[("name", "ひとの課")]).await;
}

async fn sign_in(town: &Town, browser: &mut Browser, password: &str) -> StatusCode {
    let login = town.here.who("editor").staff.login.clone();
    let code = town.code(&town.here, "editor");
    let fields = [("login", login.as_str()), ("password", password), ("code", &code), ("next", "/office")];
    browser.post("/office/sign-in", &fields).await.status
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn guessing_passwords_comes_to_an_end(#[case] kind: Kind) {
    for (guesses, enters) in [(1, true), (40, false)] {
        let town = Town::founded(kind).await;
        let mut browser = town.browser();
        for n in 0..guesses {
            sign_in(&town, &mut browser, &format!("wrong horse battery {n}")).await;
        }
        let status = sign_in(&town, &mut browser, tsunagari_testkit::town::PASSWORD).await;
        assert_eq!(status == StatusCode::SEE_OTHER, enters, "after {guesses} wrong ones: {status}");
    }
}

/// On SQLite the SQL text is the wall between towns; on PostgreSQL the server is a second one, which holds even when a
/// statement forgets the town.
#[tokio::test]
async fn the_server_shows_a_town_nothing_of_another_even_when_sql_forgets_it() {
    let lived = Lived::connected(Kind::Server).await;
    let towns: [&Office; 2] = [&lived.town.here, &lived.town.there];
    for office in towns {
        Officer::of(&lived.town, office, "administrator").await.person("架空", "花", &[]).await;
    }
    for office in towns {
        assert_eq!(lived.town.db.people_seen_without_filter(office.org).await, 1);
    }
    lived.town.db.without_row_security().await;
    assert_eq!(lived.town.db.people_seen_without_filter(lived.town.here.org).await, 2, "the control sees both towns");
}

async fn time_passes(lived: &Lived, by: TimeDelta) {
    for clock in [&lived.town.real, &lived.town.calendar] {
        clock.advance(by);
    }
    lived.work().await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn nothing_is_sent_at_night(#[case] kind: Kind) {
    for (night_is_kept, sent) in [(true, 0), (false, 1)] {
        let lived = Lived::connected(kind).await;
        let set = |it: &mut Organisation| {
            if !night_is_kept {
                it.quiet_until_minute = it.quiet_from_minute;
            }
        };
        settled(&lived, 3, set).await;
        approved(&lived).await;
        // From nine in the morning to ten in the evening.
        time_passes(&lived, TimeDelta::hours(13)).await;
        assert_eq!(counts(&lived, 3), [sent; 3], "quiet hours kept: {night_is_kept}");
        time_passes(&lived, TimeDelta::hours(11)).await;
        assert_eq!(counts(&lived, 3), [1; 3], "in the morning it leaves, once");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn nobody_is_written_to_more_often_than_the_cap(#[case] kind: Kind) {
    for (most, sent) in [(2, 2), (9, 3)] {
        let lived = Lived::connected(kind).await;
        settled(&lived, 3, |it| it.cap_messages = most).await;
        // All are handed in while everybody may still have them: what nobody would get is not handed in.
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(handed_in(&lived, &grant(&lived, "editor")).await);
        }
        for id in all {
            let seen = (id, version_of(&lived, id).await);
            approve_campaign(&lived.town.house, &grant(&lived, "approver"), seen, None).await.unwrap();
            time_passes(&lived, TimeDelta::minutes(15)).await;
        }
        assert_eq!(counts(&lived, 3), [sent; 3], "of three messages with a cap of {most}");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn nobody_approves_what_they_handed_in(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 3, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "administrator")).await;
    let own = grant::<ApproveMessages>(&lived, "administrator");
    let seen = (id, version_of(&lived, id).await);
    assert!(
        approve_campaign(&lived.town.house, &own, seen, None).await.is_err(),
        "an administrator holds both permissions"
    );
    time_passes(&lived, TimeDelta::minutes(15)).await;
    assert_eq!(counts(&lived, 3), [0; 3]);
    // The control: another person's approval sends the same message.
    approve_campaign(&lived.town.house, &grant(&lived, "approver"), seen, None).await.unwrap();
    time_passes(&lived, TimeDelta::minutes(15)).await;
    assert_eq!(counts(&lived, 3), [1; 3]);
}
