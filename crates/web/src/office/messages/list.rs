//! All messages, by state: drafts, those that wait for approval, those on their way, those that are over.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_storage::campaign::CampaignLine;
use tsunagari_storage::order::{CampaignColumn, Way};

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Empty, SortHeader, Sorting, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/messages", Needs::Permission(Code::ViewMessages), show)
}

/// The views of the list: word of the address, and the states it holds.
const VIEWS: &[(&str, &[&str])] = &[
    ("all", &[]),
    ("draft", &["draft"]),
    ("submitted", &["submitted"]),
    ("underway", &["approved", "launching", "sending", "paused"]),
    ("over", &["done", "cancelled", "failed"]),
];

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    sort: String,
}

fn sorting(text: &str) -> Sorting<CampaignColumn> {
    let more = [("title", CampaignColumn::Title), ("state", CampaignColumn::State)];
    Sorting::asked(text, ("updated", CampaignColumn::Updated, Way::Falling), &more)
}

struct Line {
    href: String,
    title: String,
    state: Chip,
    count: String,
    updated: String,
}

#[derive(Template)]
#[template(path = "office/messages/list.html")]
struct ListPage {
    shell: Shell,
    tabs: Tabs,
    heads: [SortHeader; 3],
    lines: Vec<Line>,
    may_write: bool,
    empty: Empty,
}

/// The chip of a state.
pub(in crate::office) fn state_chip(t: tsunagari_i18n::Texts, state: &str) -> Chip {
    let tone = match state {
        "submitted" | "paused" => Tone::Warning,
        "done" => Tone::Success,
        "failed" => Tone::Error,
        _ => Tone::Info,
    };
    Chip::of(tone, t.get(format!("campaign-state-{state}")))
}

impl ListPage {
    fn of(
        shell: Shell,
        (view, sorting): (&str, Sorting<CampaignColumn>),
        counts: &[(String, i64)],
        campaigns: &[CampaignLine],
        may_write: bool,
    ) -> Self {
        let t = shell.t;
        let href = |view: &str, sort: &str| {
            let sort = if sort.is_empty() { String::new() } else { format!("&sort={sort}") };
            format!("/office/messages?view={view}{sort}")
        };
        let head = |key: &str, column| sorting.head(t.get(key), column, |sort| href(view, sort));
        let kept = sorting.kept();
        let tab = |(name, states): &(&str, &[&str])| {
            let of_view = |(state, _): &&(String, i64)| states.is_empty() || states.contains(&state.as_str());
            let n: i64 = counts.iter().filter(of_view).map(|(_, n)| n).sum();
            let item = NavItem::to(&href(name, &kept), t.get(format!("messages-view-{name}")), "message", "");
            NavItem { current: *name == view, count: u64::try_from(n).ok().filter(|n| *n > 0), ..item }
        };
        let line = |it: &CampaignLine| Line {
            href: format!("/office/messages/{}", it.id),
            title: if it.title.is_empty() { t.get("messages-untitled") } else { it.title.clone() },
            state: state_chip(t, &it.state),
            count: it.audience.as_ref().map_or_else(|| t.blank(), |counts| t.count("messages-people", counts.count())),
            updated: t.date_time_short(it.updated_at),
        };
        let empty = Empty::of("message", t.get("messages-empty"), t.get("messages-empty.text"));
        Self {
            tabs: Tabs::of(t.get("messages-views"), VIEWS.iter().map(tab).collect()),
            heads: [
                head("messages-title", "title"),
                head("messages-state", "state"),
                head("messages-updated", "updated"),
            ],
            lines: campaigns.iter().map(line).collect(),
            may_write,
            empty: if may_write { empty.action("/office/messages/new", t.get("messages-new")) } else { empty },
            shell,
        }
    }
}

impl Sample for ListPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let again =
            Shell { nav: shell.nav.clone(), ..Shell::bare(shell.t.locale(), shell.org.clone(), "/office/messages") };
        let line = |state: &str| CampaignLine {
            id: tsunagari_kernel::CampaignId(uuid::Uuid::nil()),
            title: "帰省イベント".into(),
            state: state.into(),
            audience: Some(tsunagari_storage::campaign::AudienceCounts {
                by_line: 400,
                by_email: 12,
                left_out: vec![],
            }),
            updated_at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
            due_at: None,
        };
        let lines: Vec<CampaignLine> =
            ["draft", "submitted", "approved", "sending", "paused", "done", "failed", "cancelled", "launching"]
                .map(line)
                .into();
        vec![
            Self::of(shell, ("all", sorting("-title")), &[("draft".into(), 3)], &lines, true),
            Self::of(again, ("draft", sorting("")), &[], &[], true),
        ]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let (view, states) = VIEWS.iter().find(|(name, _)| *name == asked.view).copied().unwrap_or(("all", &[]));
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let counts = reader.campaign_counts().await.map_err(unreadable)?;
    let sorting = sorting(&asked.sort);
    let campaigns = reader.campaigns_sorted(states, (sorting.by, sorting.way), 200, 0).await.map_err(unreadable)?;
    Ok(page(&ListPage::of(desk.shell(), (view, sorting), &counts, &campaigns, desk.may(Code::WriteMessages))))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::ListPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
