//! Today: what waits for this officer, first thing in the morning; how the year stands; what went out last. Each line leads
//! to where it is done; a part with nothing behind it is not shown. Leaves gathering what waits to `waiting` and the year's
//! figure to `year`. People are counted once, for the year's figure; LINE is asked only while approved
//! messages might not fit into the month, and not twice in a minute.

mod waiting;
mod year;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_i18n::Texts;
use tsunagari_storage::campaign::CampaignLine;

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Empty, Icon};
use crate::shell::{AppError, Sample, Shell, page};
use crate::state::WebState;

use waiting::{Task, Waiting};
use year::Year;

/// How many messages that went out are shown.
const RECENT: i64 = 3;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office", Needs::Staff, show)
}

/// Where a task that is not yet there begins.
struct Door {
    href: &'static str,
    icon: Icon,
    title: String,
    text: String,
}

/// A message that went out.
struct Sent {
    href: String,
    title: String,
    state: Chip,
    people: String,
    when: String,
}

#[derive(Template)]
#[template(path = "office/today/today.html")]
struct TodayPage {
    shell: Shell,
    greeting: String,
    day: String,
    tasks: Vec<Task>,
    /// Whether the work lists are theirs to read, whatever waits.
    lists: bool,
    year: Option<Year>,
    sent: Vec<Sent>,
    doors: Vec<Door>,
    empty: Empty,
}

impl TodayPage {
    fn of(shell: Shell, name: &str, day: String, tasks: Vec<Task>) -> Self {
        let t = shell.t;
        Self {
            greeting: t.with("today-greeting", &[("name", name.into())]),
            day,
            tasks,
            lists: false,
            year: None,
            sent: Vec::new(),
            doors: Vec::new(),
            empty: Empty::of("success", t.get("today-empty"), t.get("today-empty.text")),
            shell,
        }
    }
}

fn doors(t: Texts, may: impl Fn(Code) -> bool) -> Vec<Door> {
    const DOORS: &[(&str, &str, &str, Code)] = &[
        ("/office/import", "import", "today-door-import", Code::ImportPeople),
        ("/office/slips", "phone", "today-door-slips", Code::ViewPeople),
        ("/office/messages/new", "message", "today-door-message", Code::WriteMessages),
        ("/office/reach", "reach", "today-door-reach", Code::ViewFigures),
    ];
    DOORS
        .iter()
        .filter(|(.., code)| may(*code))
        .map(|(href, icon, key, _)| Door {
            href,
            icon: Icon(icon),
            title: t.get(key),
            text: t.get(format!("{key}.text")),
        })
        .collect()
}

fn sent(t: Texts, lines: &[CampaignLine]) -> Vec<Sent> {
    lines
        .iter()
        .map(|it| Sent {
            href: format!("/office/messages/{}", it.id),
            title: if it.title.is_empty() { t.get("messages-untitled") } else { it.title.clone() },
            state: crate::office::messages::state_chip(t, &it.state),
            people: it.audience.as_ref().map_or_else(|| t.blank(), |counts| t.count("messages-people", counts.count())),
            when: t.date_short(it.due_at.unwrap_or(it.updated_at).jst_date()),
        })
        .collect()
}

async fn show(State(state): State<WebState>, Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    if !desk.keeps_people() {
        // The secretariat of a network has no people to look after: its day begins with its members.
        return Ok(Redirect::to("/office/network").into_response());
    }
    let t = desk.t;
    let tasks = Waiting::of(&desk, &state.0.alike).await?.tasks(t);
    let mut page_of = TodayPage::of(desk.shell(), &desk.staff.name, t.date(desk.house.clock.today()), tasks);
    if !desk.may(Code::ImportPeople) {
        page_of.empty = Empty::of("success", t.get("today-empty"), t.get("today-empty.other"));
    }
    page_of.doors = doors(t, |code| desk.may(code));
    page_of.lists = desk.may(Code::ViewPeople);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    if desk.may(Code::ViewMessages) {
        let over = reader.campaigns(&["done", "sending"], RECENT, 0).await.map_err(unreadable)?;
        page_of.sent = sent(t, &over);
    }
    if desk.may(Code::ViewFigures) {
        page_of.year = Year::of(&mut reader, &desk).await?;
    }
    drop(reader);
    Ok(page(&page_of))
}

impl Sample for TodayPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let day = || "令和8年3月16日".to_owned();
        let quiet = Self::of(shell.clone(), "石見 花", day(), Vec::new());
        let mut full = Self::of(shell, "石見 花", day(), Waiting::sample().tasks(t));
        full.doors = doors(t, |_| true);
        full.lists = true;
        full.year = Some(Year::sample(t));
        full.sent = vec![Sent {
            href: "/office/messages/1".into(),
            title: "夏の帰省イベント".into(),
            state: crate::office::messages::state_chip(t, "done"),
            people: t.count("messages-people", 412),
            when: "2026/03/09".into(),
        }];
        vec![quiet, full]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<TodayPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
