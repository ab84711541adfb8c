//! Everybody who is expected, by name or receipt, with a button each. Works without scripts; with them it also works without a network:
//! `door.js` queues what is pressed and sends it to `settle`, where each counts once.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use serde::Deserialize;
use tsunagari_access::session::token_hash;
use tsunagari_acts::ActError;
use tsunagari_acts::check_in::{check_in, take_check_in_back};
use tsunagari_acts::open_door::{expected, steward};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ApplicationId, OrgId};
use tsunagari_programmes::{Came, Round};
use tsunagari_storage::round_door::Expected;

use super::{AtDoor, cookie};
use crate::routes::{Needs, Routes};
use crate::sentences::sentence;
use crate::shell::components::{Empty, Field, FieldKind};
use crate::shell::{AppError, Shell, Tone, page};
use crate::state::WebState;

/// Entries a phone settles at once.
const MOST: usize = 500;

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get("/door/{org}/{token}", Needs::Nothing, enter)
        .get("/door", Needs::Nothing, show)
        .machine("/door/check-in", take)
        .machine("/door/settle", settle)
}

struct Line {
    id: String,
    receipt: String,
    name: String,
    kana: String,
    venue: String,
    came: bool,
    absent: bool,
}

#[derive(Template)]
#[template(path = "door/list.html")]
struct DoorPage {
    shell: Shell,
    title: String,
    door: String,
    door_id: String,
    csrf: String,
    came: String,
    search: Field,
    lines: Vec<Line>,
    empty: Empty,
    /// The words that scripts need: nothing sent yet, so many waiting, sent.
    waiting_words: String,
}

/// As typed by a person or a keyboard without capitals.
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|sign| !sign.is_whitespace() && *sign != '-').flat_map(char::to_lowercase).collect()
}

fn line(round: &Round, it: &Expected) -> Line {
    let several = round.venues.len() > 1;
    let venue = it.venue.filter(|_| several).and_then(|no| round.venue(no));
    Line {
        id: it.application.to_string(),
        receipt: it.receipt.to_uppercase(),
        name: it.name.clone(),
        kana: it.kana.clone(),
        venue: venue.map(|it| it.name.clone()).unwrap_or_default(),
        came: it.came == Some(Came::Yes),
        absent: it.came == Some(Came::No),
    }
}

impl DoorPage {
    fn of(shell: Shell, (door, door_id, csrf): (&str, String, String), known: (&Round, &[Expected]), q: &str) -> Self {
        let t = shell.t;
        let (round, all) = known;
        let wanted = plain(q);
        let fits = |it: &&Expected| {
            wanted.is_empty() || [&it.receipt, &it.name, &it.kana].into_iter().any(|text| plain(text).contains(&wanted))
        };
        let came = all.iter().filter(|it| it.came == Some(Came::Yes)).count();
        Self {
            title: round.title.clone(),
            door: door.to_owned(),
            door_id,
            csrf,
            came: t.two(
                "door-came",
                "n",
                i64::try_from(came).unwrap_or(i64::MAX),
                "of",
                i64::try_from(all.len()).unwrap_or(i64::MAX),
            ),
            search: Field::of(FieldKind::Search, t, "q", t.get("door-search")).value(q).hint(t.get("door-search.hint")),
            lines: all.iter().filter(fits).map(|it| line(round, it)).collect(),
            empty: Empty::of("people", t.get("door-none"), t.get("door-none.text")),
            waiting_words: t.get("door-waiting"),
            shell,
        }
    }
}

/// The link that the office gave: the phone is the steward's from now on.
async fn enter(
    State(state): State<WebState>,
    Path((org, token)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let org: OrgId = org.parse().map_err(|_| AppError::NotFound)?;
    let hash = token_hash(&token).ok_or(AppError::NotFound)?;
    steward(state.house(), org, &hash).await.map_err(|error| crate::sentences::problem(Texts::default(), error))?;
    let mut response = Redirect::to("/door").into_response();
    response.headers_mut().append(SET_COOKIE, cookie(org, &token)?);
    Ok(response)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    done: String,
    not: String,
}

async fn show(at: AtDoor, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let t = at.town.t;
    let mut shell = at.town.shell();
    if asked.done == "in" {
        shell = at.town.shell_with(Tone::Success, t.get("door-done-in"));
    } else if asked.done == "back" {
        shell = at.town.shell_with(Tone::Success, t.get("door-done-back"));
    } else if asked.not.starts_with("ledger_")
        && let Some(why) = t.find(format!("refused-{}", asked.not.replace('_', "-")))
    {
        shell = at.town.shell_with(Tone::Warning, why);
    }
    let house = &at.town.house;
    let (round, all) = expected(house, &at.steward).await.map_err(|error| at.town.problem(error))?;
    let door = at.steward.door();
    Ok(page(&DoorPage::of(shell, (&door.name, door.id.to_string(), at.csrf()), (&round, &all), &asked.q)))
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    application: String,
    #[serde(default, rename = "do")]
    what: String,
    #[serde(default)]
    q: String,
}

async fn take(at: AtDoor, axum::Form(pressed): axum::Form<Pressed>) -> Result<Response, AppError> {
    at.check(&pressed.csrf)?;
    let id: ApplicationId = pressed.application.parse().map_err(|_| AppError::NotFound)?;
    let house = &at.town.house;
    let (done, news) = match pressed.what.as_str() {
        "in" => (check_in(house, &at.steward, id, TimeDelta::zero()).await, "done=in"),
        "back" => (take_check_in_back(house, &at.steward, id).await, "done=back"),
        _ => return Err(AppError::Bad(Vec::new())),
    };
    let news = match done {
        Ok(_) => news.to_owned(),
        Err(ActError::Refused(reasons)) => format!("not={}", reasons.first().map_or("", |it| it.code)),
        Err(other) => return Err(at.town.problem(other)),
    };
    let q: String = url::form_urlencoded::byte_serialize(pressed.q.as_bytes()).collect();
    Ok(Redirect::to(&format!("/door?{news}&q={q}")).into_response())
}

#[derive(Deserialize)]
struct Queued {
    #[serde(default)]
    csrf: String,
    /// Lines of an application and how many seconds ago, with a space between.
    #[serde(default)]
    entries: String,
}

/// What a phone queued: a line for each with what became of it, `in` or the words of a refusal.
async fn settle(at: AtDoor, axum::Form(queued): axum::Form<Queued>) -> Result<Response, AppError> {
    at.check(&queued.csrf)?;
    let mut told = String::new();
    for entry in queued.entries.lines().take(MOST) {
        let Some((id, ago)) = entry.trim().split_once(' ') else { continue };
        let (Ok(application), Ok(ago)) = (id.parse::<ApplicationId>(), ago.parse::<u32>()) else { continue };
        let done = check_in(&at.town.house, &at.steward, application, TimeDelta::seconds(i64::from(ago))).await;
        let said = match done {
            Ok(_) => "in".to_owned(),
            Err(ActError::Refused(reasons)) => reasons.first().map(|it| sentence(at.town.t, it)).unwrap_or_default(),
            Err(ActError::NotFound) => at.town.t.get("door-unknown"),
            // Another phone wrote at the same moment, or the house is busy: it stays in the queue.
            Err(ActError::Conflict | ActError::Busy) => continue,
            Err(other) => return Err(at.town.problem(other)),
        };
        told.push_str(&format!("{id} {said}\n"));
    }
    Ok((StatusCode::OK, told).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Sample;

    impl Sample for DoorPage {
        fn samples(shell: Shell) -> Vec<Self> {
            use uuid::Uuid;
            let round = crate::portal::offered::round::sample().0;
            let one = |(n, came): (u16, Option<Came>)| Expected {
                application: ApplicationId(Uuid::nil()),
                receipt: format!("k7p2mx9{n}"),
                name: if n == 3 { String::new() } else { "架空 ゆい".into() },
                kana: "かくう ゆい".into(),
                venue: Some(n),
                came,
            };
            let all: Vec<Expected> = [(1, None), (2, Some(Came::Yes)), (3, Some(Came::No))].map(one).to_vec();
            let face = |known: &[Expected], q: &str| {
                Self::of(shell.clone(), ("受付1", "x".into(), "y".into()), (&round, known), q)
            };
            vec![face(&all, ""), face(&all, "Ｋ７Ｐ２"), face(&[], "")]
        }
    }

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<DoorPage>(crate::shell::sample::portal_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn a_receipt_is_found_however_it_is_typed() {
        let found = |q: &str| {
            let round = crate::portal::offered::round::sample().0;
            let it = Expected {
                application: ApplicationId(uuid::Uuid::nil()),
                receipt: "k7p2mx9a".into(),
                name: "架空 ゆい".into(),
                kana: "カクウ ユイ".into(),
                venue: None,
                came: None,
            };
            let shell = crate::shell::sample::portal_shell(tsunagari_i18n::Locale::Ja);
            DoorPage::of(shell, ("", String::new(), String::new()), (&round, &[it]), q).lines.len()
        };
        for q in ["", "K7P2", "ｋ７ｐ２－ｍｘ９ａ", "架空ゆい", "ｶｸｳ"] {
            assert_eq!(found(q), 1, "{q}");
        }
        assert_eq!(found("石見"), 0);
    }
}
