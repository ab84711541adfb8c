//! The page of one audience: its rule by clicking or as text, below it the live result, then its name and what it is for.
//! Every button posts the whole form, so that nothing typed is lost and nothing needs scripts.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::ManageAudiences;
use tsunagari_acts::ActError;
use tsunagari_acts::archive_segment::{archive_segment, take_out_segment};
use tsunagari_acts::keep_segment::{SegmentGiven, keep_segment};
use tsunagari_i18n::Texts;
use tsunagari_kernel::SegmentId;
use tsunagari_people::Purpose;
use tsunagari_rules::Catalogue;

use super::clause_form::{self, Alternatives, SIEVED_FROM, Values};
use super::draft::{Draft, Fault, View};
use super::fact_list::{self, FactList};
use super::marked::Marked;
use super::result::{ResultPart, result};
use crate::office::desk::Desk;
use crate::office::people::form::Typed;
use crate::office::people::words::PeopleWords;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::rule_words::RuleWords;
use crate::sentences::{problem, sentences, unreadable};
use crate::shell::components::{Banner, Choices, ConfirmForm, Crumbs, ErrorSummary, Field, Link};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let manage = Needs::Permission(Code::ManageAudiences);
    routes
        .get("/office/audiences/new", manage, begin)
        .post("/office/audiences/new", manage, press_new)
        .post("/office/audiences/result", manage, fragment)
        .get("/office/audiences/{segment}", manage, show)
        .post("/office/audiences/{segment}", manage, press)
        .post("/office/audiences/{segment}/archive", manage, archive)
        .post("/office/audiences/{segment}/take-out", manage, take_out)
}

#[derive(Template)]
#[template(path = "office/audiences/edit.html")]
struct EditPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    notice: Option<Banner>,
    errors: ErrorSummary,
    version: String,
    clicked: bool,
    everyone: bool,
    nothing: bool,
    boxes: Vec<Alternatives>,
    text: Field,
    facts: FactList,
    marked: Option<Marked>,
    purpose: Choices,
    result: ResultPart,
    name: Field,
    why: Field,
    team: Choices,
    archive: Option<ConfirmForm>,
    exports: Vec<Link>,
}

/// What a request works on.
struct Bench {
    catalogue: Catalogue,
    rule_words: RuleWords,
    words: PeopleWords,
}

/// What is shown beside the draft.
struct Shown {
    title: String,
    version: i64,
    typed: Typed,
    wrong: Vec<(String, String)>,
    notice: Option<Banner>,
    archive: Option<ConfirmForm>,
}

/// The purpose the result is asked for: the chosen one, else the first; none when the reader asks for the rule alone.
fn purpose_of(bench: &Bench, typed: &Typed) -> Option<Purpose> {
    match typed.text("purpose") {
        "-" => None,
        "" => bench.words.purposes.first().map(|it| Purpose::of(it.code.as_str())),
        code => bench.words.purposes.iter().find(|it| it.code == code).map(|it| Purpose::of(it.code.as_str())),
    }
}

impl EditPage {
    fn of(shell: Shell, bench: &Bench, draft: &Draft, shown: Shown, result: ResultPart, fault: Option<&Fault>) -> Self {
        let t = shell.t;
        let wrong = |field: &str| shown.wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone());
        let (at_row, at_text) = match fault {
            Some(Fault::Clause(error)) => (Some(error), None),
            Some(Fault::Text(error)) => (None, Some(Marked::of(&draft.text, error, &bench.rule_words))),
            None => (None, None),
        };
        let example = fact_list::whole(&bench.catalogue);
        let text = Field::area(t, "rule", t.get("audience-text")).value(draft.text.clone()).hint(t.one(
            "audience-text.hint",
            "example",
            example,
        ));
        let mut purpose = Choices::select(t, "purpose", t.get("audience-purpose"));
        for it in &bench.words.purposes {
            purpose = purpose.option(it.code.clone(), bench.words.purpose(&it.code));
        }
        let typed = &shown.typed;
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/audiences", t.get("shell-nav-audiences"))]),
            errors: ErrorSummary::of(t, shown.wrong.clone()),
            version: shown.version.to_string(),
            clicked: draft.view == View::Clicked,
            everyone: draft.everyone,
            nothing: draft.is_empty(),
            boxes: clause_form::boxes(t, &bench.rule_words, &bench.catalogue, &draft.groups, at_row),
            text: text
                .rows(5)
                .error(at_text.as_ref().filter(|_| !draft.text.trim().is_empty()).map(|it| it.said.clone())),
            facts: FactList::of(t, &bench.catalogue, &bench.rule_words),
            marked: at_text.filter(|_| !draft.text.trim().is_empty()),
            purpose: purpose.option("-", t.get("audience-purpose-none")).chosen(typed.text("purpose")),
            result,
            name: Field::text(t, "name", t.get("audience-name"))
                .value(typed.text("name"))
                .required()
                .max(60)
                .error(wrong("name")),
            why: Field::area(t, "why", t.get("audience-why"))
                .value(typed.text("why"))
                .hint(t.get("audience-why.hint"))
                .required()
                .rows(3)
                .max(400)
                .error(wrong("why")),
            team: bench.words.team_choice(typed.text("team")),
            title: shown.title,
            notice: shown.notice,
            archive: shown.archive,
            exports: Vec::new(),
            shell,
        }
    }
}

async fn bench(desk: &Desk) -> Result<(tsunagari_storage::Reader, Bench), AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
    let rule_words = RuleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    let words = PeopleWords::read(&mut reader, desk.t).await.map_err(unreadable)?;
    Ok((reader, Bench { catalogue, rule_words, words }))
}

/// The result of a draft, or why there is none.
async fn counted(
    desk: &Desk,
    reader: &mut tsunagari_storage::Reader,
    bench: &Bench,
    draft: &Draft,
    typed: &Typed,
) -> Result<(ResultPart, Option<Fault>), AppError> {
    match draft.rule(&bench.catalogue) {
        Ok(rule) => {
            let purpose = purpose_of(bench, typed);
            let part = result(desk, reader, &rule, purpose.as_ref(), &bench.rule_words).await.map_err(unreadable)?;
            Ok((part, None))
        }
        Err(fault) => Ok((ResultPart::nothing(desk.t, waits(desk.t, draft)), Some(fault))),
    }
}

fn waits(t: Texts, draft: &Draft) -> String {
    t.get(if draft.is_empty() { "audience-no-condition" } else { "audience-not-yet" })
}

async fn begin(Extension(desk): Extension<Desk>) -> Result<Response, AppError> {
    let (_, bench) = bench(&desk).await?;
    let draft = Draft::begun();
    let result = ResultPart::nothing(desk.t, waits(desk.t, &draft));
    let shown = Shown {
        title: desk.t.get("audience-new"),
        version: 0,
        typed: Typed::default(),
        wrong: Vec::new(),
        notice: None,
        archive: None,
    };
    Ok(page(&EditPage::of(desk.shell(), &bench, &draft, shown, result, None)))
}

fn archiving(shell: &Shell, id: SegmentId) -> ConfirmForm {
    let t = shell.t;
    ConfirmForm::of(shell, format!("/office/audiences/{id}/archive"), t.get("audience-archive"))
        .look("danger")
        .ask(t.get("audience-archive.ask"))
}

async fn show(Extension(desk): Extension<Desk>, Path(segment): Path<String>) -> Result<Response, AppError> {
    let id: SegmentId = segment.parse().map_err(|_| AppError::NotFound)?;
    let (mut reader, bench) = bench(&desk).await?;
    let kept = reader.segment(id).await.map_err(unreadable)?;
    let draft = Draft::of(&kept.rule, &bench.catalogue);
    let typed = Typed::default()
        .with("name", kept.name.clone())
        .with("why", kept.why.clone())
        .with("team", kept.team.map(|team| team.to_string()).unwrap_or_default());
    let (mut result, fault) = counted(&desk, &mut reader, &bench, &draft, &typed).await?;
    drop(reader);
    let purpose = purpose_of(&bench, &typed);
    if desk.may(Code::ViewPeople) && fault.is_none() {
        result = result.linked(id, purpose.as_ref());
    }
    let shell = desk.shell();
    let archive = Some(archiving(&shell, id));
    let shown = Shown { title: kept.name, version: kept.version, typed, wrong: Vec::new(), notice: None, archive };
    let mut view = EditPage::of(shell, &bench, &draft, shown, result, fault.as_ref());
    if desk.may(Code::ExportLists) && fault.is_none() {
        let purpose = purpose.map(|purpose| format!("?purpose={purpose}")).unwrap_or_default();
        view.exports = crate::office::export::links(desk.t, &format!("/office/exports/audiences/{id}{purpose}"));
    }
    Ok(page(&view))
}

async fn press_new(Extension(desk): Extension<Desk>, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    pressed(desk, None, typed).await
}

async fn press(
    Extension(desk): Extension<Desk>,
    Path(segment): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let id: SegmentId = segment.parse().map_err(|_| AppError::NotFound)?;
    pressed(desk, Some(id), typed).await
}

async fn pressed(desk: Desk, id: Option<SegmentId>, typed: Typed) -> Result<Response, AppError> {
    let t = desk.t;
    let (mut reader, bench) = bench(&desk).await?;
    let mut draft = Draft::posted(&typed, &bench.catalogue);
    let seen = match id {
        Some(id) => Some(reader.segment(id).await.map_err(unreadable)?),
        None => None,
    };
    let (mut status, mut wrong, mut notice) = (StatusCode::OK, Vec::new(), None);
    let mut version = typed.number("version");
    if !draft.press(typed.text("do"), &bench.catalogue) {
        // Nothing but SQL may wait while a look is open: the act opens its own.
        drop(reader);
        match keep(&desk, id, version, &draft, &bench, &typed).await {
            Ok(kept) => return Ok(Redirect::to(&format!("/office/audiences?kept={kept}")).into_response()),
            Err(ActError::Refused(reasons)) => {
                (status, wrong) = (StatusCode::UNPROCESSABLE_ENTITY, sentences(t, &reasons));
                // Nothing asked is no mistake in the writing: what it would mean is said, and who means it presses for it.
                for (_, said) in wrong.iter_mut().filter(|(field, _)| field == "rule" && draft.is_empty()) {
                    *said = t.get("audience-empty-rule");
                }
            }
            Err(ActError::Conflict) => {
                status = StatusCode::CONFLICT;
                version = seen.as_ref().map_or(version, |seen| seen.version);
                notice = Some(Banner::of(Tone::Warning, t.get("people-faster")).text(t.get("people-faster.text")));
            }
            Err(other) => return Err(problem(t, other)),
        }
        reader = desk.here().read().await.map_err(unreadable)?;
    }
    let (result, fault) = counted(&desk, &mut reader, &bench, &draft, &typed).await?;
    drop(reader);
    let shell = desk.shell();
    let title = seen.map_or_else(|| t.get("audience-new"), |seen| seen.name);
    let archive = id.map(|id| archiving(&shell, id));
    let fault = fault.filter(|fault| status != StatusCode::OK || is_told(fault, &typed));
    let shown = Shown { title, version, typed, wrong, notice, archive };
    Ok(page_with_status(status, &EditPage::of(shell, &bench, &draft, shown, result, fault.as_ref())))
}

/// Whether a button's answer says what is wrong: of a text always; of rows when they are counted or to become text, but not
/// that a row whose fact has just been chosen has no value yet.
fn is_told(fault: &Fault, typed: &Typed) -> bool {
    let Fault::Clause(wrong) = fault else { return true };
    let row = format!("{}.{}", wrong.group, wrong.clause);
    let chosen_before = typed.text(&format!("{row}.was")) == typed.text(&format!("{row}.fact"));
    match typed.text("do") {
        "refresh" => chosen_before,
        "as-text" => true,
        _ => false,
    }
}

async fn keep(
    desk: &Desk,
    id: Option<SegmentId>,
    version: i64,
    draft: &Draft,
    bench: &Bench,
    typed: &Typed,
) -> Result<SegmentId, ActError> {
    let by = desk.grant::<ManageAudiences>().map_err(|_| ActError::refused("not_permitted"))?;
    let rule = match draft.rule(&bench.catalogue) {
        Ok(rule) => rule.to_string(),
        // The act says so again, together with what else is wrong.
        Err(_) => String::new(),
    };
    let given = SegmentGiven {
        name: typed.text("name").into(),
        why: typed.text("why").into(),
        rule,
        team: typed.text("team").parse().ok(),
    };
    keep_segment(&desk.house, &by, id.map(|id| (id, version)), &given).await
}

async fn fragment(Extension(desk): Extension<Desk>, Posted(typed): Posted<Typed>) -> Result<Response, AppError> {
    let (mut reader, bench) = bench(&desk).await?;
    let draft = Draft::posted(&typed, &bench.catalogue);
    let (result, _) = counted(&desk, &mut reader, &bench, &draft, &typed).await?;
    Ok(page(&result))
}

async fn archive(
    Extension(desk): Extension<Desk>,
    Path(segment): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id: SegmentId = segment.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<ManageAudiences>()?;
    archive_segment(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/audiences?kept=away").into_response())
}

async fn take_out(
    Extension(desk): Extension<Desk>,
    Path(segment): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let id: SegmentId = segment.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<ManageAudiences>()?;
    take_out_segment(&desk.house, &by, id).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to("/office/audiences?kept=out").into_response())
}

impl Sample for EditPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let Ok(catalogue) = Catalogue::of(&[tsunagari_people::facts::FACTS]) else { return Vec::new() };
        let (words, _) = crate::office::people::words::sample(t);
        let bench = Bench {
            catalogue: catalogue.with_codes("purposes", ["news"]),
            rule_words: RuleWords::without_labels(t),
            words,
        };
        let shown = |notice| Shown {
            title: t.get("audience-new"),
            version: 1,
            typed: Typed::default(),
            wrong: Vec::new(),
            notice,
            archive: None,
        };
        let mut all = Vec::new();
        for text in [
            "everyone",
            "life_stage in (university_1, university_2) and (age between 18 and 22 or birth_date >= 2004-04-01) and not reachable(news)",
            "lifestage = high_3",
            "tie(origin) and interest is known and cohort in (2024, 2025)",
            "",
        ] {
            let draft = Draft::of(text, &bench.catalogue);
            let fault = draft.rule(&bench.catalogue).err();
            let result = ResultPart::nothing(t, waits(t, &draft));
            all.push(Self::of(shell.clone(), &bench, &draft, shown(None), result, fault.as_ref()));
        }
        let left = tsunagari_storage::tally::Exclusions {
            people: 55,
            by_reason: vec![(tsunagari_people::ReachReason::NoConsent, 55)],
            other_channel: 0,
        };
        let some =
            vec![super::result::One { card: Link::to("#", "髙橋 花"), stage: String::new(), via: "LINE".into() }];
        let result = ResultPart::of(t, t.get("rule-everyone"), 412, &left, some);
        let notice = Banner::of(Tone::Warning, t.get("people-faster")).text(t.get("people-faster.text"));
        all.push(Self::of(shell, &bench, &Draft::begun(), shown(Some(notice)), result, None));
        all
    }
}

#[cfg(test)]
mod tests;
