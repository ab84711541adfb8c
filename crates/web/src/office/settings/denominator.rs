//! One denominator of an indicator: its name, and either the people of each fiscal year with where the number comes from, or a
//! rule. What is published keeps the one it was frozen with. Leaves targets to `indicator`.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::keep_indicator::{DenominatorGiven, keep_denominator, remove_denominator};
use tsunagari_figures::{Basis, Denominator, Population, Provenance};
use tsunagari_i18n::Texts;
use tsunagari_kernel::FiscalYear;
use tsunagari_storage::indicator::KeptIndicator;

use super::denominator_rule::RuleDesk;
use super::indicator::{Typed, href, of_year, opened, people};
use super::paper::{Paper, Part};
use super::{Wrong, onward, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::shell::components::{Choices, ConfirmForm, Field, FieldKind};
use crate::shell::{AppError, Shell, page, page_with_status};

/// The name in the address that means a new one.
pub(super) const NEW: &str = "new";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    let here = "/office/settings/indicators/{indicator}/denominators/{denominator}";
    routes.get(here, needs, edit).post(here, needs, keep).post(
        "/office/settings/indicators/{indicator}/denominators/{denominator}/remove",
        needs,
        remove,
    )
}

const PROVENANCES: [(&str, Provenance); 3] =
    [("stated", Provenance::Stated), ("derived", Provenance::Derived), ("inferred", Provenance::Inferred)];

fn typed_of(it: Option<&Denominator>) -> Typed {
    let mut typed = Typed::new();
    let mut say = |field: String, value: String| typed.insert(field, value);
    say("name".into(), it.map(|it| it.name.clone()).unwrap_or_default());
    match it.map(|it| &it.basis) {
        None => {
            say("kind".into(), "stated".into());
        }
        Some(Basis::Rule(text)) => {
            say("kind".into(), "rule".into());
            say("rule".into(), text.clone());
        }
        Some(Basis::Stated(years)) => {
            say("kind".into(), "stated".into());
            for (year, population) in years {
                let found = PROVENANCES.iter().find(|(_, it)| *it == population.provenance);
                say(of_year("people", *year), population.people.to_string());
                say(of_year("source", *year), population.source.clone());
                say(of_year("provenance", *year), found.map_or("", |(code, _)| code).to_owned());
            }
        }
    }
    typed
}

fn read(t: Texts, years: &[FiscalYear], typed: &Typed, wrong: &mut Wrong) -> DenominatorGiven {
    let said = |field: &str| typed.get(field).map_or("", |text| text.trim());
    let name = said("name").to_owned();
    if said("kind") == "rule" {
        return DenominatorGiven { name, basis: Basis::Rule(said("rule").to_owned()) };
    }
    let mut stated = BTreeMap::new();
    for year in years {
        let field = of_year("source", *year);
        let Some(people) = people(t, typed, &of_year("people", *year), 1, wrong) else { continue };
        if said(&field).is_empty() {
            wrong.unread(t, &field, "refused-field-empty");
        }
        let code = said(&of_year("provenance", *year)).to_owned();
        let provenance = PROVENANCES.iter().find(|(it, _)| *it == code).map_or(Provenance::Stated, |(_, it)| *it);
        stated.insert(*year, Population { people, provenance, source: said(&field).to_owned() });
    }
    DenominatorGiven { name, basis: Basis::Stated(stated) }
}

fn form(
    shell: Shell,
    kept: &KeptIndicator,
    slug: Option<&str>,
    years: &[FiscalYear],
    (typed, wrong): (&Typed, &Wrong),
    rules: &RuleDesk,
) -> Paper {
    let t = shell.t;
    let base = format!("{}/denominators/{}", href(kept.id), slug.unwrap_or(NEW));
    let said = |field: &str| typed.get(field).map_or("", String::as_str);
    let above = href(kept.id);
    let way = [("/office/settings/plan", "settings-plan"), (above.as_str(), "settings-indicator")];
    let kinds = Choices::radio(t, "kind", t.get("settings-denominator-kind"))
        .option_with("stated", t.get("settings-denominator-stated"), t.get("settings-denominator-stated.hint"))
        .option_with("rule", t.get("settings-denominator-rule"), t.get("settings-denominator-rule.hint"))
        .chosen(said("kind"));
    let name = Field::text(t, "name", t.get("settings-denominator-name")).value(said("name")).max(60).required();
    let remove = slug.map(|_| {
        ConfirmForm::of(&shell, format!("{base}/remove"), t.get("settings-denominator-remove"))
            .look("danger")
            .ask(t.get("settings-denominator-remove.ask"))
    });
    let mut paper = Paper::of(shell, "settings-denominator", &way, &base, wrong)
        .part(name.error(wrong.at("name")))
        .part(kinds)
        .part(Part::Heading(t.get("settings-denominator-rule")));
    for part in rules.parts(t, typed, wrong) {
        paper = paper.part(part);
    }
    paper = paper.part(Part::Heading(t.get("settings-denominator-years")));
    if let Some(missing) = wrong.at("people") {
        paper = paper.part(Part::Note(missing));
    }
    for year in years {
        let [people, source, provenance] = ["people", "source", "provenance"].map(|part| of_year(part, *year));
        let number = Field::of(FieldKind::Number, t, &people, t.get("settings-denominator-people"));
        let words = Field::text(t, &source, t.get("settings-denominator-source")).max(200);
        let from = PROVENANCES
            .iter()
            .fold(Choices::select(t, &provenance, t.get("settings-denominator-provenance")), |all, (code, _)| {
                all.option(*code, t.get(format!("reach-provenance-{code}")))
            });
        let cells = vec![
            number.value(said(&people)).error(wrong.at(&people)).into(),
            from.chosen(said(&provenance)).into(),
            words.value(said(&source)).error(wrong.at(&source)).into(),
        ];
        paper = paper.part(Part::Group(t.fiscal_year(*year), cells));
    }
    match remove {
        Some(remove) => paper.after(t.get("settings-denominator-remove.text"), remove),
        None => paper,
    }
}

/// The denominator of an address; none is a new one.
fn named<'k>(kept: &'k KeptIndicator, denominator: &str) -> Result<Option<&'k Denominator>, AppError> {
    if denominator == NEW {
        return Ok(None);
    }
    let found = kept.definition.denominators.iter().find(|it| it.slug == denominator);
    found.map(Some).ok_or(AppError::NotFound)
}

async fn edit(
    Extension(desk): Extension<Desk>,
    Path((indicator, denominator)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (kept, years) = opened(&desk, &indicator).await?;
    let it = named(&kept, &denominator)?;
    let slug = it.map(|it| it.slug.as_str());
    let mut typed = typed_of(it);
    let (rules, _) = RuleDesk::open(&desk, &mut typed).await?;
    Ok(page(&form(desk.shell(), &kept, slug, &years, (&typed, &Wrong::default()), &rules)))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path((indicator, denominator)): Path<(String, String)>,
    Posted(mut typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let (kept, years) = opened(&desk, &indicator).await?;
    let slug = named(&kept, &denominator)?.map(|it| it.slug.as_str());
    let (rules, pressed) = RuleDesk::open(&desk, &mut typed).await?;
    let mut wrong = Wrong::default();
    if pressed {
        rules.judge(&typed, &mut wrong);
        return Ok(page(&form(desk.shell(), &kept, slug, &years, (&typed, &wrong), &rules)));
    }
    let given = read(desk.t, &years, &typed, &mut wrong);
    rules.judge(&typed, &mut wrong);
    if wrong.none() {
        let done = keep_denominator(&desk.house, &desk.grant()?, kept.id, slug, &given).await;
        match settle(&desk, done)? {
            Ok(()) => return Ok(onward(&format!("{}?done=saved", href(kept.id)))),
            Err(refused) => wrong = refused,
        }
    }
    let form = form(desk.shell(), &kept, slug, &years, (&typed, &wrong), &rules);
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form))
}

async fn remove(
    Extension(desk): Extension<Desk>,
    Path((indicator, denominator)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (kept, _) = opened(&desk, &indicator).await?;
    let done = remove_denominator(&desk.house, &desk.grant()?, kept.id, &denominator).await;
    done.map_err(|error| desk.problem(error))?;
    Ok(onward(&format!("{}?done=removed", href(kept.id))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        let forms = faults_of(office_shell, |shell| {
            let (kept, years) = (super::super::indicator::sample(), [FiscalYear(2025)]);
            let (first, wrong) = (kept.definition.denominators.first(), Wrong(vec![("people".into(), "?".into())]));
            let rules = RuleDesk::sample(shell.t);
            vec![
                form(shell.clone(), &kept, None, &years, (&typed_of(None), &wrong), &rules),
                form(shell, &kept, Some("plan"), &years, (&typed_of(first), &Wrong::default()), &rules),
            ]
        });
        assert_eq!(forms, Vec::<String>::new());
    }

    #[test]
    fn a_year_without_a_source_is_told_and_an_empty_one_is_blank() {
        let (t, years) = (Texts::of(tsunagari_i18n::Locale::Ja), [FiscalYear(2024), FiscalYear(2025)]);
        let mut typed = typed_of(None);
        typed.extend([("people-2025".to_owned(), "1,457".to_owned()), ("people-2024".to_owned(), String::new())]);
        let mut wrong = Wrong::default();
        read(t, &years, &typed, &mut wrong);
        assert!(wrong.at("source-2025").is_some() && wrong.0.len() == 1);
        typed.insert("source-2025".into(), "学校基本調査".into());
        let mut wrong = Wrong::default();
        let Basis::Stated(stated) = read(t, &years, &typed, &mut wrong).basis else { panic!("stated") };
        assert!(wrong.none());
        assert_eq!(stated.get(&years[1]).map(|it| it.people), Some(1457));
        assert_eq!(stated.get(&years[0]), None);
    }
}
