//! One message: what a phone shows, who gets it and who does not, what it costs, what may be done with it now, and what became
//! of it. While it is on its way the part with the numbers renews itself.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ViewMessages;
use tsunagari_acts::preview_campaign::{Cost, Preview, preview_campaign};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{CampaignId, MediaId, Timestamp};
use tsunagari_outreach::Results;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
use tsunagari_storage::campaign_result::ResultLine;

use super::form::language_of;
use super::list::state_chip;
use super::phone::Phone;
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentence, unreadable};
use crate::shell::components::{Banner, Chip, ConfirmForm, Facts, Progress};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/messages/{id}", Needs::Permission(Code::ViewMessages), show)
}

/// An attachment as the approver opens it.
struct Attached {
    title: String,
    open: ConfirmForm,
    opened: bool,
}

/// A line of the results.
struct Counted {
    state: String,
    channel: String,
    reason: String,
    n: i64,
}

#[derive(Template)]
#[template(path = "office/messages/show.html")]
struct ShowPage {
    shell: Shell,
    base: String,
    title: String,
    chip: Chip,
    facts: Facts,
    wrong: Vec<String>,
    audience: Option<Facts>,
    sample: Vec<String>,
    left_out: Vec<(String, i64)>,
    cost: Option<Facts>,
    phone: Phone,
    attached: Vec<Attached>,
    edit: bool,
    moves: Vec<ConfirmForm>,
    approve: Option<String>,
    may_test: bool,
    news: Option<Banner>,
    progress: Option<Progress>,
    results: Option<Facts>,
    counted: Vec<Counted>,
    unknown: bool,
    renew: bool,
}

/// Everything the page is made from.
struct Parts<'p> {
    preview: &'p Preview,
    results: Results,
    lines: Vec<ResultLine>,
    purpose: String,
    media: Vec<(MediaId, String, String)>,
    opened: Vec<MediaId>,
    language: &'p str,
    now: Timestamp,
    may: &'p dyn Fn(Code) -> bool,
}

impl ShowPage {
    fn of(shell: Shell, it: &Parts<'_>) -> Self {
        let t = shell.t;
        let kept = &it.preview.kept;
        let base = format!("/office/messages/{}", kept.campaign.id);
        let state = &kept.campaign.state;
        let launched = kept.launched_at.is_some();
        let draft = matches!(state, CampaignState::Draft);
        let counts = if launched { kept.audience.clone() } else { it.preview.counts.clone() };
        let addresses: HashMap<MediaId, String> =
            it.media.iter().map(|(id, _, address)| (*id, address.clone())).collect();
        let attach = |(id, title, address): &(MediaId, String, String)| Attached {
            title: title.clone(),
            opened: it.opened.contains(id),
            open: ConfirmForm::of(&shell, format!("{base}/open"), t.get("messages-open-attachment"))
                .look("outlined")
                .field("media", id.to_string())
                .field("to", address),
        };
        let line = |line: &ResultLine| Counted {
            state: t.get(format!("delivery-{}", line.state)),
            channel: t.get(format!("channel-{}", line.channel)),
            reason: line.reason.as_deref().map(|reason| reason_words(t, &line.state, reason)).unwrap_or_default(),
            n: line.n,
        };
        Self {
            title: if kept.title.is_empty() { t.get("messages-untitled") } else { kept.title.clone() },
            chip: state_chip(t, state.code()),
            facts: facts(t, kept, &it.purpose),
            wrong: if draft { wrong(t, it.preview) } else { Vec::new() },
            audience: counts.as_ref().map(|counts| audience_facts(t, counts)),
            sample: if launched { Vec::new() } else { it.preview.sample.clone() },
            left_out: counts
                .iter()
                .flat_map(|counts| &counts.left_out)
                .map(|(code, n)| (skip_words(t, code), *n))
                .collect(),
            cost: if launched { None } else { it.preview.cost.as_ref().map(|cost| cost_facts(t, cost)) },
            phone: Phone::of(t, &shell.org.name, &kept.message, language_of(it.language), &addresses),
            attached: it.media.iter().map(attach).collect(),
            edit: (it.may)(Code::WriteMessages)
                && matches!(state, CampaignState::Draft | CampaignState::Submitted { .. } | CampaignState::Approved(_)),
            moves: moves(&shell, &base, state, it),
            approve: (matches!(state, CampaignState::Submitted { .. }) && (it.may)(Code::ApproveMessages))
                .then(|| format!("{base}/approve")),
            may_test: !launched && (it.may)(Code::TestSend),
            news: news(t, state, it.now),
            progress: launched.then(|| {
                let settled = it.results.total() - it.results.queued - it.results.in_flight;
                Progress::of(
                    t.get("messages-progress"),
                    settled,
                    it.results.total(),
                    format!("{settled} / {}", it.results.total()),
                )
            }),
            results: launched.then(|| result_facts(t, &it.results)),
            counted: it.lines.iter().map(line).collect(),
            unknown: it.results.unknown > 0 && (it.may)(Code::ResolveUnknown),
            renew: matches!(
                state,
                CampaignState::Approved(_) | CampaignState::Launching { .. } | CampaignState::Sending { .. }
            ),
            base,
            shell,
        }
    }
}

/// The words of a delivery's reason.
pub(super) fn reason_words(t: Texts, state: &str, reason: &str) -> String {
    let code = reason.replace('_', "-");
    match state {
        "skipped" => t.get(format!("skip-{code}")),
        "unknown" => t.get(format!("delivery-unknown-{code}")),
        _ => t.get(format!("delivery-reason-{code}")),
    }
}

fn skip_words(t: Texts, code: &str) -> String {
    t.get(format!("skip-{}", code.replace('_', "-")))
}

fn facts(t: Texts, kept: &KeptCampaign, purpose: &str) -> Facts {
    let due = kept.due_at.map(|at| t.date_time(at)).unwrap_or_default();
    Facts::default()
        .row(t.get("messages-purpose"), purpose)
        .row(t.get("messages-rule"), kept.rule.as_str())
        .row(t.get("messages-updated"), t.date_time(kept.updated_at))
        .row(t.get("messages-due"), due)
}

fn wrong(t: Texts, preview: &Preview) -> Vec<String> {
    let of_content = preview.violations.iter().map(|it| {
        let words = t.get(format!("violation-{}", it.code.code().replace('_', "-")));
        let place = match (it.channel, it.bubble) {
            (Some(channel), Some(bubble)) => {
                format!("{} {}: ", t.get(format!("channel-{}", channel.code())), bubble + 1)
            }
            (Some(channel), None) => format!("{}: ", t.get(format!("channel-{}", channel.code()))),
            (None, _) => String::new(),
        };
        format!("{place}{words}")
    });
    let others = preview.faults.iter().filter(|reason| reason.code != "message_faulty");
    of_content.chain(others.map(|reason| sentence(t, reason))).collect()
}

fn audience_facts(t: Texts, counts: &AudienceCounts) -> Facts {
    Facts::default()
        .row(t.get("messages-count"), t.count("messages-people", counts.count()))
        .row(t.get("channel-line"), t.count("messages-people", counts.by_line))
        .row(t.get("channel-email"), t.count("messages-people", counts.by_email))
        .row(t.get("messages-left-out"), t.count("messages-people", counts.excluded()))
}

fn cost_facts(t: Texts, cost: &Cost) -> Facts {
    let number = |n: Option<u64>, none: &str| n.map_or_else(|| t.get(none), |n| t.count("messages-count-of", n));
    Facts::default()
        .row(t.get("messages-cost-messages"), t.count("messages-count-of", cost.forecast.messages))
        .row(t.get("messages-cost-used"), number(cost.used, "messages-cost-unknown"))
        .row(t.get("messages-cost-included"), number(cost.included, "messages-cost-unlimited"))
        .row(t.get("messages-cost-yen"), t.yen(cost.forecast.at_most.0))
        .row(
            t.get("messages-cost-verdict"),
            t.get(format!("forecast-{}", cost.forecast.verdict.code().replace('_', "-"))),
        )
}

fn result_facts(t: Texts, it: &Results) -> Facts {
    let people = |n: u64| t.count("messages-people", n);
    Facts::default()
        .row(t.get("delivery-sent"), people(it.sent))
        .row(t.get("delivery-failed"), people(it.failed))
        .row(t.get("delivery-skipped"), people(it.skipped))
        .row(t.get("delivery-unknown"), people(it.unknown))
        .row(t.get("messages-waiting"), people(it.queued + it.in_flight))
        .row(t.get("messages-clicks"), t.number(it.clicks))
        .row(t.get("messages-unsubscribed"), people(it.unsubscribed))
}

fn moves(shell: &Shell, base: &str, state: &CampaignState, it: &Parts<'_>) -> Vec<ConfirmForm> {
    let t = shell.t;
    if !(it.may)(Code::WriteMessages) {
        return Vec::new();
    }
    let form = |verb: &str, look| {
        ConfirmForm::of(shell, format!("{base}/{verb}"), t.get(format!("messages-{verb}"))).look(look)
    };
    let cancel = || form("cancel", "text").ask(t.get("messages-cancel.ask"));
    match state {
        CampaignState::Draft => {
            let ready = it.preview.faults.is_empty() && it.preview.violations.is_empty();
            let submit = ready.then(|| form("submit", "solid"));
            submit.into_iter().chain([cancel()]).collect()
        }
        CampaignState::Submitted { .. } | CampaignState::Approved(_) => vec![cancel()],
        CampaignState::Sending { .. } => vec![form("pause", "outlined")],
        CampaignState::Paused { .. } => vec![form("resume", "solid"), cancel()],
        CampaignState::Launching { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => Vec::new(),
    }
}

fn news(t: Texts, state: &CampaignState, now: Timestamp) -> Option<Banner> {
    match state {
        CampaignState::Approved(approval) if now < approval.cancel_until => {
            let seconds = approval.cancel_until.since(now).num_seconds();
            Some(Banner::of(Tone::Warning, t.two("messages-window", "minutes", seconds / 60, "seconds", seconds % 60)))
        }
        CampaignState::Approved(approval) => {
            Some(Banner::of(Tone::Info, t.one("messages-scheduled", "at", t.date_time(approval.scheduled_for))))
        }
        CampaignState::Paused { reason, .. } => {
            Some(Banner::of(Tone::Warning, t.get(format!("campaign-paused-{}", reason.code().replace('_', "-")))))
        }
        CampaignState::Draft
        | CampaignState::Submitted { .. }
        | CampaignState::Launching { .. }
        | CampaignState::Sending { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => None,
    }
}

impl Sample for ShowPage {
    fn samples(shell: Shell) -> Vec<Self> {
        super::moves::sample_states()
            .into_iter()
            .map(|(preview, results, lines)| {
                let shell = Shell {
                    nav: shell.nav.clone(),
                    ..Shell::bare(shell.t.locale(), shell.org.clone(), "/office/messages")
                };
                let parts = Parts {
                    preview: &preview,
                    results,
                    lines,
                    purpose: "お知らせ".into(),
                    media: vec![(MediaId(uuid::Uuid::nil()), "ちらし".into(), "/media/x".into())],
                    opened: vec![],
                    language: "ja",
                    now: Timestamp::from_micros(1_773_600_000_000_000),
                    may: &|_| true,
                };
                Self::of(shell, &parts)
            })
            .collect()
    }
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    wrong: String,
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id: CampaignId = id.parse().map_err(|_| AppError::NotFound)?;
    let preview =
        preview_campaign(&desk.house, &desk.grant::<ViewMessages>()?, id).await.map_err(|error| desk.problem(error))?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let purpose = purposes
        .iter()
        .find(|it| it.code == preview.kept.purpose)
        .map(|it| it.label(desk.t.locale().code()).to_owned());
    let mut media = Vec::new();
    for id in preview.kept.message.attachments() {
        let it = reader.media(id).await.map_err(unreadable)?;
        media.push((id, it.title, format!("/media/{}", it.public_name)));
    }
    let parts = Parts {
        results: reader.campaign_results(id).await.map_err(unreadable)?,
        lines: reader.result_lines(id).await.map_err(unreadable)?,
        purpose: purpose.unwrap_or_default(),
        media,
        opened: reader.opened_by(id, desk.staff.id).await.map_err(unreadable)?,
        language: &asked.lang,
        now: desk.house.now(),
        may: &|code| desk.may(code),
        preview: &preview,
    };
    drop(reader);
    let shell = match desk.t.find(format!("refused-{}", asked.wrong)) {
        Some(words) if !asked.wrong.is_empty() => desk.shell_with(Tone::Error, words),
        Some(_) | None => desk.shell(),
    };
    Ok(page(&ShowPage::of(shell, &parts)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ShowPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
