//! Lists of the office as files beside people: the work of departments, the audit record, colleagues. Each page's own
//! permission is asked for besides the one to take lists out. To add one: a route, its columns, its rows.

use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::{ManageStaff, ViewAudit};
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_acts::read_audit::read_audit_rows;
use tsunagari_documents::{Cell, Column};
use tsunagari_i18n::Texts;

use crate::office::audit;
use crate::office::desk::Desk;
use crate::office::export::{download, kind_of};
use crate::office::teams_work::{kind_words, team_asked};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::AppError;

/// The most items of a work list in one file.
const MOST_WORK: i64 = 100_000;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let export = Needs::Permission(Code::ExportLists);
    routes
        .get("/office/exports/work", export, work)
        .get("/office/exports/audit", Needs::Both(Code::ExportLists, Code::ViewAudit), record)
        .get("/office/exports/staff", Needs::Both(Code::ExportLists, Code::ManageStaff), staff)
}

/// Columns by the keys of their titles and their widths; none of them tells where a person is.
fn columns(t: Texts, keys: &[(&str, u8)]) -> Vec<(Column, Tells)> {
    keys.iter().map(|(key, width)| (Column::titled(t.get(key), *width), Tells::Plain)).collect()
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default, rename = "as")]
    kind: String,
    #[serde(default)]
    team: String,
}

async fn work(Extension(desk): Extension<Desk>, Query(wanted): Query<Wanted>) -> Result<Response, AppError> {
    let (kind, t) = (kind_of(&wanted.kind)?, desk.t);
    if !desk.may(Code::ViewPeople) {
        return Err(AppError::Forbidden);
    }
    let team = team_asked(&desk, &wanted.team);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let teams = reader.teams().await.map_err(unreadable)?;
    let colleagues = reader.staff().await.map_err(unreadable)?;
    let mut items = reader.open_work(team, MOST_WORK).await.map_err(unreadable)?;
    items.extend(reader.done_work(team, MOST_WORK).await.map_err(unreadable)?);
    let persons: Vec<uuid::Uuid> = items.iter().filter_map(|it| it.person().map(|id| id.0)).collect();
    let names = reader.names_of_persons(&persons).await.map_err(unreadable)?;
    drop(reader);
    let day = |at: Option<tsunagari_kernel::Timestamp>| at.map_or(Cell::Empty, |at| Cell::from(at.jst_date()));
    let rows = items.iter().map(|it| {
        let person = it.person();
        let name = person.and_then(|id| names.iter().find(|(known, _)| *known == id.0));
        let team = teams.iter().find(|team| Some(team.id) == it.team).map(|team| team.name.as_str());
        let by = colleagues.iter().find(|one| Some(one.id) == it.done_by).map(|one| one.name.as_str());
        let cells = vec![
            Cell::from(kind_words(t, &it.kind).0),
            name.map_or(Cell::Empty, |(_, name)| Cell::from(name.as_str())),
            Cell::from(it.created_at.jst_date()),
            it.due_on.map_or(Cell::Empty, Cell::from),
            team.map_or(Cell::Empty, Cell::from),
            day(it.done_at),
            by.map_or(Cell::Empty, Cell::from),
            Cell::from(it.outcome.as_str()),
        ];
        ExportRow { person, cells }
    });
    let keys = [
        ("work-what", 30),
        ("work-about", 20),
        ("work-since", 14),
        ("work-due", 14),
        ("work-team", 20),
        ("work-done-on", 14),
        ("work-done-by", 20),
        ("work-outcome", 40),
    ];
    let list = ExportList {
        kind: "work",
        query: serde_json::json!({ "team": team }),
        sheet: t.get("export-sheet"),
        columns: columns(t, &keys),
        rows: rows.collect(),
    };
    download(&desk, list, kind, "work").await
}

async fn record(
    Extension(desk): Extension<Desk>,
    Query(wanted): Query<Wanted>,
    Query(asked): Query<audit::Asked>,
) -> Result<Response, AppError> {
    let (kind, t) = (kind_of(&wanted.kind)?, desk.t);
    let by = desk.grant::<ViewAudit>()?;
    let filter = asked.filter(t).map_err(|wrong| AppError::Bad(wrong.0.into_iter().map(|(_, said)| said).collect()))?;
    let known = read_audit_rows(&desk.house, &by, &filter).await.map_err(|error| desk.problem(error))?;
    let rows = known.rows.iter().map(|row| ExportRow { person: None, cells: audit::cells(t, row, &known) }).collect();
    let keys = [
        ("audit-at", 22),
        ("audit-who", 24),
        ("audit-act", 30),
        ("audit-to", 60),
        ("audit-count", 30),
        ("audit-seq", 10),
        ("audit-code", 24),
    ];
    let list = ExportList {
        kind: "audit",
        query: audit::recorded(&filter),
        sheet: t.get("export-sheet"),
        columns: columns(t, &keys),
        rows,
    };
    download(&desk, list, kind, "audit").await
}

async fn staff(Extension(desk): Extension<Desk>, Query(wanted): Query<Wanted>) -> Result<Response, AppError> {
    let (kind, t) = (kind_of(&wanted.kind)?, desk.t);
    desk.grant::<ManageStaff>()?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let colleagues = reader.staff().await.map_err(unreadable)?;
    let teams = reader.teams().await.map_err(unreadable)?;
    drop(reader);
    let rows = colleagues.iter().map(|it| {
        let team = teams.iter().find(|team| Some(team.id) == it.team).map(|team| team.name.as_str());
        let state = if it.active { "settings-staff-open" } else { "settings-staff-closed" };
        let cells = vec![
            Cell::from(it.name.as_str()),
            Cell::from(it.login.as_str()),
            Cell::from(t.get(format!("role-{}", it.role.code()))),
            it.role.until().map_or(Cell::Empty, |until| Cell::from(until.jst_date())),
            team.map_or(Cell::Empty, Cell::from),
            Cell::from(t.get(state)),
        ];
        ExportRow { person: None, cells }
    });
    let keys = [
        ("settings-staff-name", 20),
        ("settings-staff-login", 30),
        ("settings-staff-role", 14),
        ("export-until", 14),
        ("settings-staff-team", 20),
        ("settings-staff-state", 14),
    ];
    let list = ExportList {
        kind: "staff",
        query: serde_json::json!({}),
        sheet: t.get("export-sheet"),
        columns: columns(t, &keys),
        rows: rows.collect(),
    };
    download(&desk, list, kind, "staff").await
}
