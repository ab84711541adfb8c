//! How long each class of data is kept, and how much would go today: a preview that changes nothing. Leaves the limits to
//! storage's `retention` and letting go to the daily act.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::apply_retention::{Standing, preview};
use tsunagari_acts::keep_retention::keep_retention;
use tsunagari_storage::retention::CLASSES;

use super::{News, Wrong, crumbs, framed, number, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::shell::components::{Crumbs, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/retention";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes.get(HERE, needs, show).post(HERE, needs, keep)
}

struct Line {
    title: String,
    hint: String,
    old: String,
    days: Option<Field>,
}

#[derive(Template)]
#[template(path = "office/settings/retention.html")]
struct RetentionPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    lines: Vec<Line>,
}

/// What was typed, by class.
type Typed = BTreeMap<String, String>;

impl RetentionPage {
    fn of(shell: Shell, all: &[Standing], typed: &Typed, wrong: &Wrong) -> Self {
        let t = shell.t;
        let line = |it: &Standing| {
            let key = format!("retention-{}", it.class.code.replace('_', "-"));
            let limits = t.with(
                "retention-days.hint",
                &[("least", it.class.least.into()), ("most", it.class.most.into()), ("days", it.class.days.into())],
            );
            let value = typed.get(it.class.code).cloned().unwrap_or_else(|| it.days.to_string());
            let field = Field::text(t, it.class.code, t.get("retention-days"));
            Line {
                title: t.get(&key),
                hint: t.find(format!("{key}.hint")).unwrap_or_default(),
                old: t.count("retention-old", it.old),
                days: (it.class.least < it.class.most)
                    .then(|| field.value(value).hint(limits).error(wrong.at(it.class.code)).required()),
            }
        };
        Self { crumbs: crumbs(t, &[]), errors: wrong.summary(t), lines: all.iter().map(line).collect(), shell }
    }
}

impl Sample for RetentionPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let all: Vec<Standing> = CLASSES.iter().map(|class| Standing { class, days: class.days, old: 1_204 }).collect();
        let wrong = Wrong(vec![("media".into(), shell.t.get("refused-field-empty"))]);
        vec![
            Self::of(shell.clone(), &all, &Typed::new(), &Wrong::default()),
            Self::of(shell, &all, &Typed::new(), &wrong),
        ]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let all = preview(&desk.house, desk.org.id).await.map_err(|error| desk.problem(error))?;
    Ok(page(&RetentionPage::of(framed(&desk, &news), &all, &Typed::new(), &Wrong::default())))
}

async fn keep(Extension(desk): Extension<Desk>, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    let mut wrong = Wrong::default();
    let mut periods = Vec::new();
    for class in CLASSES.iter().filter(|class| class.least < class.most) {
        match typed.get(class.code).map(|text| number(text)) {
            None => {}
            Some(Some(days)) => periods.push((class.code.to_owned(), days)),
            Some(None) => wrong.unread(desk.t, class.code, "refused-number-needed"),
        }
    }
    if wrong.none() {
        match settle(&desk, keep_retention(&desk.house, &desk.grant()?, &periods).await)? {
            Ok(()) => return Ok(onward("/office/settings/retention?done=saved")),
            Err(refused) => wrong = refused,
        }
    }
    let all = preview(&desk.house, desk.org.id).await.map_err(|error| desk.problem(error))?;
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &RetentionPage::of(desk.shell(), &all, &typed, &wrong)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<RetentionPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
