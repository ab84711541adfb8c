//! Tenants cannot meet, at the door: the table of routes × the ids of another town. Two towns are furnished with one of
//! everything and walked; every parameter of every route is then given the other town's value and one nobody has. Both
//! answer alike, nothing of the other town changes, and a route no page leads to fails: furnish it in the test kit.

use std::collections::BTreeSet;

use rstest::rstest;
use tsunagari_kernel::OrgId;
use tsunagari_storage::testing::TextRow;
use tsunagari_testkit::crawl::{Verb, filled};
use tsunagari_testkit::{Answer, Found, Joining, Kind, Lived, Office, Officer};
use tsunagari_web::routes::{Needs, RouteRow};

const NOBODYS: &str = "019cf3f1-0000-7000-8000-000000000000";

/// Rows whose parameter is no id of an organisation's thing, and why.
const PUBLIC: &[(&str, &str)] = &[
    ("/p/{code}", "a town's public code"),
    ("/j/{event}", "printed on slips"),
    ("/media/{name}", "an unguessable name LINE loads by"),
    ("/c/{pair}/{link}", "a message's own link"),
    ("/u/{token}", "signed: tested with unsubscribing"),
    ("/door/{org}/{token}", "a steward's link, tested with the door"),
    ("/ticket/{token}", "signed: tested with the door"),
    ("/card/{token}", "signed: tested with parcels"),
    ("/hooks/line/{hook}", "proves itself by its signature"),
    ("/office/enter/{org}/{token}", "a one-time secret"),
    ("/office/invite/{org}/{token}", "a one-time secret"),
];

/// Parameters that are no ids, and what they are.
const NAMES: &[(&str, &str)] = &[("step", "a step of a form, by its name: whose form it is stands before it")];

fn is_public(row: &RouteRow) -> bool {
    row.needs == Needs::Nothing
        && PUBLIC.iter().any(|(path, _)| row.path == *path || row.path.starts_with(&format!("{path}/")))
}

/// Everything a town's staff and its resident can reach by links and forms.
async fn walked(lived: &Lived, office: &Office, table: &[RouteRow]) -> Found {
    let mut found = Found::default();
    for role in ["administrator", "approver", "editor"] {
        let mut browser = lived.town.signed_in(office, role).await;
        found.walk(table, &mut browser, &["/office", "/office/media", "/office/people/duplicates"]).await;
    }
    let joining = Joining::of("石見", "空", &format!("sora@{}.example", office.code));
    let mut resident = lived.joined(office, &joining).await;
    found.walk(table, &mut resident, &["/me"]).await;
    found
}

/// A value as unlike any that exists: an id, or a code.
fn nobodys(value: &str) -> String {
    if value.len() == 36 && value.matches('-').count() == 4 { NOBODYS.to_owned() } else { "nobodys-thing".to_owned() }
}

/// What an answer says, without the id that was asked for and the token of the session.
fn said(answer: &Answer, asked: &[&str]) -> (u16, String, String) {
    let plain = |text: &str| asked.iter().fold(text.to_owned(), |text, id| text.replace(id, "ID"));
    let token = answer.form_token().unwrap_or_default();
    let text = if token.is_empty() { answer.text.clone() } else { answer.text.replace(&token, "TOKEN") };
    (answer.status.as_u16(), plain(answer.location.as_deref().unwrap_or_default()), plain(&text))
}

/// The permission-holding role that can try a row.
fn role_for(town: &tsunagari_testkit::Town, row: &RouteRow) -> &'static str {
    let holds = |name: &str, code| town.here.who(name).staff.role.allows(code);
    let may = |name: &str| row.needs.codes().into_iter().all(|code| holds(name, code));
    ["administrator", "approver", "editor"].into_iter().find(|name| may(name)).unwrap_or("administrator")
}

/// Tries every row with every parameter of the other town's; what was not alike.
async fn differences(lived: &Lived, table: &[RouteRow], own: &Found, foreign: &Found) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut resident = lived.joined(&lived.town.here, &Joining::of("石見", "余人", "yonin@people.example")).await;
    let token = resident.get("/me").await.form_token().unwrap_or_default();
    for row in table.iter().filter(|row| row.path.contains('{') && !is_public(row)) {
        let (Some(mine), Some(theirs)) = (own.values_for(row), foreign.values_for(row)) else {
            wrong.push(format!("{} {}: no page leads here", row.method, row.path));
            continue;
        };
        let mut officer = Officer::of(&lived.town, &lived.town.here, role_for(&lived.town, row)).await;
        for n in 0..mine.len() {
            if mine[n].1 == theirs[n].1 || NAMES.iter().any(|(name, _)| mine[n].0.trim_matches(['{', '}']) == *name) {
                // Both towns have one of this name (a purpose, an interest): then each sees its own.
                continue;
            }
            let (mut other, mut nobody) = (mine.clone(), mine.clone());
            other[n].1.clone_from(&theirs[n].1);
            nobody[n].1 = nobodys(&theirs[n].1);
            let mut said_of = Vec::new();
            for values in [&other, &nobody] {
                let path = filled(row, values);
                let answer = match (Verb::of(row), row.needs) {
                    (Verb::Get, Needs::Resident) => resident.get(&path).await,
                    (Verb::Get, _) => officer.browser.get(&path).await,
                    (Verb::Post, needs) => {
                        let mut fields: Vec<(String, String)> =
                            own.forms.get(row.path).map(|form| form.fields.clone()).unwrap_or_default();
                        fields.retain(|(name, _)| name != "csrf");
                        let mut fields: Vec<(&str, &str)> =
                            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        if needs == Needs::Resident {
                            fields.push(("csrf", token.as_str()));
                            resident.post(&path, &fields).await
                        } else {
                            officer.post(&path, &fields).await
                        }
                    }
                };
                said_of.push(said(&answer, &[values[n].1.as_str()]));
            }
            let status = said_of[0].0;
            if said_of[0] != said_of[1] || !(400..500).contains(&status) {
                wrong.push(format!(
                    "{} {} with the other town's {}: {} and {}",
                    row.method, row.path, mine[n].0, said_of[0].0, said_of[1].0
                ));
            }
        }
    }
    wrong
}

/// What a town's rows say, but for what looking itself leaves behind.
async fn kept(lived: &Lived, org: OrgId) -> BTreeSet<TextRow> {
    let all = lived.town.db.everything(Some(org)).await;
    all.into_iter().filter(|row| !matches!(row.table.as_str(), "audit" | "session" | "throttle")).collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn another_towns_ids_answer_like_unknown_ones(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let routes = tsunagari_web::table(lived.town.state.clone());
    let table = routes.table();
    let (own, foreign) =
        (walked(&lived, &lived.town.here, table).await, walked(&lived, &lived.town.there, table).await);
    let before = kept(&lived, lived.town.there.org).await;
    assert!(before.len() > 50, "the other town has something to lose");
    let wrong = differences(&lived, table, &own, &foreign).await;
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
    let after = kept(&lived, lived.town.there.org).await;
    assert_eq!(
        after.symmetric_difference(&before).collect::<Vec<_>>(),
        Vec::<&TextRow>::new(),
        "nothing changed there"
    );

    // The control: without the wall between towns a foreign id would be an own one. Then the same look sees it.
    let mut officer = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    for row in table.iter().filter(|row| row.path.contains('{') && row.needs.is_staffs()) {
        let Some(address) = own.of(row).filter(|_| Verb::of(row) == Verb::Get) else { continue };
        if role_for(&lived.town, row) != "administrator" {
            continue;
        }
        let mine = Found::values(row, address);
        let answer = officer.browser.get(&filled(row, &mine)).await;
        assert!(answer.status.as_u16() < 400, "{}: an own id is found, {}", row.path, answer.status);
    }
}
