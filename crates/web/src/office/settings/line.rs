//! The list of LINE channels with the provider each stands under, the mandates on record, and where to connect one.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDate;
use tsunagari_access::Code;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{ChannelId, ProviderId};
use tsunagari_storage::line_channel::{
    ChannelKind, ChannelState, LineChannel, LinePlan, Mandate, Provider, ProviderOwner,
};

use super::{News, crumbs, framed};
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Crumbs, Empty};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/settings/line", Needs::Permission(Code::ManageChannels), show)
}

struct Line {
    href: String,
    name: String,
    kind: String,
    provider: String,
    plan: String,
    state: Chip,
}

struct Leave {
    holder: String,
    document: String,
    scope: String,
    time: String,
    state: Chip,
}

#[derive(Template)]
#[template(path = "office/settings/line.html")]
struct LinePage {
    shell: Shell,
    crumbs: Crumbs,
    lines: Vec<Line>,
    mandates: Vec<Leave>,
    providers: Vec<(String, String)>,
    empty: Empty,
}

/// A channel's state in a word.
pub fn state_chip(t: tsunagari_i18n::Texts, state: ChannelState) -> Chip {
    match state {
        ChannelState::Working => Chip::of(Tone::Success, t.get("settings-line-working")),
        ChannelState::Stopped => Chip::of(Tone::Warning, t.get("settings-line-stopped")),
    }
}

impl LinePage {
    fn of(
        shell: Shell,
        channels: &[LineChannel],
        providers: &[Provider],
        mandates: &[Mandate],
        today: NaiveDate,
    ) -> Self {
        let t = shell.t;
        let owner =
            |it: &Provider| t.two("settings-line-owned", "name", it.name.clone(), "owner", it.owner_name.clone());
        let line = |it: &LineChannel| Line {
            href: format!("/office/settings/line/{}", it.id),
            name: it.basic_id.as_ref().map_or_else(|| it.name.clone(), |id| format!("{} {id}", it.name)),
            kind: t.get(format!("settings-line-kind-{}", it.kind.code())),
            provider: providers.iter().find(|known| known.id == it.provider).map(owner).unwrap_or_default(),
            plan: match it.kind {
                ChannelKind::Messaging => t.get(format!("settings-line-plan-{}", it.plan.code())),
                ChannelKind::Login => String::new(),
            },
            state: state_chip(t, it.state),
        };
        let leave = |it: &Mandate| Leave {
            holder: it.holder.clone(),
            document: it.document.clone(),
            scope: it.scope.clone(),
            time: match it.until_on.and_then(|day| day.pred_opt()) {
                Some(last) => t.two("settings-mandate-time", "from", t.date(it.from_on), "last", t.date(last)),
                None => t.one("settings-mandate-open", "from", t.date(it.from_on)),
            },
            state: mandate_chip(t, Some(it), today),
        };
        Self {
            crumbs: crumbs(t, &[]),
            lines: channels.iter().map(line).collect(),
            mandates: mandates.iter().map(leave).collect(),
            providers: providers
                .iter()
                .map(|it| (format!("/office/settings/line/connect/{}", it.id), owner(it)))
                .collect(),
            empty: Empty::of("message", t.get("settings-line-empty"), t.get("settings-line-empty.text"))
                .action("/office/settings/line/connect", t.get("settings-line-connect")),
            shell,
        }
    }
}

/// Whether a mandate holds, in a word.
pub fn mandate_chip(t: Texts, it: Option<&Mandate>, today: NaiveDate) -> Chip {
    let (tone, key) =
        if it.is_some_and(|it| it.holds_on(today)) { (Tone::Success, "holds") } else { (Tone::Warning, "over") };
    Chip::of(tone, t.get(format!("settings-mandate-{key}")))
}

/// Invented mandates for samples: one that holds, one that is over.
pub fn sample_mandates() -> Vec<Mandate> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default();
    let mandate = |id, until_on| Mandate {
        id: tsunagari_kernel::MandateId(uuid::Uuid::from_u128(id)),
        holder: "架空高等学校".into(),
        holder_kind: "school".into(),
        document: "覚書 第1号".into(),
        scope: "卒業生への案内".into(),
        from_on: day,
        until_on,
        recorded_by: None,
    };
    vec![mandate(4, None), mandate(5, Some(day))]
}

/// An invented channel for samples.
pub fn sample_channel() -> LineChannel {
    LineChannel {
        id: ChannelId(uuid::Uuid::nil()),
        provider: ProviderId(uuid::Uuid::nil()),
        kind: ChannelKind::Messaging,
        number: "1234567890".into(),
        name: "Town".into(),
        basic_id: Some("@town".into()),
        bot_user_id: None,
        mandate: None,
        hook: "hook".into(),
        api_base: "https://api.line.me".into(),
        data_base: "https://api-data.line.me".into(),
        access_base: "https://access.line.me".into(),
        plan: LinePlan::Municipal,
        plan_ceiling: 0,
        state: ChannelState::Working,
        stopped_reason: None,
        stopped_at: None,
        rich_menu_id: None,
    }
}

impl Sample for LinePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default();
        let provider = Provider {
            id: ProviderId(uuid::Uuid::nil()),
            name: "益田市".into(),
            owner: ProviderOwner::Own,
            owner_name: "益田市".into(),
        };
        let stopped = LineChannel { state: ChannelState::Stopped, kind: ChannelKind::Login, ..sample_channel() };
        let channels = [sample_channel(), stopped];
        vec![
            Self::of(shell.clone(), &[], &[], &[], day),
            Self::of(shell, &channels, &[provider], &sample_mandates(), day),
        ]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let channels = reader.line_channels().await.map_err(unreadable)?;
    let providers = reader.line_providers().await.map_err(unreadable)?;
    let mandates = reader.mandates().await.map_err(unreadable)?;
    let today = desk.house.now().jst_date();
    Ok(page(&LinePage::of(framed(&desk, &news), &channels, &providers, &mandates, today)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<LinePage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
