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
use tsunagari_storage::import_file::{ImportFile, ImportState, ImportSummary};
use tsunagari_storage::import_row::{Decision, RowsOf, Undecided};

use self::kept::{KeptList, Left};
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
    /// The code of the decision it shows.
    seen: &'static str,
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
    school: Option<Banner>,
    kept: Option<KeptList>,
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
    undecided: Undecided,
    /// A row the office joined to an earlier one.
    joined: Option<i64>,
    /// How far the work has come, and how far it goes.
    way: (i64, i64),
    of: String,
    after: i64,
    rows: Vec<JudgedRow>,
    more: bool,
    schools: HashMap<SchoolId, String>,
    people: HashMap<PersonId, PersonRecord>,
    left: Left,
    may_export: Option<()>,
}

fn tabs(t: Texts, it: &Shown, base: &str) -> Tabs {
    let item = |verdict: &str, label: String, count: i64| NavItem {
        href: if verdict.is_empty() { base.to_owned() } else { format!("{base}?of={verdict}") },
        label,
        icon: "people",
        current: it.of == verdict,
        count: u64::try_from(count).ok(),
    };
    let mut items = vec![item("", t.get("import-verdict-all"), telling::all_rows(&it.counts))];
    for (verdict, count) in telling::counted(&it.counts) {
        items.push(item(verdict, t.get(telling::verdict_key(verdict)), count));
    }
    Tabs::of(t.get("import-tabs"), items)
}

fn working(t: Texts, file: &ImportFile, (done, total): (i64, i64)) -> Option<Progress> {
    let words = match file.state {
        ImportState::Previewing | ImportState::Applying => "import-progress",
        ImportState::Undoing => "import-progress-people",
        _ => return None,
    };
    let (done, total) = (u64::try_from(done).unwrap_or(0), u64::try_from(total).unwrap_or(0).max(1));
    let words = t.two(words, "done", done.min(total), "total", total);
    Some(Progress::of(t.get(format!("import-state-{}", file.state.code())), done.min(total), total, words))
}

/// How far the work on a file has come, and how far it goes: rows of the list, or people who are taken back.
async fn way(reader: &mut Reader, file: &ImportFile) -> Result<(i64, i64), AppError> {
    Ok(match (file.state, file.change) {
        (ImportState::Previewing | ImportState::Applying, _) => (
            // Blank rows between are passed over without being counted: near the end the way may look done early.
            (file.done - file.header_row).clamp(0, file.rows),
            file.rows,
        ),
        (ImportState::Undoing, Some(change)) => {
            let (total, dealt) = reader.change_progress(change).await.map_err(unreadable)?;
            (dealt, total)
        }
        _ => (0, 0),
    })
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

impl RowsPage {
    fn of(shell: Shell, it: &Shown, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let base = href(it.file.id);
        let open = it.file.state == ImportState::Previewed;
        let telling = Telling { t, schools: &it.schools, people: &it.people };
        let last = it.rows.last().map(|row| row.number);
        let glue = if it.of.is_empty() { format!("{base}?") } else { format!("{base}?of={}&", it.of) };
        let form = |path: &str, key: &str| ConfirmForm::of(&shell, format!("{base}/{path}"), t.get(key));
        let writes = it.counts.new + it.counts.changed > 0 || it.joined.is_some();
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
            working: working(t, &it.file, it.way).filter(|_| !it.given_up),
            stuck: it.given_up.then(|| {
                let text = t.get(format!("import-stuck-{}", it.file.state.code()));
                Banner::of(Tone::Error, t.get("import-stuck")).text(text)
            }),
            resume: it.given_up.then(|| form("resume", "import-resume").look("solid")),
            news: news(t, &it.file, &it.counts),
            corrections: corrections(t, it, &base),
            school: it.left.school(t),
            kept: it.left.list(t, &it.people),
            tabs: tabs(t, it, &base),
            lines: it.rows.iter().map(|row| line(&telling, row, open)).collect(),
            next: last.filter(|_| it.more).map(|last| format!("{glue}after={last}")),
            first: (it.after > 0).then(|| glue.trim_end_matches(['?', '&']).to_owned()),
            undecided: t.count("import-undecided", it.undecided.rows),
            rest: if open && it.undecided.rows > 0 {
                let sure = (it.undecided.sure > 0).then(|| rest("same"));
                sure.into_iter().chain([rest("new"), rest("leave-out")]).collect()
            } else {
                Vec::new()
            },
            apply: (open && it.undecided.rows == 0 && writes).then(|| {
                let ask = t.two("import-apply.ask", "new", it.counts.new, "changed", it.counts.changed);
                let wrong = (it.counts.wrong > 0).then(|| t.count("import-apply.wrong", it.counts.wrong));
                form("apply", "import-apply").look("solid").ask(wrong.unwrap_or_default() + &ask)
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
        verdict: telling::verdict(t, telling::standing(row)),
        name: if row.judged.is_some() { pair(&values.family, &values.given) } else { row.cells.join(" ") },
        kana: pair(&values.family_kana, &values.given_kana),
        birth: values.birth_date.map(|birth| t.date_short(birth)).unwrap_or_default(),
        school: pair(&school, &year),
        next: values.next.as_ref().map(|next| next.name.clone()).unwrap_or_default(),
        told: telling.row(row),
        // Whom an undone list had entered is gone, and so is the card.
        person: row
            .person
            .filter(|id| row.verdict != "doubtful" && telling.people.contains_key(id))
            .map(|id| format!("/office/people/{id}")),
        choices: if open { choices(telling, row) } else { Vec::new() },
        decided: row.decision.map(|decision| decided(telling, row, decision)),
        seen: row.decision.map_or("", Decision::code),
    }
}

fn decided(telling: &Telling<'_>, row: &JudgedRow, decision: Decision) -> String {
    let name =
        row.person.and_then(|id| telling.people.get(&id)).map_or_else(|| telling.t.blank(), |it| it.person.name());
    match decision {
        Decision::Same => telling.t.one("import-decided-same", "name", name),
        Decision::New => telling.t.get("import-decided-new"),
        Decision::Join => telling.t.get("import-decided-join"),
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
        Doubt::Repeated(first, _) => {
            let label = t.one("import-choose-join", "row", first.to_string());
            vec![Choice { value: "join".to_owned(), label, why: t.get("import-choose-join.why") }]
        }
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
        Undecided::default()
    };
    let way = way(reader, &file).await?;
    let joined: Vec<JudgedRow> = if file.state == ImportState::Previewed {
        reader.import_rows(file.id, RowsOf::Joined, 0, 1).await.map_err(unreadable)?
    } else {
        Vec::new()
    };
    let schools = reader.schools().await.map_err(unreadable)?.into_iter().map(|it| (it.id, it.name)).collect();
    let left = Left::read(desk, reader, &file).await?;
    let mut ids = people_of(&rows);
    ids.extend(left.of.iter().map(|(person, _)| *person));
    let mut people: HashMap<PersonId, PersonRecord> = known(reader, &ids).await?;
    people.extend(guardians_told(reader, &rows, &people).await?);
    let given_up = is_given_up(reader, &file).await.map_err(|error| desk.problem(error))?;
    let shown = Shown {
        given_up,
        counts,
        undecided,
        joined: joined.first().map(|row| row.number),
        way,
        of: of.to_owned(),
        after: asked.after,
        rows,
        more,
        schools,
        people,
        left,
        may_export: desk.may(tsunagari_access::Code::ExportLists).then_some(()),
        file,
    };
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with_status(status, &RowsPage::of(desk.shell(), &shown, wrong)))
}

/// The records of these people, by their id.
pub(super) async fn known(reader: &mut Reader, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonRecord>, AppError> {
    let records = reader.person_records(ids).await.map_err(unreadable)?;
    Ok(records.into_iter().map(|record| (record.person.id, record)).collect())
}

/// The guardians whom rows name as known ones.
pub(super) async fn guardians_told(
    reader: &mut Reader,
    rows: &[JudgedRow],
    people: &HashMap<PersonId, PersonRecord>,
) -> Result<HashMap<PersonId, PersonRecord>, AppError> {
    let wards = telling::wards(rows);
    let records = wards.iter().filter_map(|id| people.get(id));
    let ids: Vec<PersonId> = records.flat_map(|it| it.guardianships.iter().map(|one| one.guardian)).collect();
    known(reader, &ids).await
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

mod kept;
pub(super) mod samples;

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
        let file = samples::shown(ImportState::Previewed, Vec::new(), Undecided::default()).file;
        let told = |wrong| news(t, &file, &ImportSummary { new: 4, wrong, ..ImportSummary::default() }).is_some();
        assert_eq!((told(4), told(5)), (false, true));
    }
}
