//! Pairs that look like one person, for the office to merge or tell apart; those told apart last, to take that back.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::MergePeople;
use tsunagari_acts::dismiss_duplicate::{dismiss_duplicate, take_back_dismissal};
use tsunagari_kernel::PersonId;
use tsunagari_people::PersonRecord;
use tsunagari_storage::Reader;

use super::card::crumbs;
use super::words::{card_href, known_of};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Crumbs, Empty, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The most pairs shown at once.
const MOST: i64 = 50;
/// The most pairs told apart of which that can be taken back here.
const MOST_APART: i64 = 20;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let merge = Needs::Permission(Code::MergePeople);
    routes.get("/office/people/duplicates", merge, show).post("/office/people/duplicates/dismiss", merge, dismiss).post(
        "/office/people/duplicates/take-back",
        merge,
        take_back,
    )
}

/// An entry: its card, and what tells it apart.
struct Entry {
    card: Link,
    known: String,
}

struct Pair {
    both: [Entry; 2],
    compare: Link,
    apart: ConfirmForm,
}

/// Two who were told apart.
struct Apart {
    both: [Entry; 2],
    back: ConfirmForm,
}

#[derive(Deserialize)]
struct News {
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "office/people/duplicates.html")]
struct DuplicatesPage {
    shell: Shell,
    crumbs: Crumbs,
    pairs: Vec<Pair>,
    apart: Vec<Apart>,
    empty: Empty,
}

/// Two entries side by side.
type Both = (PersonRecord, PersonRecord);

/// The records of pairs.
async fn both(reader: &mut Reader, pairs: Vec<tsunagari_storage::merge::Pair>) -> Result<Vec<Both>, AppError> {
    let mut found = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let mut both = reader.person_records(&[pair.one, pair.other]).await.map_err(unreadable)?;
        if let (Some(other), Some(one)) = (both.pop(), both.pop()) {
            found.push((one, other));
        }
    }
    Ok(found)
}

impl DuplicatesPage {
    fn of(shell: Shell, found: &[Both], told_apart: &[Both]) -> Self {
        let t = shell.t;
        let entry = |it: &PersonRecord| Entry {
            card: Link::to(card_href(it.person.id), it.person.name()),
            known: known_of(t, it),
        };
        let apart = |(one, other): &Both| Apart {
            both: [entry(one), entry(other)],
            back: ConfirmForm::of(&shell, "/office/people/duplicates/take-back", t.get("people-not-same-back"))
                .look("text")
                .field("one", one.person.id.to_string())
                .field("other", other.person.id.to_string()),
        };
        let pair = |(one, other): &Both| Pair {
            both: [entry(one), entry(other)],
            compare: Link::to(
                format!("{}/merge?with={}", card_href(one.person.id), other.person.id),
                t.get("people-compare"),
            ),
            apart: ConfirmForm::of(&shell, "/office/people/duplicates/dismiss", t.get("people-not-same"))
                .look("text")
                .field("one", one.person.id.to_string())
                .field("other", other.person.id.to_string()),
        };
        Self {
            crumbs: crumbs(t, None),
            pairs: found.iter().map(pair).collect(),
            apart: told_apart.iter().map(apart).collect(),
            empty: Empty::of("success", t.get("people-duplicates-none"), t.get("people-duplicates-none.text")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let pairs = reader.alike_pairs(MOST).await.map_err(unreadable)?;
    let found = both(&mut reader, pairs).await?;
    let pairs = reader.pairs_apart(MOST_APART).await.map_err(unreadable)?;
    let apart = both(&mut reader, pairs).await?;
    drop(reader);
    let shell = match news.done.as_str() {
        "apart" => desk.shell_with(Tone::Success, desk.t.get("people-not-same-done")),
        "back" => desk.shell_with(Tone::Success, desk.t.get("people-not-same-taken-back")),
        _ => desk.shell(),
    };
    Ok(page(&DuplicatesPage::of(shell, &found, &apart)))
}

#[derive(Deserialize)]
struct Told {
    one: String,
    other: String,
}

async fn dismiss(Extension(desk): Extension<Desk>, Posted(told): Posted<Told>) -> Result<Response, AppError> {
    let one: PersonId = told.one.parse().map_err(|_| AppError::NotFound)?;
    let other: PersonId = told.other.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<MergePeople>()?;
    dismiss_duplicate(&desk.house, &by, one, other).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/people/duplicates?done=apart").into_response())
}

async fn take_back(Extension(desk): Extension<Desk>, Posted(told): Posted<Told>) -> Result<Response, AppError> {
    let one: PersonId = told.one.parse().map_err(|_| AppError::NotFound)?;
    let other: PersonId = told.other.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<MergePeople>()?;
    take_back_dismissal(&desk.house, &by, one, other).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/people/duplicates?done=back").into_response())
}

impl Sample for DuplicatesPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (_, record) = super::words::sample(shell.t);
        let mut other = record.clone();
        other.person.birth_date = None;
        let two = [(record, other)];
        vec![Self::of(shell.clone(), &[], &[]), Self::of(shell, &two, &two)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<DuplicatesPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
