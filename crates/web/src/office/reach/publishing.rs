//! Publishing a figure and withdrawing one. Before it is frozen a page of its own says which number of which year and day it
//! is, what stands for the year already and whether the year is over; it needs no script. Leaves freezing to the acts.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::PublishFigures;
use tsunagari_acts::compute_figure::compute_draft;
use tsunagari_acts::publish_figure::{LONGEST_NOTE, publish_figure};
use tsunagari_acts::withdraw_figure::{LONGEST_REASON, withdraw_figure};
use tsunagari_acts::{ActError, Reason};
use tsunagari_figures::Draft;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FigureId, FiscalYear, IndicatorId, Moment};
use tsunagari_storage::figure::KeptFigure;
use tsunagari_storage::indicator::KeptIndicator;

use super::figure::{figure_id, rate_words, withdrawn_not};
use super::panel::{count, target_words};
use crate::office::desk::Desk;
use crate::office::policy_words::policy_words;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Banner, Crumbs, Facts, Field, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::PublishFigures);
    routes
        .get("/office/reach/{indicator}/publish", needs, ask)
        .post("/office/reach/{indicator}/publish", needs, publish)
        .post("/office/reach/figures/{figure}/withdraw", needs, withdraw)
}

#[derive(Template)]
#[template(path = "office/reach/publishing.html")]
struct PublishingPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    facts: Facts,
    banners: Vec<Banner>,
    action: String,
    day: String,
    note: Field,
    /// Whether it may be published: nothing of the same day stands.
    may: bool,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    as_of: String,
}

/// The day asked for: one that has come; today when none is named.
fn day_of(desk: &Desk, text: &str) -> Result<NaiveDate, AppError> {
    if text.is_empty() {
        return Ok(desk.house.clock.today());
    }
    let day: NaiveDate = text.parse().map_err(|_| AppError::Bad(vec![desk.t.get("reach-bad-date")]))?;
    if day > desk.house.clock.today() {
        return Err(AppError::Bad(vec![desk.t.get("refused-figure-as-of-in-future")]));
    }
    Ok(day)
}

/// What must be known of the year before its number is frozen.
fn banners(t: Texts, draft: &Draft, today: NaiveDate, standing: &[KeptFigure]) -> Vec<Banner> {
    let (mut all, year) = (Vec::new(), draft.fiscal_year);
    if FiscalYear::of(today) <= year && today < year.last_day() {
        let title = t.one("reach-publish-unfinished", "year", t.fiscal_year(year));
        let text = t.one("reach-publish-unfinished.text", "date", t.date(year.last_day()));
        all.push(Banner::of(Tone::Warning, title).text(text));
    }
    for kept in standing {
        let figure = kept.published.figure();
        let title =
            t.two("reach-publish-stands", "date", t.date(figure.as_of.date), "people", t.number(count(figure.people)));
        let same = figure.as_of.date == draft.as_of.date;
        let text = t.get(if same { "refused-figure-published-before" } else { "reach-publish-stands.text" });
        let tone = if same { Tone::Error } else { Tone::Info };
        all.push(Banner::of(tone, title).text(text).action(figure_href(figure.id), t.get("reach-publish-stands.open")));
    }
    all
}

pub(super) fn figure_href(figure: FigureId) -> String {
    format!("/office/reach/figures/{figure}")
}

impl PublishingPage {
    fn of(shell: Shell, indicator: &KeptIndicator, draft: &Draft, today: NaiveDate, standing: &[KeptFigure]) -> Self {
        let t = shell.t;
        let mut facts = Facts::default()
            .row(t.get("reach-head-year"), t.fiscal_year(draft.fiscal_year))
            .row(t.get("reach-col-as-of"), t.date(draft.as_of.date))
            .row(t.get("reach-people"), t.number(count(draft.people)))
            .row(t.get("reach-target"), draft.target.map_or_else(|| t.blank(), |it| target_words(t, it)));
        for one in indicator.definition.denominators_of(draft.fiscal_year, Some(draft)) {
            facts = facts.row(t.one("reach-head-rate", "name", one.name.clone()), rate_words(t, &one));
        }
        facts = facts.row(t.get("reach-col-set"), draft.set.map_or_else(|| t.blank(), |it| policy_words(t, &it)));
        let longest = u32::try_from(LONGEST_NOTE).unwrap_or(u32::MAX);
        let note = Field::area(t, "note", t.get("reach-note")).hint(t.get("reach-note.hint")).max(longest).rows(3);
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/reach", t.get("shell-nav-reach"))]),
            title: t.one("reach-publish-title", "name", indicator.definition.name.clone()),
            facts,
            banners: banners(t, draft, today, standing),
            action: format!("/office/reach/{}/publish", indicator.id),
            day: draft.as_of.date.to_string(),
            note,
            may: standing.iter().all(|kept| kept.published.figure().as_of.date != draft.as_of.date),
            shell,
        }
    }
}

async fn ask(
    Extension(desk): Extension<Desk>,
    Path(indicator): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id: IndicatorId = indicator.parse().map_err(|_| AppError::NotFound)?;
    let day = day_of(&desk, &asked.as_of)?;
    Ok(page(&asked_of(&desk, id, day).await?))
}

async fn asked_of(desk: &Desk, id: IndicatorId, day: NaiveDate) -> Result<PublishingPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicator = reader.indicator(id).await.map_err(unreadable)?;
    let mut standing = reader.figures_of(id).await.map_err(unreadable)?;
    drop(reader);
    let (year, at) = (FiscalYear::of(day), Moment::as_of(day, &*desk.house.clock));
    standing.retain(|kept| kept.withdrawal.is_none() && kept.published.figure().fiscal_year == year);
    let draft = compute_draft(&desk.house, desk.org.id, &indicator, year, at).await;
    let draft = draft.map_err(|error| desk.problem(error))?;
    Ok(PublishingPage::of(desk.shell(), &indicator, &draft, desk.house.clock.today(), &standing))
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
    let by = desk.grant::<PublishFigures>()?;
    let day = day_of(&desk, &asked.as_of)?;
    match publish_figure(&desk.house, &by, indicator, day, &asked.note).await {
        Ok(figure) => Ok(Redirect::to(&format!("{}?done=published", figure_href(figure))).into_response()),
        Err(ActError::Refused(reasons)) if reasons.iter().all(|reason| reason.field == Some("note")) => {
            let mut again = asked_of(&desk, indicator, day).await?;
            again.note = again.note.value(&asked.note).error(told_of(&desk, &reasons));
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(error) => Err(desk.problem(error)),
    }
}

#[derive(Deserialize)]
struct Withdraw {
    #[serde(default)]
    reason: String,
}

/// The field for the reason, for the figure's own page.
pub(super) fn reason_field(t: Texts) -> Field {
    let longest = u32::try_from(LONGEST_REASON).unwrap_or(u32::MAX);
    Field::area(t, "reason", t.get("reach-withdraw-reason"))
        .hint(t.get("reach-withdraw-reason.hint"))
        .max(longest)
        .rows(2)
        .required()
}

async fn withdraw(
    Extension(desk): Extension<Desk>,
    Path(figure): Path<String>,
    Posted(asked): Posted<Withdraw>,
) -> Result<Response, AppError> {
    let (by, id) = (desk.grant::<PublishFigures>()?, figure_id(&figure)?);
    match withdraw_figure(&desk.house, &by, id, &asked.reason).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=withdrawn", figure_href(id))).into_response()),
        Err(ActError::Refused(reasons)) if reasons.iter().all(|reason| reason.field == Some("reason")) => {
            let field = reason_field(desk.t).value(&asked.reason).error(told_of(&desk, &reasons));
            withdrawn_not(&desk, id, field).await
        }
        Err(error) => Err(desk.problem(error)),
    }
}

/// What is wrong with the one field of a form.
fn told_of(desk: &Desk, reasons: &[Reason]) -> Option<String> {
    sentences(desk.t, reasons).into_iter().next().map(|(_, words)| words)
}

impl Sample for PublishingPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (indicator, kept) = super::figure::sample();
        let draft = kept.published.figure().clone();
        let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).unwrap_or_default();
        let standing = [kept];
        vec![
            Self::of(shell.clone(), &indicator, &draft, day(3, 16), &[]),
            Self::of(shell, &indicator, &draft, day(4, 16), &standing),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<PublishingPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
