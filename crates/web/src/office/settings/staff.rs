//! The list of colleagues: who signs in, as what, until when, and who has not answered an invitation yet; and what each
//! role may do.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::{Code, Role};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{Timestamp, UserId};
use tsunagari_storage::order::Way;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::team::Team;

use super::{News, crumbs, framed};
use crate::office::desk::Desk;
use crate::office::export::links;
use crate::office::people::words::coded;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Chip, Crumbs, Facts, Link, SortHeader, Sorting};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/settings/staff", Needs::Permission(Code::ManageStaff), show)
}

struct Line {
    href: String,
    name: String,
    login: String,
    role: String,
    team: String,
    state: Chip,
}

#[derive(Template)]
#[template(path = "office/settings/staff.html")]
struct StaffPage {
    shell: Shell,
    crumbs: Crumbs,
    heads: [SortHeader; 4],
    lines: Vec<Line>,
    exports: Vec<Link>,
    may: Facts,
}

/// What the office knows about its colleagues.
struct Known<'a> {
    staff: &'a [Staff],
    teams: &'a [Team],
    enrolled: &'a [UserId],
    now: Timestamp,
}

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Login,
    Role,
    Team,
}

fn sorting(text: &str) -> Sorting<Column> {
    let more = [("login", Column::Login), ("role", Column::Role), ("team", Column::Team)];
    Sorting::asked(text, ("name", Column::Name, Way::Rising), &more)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    sort: String,
    #[serde(flatten)]
    news: News,
}

/// What there is to do, and the roles that may.
fn may(t: Texts, now: Timestamp) -> Facts {
    let roles = Role::every(now);
    let who = |code: Code| {
        let holders = roles.iter().filter(|role| role.allows(code));
        let names: Vec<String> = holders.map(|role| coded(t, "role", role.code())).collect();
        names.join(&t.get("settings-staff-may.and"))
    };
    let row = |facts: Facts, code: &Code| facts.row(coded(t, "permission", code.as_str()), who(*code));
    Code::ALL.iter().fold(Facts::default(), row)
}

impl StaffPage {
    fn of(shell: Shell, known: &Known<'_>, sorting: Sorting<Column>) -> Self {
        let t = shell.t;
        let head =
            |key: &str, column| sorting.head(t.get(key), column, |sort| format!("/office/settings/staff?sort={sort}"));
        let heads = [
            head("settings-staff-name", "name"),
            head("settings-staff-login", "login"),
            head("settings-staff-role", "role"),
            head("settings-staff-team", "team"),
        ];
        let line = |it: &Staff| {
            let role = t.get(format!("role-{}", it.role.code()));
            let last = it.role.until().map(|until| until.minus(chrono::TimeDelta::microseconds(1)).jst_date());
            let state = if !it.active {
                Chip::plain(t.get("settings-staff-closed"))
            } else if !it.role.in_force(known.now) {
                Chip::of(Tone::Warning, t.get("settings-staff-ended"))
            } else if known.enrolled.contains(&it.id) {
                Chip::of(Tone::Success, t.get("settings-staff-open"))
            } else {
                Chip::of(Tone::Info, t.get("settings-staff-invited"))
            };
            Line {
                href: format!("/office/settings/staff/{}", it.id),
                name: it.name.clone(),
                login: it.login.clone(),
                role: last.map_or_else(
                    || role.clone(),
                    |day| t.two("settings-staff-role-until", "role", role.clone(), "day", t.date(day)),
                ),
                team: known
                    .teams
                    .iter()
                    .find(|team| Some(team.id) == it.team)
                    .map(|team| team.name.clone())
                    .unwrap_or_default(),
                state,
            }
        };
        let mut lines: Vec<Line> = known.staff.iter().map(line).collect();
        sorting.sort(&mut lines, |line| match sorting.by {
            Column::Name => line.name.clone(),
            Column::Login => line.login.clone(),
            Column::Role => line.role.clone(),
            Column::Team => line.team.clone(),
        });
        Self { crumbs: crumbs(t, &[]), heads, lines, exports: Vec::new(), may: may(t, known.now), shell }
    }
}

impl Sample for StaffPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let until = Timestamp::from_micros(1_774_000_000_000_000);
        let someone = |n: u128, role: Role, active: bool| Staff {
            id: UserId(uuid::Uuid::from_u128(n)),
            login: format!("staff{n}@town.example"),
            name: "石見 花".into(),
            role,
            team: None,
            active,
        };
        let staff = [
            someone(1, Role::Administrator, true),
            someone(2, Role::Contractor { until }, true),
            someone(3, Role::Editor, true),
            someone(4, Role::Viewer, false),
        ];
        let known = Known { staff: &staff, teams: &[], enrolled: &[staff[0].id, staff[1].id], now: until };
        vec![Self::of(shell, &known, sorting("-role"))]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let staff = reader.staff().await.map_err(unreadable)?;
    let teams = reader.teams().await.map_err(unreadable)?;
    let enrolled = reader.enrolled_staff().await.map_err(unreadable)?;
    let known = Known { staff: &staff, teams: &teams, enrolled: &enrolled, now: desk.at };
    let mut view = StaffPage::of(framed(&desk, &asked.news), &known, sorting(&asked.sort));
    if desk.may(Code::ExportLists) {
        view.exports = links(desk.t, "/office/exports/staff");
    }
    Ok(page(&view))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<StaffPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
