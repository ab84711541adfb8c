//! What each row of a file will do, by verdict and page by page; progress while a job is at work; the result afterwards.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use tsunagari_acts::preview_import::{Judged, JudgedRow};
use tsunagari_acts::resume_import::is_given_up;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{PersonId, SchoolId};
use tsunagari_people::PersonRecord;
use tsunagari_people::import::{Doubt, ReadRow, RowVerdict};
use tsunagari_people::matching::{Candidate, Evidence};
use tsunagari_storage::Reader;
use tsunagari_storage::change::{Undone, Use};
use tsunagari_storage::import_file::{ImportFile, ImportState, ImportSummary};
use tsunagari_storage::import_row::{Decision, RowsOf};

use super::telling::{self, Telling};
use super::uploads::sample_file;
use super::{Asked, href};
use crate::office::desk::Desk;
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Chip, ConfirmForm, Crumbs, ErrorSummary, Link, Progress, Steps, Tabs};
use crate::shell::{AppError, NavItem, Sample, Shell, Tone, page_with_status};

/// Rows on a page.
const PAGE: i64 = 50;

/// A way to decide a doubtful row.
struct Choice {
    value: String,
    label: String,
    why: String,
}

/// A row as shown.
struct Line {
    number: i64,
    verdict: Chip,
    name: String,
    kana: String,
    birth: String,
    school: String,
    next: String,
    told: Vec<String>,
    person: Option<String>,
    choices: Vec<Choice>,
    decided: Option<String>,
}

/// Somebody whom undoing left as they are.
struct Kept {
    name: String,
    card: String,
    why: Vec<String>,
    uses: Option<Link>,
}

#[derive(Template)]
#[template(path = "office/import/rows.html")]
pub(super) struct RowsPage {
    shell: Shell,
    crumbs: Crumbs,
    steps: Steps,
    errors: ErrorSummary,
    file_name: String,
    base: String,
    of: String,
    after: i64,
    working: Option<Progress>,
    stuck: Option<Banner>,
    resume: Option<ConfirmForm>,
    news: Option<Banner>,
    corrections: Vec<Link>,
    kept: Vec<Kept>,
    tabs: Tabs,
    lines: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    undecided: String,
    rest: Vec<ConfirmForm>,
    apply: Option<ConfirmForm>,
    columns: Option<String>,
    discard: Option<ConfirmForm>,
    undo: Option<ConfirmForm>,
    exports: Vec<Link>,
}

/// What the page shows.
struct Shown {
    file: ImportFile,
    /// Nobody works on it any more, though it stands so.
    given_up: bool,
    counts: ImportSummary,
    undecided: i64,
    of: String,
    after: i64,
    rows: Vec<JudgedRow>,
    more: bool,
    schools: HashMap<SchoolId, String>,
    people: HashMap<PersonId, PersonRecord>,
    kept: Vec<(PersonId, Undone)>,
    uses: Vec<(PersonId, Use)>,
    may_export: Option<()>,
}

fn count_of(counts: &ImportSummary, verdict: &str) -> i64 {
    match verdict {
        "new" => counts.new,
        "changed" => counts.changed,
        "same" => counts.same,
        "doubtful" => counts.doubtful,
        "wrong" => counts.wrong,
        "beside" => counts.beside,
        "overtaken" => counts.overtaken,
        _ => {
            let sure = counts.new + counts.changed + counts.same + counts.doubtful;
            sure + counts.wrong + counts.beside + counts.overtaken
        }
    }
}

fn tabs(t: Texts, it: &Shown, base: &str) -> Tabs {
    let item = |verdict: &str, label: String, count: i64| NavItem {
        href: if verdict.is_empty() { base.to_owned() } else { format!("{base}?of={verdict}") },
        label,
        icon: "people",
        current: it.of == verdict,
        count: u64::try_from(count).ok(),
    };
    let mut items = vec![item("", t.get("import-verdict-all"), count_of(&it.counts, ""))];
    for verdict in telling::VERDICTS {
        let count = count_of(&it.counts, verdict);
        if count > 0 || !matches!(verdict, "beside" | "overtaken") {
            items.push(item(verdict, t.get(format!("import-verdict-{verdict}")), count));
        }
    }
    Tabs::of(t.get("import-tabs"), items)
}

fn working(t: Texts, file: &ImportFile) -> Option<Progress> {
    let total = match file.state {
        ImportState::Previewing | ImportState::Applying => file.rows,
        ImportState::Undoing => file.summary.entered + file.summary.updated,
        _ => return None,
    };
    let (done, total) = (u64::try_from(file.done).unwrap_or(0), u64::try_from(total).unwrap_or(0).max(1));
    let words = t.two("import-progress", "done", done.min(total), "total", total);
    Some(Progress::of(t.get(format!("import-state-{}", file.state.code())), done.min(total), total, words))
}

fn news(t: Texts, file: &ImportFile, counts: &ImportSummary) -> Option<Banner> {
    let it = &file.summary;
    match file.state {
        ImportState::Applied => {
            let told = |key: &str, n: i64| (n > 0).then(|| t.count(key, n));
            let left = [
                told("import-applied.overtaken", it.overtaken),
                told("import-applied.wrong", counts.wrong),
                told("import-applied.beside", counts.beside),
            ];
            Some(
                Banner::of(Tone::Success, t.two("import-applied", "entered", it.entered, "updated", it.updated))
                    .text(left.into_iter().flatten().collect::<Vec<_>>().join(" ")),
            )
        }
        ImportState::Undone => {
            let told = if it.kept > 0 {
                Banner::of(Tone::Warning, t.count("import-undone-kept", it.kept))
            } else {
                Banner::of(Tone::Success, t.get("import-undone"))
            };
            Some(told.action("/office/import", t.get("import-again")))
        }
        // A column taken for another makes nearly every row wrong: the list is right, the choice of columns is not.
        ImportState::Previewed if counts.wrong * 2 > counts.people() => Some(
            Banner::of(Tone::Warning, t.get("import-mostly-wrong"))
                .text(t.get("import-mostly-wrong.text"))
                .action(format!("/office/import/{}/columns", file.id), t.get("import-back-to-columns")),
        ),
        _ => None,
    }
}

/// Why undoing left somebody as they are, with the page that shows it.
fn left_as_is(t: Texts, it: &Shown, person: PersonId, why: Undone) -> Kept {
    let card = format!("/office/people/{person}");
    let found = it.uses.iter().filter(|(used, _)| *used == person);
    let uses: Vec<String> = found.map(|(_, how)| t.get(format!("import-kept-{}", how.code()))).collect();
    let changed = matches!(why, Undone::Changed) || uses.is_empty();
    Kept {
        name: it.people.get(&person).map_or_else(|| t.blank(), |record| record.person.name()),
        uses: (!changed).then(|| Link::to(format!("{card}/uses"), t.get("import-kept-look"))),
        why: if changed { vec![t.get("import-kept-changed")] } else { uses },
        card,
    }
}

impl RowsPage {
    fn of(shell: Shell, it: &Shown, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let base = href(it.file.id);
        let open = it.file.state == ImportState::Previewed;
        let telling = Telling { t, schools: &it.schools, people: &it.people };
        let last = it.rows.last().map(|row| row.number);
        let glue = if it.of.is_empty() { format!("{base}?") } else { format!("{base}?of={}&", it.of) };
        let form = |path: &str, key: &str| ConfirmForm::of(&shell, format!("{base}/{path}"), t.get(key));
        let writes = it.file.summary.new + it.file.summary.changed;
        let rest = |decision: &str| {
            form("decide-rest", &format!("import-rest-{decision}")).field("decision", decision.replace('-', "_"))
        };
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/import", t.get("shell-nav-import"))]),
            steps: telling::steps(t, it.file.state),
            errors: ErrorSummary::of(t, wrong),
            file_name: it.file.file_name.clone(),
            of: it.of.clone(),
            after: it.after,
            working: working(t, &it.file).filter(|_| !it.given_up),
            stuck: it.given_up.then(|| {
                let text = t.get(format!("import-stuck-{}", it.file.state.code()));
                Banner::of(Tone::Error, t.get("import-stuck")).text(text)
            }),
            resume: it.given_up.then(|| form("resume", "import-resume").look("solid")),
            news: news(t, &it.file, &it.counts),
            corrections: corrections(t, it, &base),
            kept: it.kept.iter().map(|(person, why)| left_as_is(t, it, *person, *why)).collect(),
            tabs: tabs(t, it, &base),
            lines: it.rows.iter().map(|row| line(&telling, row, open)).collect(),
            next: last.filter(|_| it.more).map(|last| format!("{glue}after={last}")),
            first: (it.after > 0).then(|| glue.trim_end_matches(['?', '&']).to_owned()),
            undecided: t.count("import-undecided", it.undecided),
            rest: if open && it.undecided > 0 {
                vec![rest("same"), rest("new"), rest("leave-out")]
            } else {
                Vec::new()
            },
            apply: (open && it.undecided == 0 && writes + it.file.summary.doubtful > 0).then(|| {
                form("apply", "import-apply").look("solid").ask(t.two(
                    "import-apply.ask",
                    "new",
                    it.counts.new,
                    "changed",
                    it.counts.changed,
                ))
            }),
            columns: open.then(|| format!("{base}/columns")),
            discard: (open || it.given_up && it.file.state == ImportState::Previewing)
                .then(|| form("discard", "import-discard").look("text").ask(t.get("import-discard.ask"))),
            undo: (it.file.state == ImportState::Applied || it.given_up && it.file.state == ImportState::Applying)
                .then(|| form("undo", "import-undo").look("danger").ask(t.get("import-undo.ask"))),
            exports: exports(t, it, &base),
            base,
            shell,
        }
    }
}

fn exports(t: Texts, it: &Shown, base: &str) -> Vec<Link> {
    it.may_export.map_or_else(Vec::new, |()| files(t, base, &it.of))
}

/// The rows that were left out because they are wrong, each with its reason, once the others are written.
fn corrections(t: Texts, it: &Shown, base: &str) -> Vec<Link> {
    let open = it.file.state == ImportState::Applied && it.counts.wrong > 0;
    it.may_export.filter(|()| open).map_or_else(Vec::new, |()| files(t, base, "wrong"))
}

fn files(t: Texts, base: &str, of: &str) -> Vec<Link> {
    let link = |kind: &str| Link::to(format!("{base}/export?of={of}&as={kind}"), t.get(format!("export-as-{kind}")));
    ["xlsx", "csv", "csv-sjis"].map(link).to_vec()
}

fn line(telling: &Telling<'_>, row: &JudgedRow, open: bool) -> Line {
    let t = telling.t;
    let blank = ReadRow::default();
    let values = row.judged.as_ref().map_or(&blank, |judged| &judged.row);
    let pair = |a: &str, b: &str| format!("{a} {b}").trim().to_owned();
    let school =
        values.school.and_then(|id| telling.schools.get(&id)).cloned().unwrap_or_else(|| values.school_name.clone());
    let year = values.graduation.map(|year| t.fiscal_year_short(year)).unwrap_or_default();
    Line {
        number: row.number,
        verdict: telling::verdict(t, if row.verdict.is_empty() { "waiting" } else { &row.verdict }),
        name: if row.judged.is_some() { pair(&values.family, &values.given) } else { row.cells.join(" ") },
        kana: pair(&values.family_kana, &values.given_kana),
        birth: values.birth_date.map(|birth| t.date_short(birth)).unwrap_or_default(),
        school: pair(&school, &year),
        next: values.next.as_ref().map(|next| next.name.clone()).unwrap_or_default(),
        told: row.judged.as_ref().map(|judged| telling.row(judged)).unwrap_or_default(),
        // Whom an undone list had entered is gone, and so is the card.
        person: row
            .person
            .filter(|id| row.verdict != "doubtful" && telling.people.contains_key(id))
            .map(|id| format!("/office/people/{id}")),
        choices: if open { choices(telling, row) } else { Vec::new() },
        decided: row.decision.map(|decision| decided(telling, row, decision)),
    }
}

fn decided(telling: &Telling<'_>, row: &JudgedRow, decision: Decision) -> String {
    let name =
        row.person.and_then(|id| telling.people.get(&id)).map_or_else(|| telling.t.blank(), |it| it.person.name());
    match decision {
        Decision::Same => telling.t.one("import-decided-same", "name", name),
        Decision::New => telling.t.get("import-decided-new"),
        Decision::LeaveOut => telling.t.get("import-decided-leave-out"),
    }
}

fn choices(telling: &Telling<'_>, row: &JudgedRow) -> Vec<Choice> {
    let t = telling.t;
    let Some(RowVerdict::Doubtful(doubt)) = row.judged.as_ref().map(|judged| &judged.verdict) else {
        return Vec::new();
    };
    let plain = |value: &str, key: &str| Choice { value: value.to_owned(), label: t.get(key), why: String::new() };
    if row.decision.is_some() {
        return vec![plain("open", "import-choose-again")];
    }
    let mut all: Vec<Choice> = match doubt {
        Doubt::Who(candidates) => candidates.iter().map(|it| candidate(telling, it)).collect(),
        Doubt::Repeated(..) => Vec::new(),
    };
    all.push(plain("new", "import-choose-new"));
    all.push(plain("leave_out", "import-choose-leave-out"));
    all
}

fn candidate(telling: &Telling<'_>, it: &Candidate) -> Choice {
    let (name, why) = telling.candidate(it);
    Choice { value: it.person.to_string(), label: telling.t.one("import-choose-same", "name", name), why }
}

/// The page of a file past its mapping.
pub(super) async fn show(
    desk: &Desk,
    reader: &mut Reader,
    file: ImportFile,
    asked: &Asked,
    wrong: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let of = telling::VERDICTS.iter().find(|verdict| **verdict == asked.of).copied().unwrap_or_default();
    let which = if of.is_empty() { RowsOf::Any } else { RowsOf::Verdict(of) };
    let busy = matches!(file.state, ImportState::Previewing);
    let mut rows: Vec<JudgedRow> = if busy {
        Vec::new()
    } else {
        reader.import_rows(file.id, which, asked.after, PAGE + 1).await.map_err(unreadable)?
    };
    let more = rows.len() > usize::try_from(PAGE).unwrap_or(50);
    rows.truncate(usize::try_from(PAGE).unwrap_or(50));
    // While the program is at it the page asks again and again: what is kept with the file is enough then.
    let counts = if matches!(file.state, ImportState::Previewing | ImportState::Applying | ImportState::Undoing) {
        file.summary.clone()
    } else {
        reader.import_counts(file.id).await.map_err(unreadable)?
    };
    let undecided = if file.state == ImportState::Previewed && counts.doubtful > 0 {
        reader.import_undecided(file.id).await.map_err(unreadable)?
    } else {
        0
    };
    let schools = reader.schools().await.map_err(unreadable)?.into_iter().map(|it| (it.id, it.name)).collect();
    let kept = match (file.state, file.change) {
        (ImportState::Undone, Some(change)) => reader.change_kept(change, 200).await.map_err(unreadable)?,
        _ => Vec::new(),
    };
    let mut ids = people_of(&rows);
    ids.extend(kept.iter().map(|(person, _)| *person));
    let held: Vec<PersonId> =
        kept.iter().filter(|(_, why)| matches!(why, Undone::Used)).map(|(person, _)| *person).collect();
    let uses = reader.uses_of(&held).await.map_err(unreadable)?;
    let people = reader.person_records(&ids).await.map_err(unreadable)?;
    let given_up = is_given_up(reader, &file).await.map_err(|error| desk.problem(error))?;
    let shown = Shown {
        given_up,
        counts,
        undecided,
        of: of.to_owned(),
        after: asked.after,
        rows,
        more,
        schools,
        people: people.into_iter().map(|record| (record.person.id, record)).collect(),
        kept,
        uses,
        may_export: desk.may(tsunagari_access::Code::ExportLists).then_some(()),
        file,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with_status(status, &RowsPage::of(desk.shell(), &shown, wrong)))
}

fn people_of(rows: &[JudgedRow]) -> Vec<PersonId> {
    let mut ids: Vec<PersonId> = rows.iter().filter_map(|row| row.person).collect();
    for row in rows {
        if let Some(RowVerdict::Doubtful(Doubt::Who(candidates))) = row.judged.as_ref().map(|it| &it.verdict) {
            ids.extend(candidates.iter().map(|it| it.person));
        }
    }
    ids.sort();
    ids.dedup();
    ids
}

mod samples;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(crate::shell::sample::faults::<RowsPage>(crate::shell::sample::office_shell), Vec::<String>::new());
    }

    #[test]
    fn a_list_that_is_mostly_wrong_leads_back_to_its_columns() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let file = samples::shown(ImportState::Previewed, Vec::new(), 0).file;
        let told = |wrong| news(t, &file, &ImportSummary { new: 4, wrong, ..ImportSummary::default() }).is_some();
        assert_eq!((told(4), told(5)), (false, true));
    }

    #[test]
    fn who_was_left_as_they_are_is_told_which_use_it_was() {
        let t = Texts::of(tsunagari_i18n::Locale::Ja);
        let who = |n| PersonId(uuid::Uuid::from_u128(n));
        let uses = vec![(who(1), Use::Figure), (who(1), Use::Line), (who(2), Use::Message)];
        let shown = Shown { uses, ..samples::shown(ImportState::Undone, Vec::new(), 0) };
        let counted = left_as_is(t, &shown, who(1), Undone::Used);
        assert_eq!(counted.why, [t.get("import-kept-figure"), t.get("import-kept-line")]);
        assert_eq!(counted.uses.map(|link| link.href), Some(format!("/office/people/{}/uses", who(1))));
        let changed = left_as_is(t, &shown, who(3), Undone::Changed);
        assert_eq!((changed.why, changed.uses.is_none()), (vec![t.get("import-kept-changed")], true));
    }
}
