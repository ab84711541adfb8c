//! Beginning a tie, ending one with the reason, and taking such an end back. Before the last one ends, a page says what
//! follows and asks.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use chrono::NaiveDate;
use tsunagari_access::Code;
use tsunagari_access::permission::{EditPeople, EndTies};
use tsunagari_acts::ActError;
use tsunagari_acts::begin_tie::begin_tie;
use tsunagari_acts::end_tie::{end_tie, last_day};
use tsunagari_acts::take_back_tie_end::take_back_tie_end;
use tsunagari_kernel::TieId;
use tsunagari_people::{Person, PersonRecord, Tie, TieEnd, TieKind};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, record, telling_odd_days};
use super::words::{coded, days, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::shell::components::{Banner, Choices, Field};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/office/people/{person}/ties/add", Needs::Permission(Code::EditPeople), show_begin)
        .post("/office/people/{person}/ties/add", Needs::Permission(Code::EditPeople), begin)
        .get("/office/people/{person}/ties/{tie}/end", Needs::Permission(Code::EndTies), show_end)
        .post("/office/people/{person}/ties/{tie}/end", Needs::Permission(Code::EndTies), end)
        .get("/office/people/{person}/ties/{tie}/go-on", Needs::Permission(Code::EndTies), show_go_on)
        .post("/office/people/{person}/ties/{tie}/go-on", Needs::Permission(Code::EndTies), go_on)
}

/// The ends an office may give; leaving is the person's own.
const ENDS: [TieEnd; 4] = [TieEnd::AsAsked, TieEnd::EndedByOffice, TieEnd::Mistake, TieEnd::Deceased];

fn begin_form(shell: Shell, person: &Person, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let mut kind = Choices::radio(t, "kind", t.get("people-kind")).required();
    for it in TieKind::ALL {
        kind = kind.option(it.code(), coded(t, "tie", it.code()));
    }
    let parts = vec![
        Part::Choices(kind.chosen(typed.text("kind")).error(wrong.at("kind"))),
        Part::Field(
            Field::text(t, "from", t.get("people-from"))
                .value(typed.text("from"))
                .hint(t.get("people-from.hint"))
                .error(wrong.at("from")),
        ),
    ];
    FormPage::about(shell, person, t.get("people-tie-add"), parts)
}

fn end_form(shell: Shell, record: &PersonRecord, tie: &Tie, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let mut why = Choices::radio(t, "why", t.get("people-ended-why")).required();
    for it in ENDS {
        why = why.option(it.code(), coded(t, "tie-end", it.code()));
    }
    let parts = vec![
        Part::Choices(why.chosen(typed.text("why")).error(wrong.at("why"))),
        Part::Field(
            Field::text(t, "on", t.get("people-last-day"))
                .value(typed.text("on"))
                .hint(t.get("people-last-day.hint"))
                .error(wrong.at("on")),
        ),
    ];
    let person = &record.person;
    let mut page = FormPage::about(shell, person, t.get("people-tie-end"), parts);
    let told = t.two("people-tie-told", "kind", coded(t, "tie", tie.kind.code()), "days", days(t, tie.span));
    let mut banner = Banner::of(Tone::Info, told);
    if is_last(record, tie) {
        banner = banner.text(t.get("people-tie-last"));
    }
    page.notice = Some(banner);
    page.button = t.get("people-tie-end");
    page
}

/// Whether no other tie goes on.
fn is_last(record: &PersonRecord, tie: &Tie) -> bool {
    tie.span.until.is_none() && record.ties.iter().filter(|it| it.span.until.is_none()).count() == 1
}

/// A page with one question about a tie: yes by the button, no by the way back.
fn question(shell: Shell, person: &Person, button: String, told: Banner) -> FormPage {
    let mut page = FormPage::about(shell, person, button.clone(), Vec::new());
    page.notice = Some(told);
    page.button = button;
    page
}

/// The question before the last tie ends, with the day and the reason that were chosen.
fn sure_form(shell: Shell, person: &Person, typed: &Typed, day: NaiveDate, why: TieEnd) -> FormPage {
    let t = shell.t;
    let chosen = t.two("people-tie-sure", "day", t.date(day), "why", coded(t, "tie-end", why.code()));
    let told = Banner::of(Tone::Warning, chosen).text(t.get("people-tie-sure.text"));
    question(shell, person, t.get("people-tie-end"), told)
        .hidden("why", typed.text("why"))
        .hidden("on", typed.text("on"))
        .hidden("sure", "yes")
}

/// The question before a tie goes on after all.
fn go_on_form(shell: Shell, person: &Person, tie: &Tie) -> FormPage {
    let t = shell.t;
    let told = t.two("people-tie-told", "kind", coded(t, "tie", tie.kind.code()), "days", days(t, tie.span));
    let told = Banner::of(Tone::Info, told).text(t.get("people-tie-go-on.text"));
    question(shell, person, t.get("people-tie-go-on"), told)
}

fn tie_of(record: &PersonRecord, tie: &str) -> Result<Tie, AppError> {
    let id: TieId = tie.parse().map_err(|_| AppError::NotFound)?;
    record.ties.iter().find(|it| it.id == id).cloned().ok_or(AppError::NotFound)
}

async fn show_begin(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    Ok(page(&begin_form(desk.shell(), &it.person, &Typed::default(), &Wrong::default())))
}

async fn begin(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let kept = match typed.text("kind").parse::<TieKind>() {
        Ok(kind) => begin_tie(&desk.house, &by, it.person.id, kind, typed.text("from")).await,
        Err(_) => Err(ActError::refused_at("kind", "choose_one")),
    };
    let how = ended(desk.t, kept, |_| telling_odd_days(&saved_href(it.person.id, "ties"), &typed, &["from"]))?;
    Ok(answer(desk.t, how, |wrong| begin_form(desk.shell(), &it.person, &typed, wrong)))
}

async fn show_end(
    Extension(desk): Extension<Desk>,
    Path((person, tie)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let tie = tie_of(&it, &tie)?;
    Ok(page(&end_form(desk.shell(), &it, &tie, &Typed::default(), &Wrong::default())))
}

/// The reason chosen among those an office may give.
fn chosen_end(typed: &Typed) -> Result<TieEnd, ActError> {
    let chosen = typed.text("why").parse::<TieEnd>().ok().filter(|why| ENDS.contains(why));
    chosen.ok_or_else(|| ActError::refused_at("why", "choose_one"))
}

async fn end(
    Extension(desk): Extension<Desk>,
    Path((person, tie)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let tie = tie_of(&it, &tie)?;
    let by = desk.grant::<EndTies>()?;
    let asked = is_last(&it, &tie) && typed.text("sure") != "yes";
    // What cannot be is said before the question: nobody decides about a day that is refused afterwards.
    let kept = match (chosen_end(&typed), last_day(&tie, typed.text("on"), desk.house.now().jst_date())) {
        (Ok(why), Ok(day)) if asked => {
            return Ok(page(&sure_form(desk.shell(), &it.person, &typed, day, why)));
        }
        (Ok(why), Ok(_)) => end_tie(&desk.house, &by, it.person.id, tie.id, typed.text("on"), why).await,
        (Err(ActError::Refused(mut one)), Err(ActError::Refused(other))) => {
            one.extend(other);
            Err(ActError::Refused(one))
        }
        (Err(refused), _) | (_, Err(refused)) => Err(refused),
    };
    let how = ended(desk.t, kept, |()| telling_odd_days(&saved_href(it.person.id, "ties"), &typed, &["on"]))?;
    Ok(answer(desk.t, how, |wrong| end_form(desk.shell(), &it, &tie, &typed, wrong)))
}

async fn show_go_on(
    Extension(desk): Extension<Desk>,
    Path((person, tie)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let tie = tie_of(&it, &tie)?;
    Ok(page(&go_on_form(desk.shell(), &it.person, &tie)))
}

async fn go_on(
    Extension(desk): Extension<Desk>,
    Path((person, tie)): Path<(String, String)>,
    Posted(_): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let tie = tie_of(&it, &tie)?;
    let done = take_back_tie_end(&desk.house, &desk.grant::<EndTies>()?, it.person.id, tie.id).await;
    let how = ended(desk.t, done, |()| saved_href(it.person.id, "ties"))?;
    Ok(answer(desk.t, how, |_| go_on_form(desk.shell(), &it.person, &tie)))
}

/// Invented faces for the forms' test.
pub(super) fn samples(shell: &Shell, record: &PersonRecord) -> Vec<FormPage> {
    let nothing = (Typed::default(), Wrong::default());
    let mut all = vec![begin_form(shell.clone(), &record.person, &nothing.0, &nothing.1)];
    all.push(sure_form(shell.clone(), &record.person, &nothing.0, NaiveDate::default(), TieEnd::AsAsked));
    if let Some(tie) = record.ties.first() {
        all.push(end_form(shell.clone(), record, tie, &nothing.0, &nothing.1));
        all.push(go_on_form(shell.clone(), &record.person, tie));
    }
    all
}
