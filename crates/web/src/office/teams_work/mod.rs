//! The work lists of departments: what waits for the office, most urgent first; everybody begins on the list of their own
//! department. Today shows the counts (`work_items_open`). Leaves one item to `item`.

mod item;

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::erase_person::PROPOSED;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{TeamId, Timestamp};
use tsunagari_storage::order::{Way, WorkColumn};
use tsunagari_storage::team::Team;
use tsunagari_storage::work_item::WorkItem;

use crate::office::desk::Desk;
use crate::office::people::words::card_href;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Empty, Link, SortHeader, Sorting, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, Tone, page};

/// The most items shown at once.
const MOST: i64 = 100;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    item::routes(routes.get("/office/work", Needs::Permission(Code::ViewPeople), show))
}

struct Line {
    what: Link,
    about: Option<Link>,
    note: String,
    since: String,
    due: String,
    team: String,
    outcome: String,
}

#[derive(Template)]
#[template(path = "office/teams_work/list.html")]
struct WorkPage {
    shell: Shell,
    tabs: Tabs,
    heads: [SortHeader; 3],
    lines: Vec<Line>,
    finished: Vec<Line>,
    empty: Empty,
    exports: Vec<Link>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    team: String,
    #[serde(default)]
    news: String,
    #[serde(default)]
    sort: String,
}

fn sorting(text: &str) -> Sorting<WorkColumn> {
    Sorting::asked(
        text,
        ("due", WorkColumn::Due, Way::Rising),
        &[("kind", WorkColumn::Kind), ("since", WorkColumn::Since)],
    )
}

/// The list asked for: a department's, everybody's (`all`), else the reader's own department's.
pub(crate) fn team_asked(desk: &Desk, asked: &str) -> Option<TeamId> {
    match asked {
        "" => desk.staff.team,
        team => team.parse().ok(),
    }
}

/// What to do for a kind of item, and more about it.
pub(crate) fn kind_words(t: Texts, kind: &str) -> (String, String) {
    let code = kind.replace('_', "-");
    let what = t.find(format!("work-kind-{code}")).unwrap_or_else(|| kind.to_owned());
    (what, t.find(format!("work-note-{code}")).unwrap_or_default())
}

/// What to know about one item: what its kind asks for, and of which backup a restored database is.
pub(crate) fn note_of(t: Texts, it: &WorkItem, note: String) -> String {
    if it.kind == "erasure_request" && it.note == PROPOSED {
        return t.get("work-note-erasure-proposed");
    }
    if it.kind != "restored" {
        return note;
    }
    let of = it.note.parse().map(Timestamp::from_micros);
    of.map_or_else(|_| note.clone(), |of| format!("{} {note}", t.one("work-restored-of", "at", t.date_time(of))))
}

/// Where an item of a kind is dealt with.
fn about(t: Texts, it: &WorkItem, names: &[(uuid::Uuid, String)]) -> Option<Link> {
    if let Some(person) = it.person() {
        let name = names.iter().find(|(id, _)| *id == person.0).map(|(_, name)| name.clone());
        let page = if it.kind == "erasure_request" { "/erasure" } else { "" };
        let href = format!("{}{page}", card_href(person));
        return Some(Link::to(href, name.unwrap_or_else(|| t.get("work-person"))));
    }
    match it.kind.as_str() {
        "mandate_ends" => Some(Link::to(format!("/office/settings/line/{}", it.note), t.get("work-line-account"))),
        "channel_stopped" | "line_silent" => Some(Link::to("/office/settings", t.get("shell-nav-settings"))),
        "restored" => Some(Link::to("/office/messages", t.get("work-message"))),
        "unknown_deliveries" | "message_stopped" | "message_grew" => {
            Some(Link::to(format!("/office/messages/{}", it.subject), t.get("work-message")))
        }
        "transfers_to_release" => {
            Some(Link::to(format!("/office/programmes/transfers/{}", it.subject), t.get("transfers-title")))
        }
        _ => None,
    }
}

fn line(t: Texts, it: &WorkItem, names: &[(uuid::Uuid, String)], teams: &[Team]) -> Line {
    let (what, note) = kind_words(t, &it.kind);
    Line {
        what: Link::to(format!("/office/work/{}", it.id), what),
        about: about(t, it, names),
        note: note_of(t, it, note),
        since: t.date_short(it.created_at.jst_date()),
        due: it.due_on.map(|day| t.date_short(day)).unwrap_or_default(),
        team: it
            .team
            .and_then(|id| teams.iter().find(|team| team.id == id))
            .map(|team| team.name.clone())
            .unwrap_or_default(),
        outcome: it.outcome.clone(),
    }
}

impl WorkPage {
    fn of(
        shell: Shell,
        teams: &[Team],
        (chosen, sorting): (Option<TeamId>, Sorting<WorkColumn>),
        lines: Vec<Line>,
        finished: Vec<Line>,
    ) -> Self {
        let t = shell.t;
        let here = chosen.map_or_else(|| "all".to_owned(), |team| team.to_string());
        let href = |team: &str, sort: &str| {
            let sort = if sort.is_empty() { String::new() } else { format!("&sort={sort}") };
            format!("/office/work?team={team}{sort}")
        };
        let head = |key: &str, column| sorting.head(t.get(key), column, |sort| href(&here, sort));
        let heads = [head("work-what", "kind"), head("work-since", "since"), head("work-due", "due")];
        let tab = |team: String, label: String| NavItem {
            current: team == here,
            href: href(&team, &sorting.kept()),
            label,
            icon: "team",
            count: None,
        };
        let mut items = vec![tab("all".into(), t.get("work-all"))];
        items.extend(teams.iter().map(|team| tab(team.id.to_string(), team.name.clone())));
        Self {
            tabs: Tabs::of(t.get("work-title"), items),
            heads,
            lines,
            finished,
            empty: Empty::of("success", t.get("work-empty"), t.get("work-empty.text")),
            exports: Vec::new(),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let t = desk.t;
    let team = team_asked(&desk, &asked.team);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let teams = reader.teams().await.map_err(unreadable)?;
    let sorting = sorting(&asked.sort);
    let open = reader.open_work_sorted(team, (sorting.by, sorting.way), MOST).await.map_err(unreadable)?;
    let done = reader.done_work(team, 20).await.map_err(unreadable)?;
    let persons: Vec<uuid::Uuid> = open.iter().chain(&done).filter_map(|it| it.person().map(|id| id.0)).collect();
    let names = reader.names_of_persons(&persons).await.map_err(unreadable)?;
    drop(reader);
    let shell = match t.find(format!("work-news-{}", asked.news)) {
        Some(news) if !asked.news.is_empty() => desk.shell_with(Tone::Success, news),
        _ => desk.shell(),
    };
    let lines = open.iter().map(|it| line(t, it, &names, &teams)).collect();
    let finished = done.iter().map(|it| line(t, it, &names, &teams)).collect();
    let mut list = WorkPage::of(shell, &teams, (team, sorting), lines, finished);
    if desk.may(Code::ExportLists) {
        let of = team.map_or_else(|| "all".to_owned(), |team| team.to_string());
        list.exports = crate::office::export::links(t, &format!("/office/exports/work?team={of}"));
    }
    Ok(page(&list))
}

pub(crate) fn sample_teams() -> Vec<Team> {
    vec![Team { id: TeamId(uuid::Uuid::nil()), name: "ひとづくり推進課".into() }]
}

pub(crate) fn sample_item(kind: &str) -> WorkItem {
    let nil = uuid::Uuid::nil();
    WorkItem {
        id: tsunagari_kernel::WorkId(nil),
        team: Some(TeamId(nil)),
        kind: kind.into(),
        subject: nil.to_string(),
        note: if kind == "restored" { "1773600000000000".into() } else { String::new() },
        due_on: chrono::NaiveDate::from_ymd_opt(2026, 3, 31),
        created_at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
        done_at: None,
        done_by: None,
        outcome: "本人と話した".into(),
    }
}

impl Sample for WorkPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let teams = sample_teams();
        let kinds = [
            "doubtful_join",
            "erasure_request",
            "doubtful_duplicate",
            "channel_stopped",
            "line_silent",
            "mandate_ends",
            "message_stopped",
            "message_grew",
            "unknown_deliveries",
            "restored",
            "transfers_to_release",
        ];
        let lines = || kinds.iter().map(|kind| line(t, &sample_item(kind), &[], &teams)).collect();
        let mut full = Self::of(shell.clone(), &teams, (Some(teams[0].id), sorting("-since")), lines(), lines());
        full.exports = crate::office::export::links(t, "/office/exports/work?team=all");
        vec![Self::of(shell, &[], (None, sorting("")), Vec::new(), Vec::new()), full]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<WorkPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
