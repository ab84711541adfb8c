//! Pairs that look like one person, for the office to merge or tell apart.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::MergePeople;
use tsunagari_acts::dismiss_duplicate::dismiss_duplicate;
use tsunagari_kernel::PersonId;
use tsunagari_people::{PersonRecord, SchoolKind};

use super::card::crumbs;
use super::words::card_href;
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Crumbs, Empty, Link};
use crate::shell::{AppError, Sample, Shell, page};

/// The most pairs shown at once.
const MOST: i64 = 50;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/people/duplicates", Needs::Permission(Code::MergePeople), show).post(
        "/office/people/duplicates/dismiss",
        Needs::Permission(Code::MergePeople),
        dismiss,
    )
}

struct Pair {
    one: Link,
    other: Link,
    compare: Link,
    apart: ConfirmForm,
}

#[derive(Template)]
#[template(path = "office/people/duplicates.html")]
struct DuplicatesPage {
    shell: Shell,
    crumbs: Crumbs,
    pairs: Vec<Pair>,
    empty: Empty,
}

impl DuplicatesPage {
    fn of(shell: Shell, found: &[(PersonRecord, PersonRecord)]) -> Self {
        let t = shell.t;
        let told = |it: &PersonRecord| {
            let birth = it.person.birth_date.map_or_else(|| t.get("people-birth-unknown"), |day| t.date(day));
            let school = it
                .enrolments
                .iter()
                .find(|stay| stay.kind == SchoolKind::HighSchool)
                .map(|stay| stay.school_name.clone());
            Link::to(
                card_href(it.person.id),
                format!("{}（{}） {birth} {}", it.person.name(), it.person.kana(), school.unwrap_or_default()),
            )
        };
        let pair = |(one, other): &(PersonRecord, PersonRecord)| Pair {
            one: told(one),
            other: told(other),
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
            empty: Empty::of("success", t.get("people-duplicates-none"), t.get("people-duplicates-none.text")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let pairs = reader.alike_pairs(MOST).await.map_err(unreadable)?;
    let mut found = Vec::with_capacity(pairs.len());
    for pair in pairs {
        let mut both = reader.person_records(&[pair.one, pair.other]).await.map_err(unreadable)?;
        if let (Some(other), Some(one)) = (both.pop(), both.pop()) {
            found.push((one, other));
        }
    }
    drop(reader);
    Ok(page(&DuplicatesPage::of(desk.shell(), &found)))
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
    Ok(Redirect::to("/office/people/duplicates").into_response())
}

impl Sample for DuplicatesPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (_, record) = super::words::sample(shell.t);
        let mut other = record.clone();
        other.person.birth_date = None;
        vec![Self::of(shell.clone(), &[]), Self::of(shell, &[(record, other)])]
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
