//! The authorisation matrix, generated from the table of routes: every route × nobody and every role. Whoever lacks what
//! a route needs is turned away before its handler; whoever has it is not. Ids are the affair of `foreign_ids`.

use axum::http::StatusCode;
use chrono::TimeDelta;
use rstest::rstest;
use tsunagari_testkit::{Answer, Browser, Kind, Town};
use tsunagari_web::routes::{Needs, RouteRow};

const UNKNOWN: &str = "019cf3f1-0000-7000-8000-000000000000";

/// The path with every parameter filled.
fn filled(path: &str, with: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { with } else { part }).collect();
    parts.join("/")
}

/// Sends what a route takes; a form with the token of whoever sends it, so that only the guard can turn it away.
async fn ask(browser: &mut Browser, row: &RouteRow, with: &str) -> Answer {
    let body = match row.method == axum::http::Method::POST {
        true => Some(format!("csrf={}", browser.get("/office").await.form_token().unwrap_or_default())),
        false => None,
    };
    browser.send(row.method.clone(), &filled(row.path, with), body).await
}

fn turned_away(answer: &Answer) -> bool {
    let to_sign_in = answer.location.as_deref().is_some_and(|to| to.contains("sign-in"));
    answer.status == StatusCode::FORBIDDEN || answer.status == StatusCode::SEE_OTHER && to_sign_in
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn every_route_asks_for_what_it_needs(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let table = tsunagari_web::table(town.state.clone());
    assert!(table.table().len() >= 4, "the table is not empty");
    let mut wrong = Vec::new();
    for row in table.table().iter().filter(|row| row.needs != Needs::Nothing) {
        if !turned_away(&ask(&mut town.browser(), row, UNKNOWN).await) {
            wrong.push(format!("nobody got in: {} {}", row.method, row.path));
        }
    }
    for it in &town.here.staff {
        let role = it.staff.role;
        for row in table.table() {
            if row.needs == Needs::Nothing {
                continue;
            }
            let may = row.needs.is_staffs() && row.needs.codes().into_iter().all(|code| role.allows(code));
            // A fresh session for each: the route under test may be the one that ends it.
            let mut browser = town.signed_in(&town.here, role.code()).await;
            let answer = ask(&mut browser, row, UNKNOWN).await;
            // Whoever signs out is led to where they came in.
            let signed_out = row.path == "/office/sign-out" && answer.location.as_deref() == Some("/office/sign-in");
            if may == (turned_away(&answer) && !signed_out) {
                wrong.push(format!("{} {} {} answered {}", role.code(), row.method, row.path, answer.status));
            }
            if answer.status.is_server_error() {
                wrong.push(format!("{} {} {} failed: {}", role.code(), row.method, row.path, answer.status));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_contractor_whose_time_is_over_holds_nothing(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let table = tsunagari_web::table(town.state.clone());
    let contractor = town.here.who("contractor").staff.role;
    let held: Vec<&RouteRow> =
        table.table().iter().filter(|row| row.needs.codes().into_iter().any(|code| contractor.allows(code))).collect();
    assert!(!held.is_empty(), "a contractor may do something");
    let mut still = Vec::new();
    for days in [89, 91] {
        // Days pass, and nobody stays signed in that long: a fresh session each time.
        let town = Town::founded(kind).await;
        town.real.advance(TimeDelta::days(days));
        let mut browser = town.signed_in(&town.here, "contractor").await;
        for row in held.iter().filter(|row| row.method == axum::http::Method::GET) {
            let away = turned_away(&ask(&mut browser, row, UNKNOWN).await);
            if away != (days > 90) {
                still.push(format!("after {days} days {} turned away: {away}", row.path));
            }
        }
    }
    assert_eq!(still, Vec::<String>::new());
}
