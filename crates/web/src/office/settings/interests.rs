//! The interests residents are offered: the list, adding one, renaming one.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::keep_interest_kinds::keep_interest_kind;
use tsunagari_storage::purpose::Labelled;

use super::paper::Paper;
use super::wordings::{LabelledTyped, labelled_parts};
use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Crumbs, Empty};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/interests";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes.get(HERE, needs, show).get("/office/settings/interests/{code}", needs, edit).post(
        "/office/settings/interests/{code}",
        needs,
        keep,
    )
}

/// The code in the address that means a new one.
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "office/settings/interests.html")]
struct InterestsPage {
    shell: Shell,
    crumbs: Crumbs,
    kinds: Vec<Labelled>,
    empty: Empty,
}

impl InterestsPage {
    fn of(shell: Shell, kinds: Vec<Labelled>) -> Self {
        let t = shell.t;
        let empty = Empty::of("people", t.get("settings-interests-empty"), t.get("settings-interests-empty.text"));
        Self { crumbs: crumbs(t, &[]), kinds, empty, shell }
    }
}

impl Sample for InterestsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let kind = Labelled {
            code: "home".into(),
            ja: "帰省".into(),
            easy: "帰(かえ)ること".into(),
            en: "Coming home".into(),
        };
        vec![Self::of(shell.clone(), Vec::new()), Self::of(shell, vec![kind])]
    }
}

fn form(shell: Shell, code: Option<&str>, given: &LabelledTyped, wrong: &Wrong) -> Paper {
    let t = shell.t;
    let action = format!("{HERE}/{}", code.unwrap_or(NEW));
    let paper = Paper::of(shell, "settings-interest", &[(HERE, "settings-interests")], action, wrong);
    labelled_parts(paper, given, code, t, wrong)
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let kinds = desk.here().read().await.map_err(unreadable)?.interest_kinds().await.map_err(unreadable)?;
    Ok(page(&InterestsPage::of(framed(&desk, &news), kinds)))
}

async fn edit(Extension(desk): Extension<Desk>, Path(code): Path<String>) -> Result<Response, AppError> {
    if code == NEW {
        return Ok(page(&form(desk.shell(), None, &LabelledTyped::default(), &Wrong::default())));
    }
    let kinds = desk.here().read().await.map_err(unreadable)?.interest_kinds().await.map_err(unreadable)?;
    let it = kinds.into_iter().find(|it| it.code == code).ok_or(AppError::NotFound)?;
    let given = LabelledTyped { code: it.code, ja: it.ja, easy: it.easy, en: it.en };
    Ok(page(&form(desk.shell(), Some(&code), &given, &Wrong::default())))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(code): Path<String>,
    Posted(given): Posted<LabelledTyped>,
) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let known = (code != NEW).then_some(code);
    let mut it = given.read();
    if let Some(code) = &known {
        it.code.clone_from(code);
    }
    match settle(&desk, keep_interest_kind(&desk.house, &by, &it).await)? {
        Ok(()) => Ok(onward("/office/settings/interests?done=saved")),
        Err(wrong) => Ok(page_with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(desk.shell(), known.as_deref(), &given, &wrong),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults, faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(faults::<InterestsPage>(office_shell), Vec::<String>::new());
        let forms =
            faults_of(office_shell, |shell| vec![form(shell, None, &LabelledTyped::default(), &Wrong::default())]);
        assert_eq!(forms, Vec::<String>::new());
    }
}
