//! What each row of a file will do, computed by a job and kept beside the row: new, changed, same, doubtful or wrong, with
//! its reasons. Nothing about a person changes; running it again replaces what it said before. Leaves deciding doubtful
//! rows to `decide_import_rows` and writing to `apply_import`.

mod cells;
mod guardians;
mod known;
mod reading;
mod stored;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted, Machine};
use tsunagari_documents::ImportField;
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{ImportId, OrgId, PersonId, names};
use tsunagari_people::import::{
    Doubt, FileContext, Finding, GraduationYears, Problem, ReadRow, Repeats, RowField, RowVerdict, judge,
};
use tsunagari_people::matching::{Match, find};
use tsunagari_people::tie;
use tsunagari_storage::OrgStore;
use tsunagari_storage::import_file::{ImportFile, ImportState, ImportSummary};
use tsunagari_storage::import_row::{ImportRow, Judgement};

use crate::{ActError, House};
pub(crate) use guardians::is_of_age;
pub(crate) use known::Index;
use reading::{ReadRows, Reading};
pub(crate) use stored::{Stored, comparable_row, high_school, next_school, postal, read_stored, stored_row};

/// The kind of the job.
pub const KIND: &str = "preview_import.1";
/// Rows judged and kept in one turn.
const SLICE: i64 = 1_000;

/// What the preview made of a row, as kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The values read.
    pub row: ReadRow,
    /// What will be done.
    pub verdict: RowVerdict,
    /// Everything odd or wrong with its cells.
    pub findings: Vec<Finding>,
}

/// A row with its verdict.
pub type JudgedRow = ImportRow<Judged>;

/// The key of the job about a file: it is put in the queue once.
pub(crate) fn once(import: ImportId) -> String {
    format!("preview_import {import}")
}

/// The payload of a job about a file.
pub(crate) fn payload(import: ImportId) -> String {
    serde_json::json!({ "import": import }).to_string()
}

/// The file of a payload.
pub(crate) fn import_of(payload: &str) -> Result<ImportId, JobError> {
    let value: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    serde_json::from_value(value["import"].clone()).map_err(|error| JobError::Fail(error.to_string()))
}

/// An act's failure as a job's: what may pass is tried again.
pub(crate) fn retry(error: ActError) -> JobError {
    match error {
        ActError::Busy | ActError::Full | ActError::Conflict | ActError::Broken(_) => {
            JobError::Retry(error.to_string())
        }
        ActError::Refused(_) | ActError::NotFound => JobError::Fail(error.to_string()),
    }
}

/// Asks for the preview of a file whose columns are known.
///
/// # Errors
/// `Conflict` when the file is past its preview, or storage's.
pub async fn preview_import(house: &House, by: &Granted<ImportPeople>, import: ImportId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.import_file(import).await?;
    tx.move_import(import, &[ImportState::Mapping, ImportState::Previewed], ImportState::Previewing).await?;
    tx.enqueue(KIND, &payload(import), house.real_clock.now(), Some(&once(import))).await?;
    Ok(tx.commit(&Act::named("preview_import", by.actor(), house.operation()).on("import", import)).await?)
}

/// The handler of the job.
pub struct PreviewImport(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for PreviewImport {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let import = import_of(payload)?;
        compute(&self.0, &Machine::working(org, "preview_import"), import).await.map_err(retry)
    }
}

/// Computes the preview from the first row to the last. Safe to repeat.
///
/// # Errors
/// Storage's.
pub async fn compute(house: &House, by: &Machine, import: ImportId) -> Result<(), ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let file = reader.import_file(import).await?;
    if file.state != ImportState::Previewing {
        return Ok(());
    }
    let reading = Arc::new(Reading {
        here: here.clone(),
        import,
        header_row: file.header_row,
        columns: columns(&file),
        context: context(house, &mut reader, &file).await?,
    });
    let index = Index::load(&mut reader).await?;
    drop(reader);
    let today = reading.context.today;
    let mut preview = Preview { here: &here, index, repeats: Repeats::default(), today };
    // One slice is kept and the next but one is read while one is judged.
    let mut ahead = JoinSet::new();
    reading.clone().begin(&mut ahead, 0);
    let mut keeping: JoinSet<Result<(), tsunagari_storage::StorageError>> = JoinSet::new();
    while let Some(read) = ahead.join_next().await {
        let Some(rows) = read.map_err(|error| ActError::Broken(error.to_string()))?? else { break };
        let last = rows.last;
        reading.clone().begin(&mut ahead, last);
        let judgements = preview.slice(rows).await?;
        kept(&mut keeping).await?;
        let here = here.clone();
        keeping.spawn(async move { here.keep_import_judgements(import, &judgements, last).await });
    }
    kept(&mut keeping).await?;
    finish(house, by, &file).await
}

/// Waits until what is being kept is on disk.
async fn kept(keeping: &mut JoinSet<Result<(), tsunagari_storage::StorageError>>) -> Result<(), ActError> {
    while let Some(one) = keeping.join_next().await {
        one.map_err(|error| ActError::Broken(error.to_string()))??;
    }
    Ok(())
}

async fn finish(house: &House, by: &Machine, file: &ImportFile) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let summary: ImportSummary = tx.import_counts(file.id).await?;
    tx.move_import(file.id, &[ImportState::Previewing], ImportState::Previewed).await?;
    tx.advance_import(file.id, 0, &summary).await?;
    let act = Act::named("compute_import_preview", by.actor(), house.operation())
        .on("import", file.id)
        .counting("new", summary.new)
        .counting("changed", summary.changed)
        .counting("same", summary.same)
        .counting("doubtful", summary.doubtful)
        .counting("wrong", summary.wrong)
        .counting("beside", summary.beside);
    Ok(tx.commit(&act).await?)
}

/// What the file's columns are.
pub(crate) fn columns(file: &ImportFile) -> Vec<ImportField> {
    file.mapping.iter().map(|slug| ImportField::from_slug(slug).unwrap_or(ImportField::Ignore)).collect()
}

async fn context(
    house: &House,
    reader: &mut tsunagari_storage::Reader,
    file: &ImportFile,
) -> Result<FileContext, ActError> {
    let schools: BTreeMap<_, _> =
        reader.schools().await?.into_iter().map(|school| (names::comparable(&school.name), school.id)).collect();
    let year = ImportField::GraduationYear.slug();
    let headed = file.header.iter().zip(&file.mapping).find(|(_, slug)| *slug == year).map(|(label, _)| label.as_str());
    Ok(FileContext {
        today: house.now().jst_date(),
        school: file.school,
        graduation: file.graduation,
        years: headed.map_or_else(GraduationYears::default, GraduationYears::headed),
        schools,
    })
}

struct Preview<'p> {
    here: &'p OrgStore,
    index: Index,
    repeats: Repeats,
    today: chrono::NaiveDate,
}

/// A row matched, not yet judged.
struct Pending {
    number: i64,
    row: ReadRow,
    findings: Vec<Finding>,
    repeated: Option<RowVerdict>,
    found: Match,
}

impl Preview<'_> {
    async fn slice(&mut self, rows: ReadRows) -> Result<Vec<Judgement<Judged>>, ActError> {
        let sharing = rows.sharing;
        let pending: Vec<Pending> = rows
            .list
            .into_iter()
            .enumerate()
            .map(|(n, (number, row, findings))| {
                let traits = row.traits();
                let found = find(&traits, &self.index.near(&traits, sharing.get(&n).map_or(&[], Vec::as_slice)));
                let repeated = {
                    let row = guardians::comparable(&row, self.today);
                    self.repeats.next(usize::try_from(number).unwrap_or(0), &row, &findings)
                };
                Pending { number, row, findings, repeated, found }
            })
            .collect();
        let same: Vec<PersonId> = pending
            .iter()
            .filter_map(|it| match &it.found {
                Match::Same(candidate) => Some(candidate.person),
                Match::Doubtful(_) | Match::New => None,
            })
            .collect();
        let stored = read_stored(self.here, &same).await?;
        let guardians = guardians::guardians_of(self.here, stored.values(), self.today).await?;
        let head = |number| Judgement { number, verdict: "head", judged: None, person: None };
        let mut out: Vec<Judgement<Judged>> = rows.heads.into_iter().map(head).collect();
        out.extend(pending.into_iter().map(|it| judged(it, &stored, &guardians, self.today)));
        Ok(out)
    }
}

fn judged(
    mut it: Pending,
    stored: &HashMap<PersonId, Stored>,
    guardians: &HashMap<PersonId, Stored>,
    today: chrono::NaiveDate,
) -> Judgement<Judged> {
    let same = match &it.found {
        Match::Same(candidate) => stored.get(&candidate.person),
        Match::Doubtful(_) | Match::New => None,
    };
    let compared = comparable_row(&it.row, same);
    let values = |person: PersonId| stored.get(&person).map(|known| stored_row(known, &compared));
    let verdict = it.repeated.unwrap_or_else(|| judge(&compared, &it.findings, &it.found, values));
    let person = match &verdict {
        RowVerdict::Changed(person, _) | RowVerdict::Same(person) => Some(*person),
        RowVerdict::Doubtful(Doubt::Who(candidates)) => match candidates.as_slice() {
            [one] => Some(one.person),
            [] | [_, _, ..] => None,
        },
        RowVerdict::New
        | RowVerdict::Repeats(_)
        | RowVerdict::Doubtful(Doubt::Repeated(..))
        | RowVerdict::Wrong(_)
        | RowVerdict::Beside(_) => None,
    };
    let known = person.and_then(|id| stored.get(&id));
    it.findings.extend(guardians::left_out(&it.row, &verdict, known, guardians, today));
    it.findings.extend(beside_the_row(&it.row, &compared, &verdict, known));
    let code = verdict.code();
    Judgement {
        number: it.number,
        verdict: code,
        judged: Some(Judged { row: it.row, verdict, findings: it.findings }),
        person,
    }
}

/// Why nothing is written of somebody known, or not of a school: what neither the row's cells nor a change would tell.
fn beside_the_row(row: &ReadRow, compared: &ReadRow, verdict: &RowVerdict, known: Option<&Stored>) -> Option<Finding> {
    match verdict {
        RowVerdict::Repeats(_)
        | RowVerdict::Wrong(_)
        | RowVerdict::Beside(_)
        | RowVerdict::Doubtful(Doubt::Repeated(..)) => return None,
        RowVerdict::New | RowVerdict::Changed(..) | RowVerdict::Same(_) | RowVerdict::Doubtful(Doubt::Who(_)) => {}
    }
    if let Some(end) = known.and_then(|it| tie::gone(&it.record.ties)) {
        let (field, problem, found) = (RowField::Name, Problem::TieEnded, end.code().to_owned());
        return Some(Finding { field, problem, found });
    }
    let school = row.school.is_some() || !row.school_name.is_empty() || row.next.is_some();
    let missing =
        Finding { field: RowField::GraduationYear, problem: Problem::GraduationMissing, found: String::new() };
    (school && compared.graduation.is_none()).then_some(missing)
}
