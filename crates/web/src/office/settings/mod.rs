//! Settings: what an administrator decides about the organisation. Each page is a module with its routes, handlers and
//! typed template; pages that are one form share `paper`. Leaves every rule to the act that keeps it.
//! To add a page: a module, a line in `routes`, a card in `index`, texts in locales/*/settings.ftl.

pub mod denominator;
mod denominator_rule;
pub mod index;
pub mod indicator;
pub mod interests;
pub mod line;
pub mod line_channel;
pub mod line_connect;
pub mod line_greeting;
pub mod line_menu_form;
pub mod line_menus;
pub mod line_standing;
pub mod line_testers;
pub mod mail;
pub mod media;
pub mod organisation;
pub mod paper;
pub mod payer;
pub mod plan;
pub mod retention;
pub mod schools;
pub mod staff;
pub mod staff_member;
pub mod teams;
pub mod wordings;

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_acts::ActError;
use tsunagari_i18n::Texts;

use crate::office::desk::Desk;
use crate::routes::Routes;
use crate::sentences::sentences;
use crate::shell::components::{Crumbs, ErrorSummary, Link};
use crate::shell::{AppError, Shell, Tone};

pub(super) use index::missing;

/// Every route of the settings.
pub fn routes(routes: Routes) -> Routes {
    let routes = index::routes(routes);
    let routes = organisation::routes(routes);
    let routes = staff::routes(routes);
    let routes = staff_member::routes(routes);
    let routes = teams::routes(routes);
    let routes = line::routes(routes);
    let routes = line_connect::routes(routes);
    let routes = line_channel::routes(routes);
    let routes = line_greeting::routes(routes);
    let routes = line_menus::routes(routes);
    let routes = line_menu_form::routes(routes);
    let routes = line_testers::routes(routes);
    let routes = mail::routes(routes);
    let routes = wordings::routes(routes);
    let routes = interests::routes(routes);
    let routes = schools::routes(routes);
    let routes = retention::routes(routes);
    let routes = payer::routes(routes);
    let routes = plan::routes(routes);
    let routes = indicator::routes(routes);
    let routes = denominator::routes(routes);
    media::routes(routes)
}

/// What is wrong with a form: sentences at their fields.
#[derive(Debug, Clone, Default)]
pub struct Wrong(pub Vec<(String, String)>);

impl Wrong {
    /// The sentence at a field.
    pub fn at(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.clone())
    }

    /// Adds a sentence for a field that could not be read.
    pub fn unread(&mut self, t: Texts, field: &str, key: &str) {
        self.0.push((field.to_owned(), t.get(key)));
    }

    /// Whether nothing is wrong.
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// The summary on top of the page.
    pub fn summary(&self, t: Texts) -> ErrorSummary {
        ErrorSummary::of(t, self.0.clone())
    }
}

/// An act's end for a page with a form: done, refused with sentences for the form, or an error page.
pub fn settle<T>(desk: &Desk, done: Result<T, ActError>) -> Result<Result<T, Wrong>, AppError> {
    match done {
        Ok(value) => Ok(Ok(value)),
        Err(ActError::Refused(reasons)) => Ok(Err(Wrong(sentences(desk.t, &reasons)))),
        Err(other) => Err(desk.problem(other)),
    }
}

/// On to another page of the office.
pub fn onward(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// What was done just before, by the address: one of a few codes, each with a text `settings-done-…`.
#[derive(Debug, Default, Deserialize)]
pub struct News {
    #[serde(default)]
    done: String,
}

const DONE: &[&str] = &[
    "saved",
    "stopped",
    "resumed",
    "sent",
    "added",
    "connected",
    "uploaded",
    "secret",
    "recorded",
    "undone",
    "shown",
    "hidden",
    "drawn",
    "removed",
];

/// The frame, with the news on top.
pub fn framed(desk: &Desk, news: &News) -> Shell {
    match DONE.iter().find(|code| **code == news.done) {
        Some(code) => desk.shell_with(Tone::Success, desk.t.get(format!("settings-done-{code}"))),
        None => desk.shell(),
    }
}

/// The way here.
pub fn crumbs(t: Texts, more: &[(&str, &str)]) -> Crumbs {
    let mut links = vec![Link::to("/office/settings", t.get("settings-title"))];
    links.extend(more.iter().map(|(href, key)| Link::to(*href, t.get(key))));
    Crumbs::of(t, links)
}

/// A whole number as people type it: full-width digits, commas and spaces are fine.
pub fn number(text: &str) -> Option<i64> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ',' && *c != '\u{ff0c}')
        .map(|c| match c {
            '\u{ff10}'..='\u{ff19}' => char::from_u32(u32::from(c) - 0xff10 + u32::from('0')).unwrap_or(c),
            other => other,
        })
        .collect();
    plain.parse().ok()
}

/// A number of people as people type it: also with the word people are counted with behind it.
pub fn people_number(t: Texts, text: &str) -> Option<i64> {
    let text = text.trim();
    let counters = t.get("settings-people-counters");
    // The longest first: one counter may end as another does.
    let counter = counters.split_whitespace().filter(|it| text.ends_with(it)).max_by_key(|it| it.len());
    number(counter.and_then(|it| text.strip_suffix(it)).unwrap_or(text))
}

/// An empty text is nothing.
pub fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_counted_with_their_word_or_without() {
        use tsunagari_i18n::Locale;
        for (locale, text, value) in [
            (Locale::Ja, "1,500人", Some(1_500)),
            (Locale::Ja, "１，５００ 名", Some(1_500)),
            (Locale::Ja, "1500", Some(1_500)),
            (Locale::En, "1,500 people", Some(1_500)),
            (Locale::En, "1,500人", Some(1_500)),
            (Locale::Ja, "1,500人人", None),
            (Locale::Ja, "人", None),
            (Locale::Ja, "約1,500人", None),
        ] {
            assert_eq!(people_number(Texts::of(locale), text), value, "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, value) in
            [("１８", Some(18)), (" 1,000 ", Some(1_000)), ("-1", Some(-1)), ("十", None), ("", None), ("1.5", None)]
        {
            assert_eq!(number(text), value, "{text}");
        }
    }
}
