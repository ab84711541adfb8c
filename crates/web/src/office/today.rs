//! Today: what waits for this officer, first thing in the morning.

use askama::Template;
use axum::Extension;
use axum::response::Response;

use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::shell::components::Empty;
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office", Needs::Staff, show)
}

#[derive(Template)]
#[template(path = "office/today.html")]
struct TodayPage {
    shell: Shell,
    greeting: String,
    empty: Empty,
}

impl TodayPage {
    fn of(shell: Shell, name: &str) -> Self {
        let t = shell.t;
        Self {
            greeting: t.with("today-greeting", &[("name", name.into())]),
            empty: Empty::of("today", t.get("today-empty"), t.get("today-empty.text")).action("/office/import", t.get("today-empty.action")),
            shell,
        }
    }
}

impl Sample for TodayPage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self::of(shell, "石見 花")]
    }
}

async fn show(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    Ok(page(&TodayPage::of(desk.shell(), &desk.staff.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<TodayPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
