//! Today: what waits for this officer, first thing in the morning, and how the year stands. Each line leads to where it
//! is done; a line with nothing behind it is not shown.

use askama::Template;
use axum::Extension;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_i18n::Texts;

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Empty, Icon};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office", Needs::Staff, show)
}

/// Something that waits.
struct Task {
    icon: Icon,
    text: String,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "office/today.html")]
struct TodayPage {
    shell: Shell,
    greeting: String,
    day: String,
    tasks: Vec<Task>,
    doors: Vec<(&'static str, String, String)>,
    empty: Empty,
}

/// What is counted for the page.
#[derive(Default)]
struct Waiting {
    to_approve: i64,
    drafts: i64,
    sending: i64,
    paused: i64,
    work: Vec<(String, i64)>,
}

impl Waiting {
    fn tasks(&self, t: Texts) -> Vec<Task> {
        let line =
            |icon, key: &str, n: i64, href| (n > 0).then(|| Task { icon: Icon(icon), text: t.count(key, n), href });
        let messages = "/office/messages";
        let mut tasks: Vec<Task> = [
            line("message", "today-to-approve", self.to_approve, messages),
            line("warning", "today-paused", self.paused, messages),
            line("message", "today-sending", self.sending, messages),
            line("message", "today-drafts", self.drafts, messages),
        ]
        .into_iter()
        .flatten()
        .collect();
        let work: i64 = self.work.iter().map(|(_, n)| n).sum();
        tasks.extend(line("people", "today-work", work, "/office/work"));
        tasks
    }
}

impl TodayPage {
    fn of(shell: Shell, name: &str, day: String, tasks: Vec<Task>, doors: Vec<(&'static str, String, String)>) -> Self {
        let t = shell.t;
        Self {
            greeting: t.with("today-greeting", &[("name", name.into())]),
            day,
            tasks,
            doors,
            empty: Empty::of("today", t.get("today-empty"), t.get("today-empty.text")),
            shell,
        }
    }
}

fn doors(t: Texts, may: impl Fn(Code) -> bool) -> Vec<(&'static str, String, String)> {
    const DOORS: &[(&str, &str, Code)] = &[
        ("/office/import", "today-door-import", Code::ImportPeople),
        ("/office/slips", "today-door-slips", Code::ViewPeople),
        ("/office/messages/new", "today-door-message", Code::WriteMessages),
        ("/office/reach", "today-door-reach", Code::ViewFigures),
    ];
    DOORS
        .iter()
        .filter(|(.., code)| may(*code))
        .map(|(href, key, _)| (*href, t.get(key), t.get(format!("{key}.text"))))
        .collect()
}

async fn waiting(desk: &Desk) -> Result<Waiting, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let mut waiting = Waiting::default();
    for (state, n) in reader.campaign_counts().await.map_err(unreadable)? {
        match state.as_str() {
            "submitted" if desk.may(Code::ApproveMessages) => waiting.to_approve += n,
            "draft" if desk.may(Code::WriteMessages) => waiting.drafts += n,
            "launching" | "sending" => waiting.sending += n,
            "paused" => waiting.paused += n,
            _ => {}
        }
    }
    if desk.may(Code::ViewPeople) {
        waiting.work = reader.work_items_open(desk.staff.team).await.map_err(unreadable)?;
    }
    Ok(waiting)
}

async fn show(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let tasks = waiting(&desk).await?.tasks(desk.t);
    let day = desk.t.date(desk.house.clock.today());
    let doors = doors(desk.t, |code| desk.may(code));
    Ok(page(&TodayPage::of(desk.shell(), &desk.staff.name, day, tasks, doors)))
}

impl Sample for TodayPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let full = Waiting { to_approve: 1, drafts: 2, sending: 1, paused: 1, work: vec![("doubtful_join".into(), 3)] };
        vec![
            Self::of(shell.clone(), "石見 花", "令和8年3月16日".into(), Vec::new(), Vec::new()),
            Self::of(shell, "石見 花", "令和8年3月16日".into(), full.tasks(t), doors(t, |_| true)),
        ]
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
