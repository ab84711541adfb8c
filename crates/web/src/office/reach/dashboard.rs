//! The dashboard: each indicator as a chart with its table beside it, as of any day, with the reasons of those not reached.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::PublishFigures;
use tsunagari_acts::publish_figure::publish_figure;
use tsunagari_acts::read_dashboard::{Dashboard, YearLine, read_dashboard};
use tsunagari_documents::chart::{Bar, BarChart, YearChart, YearPoint};
use tsunagari_i18n::Texts;
use tsunagari_kernel::IndicatorId;

use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Empty, Field, Kpi};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/reach", Needs::Permission(Code::ViewFigures), show).post(
        "/office/reach/{indicator}/publish",
        Needs::Permission(Code::PublishFigures),
        publish,
    )
}

/// One row of the table beside a chart.
struct Row {
    year: String,
    target: String,
    people: String,
    rates: Vec<String>,
    state: String,
}

/// One indicator as shown.
struct Panel {
    name: String,
    definition: String,
    kpis: Vec<Kpi>,
    chart: String,
    heads: Vec<String>,
    rows: Vec<Row>,
    reasons: String,
    reason_rows: Vec<(String, String)>,
    notes: Vec<String>,
    publish: Option<ConfirmForm>,
}

#[derive(Template)]
#[template(path = "office/reach/dashboard.html")]
struct DashboardPage {
    shell: Shell,
    as_of: Field,
    at: String,
    panels: Vec<Panel>,
    empty: Empty,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    as_of: String,
}

fn count(people: u64) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}

impl DashboardPage {
    fn of(shell: Shell, as_of: &str, at: NaiveDate, panels: Vec<Panel>) -> Self {
        let t = shell.t;
        Self {
            as_of: Field::date(t, "as_of", t.get("reach-as-of")).value(as_of).hint(t.get("reach-as-of.hint")),
            at: t.date(at),
            panels,
            empty: Empty::of("reach", t.get("reach-empty"), t.get("reach-empty.text")),
            shell,
        }
    }
}

fn panel(desk_may_publish: bool, shell: &Shell, it: &Dashboard, definition: String) -> Panel {
    let t = shell.t;
    let plan = &it.indicator.definition;
    let heads = plan
        .denominators
        .iter()
        .map(|denominator| t.one("reach-head-rate", "name", denominator.name.clone()))
        .collect();
    let rows: Vec<Row> = it.years.iter().map(|line| row(t, it, line)).collect();
    let publish = desk_may_publish.then(|| {
        ConfirmForm::of(shell, format!("/office/reach/{}/publish", it.indicator.id), t.get("reach-publish"))
            .look("outlined")
            .ask(t.get("reach-publish.ask"))
            .field("as_of", it.at.date.to_string())
    });
    Panel {
        name: plan.name.clone(),
        definition,
        kpis: kpis(t, it),
        chart: chart(t, it).svg(),
        heads,
        rows,
        reasons: reasons(t, it).svg(),
        reason_rows: it
            .now
            .reasons
            .iter()
            .map(|(code, people)| (reason_text(t, code), t.number(count(*people))))
            .collect(),
        notes: notes(t, it),
        publish,
    }
}

fn reason_text(t: Texts, code: &str) -> String {
    t.get(format!("reason-{}", code.replace('_', "-")))
}

fn row(t: Texts, it: &Dashboard, line: &YearLine) -> Row {
    let state = match (&line.published, &line.computed) {
        (Some(kept), _) => t.one("reach-published-on", "date", t.date_short(kept.published.at().jst_date())),
        (None, Some(draft)) => t.one("reach-computed-for", "date", t.date_short(draft.as_of.date)),
        (None, None) => t.get("reach-to-come"),
    };
    Row {
        year: t.fiscal_year(line.year),
        target: line.target.map_or_else(|| t.blank().to_owned(), |target| t.number(count(target.people))),
        people: line.shown().map_or_else(|| t.blank().to_owned(), |draft| t.number(count(draft.people))),
        rates: it
            .indicator
            .definition
            .denominators
            .iter()
            .map(|denominator| {
                line.rate(&denominator.slug).map_or_else(|| t.blank().to_owned(), |rate| format!("{rate}%"))
            })
            .collect(),
        state,
    }
}

fn kpis(t: Texts, it: &Dashboard) -> Vec<Kpi> {
    let unit = it.indicator.definition.unit.clone();
    let target = it.years.iter().find(|line| line.year == it.now.draft.fiscal_year).and_then(|line| line.target);
    let note = target.map_or_else(
        || t.get("reach-no-target"),
        |target| t.one("reach-against-target", "target", t.number(count(target.people))),
    );
    let left: u64 = it.now.population.saturating_sub(it.now.draft.people);
    vec![
        Kpi::of(t.get("reach-people"), t.number(count(it.now.draft.people)), unit.clone()).note(note),
        Kpi::of(t.get("reach-not-people"), t.number(count(left)), unit).note(t.one(
            "reach-of-known",
            "people",
            t.number(count(it.now.population)),
        )),
    ]
}

fn chart(t: Texts, it: &Dashboard) -> YearChart {
    let years = it.years.iter().map(|line| YearPoint {
        label: t.fiscal_year_short(line.year),
        target: line.target.map(|target| count(target.people)),
        actual: line.shown().map(|draft| count(draft.people)),
        note: it
            .indicator
            .definition
            .denominators
            .first()
            .and_then(|denominator| line.rate(&denominator.slug))
            .map(|rate| format!("{rate}%"))
            .unwrap_or_default(),
    });
    YearChart {
        id: format!("chart-{}", it.indicator.id),
        title: it.indicator.definition.name.clone(),
        description: t.get("reach-chart-description"),
        target_label: t.get("reach-target"),
        actual_label: t.get("reach-people"),
        blank: t.blank().to_owned(),
        years: years.collect(),
    }
}

fn reasons(t: Texts, it: &Dashboard) -> BarChart {
    BarChart {
        id: format!("reasons-{}", it.indicator.id),
        title: t.get("reach-reasons"),
        description: t.get("reach-reasons.note"),
        hidden: t.blank().to_owned(),
        bars: it
            .now
            .reasons
            .iter()
            .map(|(code, people)| Bar { label: reason_text(t, code), count: Some(count(*people)) })
            .collect(),
    }
}

/// What a reader must know beside the numbers: where each denominator comes from.
fn notes(t: Texts, it: &Dashboard) -> Vec<String> {
    let mut notes = Vec::new();
    for denominator in &it.indicator.definition.denominators {
        if let tsunagari_figures::Basis::Stated(years) = &denominator.basis
            && let Some(population) = years.values().next_back()
        {
            notes.push(t.two(
                "reach-denominator-note",
                "name",
                denominator.name.clone(),
                "source",
                population.source.clone(),
            ));
        }
    }
    notes
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let day = if asked.as_of.is_empty() {
        None
    } else {
        Some(asked.as_of.parse::<NaiveDate>().map_err(|_| AppError::Bad(vec![desk.t.get("reach-bad-date")]))?)
    };
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicators = reader.indicators().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = crate::rule_words::RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    drop(reader);
    let shell = desk.shell();
    let mut panels = Vec::new();
    let mut at = day.unwrap_or_else(|| desk.house.clock.today());
    for indicator in &indicators {
        let it = read_dashboard(&desk.house, desk.org.id, indicator, day).await.map_err(|error| desk.problem(error))?;
        at = it.at.date;
        let definition = indicator
            .definition
            .numerator_rule(&catalogue)
            .map_or_else(|_| indicator.definition.numerator.clone(), |rule| rule.phrase().render(&words));
        panels.push(panel(desk.may(Code::PublishFigures), &shell, &it, definition));
    }
    Ok(page(&DashboardPage::of(shell, &asked.as_of, at, panels)))
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
    publish_figure(&desk.house, &by, indicator, day, &asked.note).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/reach").into_response())
}

impl Sample for DashboardPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default();
        let t = shell.t;
        let sample = Panel {
            name: "就活期に情報を届けられる学生数".into(),
            definition: t.get("reach-chart-description"),
            kpis: vec![Kpi::of(t.get("reach-people"), "1,204", "人").note(t.one(
                "reach-against-target",
                "target",
                "1,457",
            ))],
            chart: String::new(),
            heads: vec![t.one("reach-head-rate", "name", "逆算値")],
            rows: vec![Row {
                year: t.fiscal_year(tsunagari_kernel::FiscalYear(2025)),
                target: "1,457".into(),
                people: t.blank().to_owned(),
                rates: vec!["35.0%".into()],
                state: t.get("reach-to-come"),
            }],
            reasons: String::new(),
            reason_rows: vec![(reason_text(t, "line_blocked"), "12".into())],
            notes: vec![t.two("reach-denominator-note", "name", "逆算値", "source", "計画")],
            publish: None,
        };
        vec![Self::of(shell.clone(), "", day, Vec::new()), Self::of(shell, "2025-03-31", day, vec![sample])]
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
