//! The buttons on a message: hand in, approve, cancel, pause, resume, open an attachment, test send. Each calls its act and
//! shows the message again; a refusal is told on it.

use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::{ApproveMessages, TestSend, WriteMessages};
use tsunagari_acts::ActError;
use tsunagari_acts::approve_campaign::{approve_campaign, open_attachment};
use tsunagari_acts::cancel_campaign::cancel_campaign;
use tsunagari_acts::pause_campaign::pause_campaign;
use tsunagari_acts::resume_campaign::resume_campaign;
use tsunagari_acts::submit_campaign::submit_campaign;
use tsunagari_acts::test_send::test_send;
use tsunagari_kernel::{CampaignId, MediaId, Timestamp};

use super::form::{code_of, language_of};
use super::show::{Aside, again};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::sentences;
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let write = Needs::Permission(Code::WriteMessages);
    let approve_needs = Needs::Permission(Code::ApproveMessages);
    routes
        .post("/office/messages/{id}/submit", write, submit)
        .post("/office/messages/{id}/cancel", write, cancel)
        .post("/office/messages/{id}/pause", write, pause)
        .post("/office/messages/{id}/resume", write, resume)
        .post("/office/messages/{id}/approve", approve_needs, approve)
        .post("/office/messages/{id}/open", approve_needs, open)
        .post("/office/messages/{id}/test", Needs::Permission(Code::TestSend), test)
}

pub(super) fn campaign(id: &str) -> Result<CampaignId, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

/// The message again, with the refusal's sentence when there is one.
pub(super) fn back<T>(desk: &Desk, id: CampaignId, done: Result<T, ActError>) -> Result<Response, AppError> {
    let base = format!("/office/messages/{id}");
    match done {
        Ok(_) => Ok(Redirect::to(&base).into_response()),
        Err(ActError::Refused(reasons)) => {
            let code = reasons.first().map(|reason| reason.code.replace('_', "-")).unwrap_or_default();
            Ok(Redirect::to(&format!("{base}?wrong={code}")).into_response())
        }
        Err(other) => Err(desk.problem(other)),
    }
}

#[derive(Deserialize)]
struct Nothing {}

async fn submit(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, submit_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id).await)
}

async fn cancel(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, cancel_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id).await)
}

async fn pause(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, pause_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id).await)
}

async fn resume(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    _: Posted<Nothing>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    back(&desk, id, resume_campaign(&desk.house, &desk.grant::<WriteMessages>()?, id).await)
}

#[derive(Deserialize)]
struct Approval {
    #[serde(default)]
    at: String,
}

/// Reads what a date-and-time field posts, as Japanese time.
fn instant(text: &str) -> Option<Timestamp> {
    let at = chrono::NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%dT%H:%M").ok()?;
    Some(Timestamp::at_jst(at.date(), at.time()))
}

async fn approve(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(it): Posted<Approval>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let grant = desk.grant::<ApproveMessages>()?;
    let scheduled = instant(&it.at);
    let done = if scheduled.is_none() && !it.at.trim().is_empty() {
        Err(ActError::refused_at("at", "time_unreadable"))
    } else {
        approve_campaign(&desk.house, &grant, id, scheduled).await
    };
    match done {
        Err(ActError::Refused(reasons)) => {
            let aside = Aside { errors: sentences(desk.t, &reasons), at: it.at, ..Aside::default() };
            again(&desk, id, "", aside).await
        }
        done => back(&desk, id, done),
    }
}

#[derive(Deserialize)]
struct Attachment {
    media: MediaId,
}

async fn open(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(it): Posted<Attachment>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let grant = desk.grant::<ApproveMessages>()?;
    open_attachment(&desk.house, &grant, id, it.media).await.map_err(|error| desk.problem(error))?;
    // The address is looked up, not taken from the form: a form can be forged.
    let media = desk
        .here()
        .read()
        .await
        .map_err(crate::sentences::unreadable)?
        .media(it.media)
        .await
        .map_err(crate::sentences::unreadable)?;
    Ok(Redirect::to(&format!("/media/{}", media.public_name)).into_response())
}

#[derive(Deserialize)]
struct Test {
    to: String,
    #[serde(default)]
    language: String,
}

async fn test(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(it): Posted<Test>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let sent = test_send(&desk.house, &desk.grant::<TestSend>()?, id, &it.to, language_of(&it.language)).await;
    match sent {
        Ok(()) => {
            Ok(Redirect::to(&format!("/office/messages/{id}?done=tested&lang={}", code_of(language_of(&it.language))))
                .into_response())
        }
        Err(ActError::Refused(reasons)) => {
            let aside = Aside { errors: sentences(desk.t, &reasons), to: it.to, ..Aside::default() };
            again(&desk, id, &it.language, aside).await
        }
        Err(other) => Err(desk.problem(other)),
    }
}

pub(super) use sample::sample_states;

mod sample {
    //! Invented messages in every state, for the page's samples.

    use std::collections::BTreeSet;

    use tsunagari_acts::Reason;
    use tsunagari_acts::preview_campaign::{Cost, Held, Preview};
    use tsunagari_kernel::{CampaignId, Timestamp, UserId};
    use tsunagari_outreach::campaign::{Approval, CampaignState, PauseReason};
    use tsunagari_outreach::linter::lint;
    use tsunagari_outreach::quota::{Plan, forecast};
    use tsunagari_outreach::{Campaign, Message, Results, SkipReason};
    use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
    use tsunagari_storage::campaign_result::ResultLine;

    use crate::office::messages::form::Typed;

    /// One preview with its results.
    pub type Face = (Preview, Results, Vec<ResultLine>);

    /// Every state once, with every reason.
    pub fn sample_states() -> Vec<Face> {
        let (by, at) = (UserId(uuid::Uuid::nil()), Timestamp::from_micros(1_773_600_000_000_000));
        let until = Timestamp::from_micros(1_773_600_300_000_000);
        let approval = Approval { by, at, cancel_until: until, scheduled_for: until };
        let past = Approval { cancel_until: at, scheduled_for: until, ..approval };
        let mut states = vec![
            CampaignState::Draft,
            CampaignState::Submitted { by, at, recipients: 412 },
            CampaignState::Approved(approval),
            CampaignState::Approved(past),
            CampaignState::Launching { at, approval },
            CampaignState::Sending { at },
            CampaignState::Done { at },
            CampaignState::Cancelled { by, at },
            CampaignState::Failed { at },
        ];
        states.extend(PauseReason::ALL.iter().map(|reason| CampaignState::Paused { at, reason: *reason }));
        let mut faces: Vec<Face> = states.into_iter().map(sample_face).collect();
        let mut own = sample_face(CampaignState::Submitted { by, at, recipients: 412 });
        own.0.kept.version = 4;
        own.0.held.quiet_until = None;
        faces.push(own);
        let mut broken = sample_face(CampaignState::Draft);
        broken.0.kept.message = Message::default();
        broken.0.violations = lint(&broken.0.kept.message);
        broken.0.faults = vec![Reason::at("title", "title_missing"), Reason::of("no_mail_channel")];
        broken.0.counts = None;
        faces.push(broken);
        faces
    }

    fn sample_face(state: CampaignState) -> Face {
        let at = Timestamp::from_micros(1_773_600_000_000_000);
        let by = UserId(uuid::Uuid::nil());
        let launched =
            !matches!(state, CampaignState::Draft | CampaignState::Submitted { .. } | CampaignState::Approved(_));
        let campaign = Campaign { id: CampaignId(by.0), authors: BTreeSet::new(), attachments: BTreeSet::new(), state };
        let fields = [
            ("b0-kind", "buttons"),
            ("b0-title", "帰省イベント"),
            ("b0-text", "参加しますか"),
            ("b0-label0", "見る"),
            ("b0-url0", "https://example.jp"),
            ("subject", "帰省イベント"),
            ("body", "{{name}}様"),
        ];
        let message = Typed(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
            .written(Message::default())
            .message;
        let left_out = SkipReason::ALL.iter().map(|reason| (reason.code().to_owned(), 5)).collect();
        let counts = AudienceCounts { by_line: 400, by_email: 12, left_out };
        let kept = KeptCampaign {
            campaign,
            title: "帰省イベント".into(),
            purpose: "info".into(),
            segment: None,
            rule: "everyone".into(),
            rule_hash: String::new(),
            message,
            audience: Some(counts.clone()),
            team: None,
            author: by,
            created_at: at,
            updated_at: at,
            due_at: Some(at),
            launched_at: launched.then_some(at),
            version: 3,
        };
        let [_, _, plan, _] = Plan::all_shipped();
        let cost =
            Some(Cost { forecast: forecast(400, 29_900, &plan), plan, used: Some(29_900), allowed: Some(30_000) });
        let preview = Preview {
            kept,
            counts: Some(counts),
            sample: vec!["架空 花子".into()],
            cost,
            held: Held { capped: 12, cap: Some((4, 30)), leaves_at: Some(at), quiet_until: Some(at) },
            violations: vec![],
            faults: vec![],
        };
        let results = Results {
            queued: 1,
            in_flight: 2,
            sent: 400,
            failed: 3,
            unknown: 2,
            skipped: 4,
            clicks: 30,
            unsubscribed: 1,
        };
        let line = |state: &str, reason: Option<&str>| ResultLine {
            state: state.into(),
            channel: "line".into(),
            reason: reason.map(str::to_owned),
            n: 2,
        };
        let lines = vec![
            line("queued", None),
            line("claimed", None),
            line("retry", None),
            line("sent", None),
            line("sent", Some("decided_sent")),
            line("failed", Some("line_rejected")),
            line("failed", Some("no_such_mailbox")),
            line("failed", Some("mail_refused")),
            line("failed", Some("mail_unwritable")),
            line("failed", Some("refused")),
            line("unknown", Some("too_late")),
            line("skipped", Some("withdrawn")),
        ];
        (preview, results, lines)
    }
}
