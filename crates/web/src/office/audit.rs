//! The audit record by time, narrowed by act, person, day and subject. A question that cannot be read is answered at its
//! field, never with a list. Reading it is on record itself (the act does that); names are those of today. Leaves sealing
//! to the binary.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_access::{Actor, Code};
use tsunagari_acts::read_audit::{AuditPage, PAGE, read_audit};
use tsunagari_documents::Cell;
use tsunagari_i18n::Texts;
use tsunagari_kernel::era;
use tsunagari_storage::audit_view::{AuditFilter, AuditRow};
use tsunagari_storage::order::Way;
use uuid::Uuid;

use crate::office::audit_counts;
use crate::office::desk::Desk;
use crate::office::export::links;
use crate::office::settings::{Wrong, some};
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{
    Banner, Choices, Empty, ErrorSummary, Field, FieldKind, Link, Pager, SortHeader, Sorting,
};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/office/audit", Needs::Permission(Code::ViewAudit), show)
}

/// The filter as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    act: String,
    who: String,
    from: String,
    until: String,
    subject: String,
    sort: String,
    page: u32,
}

impl Asked {
    /// The filter, or what is wrong at which field: a part that is not understood must not mean everything.
    pub(super) fn filter(&self, t: Texts) -> Result<AuditFilter, Wrong> {
        let mut wrong = Wrong::default();
        let filter = AuditFilter {
            act: some(&self.act),
            actor: read(&self.who, |_| wrong.unread(t, "who", "audit-who-unread")),
            from_on: day(t, "from", &self.from, &mut wrong),
            until_on: day(t, "until", &self.until, &mut wrong),
            subject: read(&self.subject, |_| wrong.unread(t, "subject", "audit-subject-unread")),
        };
        if wrong.none() { Ok(filter) } else { Err(wrong) }
    }

    fn sorting(&self) -> Sorting<()> {
        Sorting::asked(&self.sort, ("at", (), Way::Falling), &[])
    }

    fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("act", &self.act),
            ("who", &self.who),
            ("from", &self.from),
            ("until", &self.until),
            ("subject", &self.subject),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    fn href(&self, sort: &str, page: u64) -> String {
        let mut query = self.query();
        for (name, value) in [("sort", sort.to_owned()), ("page", page.to_string())] {
            if !value.is_empty() {
                let glue = if query.is_empty() { "" } else { "&" };
                query.push_str(&format!("{glue}{name}={value}"));
            }
        }
        format!("/office/audit?{query}")
    }
}

/// What is typed, read; an empty field asks nothing.
fn read<T: std::str::FromStr>(typed: &str, unread: impl FnOnce(T::Err)) -> Option<T> {
    let typed = typed.trim();
    if typed.is_empty() { None } else { typed.parse().map_err(unread).ok() }
}

/// A day in any form people write it.
fn day(t: Texts, field: &str, typed: &str, wrong: &mut Wrong) -> Option<NaiveDate> {
    let unread = match era::eras().read(typed) {
        Ok(read) => return Some(read.day),
        Err(era::DateError::Empty) => return None,
        Err(era::DateError::NoSuchDay) => "refused-date-no-such-day",
        Err(era::DateError::Unreadable | era::DateError::UnknownEra) => "refused-date-unreadable",
    };
    wrong.unread(t, field, unread);
    None
}

/// The filter as the record of an export keeps it: codes and days.
pub(super) fn recorded(of: &AuditFilter) -> serde_json::Value {
    let subject = of.subject.map(|it| it.to_string());
    serde_json::json!({ "act": of.act, "actor": of.actor, "from": of.from_on, "until": of.until_on, "subject": subject })
}

struct Line {
    at: String,
    who: String,
    act: String,
    subjects: Vec<(String, String)>,
    counts: String,
    seq: String,
}

#[derive(Template)]
#[template(path = "office/audit.html")]
struct AuditView {
    shell: Shell,
    chain: Banner,
    errors: ErrorSummary,
    act: Choices,
    who: Choices,
    from: Field,
    until: Field,
    subject: Field,
    /// Nothing when the question could not be read.
    answer: Option<Answer>,
}

/// What the record says to a question.
struct Answer {
    total: String,
    at: SortHeader,
    lines: Vec<Line>,
    pager: Pager,
    empty: Empty,
    exports: Vec<Link>,
}

impl Answer {
    fn of(t: Texts, asked: &Asked, known: &AuditPage) -> Self {
        let pages = u64::try_from(known.total).unwrap_or(0).div_ceil(u64::from(PAGE)).max(1);
        Self {
            total: t.count("audit-total", known.total),
            at: asked.sorting().head(t.get("audit-at"), "at", |sort| asked.href(sort, 1)),
            lines: known.rows.iter().map(|row| line(t, row, known)).collect(),
            pager: Pager::of(t, u64::from(asked.page.max(1)), pages, |n| asked.href(&asked.sorting().kept(), n)),
            empty: Empty::of("audit", t.get("audit-empty"), t.get("audit-empty.text")),
            exports: Vec::new(),
        }
    }
}

/// The words of an act; its code where none are written yet.
fn words_of(t: Texts, act: &str) -> String {
    t.find(format!("act-{}", act.replace('_', "-"))).unwrap_or_else(|| act.to_owned())
}

fn who(t: Texts, actor: &Actor, known: &AuditPage) -> String {
    let name = |id: Uuid| known.names.get(&id).cloned().unwrap_or_else(|| t.get("audit-unknown"));
    match actor {
        Actor::User(id) => name(id.0),
        Actor::Resident(id) => t.one("audit-resident", "name", name(id.0)),
        Actor::Guardian { ward, .. } => t.one("audit-guardian", "name", name(ward.0)),
        Actor::Machine(job) => {
            let named = t.find(format!("audit-job-{}", job.as_str().replace('_', "-")));
            t.one("audit-machine", "job", named.unwrap_or_else(|| words_of(t, job.as_str())))
        }
        Actor::Partner(id) => t.one("audit-partner", "name", name(id.0)),
    }
}

fn line(t: Texts, row: &AuditRow, known: &AuditPage) -> Line {
    let subject = |(kind, id): &(tsunagari_access::ActCode, Uuid)| {
        let name = known.names.get(id).cloned().unwrap_or_else(|| id.as_simple().to_string().chars().take(8).collect());
        let kind = t
            .find(format!("audit-kind-{}", kind.as_str().replace('_', "-")))
            .unwrap_or_else(|| kind.as_str().to_owned());
        (format!("/office/audit?subject={id}"), format!("{kind} {name}"))
    };
    Line {
        at: t.date_time(row.at),
        who: who(t, &row.actor, known),
        act: words_of(t, &row.act),
        subjects: row.subjects.iter().take(5).map(subject).collect(),
        counts: audit_counts::words(t, &row.counts),
        seq: row.seq.map(|n| n.to_string()).unwrap_or_default(),
    }
}

/// A row of the record as a row of a file; the code of the act stands beside its words.
pub(super) fn cells(t: Texts, row: &AuditRow, known: &AuditPage) -> Vec<Cell> {
    let it = line(t, row, known);
    let subjects: Vec<String> = it.subjects.into_iter().map(|(_, words)| words).collect();
    vec![
        Cell::from(it.at),
        Cell::from(it.who),
        Cell::from(it.act),
        Cell::from(subjects.join(" / ")),
        Cell::from(it.counts),
        Cell::from(it.seq),
        Cell::from(row.act.as_str()),
    ]
}

/// With the answer that was asked for chosen, also where the list does not offer it: an act that never occurred, somebody
/// who is no colleague.
fn chosen(choices: Choices, asked: &str, words: impl FnOnce() -> String) -> Choices {
    let offered = choices.options.iter().any(|it| it.value == asked);
    let choices = if offered { choices } else { choices.option(asked, words()) };
    choices.chosen(asked)
}

impl AuditView {
    fn of(shell: Shell, asked: &Asked, staff: &[(String, String)], known: &AuditPage, wrong: &Wrong) -> Self {
        let t = shell.t;
        // A picker of days shows nothing for what is no day, and what was typed is to stay.
        let day = |name: &str, key: &str, value: &str| {
            let kind = if wrong.at(name).is_some() { FieldKind::Text } else { FieldKind::Date };
            let shown = era::eras().read(value).map_or_else(|_| value.to_owned(), |read| read.day.to_string());
            Field::of(kind, t, name, t.get(key)).value(shown).error(wrong.at(name))
        };
        let any = |name: &str, key: &str| Choices::select(t, name, t.get(key)).option("", t.get("audit-any"));
        let mut acts: Vec<(String, &String)> = known.acts.iter().map(|code| (words_of(t, code), code)).collect();
        acts.sort();
        let act = acts
            .into_iter()
            .fold(any("act", "audit-act"), |choices, (words, code)| choices.option(code.clone(), words));
        let people =
            staff.iter().fold(any("who", "audit-who"), |choices, (id, name)| choices.option(id.clone(), name.clone()));
        Self {
            chain: if known.unsealed == 0 {
                Banner::of(Tone::Success, t.get("audit-sealed")).text(t.get("audit-sealed.text"))
            } else {
                Banner::of(Tone::Info, t.count("audit-unsealed", known.unsealed)).text(t.get("audit-sealed.text"))
            },
            errors: wrong.summary(t),
            act: chosen(act, &asked.act, || words_of(t, &asked.act)),
            who: chosen(people, &asked.who, || asked.who.chars().take(8).collect()).error(wrong.at("who")),
            from: day("from", "audit-from", &asked.from),
            until: day("until", "audit-until", &asked.until),
            subject: Field::text(t, "subject", t.get("audit-subject"))
                .hint(t.get("audit-subject.hint"))
                .value(&asked.subject)
                .error(wrong.at("subject")),
            answer: wrong.none().then(|| Answer::of(t, asked, known)),
            shell,
        }
    }
}

impl Sample for AuditView {
    fn samples(shell: Shell) -> Vec<Self> {
        let row = |actor, act: &str| AuditRow {
            id: tsunagari_kernel::AuditId(Uuid::nil()),
            at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
            act: act.into(),
            actor,
            subjects: vec![(tsunagari_access::ActCode::of("person"), Uuid::nil())],
            counts: vec![(tsunagari_access::ActCode::of("rows"), 412)],
            seq: Some(1),
        };
        let org = tsunagari_kernel::OrgId(Uuid::nil());
        let person = tsunagari_kernel::PersonId(Uuid::nil());
        let guardian = Actor::Guardian { guardianship: tsunagari_kernel::GuardianshipId(Uuid::nil()), ward: person };
        let mut full = AuditPage {
            rows: vec![
                row(Actor::User(tsunagari_kernel::UserId(Uuid::nil())), "sign_in"),
                row(Actor::Resident(person), "begin_join"),
                row(guardian, "give_consent"),
                row(tsunagari_access::Machine::working(org, "sealer").actor(), "unheard_of"),
            ],
            total: 120,
            unsealed: 2,
            acts: vec!["sign_in".into()],
            names: std::collections::HashMap::new(),
        };
        let asked = Asked::default();
        let fine = Wrong::default();
        let mut first = Self::of(shell.clone(), &asked, &[], &full, &fine);
        if let Some(answer) = &mut first.answer {
            answer.exports = links(shell.t, "/office/exports/audit");
        }
        (full.rows, full.unsealed) = (Vec::new(), 0);
        let unread = Asked { from: "2026-13-20".into(), who: "?".into(), subject: "花子".into(), ..Asked::default() };
        let wrong = unread.filter(shell.t).err().unwrap_or_default();
        let refused = Self::of(shell.clone(), &unread, &[], &full, &wrong);
        vec![first, Self::of(shell, &asked, &[], &full, &fine), refused]
    }
}

async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let (known, wrong) = match asked.filter(desk.t) {
        Ok(filter) => {
            let known = read_audit(&desk.house, &by, &filter, asked.sorting().way, asked.page.max(1)).await;
            (known.map_err(|error| desk.problem(error))?, Wrong::default())
        }
        Err(wrong) => (unasked(&desk).await?, wrong),
    };
    let staff = desk.here().read().await.map_err(unreadable)?.staff().await.map_err(unreadable)?;
    let staff: Vec<(String, String)> = staff.into_iter().map(|it| (it.id.to_string(), it.name)).collect();
    let mut view = AuditView::of(desk.shell(), &asked, &staff, &known, &wrong);
    let Some(answer) = &mut view.answer else { return Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view)) };
    if desk.may(Code::ExportLists) {
        answer.exports = links(desk.t, format!("/office/exports/audit?{}", asked.query()).trim_end_matches('?'));
    }
    Ok(page(&view))
}

/// What the form needs when nothing of the record is shown.
async fn unasked(desk: &Desk) -> Result<AuditPage, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    Ok(AuditPage {
        rows: Vec::new(),
        total: 0,
        unsealed: reader.unsealed_audit_rows().await.map_err(unreadable)?,
        acts: reader.audit_acts().await.map_err(unreadable)?,
        names: std::collections::HashMap::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<AuditView>(crate::shell::sample::office_shell), Vec::<String>::new());
    }
}
