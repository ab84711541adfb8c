//! The dashboard: each indicator as charts with their tables beside them, as of any day. Leaves
//! publishing one to `publishing`.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ViewFigures;
use tsunagari_acts::read_dashboard::read_dashboard;
use tsunagari_acts::recount_figures::{Recounts, recount_figures};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{Moment, Timestamp};
use tsunagari_people::Policy;
use tsunagari_rules::fact::Codes;
use tsunagari_rules::phrase::Words;

use super::counted::counted;
use super::panel::{Allowed, Defined, Panel, panel, sample};
use crate::office::desk::Desk;
use crate::office::plan_notes::adopted_notes;
use crate::office::policy_words::set_then;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{ConfirmForm, Empty, Field};
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/reach", Needs::Permission(Code::ViewFigures), show).post(
        "/office/reach/recount",
        Needs::Permission(Code::ViewFigures),
        recount,
    )
}

#[derive(Template)]
#[template(path = "office/reach/dashboard.html")]
struct DashboardPage {
    shell: Shell,
    as_of: Field,
    day: String,
    at: String,
    /// What was set on the day, when it was something else than today.
    set_then: Option<String>,
    panels: Vec<Panel>,
    /// What a reader must know about the plan's own numbers.
    plan_notes: Vec<String>,
    may_export: bool,
    recount: Option<Recount>,
    empty: Empty,
}

/// When past years were counted last, and the way to count them now.
struct Recount {
    when: String,
    form: ConfirmForm,
}

impl Recount {
    fn of(shell: &Shell, when: Timestamp) -> Self {
        let t = shell.t;
        let form = ConfirmForm::of(shell, "/office/reach/recount".to_owned(), t.get("reach-recount")).look("outlined");
        Self { when: t.one("reach-recounted-at", "time", t.date_time(when)), form }
    }
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
            set_then: None,
            panels,
            plan_notes: Vec::new(),
            may_export: false,
            recount: None,
            empty: Empty::of("reach", t.get("reach-empty"), t.get("reach-empty.text")),
            shell,
        }
    }

    /// What was typed stays with the reason; what is shown, and would be exported, is of today.
    fn of_a_day_to_come(mut self, t: Texts) -> Self {
        self.as_of = self.as_of.error(Some(t.get("reach-day-to-come")));
        self.day = String::new();
        self
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let asked_day = day_of(&desk, &asked.as_of)?;
    let to_come = asked_day.is_some_and(|day| day > desk.house.clock.today());
    let day = asked_day.filter(|_| !to_come);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicators = reader.indicators().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = crate::rule_words::RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let moment = day.map(|day| Moment::as_of(day, &*desk.house.clock).instant);
    let then = reader.policy_at(moment.unwrap_or_else(|| desk.house.now())).await.map_err(unreadable)?;
    let set_then = set_then(desk.t, &then, &desk.org.policy());
    drop(reader);
    let shell = desk.shell();
    let begin = desk.may(Code::ManageSettings) && desk.org.kind != "network";
    let allowed = Allowed { lists: desk.may(Code::ViewPeople), publish: desk.may(Code::PublishFigures) };
    let mut panels = Vec::new();
    let mut recounted = None;
    let mut at = day.unwrap_or_else(|| desk.house.clock.today());
    // Each walks over everybody, on a reader of its own: side by side they take as long as the longest.
    let all = indicators.iter().map(|it| read_dashboard(&desk.house, desk.org.id, it, day, Recounts::Kept));
    for (indicator, it) in indicators.iter().zip(futures_util::future::join_all(all).await) {
        let it = it.map_err(|error| desk.problem(error))?;
        recounted = recounted.into_iter().chain(it.recounted_at()).min();
        at = it.at.date;
        let rule = indicator.definition.numerator_rule(&catalogue).ok();
        let purpose = || words.code(Codes::Open("purposes"), &indicator.purpose);
        let defined = Defined {
            counted: rule.as_ref().and_then(|rule| counted(desk.t, rule, &purpose(), it.at.date)),
            rule: rule.map_or_else(|| indicator.definition.numerator.clone(), |rule| rule.phrase().render(&words)),
        };
        panels.push(panel(&shell, &it, defined, day, allowed));
    }
    let may_export = desk.may(Code::ExportLists) && !panels.is_empty();
    let recount = recounted.map(|when| Recount::of(&shell, when));
    let plan_notes = adopted_notes(desk.t, desk.org.plan_slug.as_deref());
    let shown = DashboardPage::of(shell, &asked.as_of, at, panels);
    let mut view = DashboardPage { may_export, recount, set_then, plan_notes, ..shown };
    if begin {
        view.empty = view.empty.action("/office/settings/plan", desk.t.get("reach-empty.begin"));
    }
    if to_come {
        view = view.of_a_day_to_come(desk.t);
    }
    Ok(page(&view))
}

async fn recount(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let by = desk.grant::<ViewFigures>()?;
    recount_figures(&desk.house, &by).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/reach").into_response())
}

impl Sample for DashboardPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap_or_default();
        let full = vec![sample(shell.t)];
        let mut other = Policy::default();
        other.reach.guardian_age += 1;
        vec![
            Self::of(shell.clone(), "", day, Vec::new()),
            Self::of(shell.clone(), "2099-03-31", day, Vec::new()).of_a_day_to_come(shell.t),
            Self {
                may_export: true,
                plan_notes: vec![shell.t.two("plan-note", "kind", shell.t.get("plan-note-blank"), "text", "R4")],
                set_then: set_then(shell.t, &Policy::default(), &other),
                recount: Some(Recount::of(&shell, Timestamp::default())),
                ..Self::of(shell, "2025-03-31", day, full)
            },
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
