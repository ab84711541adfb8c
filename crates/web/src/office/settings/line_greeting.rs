//! What the official account says to somebody who adds it: the text, what a phone shows of it, and the way back to the one
//! before. Leaves sending to the act that answers a follow.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_line_greeting::{
    JOIN, LONGEST, ORGANISATION, default_greeting, keep_line_greeting, undo_line_greeting,
};
use tsunagari_outreach::Message;
use tsunagari_outreach::message::{Bubble, Language};
use tsunagari_storage::line_channel::LineChannel;
use tsunagari_storage::line_greeting::Greeting;

use super::line_channel::messaging_of;
use super::{News, Wrong, crumbs, framed, onward, settle};
use crate::office::desk::Desk;
use crate::office::messages::phone::Phone;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, ConfirmForm, Crumbs, ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageChannels);
    routes
        .get("/office/settings/line/{channel}/greeting", needs, show)
        .post("/office/settings/line/{channel}/greeting", needs, keep)
        .post("/office/settings/line/{channel}/greeting/undo", needs, undo)
}

#[derive(Template)]
#[template(path = "office/settings/line_greeting.html")]
struct GreetingPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    action: String,
    in_use: String,
    text: Field,
    phone: Phone,
    undo: Option<ConfirmForm>,
    twice: Banner,
}

/// A town's name and address of joining, for what a phone shows.
struct Filled<'f> {
    town: &'f str,
    join: &'f str,
}

impl GreetingPage {
    fn of(
        shell: Shell,
        line: &LineChannel,
        written: &[Greeting],
        filled: &Filled<'_>,
        typed: Option<&str>,
        wrong: &Wrong,
    ) -> Self {
        let t = shell.t;
        let action = format!("/office/settings/line/{}/greeting", line.id);
        let kept = written.first().map_or_else(|| default_greeting(t), |it| it.text.clone());
        let text = typed.map_or(kept, str::to_owned);
        let mut message = Message::default();
        let shown = text.replace(ORGANISATION, filled.town).replace(JOIN, filled.join);
        message.line.insert(Language::Ja, vec![Bubble::Text { text: shown }]);
        let name = line.name.clone();
        let back = format!("/office/settings/line/{}", line.id);
        Self {
            crumbs: crumbs(t, &[("/office/settings/line", "settings-line"), (&back, "settings-line-channel")]),
            errors: wrong.summary(t),
            in_use: match written.first() {
                Some(it) => t.one("greeting-in-use", "at", t.date_time(it.written_at)),
                None => t.get("greeting-default"),
            },
            text: Field::area(t, "text", t.get("greeting-text"))
                .value(&text)
                .rows(7)
                .max(u32::try_from(LONGEST).unwrap_or(500))
                .hint(t.get("greeting-text.hint"))
                .error(wrong.at("text"))
                .required(),
            phone: Phone::of(t, &name, &message, Language::Ja, &std::collections::HashMap::new()),
            undo: (!written.is_empty()).then(|| {
                ConfirmForm::of(&shell, format!("{action}/undo"), t.get("greeting-undo"))
                    .ask(t.get("greeting-undo.ask"))
            }),
            twice: Banner::of(Tone::Info, t.get("greeting-twice")).text(t.get("greeting-twice.text")),
            action,
            shell,
        }
    }
}

impl Sample for GreetingPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = super::line::sample_channel();
        let filled = Filled { town: "益田市", join: "https://t.example.jp/p/322041" };
        let at = tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000);
        let own = Greeting { text: "ようこそ {{join}}".into(), written_by: None, written_at: at };
        let wrong = Wrong(vec![("text".into(), shell.t.get("refused-field-empty"))]);
        vec![
            Self::of(shell.clone(), &line, &[], &filled, None, &Wrong::default()),
            Self::of(shell, &line, &[own], &filled, Some(""), &wrong),
        ]
    }
}

async fn view(
    desk: &Desk,
    shell: Shell,
    line: &LineChannel,
    typed: Option<&str>,
    wrong: &Wrong,
) -> Result<GreetingPage, AppError> {
    let written = desk.here().read().await.map_err(unreadable)?.greetings(line.id).await.map_err(unreadable)?;
    let join = format!("{}/p/{}", desk.house.origin, desk.org.code);
    let filled = Filled { town: &desk.org.name, join: &join };
    Ok(GreetingPage::of(shell, line, &written, &filled, typed, wrong))
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    Ok(page(&view(&desk, framed(&desk, &news), &line, None, &Wrong::default()).await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    text: String,
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    Posted(given): Posted<Typed>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    match settle(&desk, keep_line_greeting(&desk.house, &desk.grant()?, line.id, &given.text).await)? {
        Ok(()) => Ok(onward(&format!("/office/settings/line/{}/greeting?done=saved", line.id))),
        Err(wrong) => {
            let page = view(&desk, desk.shell(), &line, Some(&given.text), &wrong).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn undo(
    Extension(desk): Extension<Desk>,
    Path(channel): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let line = messaging_of(&desk, &channel).await?;
    match settle(&desk, undo_line_greeting(&desk.house, &desk.grant()?, line.id).await)? {
        Ok(()) => Ok(onward(&format!("/office/settings/line/{}/greeting?done=undone", line.id))),
        Err(wrong) => {
            let page = view(&desk, desk.shell(), &line, None, &wrong).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::GreetingPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
