//! Merging two entries: the other one is found, both are shown side by side with what will move and what to look at, and
//! one is chosen to stay. Taking a merge back.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::MergePeople;
use tsunagari_acts::merge_persons::merge_persons;
use tsunagari_acts::unmerge_persons::unmerge_persons;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{MergeId, PersonId};
use tsunagari_people::merge::MergePlan;
use tsunagari_people::{PersonRecord, SchoolKind};
use tsunagari_storage::person_list::PeopleFilter;

use super::card::crumbs;
use super::words::{PeopleWords, card_href, coded, name, place};
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Banner, ConfirmForm, Crumbs, Field, FieldKind, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let merge = Needs::Permission(Code::MergePeople);
    routes.get("/office/people/{person}/merge", merge, show).post("/office/people/{person}/merge", merge, carry).post(
        "/office/people/merges/{merge}/undo",
        merge,
        undo,
    )
}

/// One line of both entries side by side.
struct Beside {
    what: String,
    one: String,
    other: String,
    differs: bool,
}

/// The comparison of two entries.
struct Compared {
    names: [String; 2],
    lines: Vec<Beside>,
    warnings: Vec<Banner>,
    keep: Vec<ConfirmForm>,
    apart: ConfirmForm,
}

#[derive(Template)]
#[template(path = "office/people/merge.html")]
struct MergePage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    search: Field,
    found: Vec<Link>,
    compared: Option<Compared>,
}

fn told(words: &PeopleWords, it: &PersonRecord) -> Vec<(String, String)> {
    let t = words.t;
    let it = &it.clone().shown();
    let list = |all: Vec<String>| all.join("・");
    let schools =
        it.enrolments.iter().map(|stay| format!("{} {}", stay.school_name, t.fiscal_year_short(stay.end_fy))).collect();
    let places = it.residences.iter().map(|stay| place(t, &stay.place)).collect();
    let does = it.occupations.iter().map(|it| coded(t, "occupation", it.kind.code())).collect();
    let points = it.contact_points.iter().map(|point| coded(t, "contact-kind", point.kind.code())).collect();
    let consents = it.consents.iter().map(|consent| words.purpose(consent.purpose.code())).collect();
    let ties = it.ties.iter().map(|tie| coded(t, "tie", tie.kind.code())).collect();
    vec![
        (t.get("people-name"), it.person.name()),
        (t.get("people-kana"), it.person.kana()),
        (t.get("people-birth-date"), it.person.birth_date.map(|day| t.date(day)).unwrap_or_default()),
        (t.get("people-ties"), list(ties)),
        (t.get("people-enrolments"), list(schools)),
        (t.get("people-occupations"), list(does)),
        (t.get("people-residences"), list(places)),
        (t.get("people-contacts"), list(points)),
        (t.get("people-consents"), list(consents)),
        (t.get("people-entered"), t.date(it.person.created_at.jst_date())),
    ]
}

/// An entry told apart from another of the same name: since when it is there, and of which school.
fn which(words: &PeopleWords, it: &PersonRecord) -> String {
    let t = words.t;
    let day = t.date_short(it.person.created_at.jst_date());
    let school = it.enrolments.iter().find(|stay| stay.kind == SchoolKind::HighSchool).map(|stay| &stay.school_name);
    let args = [
        ("name", it.person.name().into()),
        ("day", day.into()),
        ("school", school.cloned().unwrap_or_else(|| t.get("people-merge-no-school")).into()),
    ];
    t.with("people-merge-which", &args)
}

fn warnings(t: Texts, one: &PersonRecord, other: &PersonRecord) -> Vec<Banner> {
    match MergePlan::of(one, other) {
        Ok(plan) => {
            plan.warnings.iter().map(|it| Banner::of(Tone::Warning, t.get(it.code().replace('_', "-")))).collect()
        }
        Err(refused) => vec![Banner::of(Tone::Error, t.get(refused.code().replace('_', "-")))],
    }
}

fn compared(shell: &Shell, words: &PeopleWords, one: &PersonRecord, other: &PersonRecord) -> Compared {
    let t = words.t;
    let lines = told(words, one).into_iter().zip(told(words, other)).map(|((what, one), (_, other))| Beside {
        differs: one != other,
        what,
        one,
        other,
    });
    let action = format!("{}/merge", card_href(one.person.id));
    let keep = |stays: &PersonRecord, goes: &PersonRecord, key: &str| {
        ConfirmForm::of(shell, action.clone(), t.get(key))
            .look("solid")
            .ask(t.two("people-merge.ask", "kept", which(words, stays), "gone", which(words, goes)))
            .field("kept", stays.person.id.to_string())
            .field("gone", goes.person.id.to_string())
    };
    let possible = MergePlan::of(one, other).is_ok();
    Compared {
        names: [name(t, &one.person), name(t, &other.person)],
        lines: lines.collect(),
        warnings: warnings(t, one, other),
        keep: if possible {
            vec![keep(one, other, "people-merge-keep-left"), keep(other, one, "people-merge-keep-right")]
        } else {
            Vec::new()
        },
        apart: ConfirmForm::of(shell, "/office/people/duplicates/dismiss", t.get("people-not-same"))
            .field("one", one.person.id.to_string())
            .field("other", other.person.id.to_string()),
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    with: String,
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, AppError> {
    let id: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let one = reader.person_record(id).await.map_err(unreadable)?;
    let other = match asked.with.parse::<PersonId>() {
        Ok(with) => Some(reader.person_record(with).await.map_err(unreadable)?),
        Err(_) => None,
    };
    let mut found = Vec::new();
    if other.is_none() {
        let text = if asked.q.trim().is_empty() { one.person.name() } else { asked.q.trim().to_owned() };
        let filter = PeopleFilter { text: Some(text), ..PeopleFilter::default() };
        for line in
            reader.people_page(&filter, None, 20).await.map_err(unreadable)?.into_iter().filter(|line| line.id != id)
        {
            let birth = line.birth_date.map(|day| desk.t.date(day)).unwrap_or_default();
            let label = format!(
                "{} {}（{} {}） {birth} {}",
                line.family,
                line.given,
                line.family_kana,
                line.given_kana,
                words.school(line.school)
            );
            found.push(Link::to(format!("{}/merge?with={}", card_href(id), line.id), label));
        }
    }
    drop(reader);
    Ok(page(&MergePage::of(desk.shell(), &words, &one, other.as_ref(), &asked.q, found)))
}

impl MergePage {
    fn of(
        shell: Shell,
        words: &PeopleWords,
        one: &PersonRecord,
        other: Option<&PersonRecord>,
        q: &str,
        found: Vec<Link>,
    ) -> Self {
        let t = shell.t;
        Self {
            crumbs: crumbs(t, Some((one.person.id, name(t, &one.person)))),
            title: t.get("people-merge"),
            search: Field::of(FieldKind::Search, t, "q", t.get("people-search")).value(q),
            found,
            compared: other.map(|other| compared(&shell, words, one, other)),
            shell,
        }
    }
}

#[derive(Deserialize)]
struct Chosen {
    kept: String,
    gone: String,
}

async fn carry(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(chosen): Posted<Chosen>,
) -> Result<Response, AppError> {
    let kept: PersonId = chosen.kept.parse().map_err(|_| AppError::NotFound)?;
    let gone: PersonId = chosen.gone.parse().map_err(|_| AppError::NotFound)?;
    // The page was one of the two's: a form for others under it was not made by us.
    let person: PersonId = person.parse().map_err(|_| AppError::NotFound)?;
    if person != kept && person != gone {
        return Err(AppError::NotFound);
    }
    let by = desk.grant::<MergePeople>()?;
    merge_persons(&desk.house, &by, kept, gone).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?done=merged", card_href(kept))).into_response())
}

async fn undo(
    Extension(desk): Extension<Desk>,
    Path(merge): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id: MergeId = merge.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<MergePeople>()?;
    let apart = unmerge_persons(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    // Where the button was; what is there again is a link away.
    Ok(Redirect::to(&format!("{}?apart={}", card_href(apart.kept), apart.back)).into_response())
}

impl Sample for MergePage {
    fn samples(shell: Shell) -> Vec<Self> {
        let (words, mut record) = super::words::sample(shell.t);
        record.person.merged_into = None;
        let mut other = PersonRecord::of(record.person.clone());
        other.person.id = PersonId(uuid::Uuid::from_u128(2));
        other.person.birth_date = other.person.birth_date.and_then(|day| day.succ_opt());
        other.enrolments.extend(record.enrolments.first().cloned().map(|mut it| {
            it.kind = SchoolKind::HighSchool;
            it
        }));
        let found = vec![Link::to("#", "髙橋 花")];
        vec![
            Self::of(shell.clone(), &words, &record, None, "", Vec::new()),
            Self::of(shell.clone(), &words, &record, None, "高橋", found),
            Self::of(shell.clone(), &words, &record, Some(&record), "", Vec::new()),
            Self::of(shell, &words, &record, Some(&other), "", Vec::new()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<MergePage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
