//! Whom messages are tried out on: people of the office who have registered themselves by LINE, found by name and named
//! here once. Leaves trying out to `messages::trying`.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_test_recipient::{add_test_recipient, drop_test_recipient};
use tsunagari_kernel::PersonId;
use tsunagari_storage::person_list::{PeopleFilter, PersonLine};
use tsunagari_storage::test_recipient::TestRecipient;

use super::{News, Wrong, crumbs, framed, onward, settle, some};
use crate::office::desk::Desk;
use crate::office::people::words::card_href;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Crumbs, Empty, ErrorSummary, Field, FieldKind, Link};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/line/testers";
/// The most people offered for one name.
const MOST: u32 = 20;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes.get(HERE, needs, show).post(HERE, needs, add).post("/office/settings/line/testers/drop", needs, remove)
}

/// Somebody, and the button beside.
struct One {
    card: Link,
    note: String,
    button: ConfirmForm,
}

#[derive(Template)]
#[template(path = "office/settings/line_testers.html")]
struct TestersPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    named: Vec<One>,
    empty: Empty,
    search: Field,
    found: Vec<One>,
    nobody: bool,
}

impl TestersPage {
    fn of(shell: Shell, named: &[TestRecipient], asked: &str, found: &[PersonLine], wrong: &Wrong) -> Self {
        let t = shell.t;
        let form = |person: PersonId, to: String, key: &str| {
            ConfirmForm::of(&shell, to, t.get(key)).look("outlined").field("person", person.to_string())
        };
        let is = |it: &TestRecipient| One {
            card: Link::to(card_href(it.person), it.name.clone()),
            note: if it.line.is_some() { String::new() } else { t.get("settings-testers-no-line") },
            button: form(it.person, format!("{HERE}/drop"), "settings-testers-drop"),
        };
        let may = |it: &PersonLine| One {
            card: Link::to(card_href(it.id), format!("{} {}", it.family, it.given)),
            note: it.birth_date.map(|day| t.date(day)).unwrap_or_default(),
            button: form(it.id, HERE.to_owned(), "settings-testers-add"),
        };
        Self {
            crumbs: crumbs(t, &[("/office/settings/line", "settings-line")]),
            errors: wrong.summary(t),
            named: named.iter().map(is).collect(),
            empty: Empty::of("phone", t.get("settings-testers-empty"), t.get("settings-testers-empty.text")),
            search: Field::of(FieldKind::Search, t, "q", t.get("settings-testers-search")).value(asked),
            found: found.iter().map(may).collect(),
            nobody: !asked.is_empty() && found.is_empty(),
            shell,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(flatten)]
    news: News,
}

async fn view(desk: &Desk, shell: Shell, asked: &str, wrong: &Wrong) -> Result<TestersPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let line = reader.sending_line_channel().await.map_err(unreadable)?;
    let named = reader.test_recipients(line.as_ref().map(|line| line.provider)).await.map_err(unreadable)?;
    let mut found = Vec::new();
    if let (Some(line), Some(text)) = (line, some(asked)) {
        let filter = PeopleFilter { text: Some(text), ..PeopleFilter::default() };
        found = reader.people_page(&filter, None, MOST).await.map_err(unreadable)?;
        let ids: Vec<PersonId> = found.iter().map(|it| it.id).collect();
        let reached = reader.on_line(line.provider, &ids).await.map_err(unreadable)?;
        found.retain(|it| reached.contains(&it.id) && !named.iter().any(|known| known.person == it.id));
    }
    Ok(TestersPage::of(shell, &named, asked, &found, wrong))
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    Ok(page(&view(&desk, framed(&desk, &asked.news), &asked.q, &Wrong::default()).await?))
}

#[derive(Deserialize)]
struct Named {
    person: PersonId,
}

async fn add(Extension(desk): Extension<Desk>, Posted(it): Posted<Named>) -> Result<Response, AppError> {
    match settle(&desk, add_test_recipient(&desk.house, &desk.grant()?, it.person).await)? {
        Ok(()) => Ok(onward("/office/settings/line/testers?done=added")),
        Err(wrong) => {
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&desk, desk.shell(), "", &wrong).await?))
        }
    }
}

async fn remove(Extension(desk): Extension<Desk>, Posted(it): Posted<Named>) -> Result<Response, AppError> {
    drop_test_recipient(&desk.house, &desk.grant()?, it.person).await.map_err(|error| desk.problem(error))?;
    Ok(onward("/office/settings/line/testers?done=saved"))
}

impl Sample for TestersPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let person = PersonId(uuid::Uuid::nil());
        let line = tsunagari_kernel::ContactPointId(uuid::Uuid::nil());
        let one = |line| TestRecipient { person, name: "石見 花".into(), line };
        let wrong = Wrong(vec![("person".into(), shell.t.get("refused-test-no-line"))]);
        vec![
            Self::of(shell.clone(), &[], "", &[], &Wrong::default()),
            Self::of(shell, &[one(Some(line)), one(None)], "石見", &[], &wrong),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::TestersPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
