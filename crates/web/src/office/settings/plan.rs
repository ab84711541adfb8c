//! What the organisation counts: its plan, if it has one, and the indicators. It can adopt the plan shipped for it, or begin
//! without one. Leaves the numbers to the page of who is reached.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::adopt_plan::adopt_plan;
use tsunagari_blueprints::Blueprint;
use tsunagari_storage::indicator::KeptIndicator;

use super::{News, Wrong, crumbs, framed, onward, settle, some};
use crate::office::desk::Desk;
use crate::office::plan_notes::plan_notes;
use crate::routes::{Needs, Posted, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::components::{Crumbs, ErrorSummary};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/plan";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes.get(HERE, needs, show).post(HERE, needs, adopt)
}

struct Counted {
    name: String,
    definition: String,
    targets: String,
}

/// What can be begun with.
struct Offer {
    slug: String,
    title: String,
    text: String,
    label: String,
}

#[derive(Template)]
#[template(path = "office/settings/plan.html")]
struct PlanPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    plan: String,
    notes: Vec<String>,
    counted: Vec<Counted>,
    offers: Vec<Offer>,
}

impl PlanPage {
    fn of(
        shell: Shell,
        adopted: Option<&Blueprint>,
        counted: Vec<Counted>,
        own: Option<&Blueprint>,
        wrong: &Wrong,
    ) -> Self {
        let t = shell.t;
        let years = |plan: &Blueprint| {
            let [first, last] = plan.fiscal_years.map(|year| t.fiscal_year(tsunagari_kernel::FiscalYear(year)));
            t.with("plan-years", &[("first", first.into()), ("last", last.into())])
        };
        let mut offers = Vec::new();
        if let Some(own) = own.filter(|own| adopted.is_none_or(|it| it.slug != own.slug)) {
            offers.push(Offer {
                slug: own.slug.clone(),
                title: own.title.clone(),
                text: format!("{} {}", years(own), t.get("plan-adopt.text")),
                label: t.get("plan-adopt"),
            });
        }
        if counted.is_empty() {
            offers.push(Offer {
                slug: String::new(),
                title: t.get("plan-general"),
                text: t.get("plan-general.text"),
                label: t.get("plan-general.label"),
            });
        }
        Self {
            crumbs: crumbs(t, &[]),
            errors: wrong.summary(t),
            plan: match adopted {
                Some(plan) => format!("{} {}", plan.title, years(plan)),
                None if counted.is_empty() => t.get("plan-nothing"),
                None => t.get("plan-none"),
            },
            notes: adopted.map(|plan| plan_notes(t, plan)).unwrap_or_default(),
            counted,
            offers,
            shell,
        }
    }
}

impl Sample for PlanPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let plan = tsunagari_blueprints::all().ok().and_then(|all| all.into_iter().next());
        let counted = || Counted {
            name: "就活期に情報を届けられる学生数".into(),
            definition: "就活期である".into(),
            targets: "令和7年度 1,457人".into(),
        };
        let wrong = Wrong(vec![("plan".into(), shell.t.get("refused-plan-foreign"))]);
        vec![
            Self::of(shell.clone(), None, Vec::new(), plan.as_ref(), &wrong),
            Self::of(shell.clone(), None, vec![counted()], None, &Wrong::default()),
            Self::of(shell, plan.as_ref(), vec![counted()], plan.as_ref(), &Wrong::default()),
        ]
    }
}

async fn opened(desk: &Desk, shell: Shell, wrong: &Wrong) -> Result<PlanPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicators = reader.indicators().await.map_err(unreadable)?;
    let organisation = reader.organisation().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    drop(reader);
    let shipped = tsunagari_blueprints::all().map_err(|_| AppError::broken())?;
    let counted = |it: &KeptIndicator| {
        let it = &it.definition;
        let target = |year: &tsunagari_kernel::FiscalYear| {
            it.target(*year).map(|target| {
                let people = desk.t.number(i64::try_from(target.people).unwrap_or(i64::MAX));
                format!("{} {people}{}", desk.t.fiscal_year(*year), it.unit)
            })
        };
        Counted {
            name: it.name.clone(),
            definition: it
                .numerator_rule(&catalogue)
                .map_or_else(|_| it.numerator.clone(), |rule| rule.phrase().render(&words)),
            targets: it.targets.keys().filter_map(target).collect::<Vec<_>>().join("、"),
        }
    };
    let named = |slug: &str| shipped.iter().find(|plan| plan.slug == slug);
    Ok(PlanPage::of(
        shell,
        organisation.plan_slug.as_deref().and_then(named),
        indicators.iter().map(counted).collect(),
        shipped.iter().find(|plan| plan.organisation == organisation.code),
        wrong,
    ))
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let shell = framed(&desk, &news);
    Ok(page(&opened(&desk, shell, &Wrong::default()).await?))
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    plan: String,
}

async fn adopt(Extension(desk): Extension<Desk>, Posted(chosen): Posted<Chosen>) -> Result<Response, AppError> {
    let slug = some(&chosen.plan);
    match settle(&desk, adopt_plan(&desk.house, &desk.grant()?, slug.as_deref()).await)? {
        Ok(_) => Ok(onward("/office/settings/plan?done=saved")),
        Err(wrong) => {
            let it = opened(&desk, desk.shell(), &wrong).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &it))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<PlanPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
