//! From which account the office pays, as its bank has it on record, and what that bank wants of a file. Leaves lists of transfers to
//! programmes.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_payer::keep_payer;
use tsunagari_benefits::Payer;
use tsunagari_benefits::payer::SaidPayer;

use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::account_form::{kind_code, kind_of, kinds};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Crumbs, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/payer";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes.get(HERE, needs, show).post(HERE, needs, keep)
}

/// What is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Typed {
    seen: i64,
    code: String,
    name: String,
    bank: String,
    branch: String,
    kind: String,
    number: String,
    line_breaks: String,
    blank_clearing_house: String,
    end_of_file: String,
}

fn flag(on: bool) -> String {
    if on { "yes".into() } else { String::new() }
}

impl Typed {
    fn of(known: Option<&Payer>, seen: i64) -> Self {
        let Some(it) = known else { return Self { kind: "ordinary".into(), ..Self::default() } };
        let from = &it.requester;
        Self {
            seen,
            code: from.code.clone(),
            name: from.name.to_string(),
            bank: from.bank.to_string(),
            branch: from.branch.to_string(),
            kind: kind_code(from.kind).into(),
            number: from.number.to_string(),
            line_breaks: flag(it.line_breaks),
            blank_clearing_house: flag(it.blank_clearing_house),
            end_of_file: flag(it.end_of_file),
        }
    }

    fn said(&self) -> SaidPayer {
        SaidPayer {
            code: self.code.clone(),
            name: self.name.clone(),
            bank: self.bank.clone(),
            branch: self.branch.clone(),
            kind: kind_of(&self.kind),
            number: self.number.clone(),
            line_breaks: !self.line_breaks.is_empty(),
            blank_clearing_house: !self.blank_clearing_house.is_empty(),
            end_of_file: !self.end_of_file.is_empty(),
        }
    }
}

#[derive(Template)]
#[template(path = "office/settings/payer.html")]
struct PayerPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    seen: i64,
    before: Vec<Field>,
    kind: Choices,
    after: Field,
    layout: Vec<Choices>,
}

impl PayerPage {
    fn of(shell: Shell, typed: &Typed, wrong: &Wrong) -> Self {
        let t = shell.t;
        let field = |name: &str, key: &str, value: &str| {
            let hint = t.get(format!("{key}.hint"));
            Field::text(t, name, t.get(key)).hint(hint).value(value).error(wrong.at(name)).required()
        };
        let tick = |name: &str, value: &str| {
            let key = format!("payer-{}", name.replace('_', "-"));
            Choices::checkbox(t, name, t.get(key.clone())).option("yes", t.get(format!("{key}.label"))).chosen(value)
        };
        Self {
            crumbs: crumbs(t, &[]),
            errors: wrong.summary(t),
            seen: typed.seen,
            before: vec![
                field("code", "payer-code", &typed.code),
                field("name", "payer-name", &typed.name),
                field("bank", "account-bank", &typed.bank),
                field("branch", "account-branch", &typed.branch),
            ],
            kind: kinds(t, &typed.kind, wrong.at("kind")),
            after: field("number", "account-number", &typed.number),
            layout: vec![
                tick("line_breaks", &typed.line_breaks),
                tick("blank_clearing_house", &typed.blank_clearing_house),
                tick("end_of_file", &typed.end_of_file),
            ],
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let (known, seen) = desk.here().read().await.map_err(unreadable)?.payer().await.map_err(unreadable)?;
    let typed = Typed::of(known.as_ref(), seen);
    Ok(page(&PayerPage::of(framed(&desk, &news), &typed, &Wrong::default())))
}

async fn keep(Extension(desk): Extension<Desk>, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    match settle(&desk, keep_payer(&desk.house, &desk.grant()?, typed.seen, &typed.said()).await)? {
        Ok(()) => Ok(onward("/office/settings/payer?done=saved")),
        Err(wrong) => {
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &PayerPage::of(desk.shell(), &typed, &wrong)))
        }
    }
}

impl Sample for PayerPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = Wrong(vec![("code".into(), "✕".into()), ("kind".into(), "✕".into())]);
        vec![
            Self::of(shell.clone(), &Typed::of(None, 0), &Wrong::default()),
            Self::of(shell, &Typed::default(), &wrong),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<PayerPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn what_is_shown_is_read_back() {
        let typed = Typed {
            code: "0012345678".into(),
            name: "カクウシ".into(),
            bank: "0167".into(),
            branch: "001".into(),
            kind: "current".into(),
            number: "7654321".into(),
            end_of_file: "yes".into(),
            ..Typed::default()
        };
        let payer = typed.said().payer().unwrap();
        assert_eq!(Typed::of(Some(&payer), 3).said().payer(), Ok(payer));
    }
}
