//! What an indicator is measured against: its targets by fiscal year, and the way to each of its denominators. Leaves a
//! denominator to `denominator`, and the indicator itself to the plan.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_acts::keep_indicator::keep_targets;
use tsunagari_figures::{Basis, Bound, Denominator, Indicator, Target};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, IndicatorId};
use tsunagari_storage::indicator::KeptIndicator;

use super::paper::{Paper, Part};
use super::{News, Wrong, framed, onward, people_number, settle};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Field, FieldKind, Link};
use crate::shell::{AppError, Shell, page, page_with_status};

/// More people than any of this is about.
const MOST: i64 = 9_999_999;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    let here = "/office/settings/indicators/{indicator}";
    routes.get(here, needs, show).post(here, needs, keep)
}

/// The page of an indicator.
pub(super) fn href(indicator: IndicatorId) -> String {
    format!("/office/settings/indicators/{indicator}")
}

/// What was typed, by field.
pub(super) type Typed = BTreeMap<String, String>;

/// The field of a year.
pub(super) fn of_year(part: &str, year: FiscalYear) -> String {
    format!("{part}-{}", year.0)
}

/// People as typed: nothing where the field is empty, a sentence where it is no number from `least` on.
pub(super) fn people(t: Texts, typed: &Typed, field: &str, least: i64, wrong: &mut Wrong) -> Option<u64> {
    let text = typed.get(field).map(|text| text.trim()).filter(|text| !text.is_empty())?;
    let found = people_number(t, text).filter(|n| (least..=MOST).contains(n)).and_then(|n| u64::try_from(n).ok());
    if found.is_none() {
        wrong.unread(t, field, "settings-people-unread");
    }
    found
}

/// The years that can be set: the plan's, every one that has something, this one and the next.
pub(super) fn years(definition: &Indicator, plan: Option<&str>, today: chrono::NaiveDate) -> Vec<FiscalYear> {
    let this = FiscalYear::of(today);
    let mut named = vec![this, this.plus(1)];
    named.extend(definition.targets.keys());
    for it in &definition.denominators {
        if let Basis::Stated(years) = &it.basis {
            named.extend(years.keys());
        }
    }
    if let Some(Ok(plan)) = plan.and_then(tsunagari_blueprints::plan_by_slug) {
        named.extend(plan.fiscal_years.map(FiscalYear));
    }
    let (first, last) = (named.iter().min().copied().unwrap_or(this), named.iter().max().copied().unwrap_or(this));
    (first.0..=last.0).map(FiscalYear).collect()
}

/// An indicator with the years that can be set.
pub(super) async fn opened(desk: &Desk, indicator: &str) -> Result<(KeptIndicator, Vec<FiscalYear>), AppError> {
    let id: IndicatorId = indicator.parse().map_err(|_| AppError::NotFound)?;
    let kept = desk.here().read().await.map_err(unreadable)?.indicator(id).await.map_err(unreadable)?;
    let years = years(&kept.definition, desk.org.plan_slug.as_deref(), desk.house.clock.today());
    Ok((kept, years))
}

/// The usual one first: it is what a year without a target begins with.
const BOUNDS: [(&str, Bound); 3] =
    [("at-least", Bound::AtLeast), ("exactly", Bound::Exactly), ("at-most", Bound::AtMost)];

fn typed_of(definition: &Indicator) -> Typed {
    let target = |(year, target): (&FiscalYear, &Target)| {
        let bound = BOUNDS.iter().find(|(_, bound)| *bound == target.bound).map_or("", |(code, _)| code);
        [(of_year("target", *year), target.people.to_string()), (of_year("bound", *year), bound.to_owned())]
    };
    definition.targets.iter().flat_map(target).collect()
}

fn form(shell: Shell, kept: &KeptIndicator, years: &[FiscalYear], typed: &Typed, wrong: &Wrong) -> Paper {
    let (t, base) = (shell.t, href(kept.id));
    let said = |field: &str| typed.get(field).map_or("", String::as_str);
    let way = [("/office/settings/plan", "settings-plan")];
    let mut paper = Paper::of(shell, "settings-indicator", &way, &base, wrong).titled(kept.definition.name.clone());
    for year in years {
        let (target, bound) = (of_year("target", *year), of_year("bound", *year));
        let bounds =
            BOUNDS.iter().fold(Choices::select(t, &bound, t.get("settings-indicator-bound")), |all, (code, _)| {
                all.option(*code, t.get(format!("reach-bound-{code}")))
            });
        let people = Field::of(FieldKind::Number, t, &target, t.get("settings-indicator-target"));
        let cells =
            vec![people.value(said(&target)).error(wrong.at(&target)).into(), bounds.chosen(said(&bound)).into()];
        paper = paper.part(Part::Group(t.fiscal_year(*year), cells));
    }
    let open = |it: &Denominator| Link::to(format!("{base}/denominators/{}", it.slug), it.name.clone());
    let mut links: Vec<Link> = kept.definition.denominators.iter().map(open).collect();
    let new = format!("{base}/denominators/{}", super::denominator::NEW);
    links.push(Link::to(new, t.get("settings-denominator-add")));
    paper.below(t.get("settings-denominator"), links)
}

fn read(t: Texts, years: &[FiscalYear], typed: &Typed, wrong: &mut Wrong) -> BTreeMap<FiscalYear, Option<Target>> {
    let mut targets = BTreeMap::new();
    for year in years.iter().filter(|year| typed.contains_key(&of_year("target", **year))) {
        let people = people(t, typed, &of_year("target", *year), 0, wrong);
        let said = typed.get(&of_year("bound", *year)).map_or("", String::as_str);
        let bound = BOUNDS.iter().find(|(code, _)| *code == said).map_or(Bound::AtLeast, |(_, bound)| *bound);
        targets.insert(*year, people.map(|people| Target { people, bound }));
    }
    targets
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(indicator): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let (kept, years) = opened(&desk, &indicator).await?;
    let typed = typed_of(&kept.definition);
    Ok(page(&form(framed(&desk, &news), &kept, &years, &typed, &Wrong::default())))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(indicator): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let (kept, years) = opened(&desk, &indicator).await?;
    let mut wrong = Wrong::default();
    let targets = read(desk.t, &years, &typed, &mut wrong);
    if wrong.none() {
        match settle(&desk, keep_targets(&desk.house, &desk.grant()?, kept.id, &targets).await)? {
            Ok(()) => return Ok(onward(&format!("{}?done=saved", href(kept.id)))),
            Err(refused) => wrong = refused,
        }
    }
    let form = form(desk.shell(), &kept, &years, &typed, &wrong);
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// An invented indicator for the samples.
#[cfg(test)]
pub(super) fn sample() -> KeptIndicator {
    KeptIndicator {
        id: IndicatorId(uuid::Uuid::nil()),
        purpose: "info".into(),
        definition: Indicator {
            slug: "reachable-students".into(),
            name: "就活期に情報を届けられる学生数".into(),
            unit: "人".into(),
            numerator: "reachable(info)".into(),
            denominators: vec![tsunagari_figures::Denominator {
                slug: "plan".into(),
                name: "計画の対象者".into(),
                basis: Basis::Rule("cohort_age between 0 and 3".into()),
            }],
            targets: BTreeMap::from([(FiscalYear(2025), Target { people: 30, bound: Bound::AtLeast })]),
        },
        position: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::sample::{faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        let forms = faults_of(office_shell, |shell| {
            let (kept, years) = (sample(), [FiscalYear(2025), FiscalYear(2026)]);
            let wrong = Wrong(vec![("target-2025".into(), "?".into())]);
            vec![form(shell, &kept, &years, &typed_of(&kept.definition), &wrong)]
        });
        assert_eq!(forms, Vec::<String>::new());
    }

    #[test]
    fn a_year_left_empty_is_blank_and_a_word_is_no_number() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let typed = |pairs: &[(&str, &str)]| -> Typed {
            pairs.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect()
        };
        let (years, mut wrong) = ([FiscalYear(2024), FiscalYear(2025)], Wrong::default());
        let given = typed(&[("target-2024", ""), ("target-2025", "３０"), ("bound-2025", "at-least")]);
        let read_targets = read(t, &years, &given, &mut wrong);
        let thirty = Target { people: 30, bound: Bound::AtLeast };
        assert_eq!(read_targets, BTreeMap::from([(years[0], None), (years[1], Some(thirty))]));
        assert!(wrong.none());
        read(t, &years, &typed(&[("target-2024", "たくさん"), ("target-2025", "-1")]), &mut wrong);
        assert_eq!(wrong.0.len(), 2);
    }
}
