//! The authorisation matrix, generated from the table of routes: every route × nobody and every role. Whoever lacks what
//! a route needs is turned away before its handler; whoever has it is not. And a foreign id answers like an unknown one.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::{Answer, Browser, Kind, Office, Town};
use tsunagari_web::routes::{Needs, RouteRow};

const UNKNOWN: &str = "019cf3f1-0000-7000-8000-000000000000";

/// The path with every parameter filled.
fn filled(path: &str, with: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { with } else { part }).collect();
    parts.join("/")
}

async fn ask(browser: &mut Browser, row: &RouteRow, with: &str) -> Answer {
    let body = (row.method == axum::http::Method::POST).then(String::new);
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
            let may = match row.needs {
                Needs::Nothing | Needs::Resident => continue,
                Needs::Staff => true,
                Needs::Permission(code) => role.allows(code),
            };
            // A fresh session for each: the route under test may be the one that ends it.
            let mut browser = town.signed_in(&town.here, role.code()).await;
            let answer = ask(&mut browser, row, UNKNOWN).await;
            // A form without its token is refused too, but by the form, with 403 as well: only reading tells apart.
            let readable = row.method == axum::http::Method::GET;
            if !may && !turned_away(&answer) || may && readable && turned_away(&answer) {
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
async fn a_foreign_id_answers_like_an_unknown_one(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let table = tsunagari_web::table(town.state.clone());
    let mut browser = town.signed_in(&town.here, "administrator").await;
    let mut wrong = Vec::new();
    for foreign in foreign_ids(&town.there) {
        let rows = table.table().iter().filter(|row| row.method == axum::http::Method::GET && row.path.contains('{'));
        for row in rows.filter(|row| matches!(row.needs, Needs::Staff | Needs::Permission(_))) {
            let unknown = ask(&mut browser, row, UNKNOWN).await;
            let answer = ask(&mut browser, row, &foreign).await;
            let same = answer.text.replace(&foreign, UNKNOWN) == unknown.text;
            if answer.status != unknown.status || !same {
                wrong.push(format!("{} {}: {} and {}", row.path, foreign, unknown.status, answer.status));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Ids that exist in the other town.
fn foreign_ids(office: &Office) -> Vec<String> {
    office.staff.iter().map(|it| it.staff.id.to_string()).chain([office.org.to_string()]).collect()
}
