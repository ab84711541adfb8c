//! What the organisation counts: its plan, if it has one, and the indicators. It can adopt the plan shipped for it, or begin
//! without one. Leaves the numbers to the page of who is reached.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::adopt_plan::{SchoolOf, SchoolToName, adopt_plan, own_beside, schools_to_name};
use tsunagari_acts::own_figures::{Own, OwnFigures, OwnTarget};
use tsunagari_blueprints::Plan;
use tsunagari_i18n::Texts;
use tsunagari_storage::indicator::KeptIndicator;

use super::{News, Wrong, crumbs, framed, onward, settle, some};
use crate::office::desk::Desk;
use crate::office::plan_notes::plan_notes;
use crate::office::reach::panel::target_words;
use crate::routes::{Needs, Posted, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Crumbs, ErrorSummary};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

const HERE: &str = "/office/settings/plan";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes.get(HERE, needs, show).post(HERE, needs, adopt)
}

struct Counted {
    href: String,
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
    /// Schools of the plan that are called otherwise here.
    schools: Vec<Choices>,
    /// What the organisation set itself and the plan says otherwise, one by one; and what is to become of it.
    own: Vec<String>,
    own_what: Option<Choices>,
}

/// The shipped plan of the organisation, with what has to be asked before it is adopted.
struct Asked<'p> {
    plan: &'p Plan,
    schools: Vec<Choices>,
    own: OwnFigures,
    own_what: Choices,
}

/// What the question of the own figures posts.
const OWN: &str = "own";
const KEPT: &str = "kept";
const REPLACED: &str = "replaced";

fn own_words(t: Texts, own: &OwnFigures) -> Vec<String> {
    let target = |it: &OwnTarget| {
        let plan = it.plan.map_or_else(|| t.get("plan-own-none"), |plan| target_words(t, plan));
        let told = [
            ("year", t.fiscal_year(it.year).into()),
            ("own", target_words(t, it.own).into()),
            ("plan", plan.into()),
            ("indicator", it.indicator.clone().into()),
        ];
        t.with("plan-own-target", &told)
    };
    let denominator = |name: &String| t.one("plan-own-denominator", "name", name.clone());
    own.targets.iter().map(target).chain(own.denominators.iter().map(denominator)).collect()
}

/// What is to become of the own figures. Only who says so loses them, and who has said so need not say it again.
fn own_choices(t: Texts, typed: &Typed) -> Choices {
    Choices::radio(t, OWN, t.get("plan-own-what"))
        .option_with(KEPT, t.get("plan-own-keep"), t.get("plan-own-keep.hint"))
        .option_with(REPLACED, t.get("plan-own-replace"), t.get("plan-own-replace.hint"))
        .chosen(typed.get(OWN).filter(|it| *it == REPLACED).map_or(KEPT, String::as_str))
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
    fn of(shell: Shell, adopted: Option<&Plan>, counted: Vec<Counted>, own: Option<Asked<'_>>, wrong: &Wrong) -> Self {
        let t = shell.t;
        let years = |plan: &Plan| {
            let [first, last] = plan.fiscal_years.map(|year| t.fiscal_year(tsunagari_kernel::FiscalYear(year)));
            t.with("plan-years", &[("first", first.into()), ("last", last.into())])
        };
        let mut offers = Vec::new();
        if let Some(asked) = own.filter(|asked| adopted.is_none_or(|it| it.slug != asked.plan.slug)) {
            offers.push(Offer {
                slug: asked.plan.slug.clone(),
                title: asked.plan.title.clone(),
                text: format!("{} {}", years(asked.plan), t.get("plan-adopt.text")),
                label: t.get("plan-adopt"),
                schools: asked.schools,
                own: own_words(t, &asked.own),
                own_what: (!asked.own.is_empty()).then_some(asked.own_what),
            });
        }
        if counted.is_empty() {
            offers.push(Offer {
                slug: String::new(),
                title: t.get("plan-general"),
                text: t.get("plan-general.text"),
                label: t.get("plan-general.label"),
                schools: Vec::new(),
                own: Vec::new(),
                own_what: None,
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
        let plan = tsunagari_blueprints::plans().ok().and_then(|all| all.into_iter().next());
        let counted = || Counted {
            href: "/office/settings/indicators/x".into(),
            name: "就活期に情報を届けられる学生数".into(),
            definition: "就活期である".into(),
            targets: "令和7年度 1,457人".into(),
        };
        let to_name = SchoolToName { name: "架空高校".into(), known: Vec::new() };
        let target = OwnTarget {
            indicator: "就活期に情報を届けられる学生数".into(),
            year: tsunagari_kernel::FiscalYear(2025),
            own: tsunagari_figures::Target::exactly(30),
            plan: None,
        };
        let own = OwnFigures { targets: vec![target], denominators: vec!["学校に聞いた数".into()] };
        let typed = Typed::from([(OWN.to_owned(), REPLACED.to_owned())]);
        let school = school_choices(shell.t, 0, &to_name, &typed);
        let own_what = own_choices(shell.t, &typed);
        let wrong = Wrong(vec![("plan".into(), shell.t.get("refused-plan-foreign"))]);
        vec![
            Self::of(
                shell.clone(),
                None,
                Vec::new(),
                plan.as_ref().map(|plan| Asked { plan, schools: vec![school], own, own_what }),
                &wrong,
            ),
            Self::of(shell.clone(), None, vec![counted()], None, &Wrong::default()),
            Self::of(shell, plan.as_ref(), vec![counted()], None, &Wrong::default()),
        ]
    }
}

/// What was typed, by field.
type Typed = BTreeMap<String, String>;

/// The answer that adds the school as the plan writes it.
const ADDED: &str = "added";

fn school_field(index: usize) -> String {
    if index == 0 { "school".to_owned() } else { format!("school-{index}") }
}

/// Which of the kept schools the plan's is; nothing is chosen beforehand, because a wrong one counts other people.
fn school_choices(t: Texts, index: usize, it: &SchoolToName, typed: &Typed) -> Choices {
    let field = school_field(index);
    let mut choices = Choices::select(t, &field, t.one("plan-school", "school", it.name.clone()))
        .option("", t.get("plan-school-choose"))
        .hint(t.get("plan-school.hint"));
    for school in &it.known {
        choices = choices.option(school.id.to_string(), school.name.clone());
    }
    choices
        .option(ADDED, t.one("plan-school-added", "school", it.name.clone()))
        .chosen(typed.get(&field).map_or("", String::as_str))
        .required()
}

async fn opened(desk: &Desk, shell: Shell, typed: &Typed, wrong: &Wrong) -> Result<PlanPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let indicators = reader.indicators().await.map_err(unreadable)?;
    let organisation = reader.organisation().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let words = RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let shipped = tsunagari_blueprints::plans().map_err(|_| AppError::broken())?;
    let own = match shipped.iter().find(|plan| plan.organisation == organisation.code) {
        Some(plan) => {
            let to_name = schools_to_name(&mut reader, plan).await.map_err(|error| desk.problem(error))?;
            let choices = |(index, it): (usize, &SchoolToName)| {
                school_choices(desk.t, index, it, typed).error(wrong.at(&school_field(index)))
            };
            let schools = to_name.iter().enumerate().map(choices).collect();
            let own = own_beside(&mut reader, plan).await.map_err(|error| desk.problem(error))?;
            Some(Asked { plan, schools, own, own_what: own_choices(desk.t, typed) })
        }
        None => None,
    };
    drop(reader);
    let counted = |it: &KeptIndicator| {
        let href = super::indicator::href(it.id);
        let it = &it.definition;
        let target = |year: &tsunagari_kernel::FiscalYear| {
            it.target(*year).map(|target| format!("{} {}", desk.t.fiscal_year(*year), target_words(desk.t, target)))
        };
        Counted {
            href,
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
        own,
        wrong,
    ))
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let shell = framed(&desk, &news);
    Ok(page(&opened(&desk, shell, &Typed::new(), &Wrong::default()).await?))
}

/// What was said of each school that had to be found; nothing for one that was not.
async fn chosen_schools(desk: &Desk, slug: &str, typed: &Typed) -> Result<BTreeMap<String, SchoolOf>, AppError> {
    let Some(Ok(plan)) = tsunagari_blueprints::plan_by_slug(slug) else { return Ok(BTreeMap::new()) };
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let to_name = schools_to_name(&mut reader, &plan).await.map_err(|error| desk.problem(error))?;
    let said = |(index, it): (usize, SchoolToName)| {
        let said = match typed.get(&school_field(index)).map(String::as_str) {
            Some(ADDED) => Some(SchoolOf::Added),
            Some(id) => it.known.iter().find(|school| school.id.to_string() == id).map(|it| SchoolOf::Kept(it.id)),
            None => None,
        };
        said.map(|said| (it.name, said))
    };
    Ok(to_name.into_iter().enumerate().filter_map(said).collect())
}

async fn adopt(Extension(desk): Extension<Desk>, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let slug = typed.get("plan").and_then(|slug| some(slug));
    let schools = chosen_schools(&desk, slug.as_deref().unwrap_or_default(), &typed).await?;
    // Only who says so loses what the office set itself, also when it set it while this page stood open.
    let own = if typed.get(OWN).is_some_and(|said| said == REPLACED) { Own::Replaced } else { Own::Kept };
    match settle(&desk, adopt_plan(&desk.house, &by, slug.as_deref(), &schools, own).await)? {
        Ok(_) => Ok(onward("/office/settings/plan?done=saved")),
        Err(wrong) => {
            let it = opened(&desk, desk.shell(), &typed, &wrong).await?;
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &it))
        }
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn what_is_to_become_of_the_own_figures_stays_as_it_was_said() {
        let chosen = |said: &[(&str, &str)]| {
            let typed = said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let html = own_choices(Texts::of(Locale::Ja), &typed).to_string();
            let checked: Vec<&str> = html.split("<input").filter(|it| it.contains(" checked")).collect();
            assert_eq!(checked.len(), 1, "{html}");
            checked[0].split("value=\"").nth(1).and_then(|it| it.split('"').next()).unwrap().to_owned()
        };
        assert_eq!(chosen(&[]), KEPT);
        assert_eq!(chosen(&[(OWN, KEPT)]), KEPT);
        assert_eq!(chosen(&[(OWN, REPLACED), ("school", "")]), REPLACED, "another answer was missing");
        assert_eq!(chosen(&[(OWN, "else")]), KEPT);
    }

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<PlanPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
