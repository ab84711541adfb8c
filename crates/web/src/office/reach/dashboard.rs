//! The dashboard: each indicator as charts with their tables beside them, as of any day, and the way to publish one.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::PublishFigures;
use tsunagari_acts::publish_figure::publish_figure;
use tsunagari_acts::read_dashboard::read_dashboard;
use tsunagari_kernel::IndicatorId;

use super::panel::{Allowed, Panel, panel, sample};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Empty, Field};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/reach", Needs::Permission(Code::ViewFigures), show).post(
        "/office/reach/{indicator}/publish",
        Needs::Permission(Code::PublishFigures),
        publish,
    )
}

#[derive(Template)]
#[template(path = "office/reach/dashboard.html")]
struct DashboardPage {
    shell: Shell,
    as_of: Field,
    day: String,
    at: String,
    panels: Vec<Panel>,
    may_export: bool,
    empty: Empty,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    as_of: String,
}

/// The day asked for; none when nothing was typed.
///
/// # Errors
/// It is no day.
pub(super) fn day_of(desk: &Desk, asked: &str) -> Result<Option<NaiveDate>, AppError> {
    if asked.is_empty() {
        return Ok(None);
    }
    asked.parse().map(Some).map_err(|_| AppError::Bad(vec![desk.t.get("reach-bad-date")]))
}

impl DashboardPage {
    fn of(shell: Shell, as_of: &str, at: NaiveDate, panels: Vec<Panel>) -> Self {
        let t = shell.t;
        Self {
            as_of: Field::date(t, "as_of", t.get("reach-as-of")).value(as_of).hint(t.get("reach-as-of.hint")),
            day: as_of.to_owned(),
            at: t.date(at),
            panels,
            may_export: false,
            empty: Empty::of("reach", t.get("reach-empty"), t.get("reach-empty.text")),
            shell,
        }
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let day = day_of(&desk, &asked.as_of)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicators = reader.indicators().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = crate::rule_words::RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    drop(reader);
    let shell = desk.shell();
    let allowed = Allowed { lists: desk.may(Code::ViewPeople), publish: desk.may(Code::PublishFigures) };
    let mut panels = Vec::new();
    let mut at = day.unwrap_or_else(|| desk.house.clock.today());
    for indicator in &indicators {
        let it = read_dashboard(&desk.house, desk.org.id, indicator, day).await.map_err(|error| desk.problem(error))?;
        at = it.at.date;
        let definition = indicator
            .definition
            .numerator_rule(&catalogue)
            .map_or_else(|_| indicator.definition.numerator.clone(), |rule| rule.phrase().render(&words));
        panels.push(panel(&shell, &it, definition, day, allowed));
    }
    let may_export = desk.may(Code::ExportLists) && !panels.is_empty();
    Ok(page(&DashboardPage { may_export, ..DashboardPage::of(shell, &asked.as_of, at, panels) }))
}

#[derive(Deserialize)]
struct Publish {
    as_of: String,
    #[serde(default)]
    note: String,
}

async fn publish(
    Extension(desk): Extension<Desk>,
    Path(indicator): Path<String>,
    Posted(asked): Posted<Publish>,
) -> Result<Response, AppError> {
    let indicator: IndicatorId = indicator.parse().map_err(|_| AppError::NotFound)?;
    let day: NaiveDate = asked.as_of.parse().map_err(|_| AppError::Bad(vec![desk.t.get("reach-bad-date")]))?;
    let by = desk.grant::<PublishFigures>()?;
    let figure = publish_figure(&desk.house, &by, indicator, day, &asked.note).await;
    let figure = figure.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("/office/reach/figures/{figure}")).into_response())
}

impl Sample for DashboardPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default();
        let full = vec![sample(shell.t)];
        vec![
            Self::of(shell.clone(), "", day, Vec::new()),
            Self { may_export: true, ..Self::of(shell, "2025-03-31", day, full) },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<DashboardPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
