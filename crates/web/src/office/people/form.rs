//! The page of one form about one subject: its parts in order, what was typed, errors on top and at their fields, and at a
//! conflict what happened meanwhile. The forms of this folder fill it. Leaves checking to the acts.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_acts::ActError;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{PersonId, era};
use tsunagari_people::{Person, PersonRecord};

use super::card::crumbs;
use super::words::{card_href, name};
use crate::office::desk::Desk;
use crate::sentences::{problem, sentences, unreadable};
use crate::shell::components::{Banner, Choices, ConfirmForm, Crumbs, ErrorSummary, Field, Link};
use crate::shell::{AppError, Shell, Tone, page_with_status};

/// A part of a form.
pub(crate) enum Part {
    /// One line or box.
    Field(Field),
    /// A question with given answers.
    Choices(Choices),
    /// A heading between parts.
    Heading(String),
    /// Places to look at before answering.
    Links(Vec<Link>),
}

/// The sentences of a refused form by field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wrong(Vec<(String, String)>);

impl Wrong {
    /// The sentence at a field.
    pub(crate) fn at(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone())
    }
}

/// The page.
#[derive(Template)]
#[template(path = "office/people/form.html")]
pub(crate) struct FormPage {
    pub shell: Shell,
    pub crumbs: Crumbs,
    pub title: String,
    pub notice: Option<Banner>,
    pub errors: ErrorSummary,
    pub hidden: Vec<(String, String)>,
    pub parts: Vec<Part>,
    pub button: String,
    pub back: String,
    pub other: Option<ConfirmForm>,
}

impl FormPage {
    /// A form with a title, leading back to an address.
    pub(crate) fn of(shell: Shell, crumbs: Crumbs, title: String, back: String, parts: Vec<Part>) -> Self {
        let t = shell.t;
        Self {
            crumbs,
            title,
            notice: None,
            errors: ErrorSummary::of(t, Vec::new()),
            hidden: Vec::new(),
            parts,
            button: t.get("people-save"),
            back,
            other: None,
            shell,
        }
    }

    /// A form about a person, below their card and leading back to it.
    pub(crate) fn about(shell: Shell, person: &Person, title: String, parts: Vec<Part>) -> Self {
        let crumbs = crumbs(shell.t, Some((person.id, name(shell.t, person))));
        Self::of(shell, crumbs, title, card_href(person.id), parts)
    }

    /// With the sentences of a refusal on top.
    pub(crate) fn wrong(mut self, wrong: &Wrong) -> Self {
        self.errors = ErrorSummary::of(self.shell.t, wrong.0.clone());
        self
    }

    /// With what is posted unseen.
    pub(crate) fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }
}

/// A person's whole record, for a form about one part of it.
pub(super) async fn record(desk: &Desk, person: &str) -> Result<PersonRecord, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    reader.person_record(id).await.map_err(unreadable)
}

/// An address that tells whether a day among these fields lies outside the era it is written in. It holds no day: what is
/// known of somebody stands in no address.
pub(super) fn telling_odd_days(to: &str, typed: &Typed, fields: &[&str]) -> String {
    let odd = |field: &&str| era::eras().read(typed.text(field).trim()).is_ok_and(|read| read.warning.is_some());
    if !fields.iter().any(odd) {
        return to.to_owned();
    }
    let (page, part) = to.split_once('#').map_or((to, String::new()), |(page, part)| (page, format!("#{part}")));
    format!("{page}{}{ODD}=era{part}", if page.contains('?') { '&' } else { '?' })
}

/// The name under which an address tells it.
const ODD: &str = "odd";

/// What such an address says.
pub(super) fn odd_days_told(t: Texts, odd: &str) -> Option<Banner> {
    (odd == "era").then(|| Banner::of(Tone::Warning, t.get("people-day-odd")).text(t.get("people-day-odd.text")))
}

/// How an act about a form ended, for the page: gone on to, or shown again.
pub(crate) enum Ended {
    /// Go on here.
    Done(String),
    /// Show the form again with these sentences.
    Again(Wrong),
    /// Somebody was faster: show it again with what was typed and the present version.
    Faster,
}

/// Sorts the end of an act.
///
/// # Errors
/// What is no matter of the form.
pub(crate) fn ended<T>(t: Texts, result: Result<T, ActError>, to: impl FnOnce(T) -> String) -> Result<Ended, AppError> {
    match result {
        Ok(value) => Ok(Ended::Done(to(value))),
        Err(ActError::Refused(reasons)) => Ok(Ended::Again(Wrong(sentences(t, &reasons)))),
        Err(ActError::Conflict) => Ok(Ended::Faster),
        Err(other) => Err(problem(t, other)),
    }
}

/// The response: the next page, or the form again with its status.
pub(crate) fn answer(t: Texts, how: Ended, form: impl FnOnce(&Wrong) -> FormPage) -> Response {
    match how {
        Ended::Done(to) => Redirect::to(&to).into_response(),
        Ended::Again(wrong) => page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form(&wrong).wrong(&wrong)),
        Ended::Faster => {
            let mut page = form(&Wrong::default());
            page.notice = Some(Banner::of(Tone::Warning, t.get("people-faster")).text(t.get("people-faster.text")));
            page_with_status(StatusCode::CONFLICT, &page)
        }
    }
}

/// A posted form as it was typed; names that may come several times keep all values.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(crate) struct Typed(HashMap<String, Vec<String>>);

impl From<Vec<(String, String)>> for Typed {
    fn from(pairs: Vec<(String, String)>) -> Self {
        let mut all: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in pairs {
            all.entry(name).or_default().push(value);
        }
        Self(all)
    }
}

impl Typed {
    /// The first value of a name; empty when none was sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// With a value, for filling a form from what is known.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// A whole number; −1 when it is none, which no bound allows.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.text(name).trim().parse().unwrap_or(-1)
    }
}
