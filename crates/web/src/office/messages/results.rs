//! The people behind each number of a message's results: by state, channel and reason, those who opened a link, those who
//! left; the unknown ones, which a person decides about; and each list as a file. Leaves recording a file to the act.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ResolveUnknown;
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_acts::resolve_unknown::{Decision, resolve_unknown};
use tsunagari_documents::{Cell, Column};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{CampaignId, PersonId};
use tsunagari_storage::campaign_result::{DeliveryFilter, DeliveryLine, Did};

use super::moves::{back, campaign};
use super::told::reason_words;
use crate::office::desk::Desk;
use crate::office::export::{download, kind_of, links};
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Link, Pager};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/messages/{id}/deliveries", Needs::Permission(Code::ViewPeople), show)
        .get("/office/exports/messages/{id}", Needs::Permission(Code::ExportLists), export)
        .post("/office/messages/{id}/unknown", Needs::Permission(Code::ResolveUnknown), decide)
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
    title: String,
    which: String,
    count: String,
    deciding: bool,
    again: bool,
    lines: Vec<Line>,
    exports: Vec<Link>,
    pager: Pager,
}

/// How many are shown at once, and how many one file holds.
const PAGE: i64 = 200;
const MOST: i64 = 1_000_000;

/// Which list, as the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    channel: String,
    reason: String,
    did: String,
    page: u64,
    #[serde(rename = "as")]
    kind: String,
}

const STATES: &[&str] = &["queued", "claimed", "retry", "sent", "failed", "unknown", "skipped"];

impl Asked {
    /// What is not known is no filter: the address is somebody's typing.
    fn filter(&self) -> DeliveryFilter {
        DeliveryFilter {
            state: STATES.iter().find(|it| **it == self.state).map(|it| (*it).to_owned()),
            channel: ["line", "email"].iter().find(|it| **it == self.channel).map(|it| (*it).to_owned()),
            reason: match self.reason.as_str() {
                "" => None,
                "-" => Some(String::new()),
                code => Some(code.to_owned()).filter(|it| it.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')),
            },
            did: match self.did.as_str() {
                "clicked" => Some(Did::Clicked),
                "unsubscribed" => Some(Did::Unsubscribed),
                _ => None,
            },
        }
    }
}

/// The filter as an address says it.
fn query_of(filter: &DeliveryFilter) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("state", &filter.state), ("channel", &filter.channel)] {
        value.as_ref().map(|value| query.append_pair(name, value));
    }
    filter.reason.as_ref().map(|it| query.append_pair("reason", if it.is_empty() { "-" } else { it }));
    match filter.did {
        Some(Did::Clicked) => query.append_pair("did", "clicked"),
        Some(Did::Unsubscribed) => query.append_pair("did", "unsubscribed"),
        None => &mut query,
    };
    query.finish()
}

/// The filter in words.
fn which(t: Texts, filter: &DeliveryFilter) -> String {
    let state = filter.state.as_deref().unwrap_or_default();
    let reason = filter.reason.as_deref().filter(|it| !it.is_empty());
    let parts = [
        filter.state.as_ref().map(|state| t.get(format!("delivery-{state}"))),
        filter.channel.as_ref().map(|channel| t.get(format!("channel-{channel}"))),
        reason.map(|reason| reason_words(t, state, reason)),
        filter.did.map(|did| match did {
            Did::Clicked => t.get("messages-clicked"),
            Did::Unsubscribed => t.get("messages-unsubscribed"),
        }),
    ];
    let told: Vec<String> = parts.into_iter().flatten().collect();
    if told.is_empty() { t.get("messages-everybody") } else { told.join(t.get("messages-and").as_str()) }
}

/// What a page of a list is made from.
struct Listed<'l> {
    id: CampaignId,
    title: &'l str,
    filter: &'l DeliveryFilter,
    lines: &'l [DeliveryLine],
    all: i64,
    page: u64,
    deciding: bool,
    /// Whether what did not arrive may be sent again.
    again: bool,
    exports: bool,
}

impl DeliveriesPage {
    fn of(shell: Shell, it: &Listed<'_>) -> Self {
        let t = shell.t;
        let line = |it: &DeliveryLine| Line {
            person: it.person,
            href: if it.name.is_empty() { String::new() } else { format!("/office/people/{}", it.person) },
            name: if it.name.is_empty() { t.get("people-protected-mark") } else { it.name.clone() },
            channel: t.get(format!("channel-{}", it.channel)),
            state: t.get(format!("delivery-{}", it.state)),
            reason: it.reason.as_deref().map(|reason| reason_words(t, &it.state, reason)).unwrap_or_default(),
            at: it.settled_at.map(|at| t.date_time_short(at)).unwrap_or_default(),
        };
        let base = format!("/office/messages/{}", it.id);
        let query = query_of(it.filter);
        let pages = u64::try_from(it.all).unwrap_or(0).div_ceil(PAGE.unsigned_abs()).max(1);
        let here = format!("{base}/deliveries?{query}");
        Self {
            title: if it.title.is_empty() { t.get("messages-untitled") } else { it.title.to_owned() },
            which: which(t, it.filter),
            count: t.count("messages-people", it.all),
            deciding: it.deciding,
            again: it.again,
            lines: it.lines.iter().map(line).collect(),
            exports: if it.exports {
                links(t, &format!("/office/exports/messages/{}?{query}", it.id))
            } else {
                Vec::new()
            },
            pager: Pager::of(t, it.page, pages, |n| format!("{here}&page={n}")),
            base,
            shell,
        }
    }
}

impl Sample for DeliveriesPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = DeliveryLine {
            person: PersonId(uuid::Uuid::nil()),
            name: "架空 花子".into(),
            kana: "カクウ ハナコ".into(),
            channel: "line".into(),
            state: "unknown".into(),
            reason: Some("too_late".into()),
            settled_at: Some(tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000)),
        };
        let unknown = DeliveryFilter { state: Some("unknown".into()), ..DeliveryFilter::default() };
        let all = DeliveryFilter::default();
        let clicked = DeliveryFilter { did: Some(Did::Clicked), ..DeliveryFilter::default() };
        let listed = |filter, deciding| Listed {
            id: CampaignId(uuid::Uuid::nil()),
            title: "帰省イベント",
            filter,
            lines: std::slice::from_ref(&line),
            all: 401,
            page: 2,
            deciding,
            again: true,
            exports: true,
        };
        vec![
            Self::of(shell.clone(), &listed(&unknown, true)),
            Self::of(shell.clone(), &Listed { again: false, ..listed(&unknown, true) }),
            Self::of(shell.clone(), &listed(&all, false)),
            Self::of(shell, &Listed { lines: &[], all: 0, page: 1, exports: false, ..listed(&clicked, false) }),
        ]
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id = campaign(&id)?;
    // Names are for who sees people; whose results are not to be seen are not to be listed either.
    if !desk.may(Code::ViewMessages) {
        return Err(AppError::Forbidden);
    }
    let filter = asked.filter();
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let kept = reader.campaign(id).await.map_err(unreadable)?;
    let at = asked.page.max(1);
    let skip = i64::try_from(at - 1).unwrap_or(0).saturating_mul(PAGE);
    let lines = reader.delivery_lines(id, &filter, PAGE, skip).await.map_err(unreadable)?;
    let all = reader.count_deliveries(id, &filter).await.map_err(unreadable)?;
    drop(reader);
    let deciding = filter.state.as_deref() == Some("unknown") && !lines.is_empty() && desk.may(Code::ResolveUnknown);
    let exports = desk.may(Code::ExportLists) && all > 0;
    let again = kept.campaign.clone().reopen(desk.house.now()).is_ok();
    let (title, filter, lines) = (kept.title.as_str(), &filter, lines.as_slice());
    let listed = Listed { id, title, filter, lines, all, page: at, deciding, again, exports };
    Ok(page(&DeliveriesPage::of(desk.shell(), &listed)))
}

async fn export(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let (id, kind, t) = (campaign(&id)?, kind_of(&asked.kind)?, desk.t);
    // Whose results are not to be seen are not to be taken out either.
    if !desk.may(Code::ViewMessages) {
        return Err(AppError::Forbidden);
    }
    let filter = asked.filter();
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    reader.campaign(id).await.map_err(unreadable)?;
    let lines = reader.delivery_lines(id, &filter, MOST, 0).await.map_err(unreadable)?;
    drop(reader);
    let rows = lines.iter().map(|it| ExportRow {
        person: Some(it.person),
        cells: vec![
            Cell::from(it.name.as_str()),
            Cell::from(it.kana.as_str()),
            Cell::from(t.get(format!("channel-{}", it.channel))),
            Cell::from(t.get(format!("delivery-{}", it.state))),
            it.reason.as_deref().map_or(Cell::Empty, |reason| Cell::from(reason_words(t, &it.state, reason))),
            it.settled_at.map_or(Cell::Empty, |at| Cell::from(t.date_time_short(at))),
        ],
    });
    let keys = [
        ("messages-name", 20),
        ("messages-kana", 20),
        ("messages-channel", 10),
        ("messages-state", 16),
        ("messages-reason", 40),
        ("messages-when", 18),
    ];
    let list = ExportList {
        kind: "deliveries",
        query: serde_json::json!({ "campaign": id, "filter": query_of(&filter) }),
        sheet: t.get("messages-deliveries"),
        columns: keys.iter().map(|(key, width)| (Column::titled(t.get(key), *width), Tells::Plain)).collect(),
        rows: rows.collect(),
    };
    download(&desk, list, kind, "deliveries").await
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
        Some("not_sent") => Decision::NotSent,
        Some(_) | None => return Err(AppError::Bad(Vec::new())),
    };
    let done = resolve_unknown(&desk.house, &desk.grant::<ResolveUnknown>()?, id, &persons, decision).await;
    back(&desk, id, done)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_and_its_filter_say_the_same() {
        let asked =
            super::Asked { state: "skipped".into(), reason: "-".into(), did: "clicked".into(), ..Default::default() };
        assert_eq!(super::query_of(&asked.filter()), "state=skipped&reason=-&did=clicked");
        let odd = super::Asked { state: "x' OR 1".into(), reason: "a'b".into(), ..Default::default() };
        assert_eq!(odd.filter(), super::DeliveryFilter::default());
    }

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<super::DeliveriesPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }
}
