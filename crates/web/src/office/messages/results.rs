//! The deliveries behind the numbers: the unknown ones, which a person decides about, and all of them as a sheet to take out.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ResolveUnknown;
use tsunagari_acts::resolve_unknown::{Decision, resolve_unknown};
use tsunagari_kernel::{CampaignId, PersonId};
use tsunagari_storage::campaign_result::DeliveryLine;

use super::moves::{back, campaign};
use super::show::reason_words;
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/messages/{id}/deliveries", Needs::Permission(Code::ViewMessages), show).post(
        "/office/messages/{id}/unknown",
        Needs::Permission(Code::ResolveUnknown),
        decide,
    )
}

struct Line {
    person: PersonId,
    href: String,
    name: String,
    channel: String,
    state: String,
    reason: String,
    at: String,
}

#[derive(Template)]
#[template(path = "office/messages/deliveries.html")]
struct DeliveriesPage {
    shell: Shell,
    base: String,
    deciding: bool,
    lines: Vec<Line>,
}

/// How many are shown at once.
const MOST: i64 = 500;

impl DeliveriesPage {
    fn of(shell: Shell, id: CampaignId, deciding: bool, lines: &[DeliveryLine]) -> Self {
        let t = shell.t;
        let line = |it: &DeliveryLine| Line {
            person: it.person,
            href: format!("/office/people/{}", it.person),
            name: it.name.clone(),
            channel: t.get(format!("channel-{}", it.channel)),
            state: t.get(format!("delivery-{}", it.state)),
            reason: it.reason.as_deref().map(|reason| reason_words(t, &it.state, reason)).unwrap_or_default(),
            at: it.settled_at.map(|at| t.date_time_short(at)).unwrap_or_default(),
        };
        Self { base: format!("/office/messages/{id}"), deciding, lines: lines.iter().map(line).collect(), shell }
    }
}

impl Sample for DeliveriesPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = DeliveryLine {
            person: PersonId(uuid::Uuid::nil()),
            name: "架空 花子".into(),
            channel: "line".into(),
            state: "unknown".into(),
            reason: Some("too_late".into()),
            settled_at: Some(tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000)),
        };
        vec![Self::of(shell, CampaignId(uuid::Uuid::nil()), true, &[line])]
    }
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    state: String,
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    reader.campaign(id).await.map_err(unreadable)?;
    let state = Some(asked.state.as_str()).filter(|state| !state.is_empty());
    let lines = reader.delivery_lines(id, state, MOST, 0).await.map_err(unreadable)?;
    let deciding = state == Some("unknown") && desk.may(Code::ResolveUnknown);
    Ok(page(&DeliveriesPage::of(desk.shell(), id, deciding, &lines)))
}

async fn decide(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    let persons: Vec<PersonId> =
        pairs.iter().filter(|(name, _)| name == "person").filter_map(|(_, value)| value.parse().ok()).collect();
    let decision = match pairs.iter().find(|(name, _)| name == "decision").map(|(_, value)| value.as_str()) {
        Some("sent") => Decision::Sent,
        Some("again") => Decision::SendAgain,
        Some(_) | None => return Err(AppError::Bad(Vec::new())),
    };
    let done = resolve_unknown(&desk.house, &desk.grant::<ResolveUnknown>()?, id, &persons, decision).await;
    back(&desk, id, done)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::DeliveriesPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
