//! A previewed file is written: one change, in slices short enough that webhooks answer in between, each with the step
//! from which it is undone. After a crash the job goes on after the last slice that reached the disk. What changed since
//! the preview is left out and marked, never overwritten. Leaves taking it back to `undo_import`.

pub(crate) mod difference;
mod enter;
mod revise;

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{AuditId, ChangeId, ImportId, OrgId, PersonId};
use tsunagari_people::import::{Doubt, ReadRow, RowVerdict};
use tsunagari_people::matching::{Match, find};
use tsunagari_people::{Aspect, PersonRecord};
use tsunagari_storage::change::{Change, ChangeStep, SealedStep};
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::import_row::{Decision, RowsOf};
use tsunagari_storage::people_ready::ReadyPeople;
use tsunagari_storage::person::HistoryEntry;
use tsunagari_storage::person_key::PersonKeys;
use tsunagari_storage::{OrgStore, Reader, Tx};

use crate::preview_import::{Index, Judged, JudgedRow, import_of, payload, read_stored, retry};
use crate::{ActError, House, Reason};
use enter::{Entered, Frame};
use revise::Revised;

/// The kind of the job.
pub const KIND: &str = "apply_import.1";
/// Rows written in one turn at the writer: so few that a webhook waits a fraction of a second for it, so many that a page
/// of an index is written for many rows at once.
const SLICE: i64 = 1_000;

/// The key of the job about a file: it is put in the queue once.
pub(crate) fn once(import: ImportId) -> String {
    format!("apply_import {import}")
}

/// What a change did to one person: enough to take it back, and to see whether somebody went on from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    /// The person before; nothing when the change entered them.
    pub(crate) before: Option<PersonRecord>,
    /// The digest of the person after.
    pub(crate) after: String,
}

/// Asks for a previewed file to be written.
///
/// # Errors
/// `import_undecided`, `import_nothing_to_do`, `Conflict` when the preview no longer stands, or storage's.
pub async fn apply_import(house: &House, by: &Granted<ImportPeople>, import: ImportId) -> Result<(), ActError> {
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    tx.import_file_held(import).await?;
    let undecided = tx.import_undecided(import).await?.rows;
    let reason = if undecided > 0 {
        Some(Reason::of("import_undecided").with("n", undecided))
    } else if !writes_something(&mut tx, import).await? {
        Some(Reason::of("import_nothing_to_do"))
    } else {
        None
    };
    if let Some(reason) = reason {
        tx.undo().await?;
        return Err(ActError::Refused(vec![reason]));
    }
    tx.move_import(import, &[ImportState::Previewed], ImportState::Applying).await?;
    let change = ChangeId::born(&house.chance, now);
    tx.begin_change(&Change {
        id: change,
        kind: "import".to_owned(),
        state: "applying".to_owned(),
        by: by.user(),
        created_at: now,
    })
    .await?;
    tx.tie_import_to_change(import, change).await?;
    tx.enqueue(KIND, &payload(import), house.real_clock.now(), Some(&once(import))).await?;
    Ok(tx
        .commit(&Act::named("apply_import", by.actor(), house.operation()).on("import", import).on("change", change))
        .await?)
}

/// Whether a list decided on has a row that is written: somebody new, somebody changed, or a row joined to one of them.
async fn writes_something(tx: &mut Tx, import: ImportId) -> Result<bool, ActError> {
    let counts = tx.import_counts(import).await?;
    let joined: Vec<JudgedRow> = tx.import_rows(import, RowsOf::Joined, 0, 1).await?;
    Ok(counts.new + counts.changed > 0 || !joined.is_empty())
}

/// The handler of the job.
pub struct ApplyImport(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for ApplyImport {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let import = import_of(payload)?;
        let by = Machine::working(org, "apply_import");
        apply_all(&self.0, &by, import).await
    }
}

/// Writes slice after slice; the next one is made ready while one is being written. What was not written when the program
/// stops is written by the job's next run.
async fn apply_all(house: &House, by: &Machine, import: ImportId) -> Result<(), JobError> {
    let mut next = next_slice(house, by, import, None).await.map_err(retry)?;
    while let Next::Slice(slice) = next {
        let mut ahead = JoinSet::new();
        let (its_house, its_by, after) = (house.clone(), by.clone(), slice.last);
        ahead.spawn(async move { next_slice(&its_house, &its_by, import, Some(after)).await });
        let standing = write(house, by, *slice).await.map_err(retry)?;
        if tsunagari_jobs::is_stopping() {
            return Err(JobError::Later(house.real_clock.now(), "the process stops".into()));
        }
        let made = ahead.join_next().await;
        next = match (standing, made) {
            (Standing::Kept, Some(Ok(made))) => made.map_err(retry)?,
            // Another worker was faster: what was made ready may be written already.
            (Standing::Overtaken, _) | (Standing::Kept, Some(Err(_)) | None) => {
                next_slice(house, by, import, None).await.map_err(retry)?
            }
        };
    }
    match next {
        Next::End => finish(house, by, import).await.map(|_| ()).map_err(retry),
        Next::Slice(_) | Next::Nothing => Ok(()),
    }
}

/// Whether a long change is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There may be more to do.
    More,
    /// All is done.
    Done,
}

/// What is to be done with a row.
enum Work {
    Enter(ReadRow, Decision),
    Revise(PersonId, ReadRow),
}

fn work(row: JudgedRow, joined: &JoinedRows) -> Option<(i64, Work)> {
    let mut judged = row.judged?;
    let more = joined.get(&row.number).map_or(&[][..], Vec::as_slice);
    for (_, again) in more {
        judged.row = tsunagari_people::import::joined(&judged.row, again);
    }
    let work = match (judged.verdict, row.decision) {
        (RowVerdict::New, _) => Work::Enter(judged.row, Decision::Same),
        (RowVerdict::Changed(person, _), _) => Work::Revise(person, judged.row),
        (RowVerdict::Same(person), _) if !more.is_empty() => Work::Revise(person, judged.row),
        (RowVerdict::Doubtful(_), Some(Decision::New)) => Work::Enter(judged.row, Decision::New),
        (RowVerdict::Doubtful(_), Some(Decision::Same)) => Work::Revise(row.person?, judged.row),
        // A joined row is written with the row it repeats.
        (RowVerdict::Doubtful(_), Some(Decision::LeaveOut | Decision::Join) | None)
        | (RowVerdict::Same(_) | RowVerdict::Repeats(_) | RowVerdict::Wrong(_) | RowVerdict::Beside(_), _) => {
            return None;
        }
    };
    Some((row.number, work))
}

/// By the number of a row: the later rows the office decided to be the same person, with their numbers.
type JoinedRows = HashMap<i64, Vec<(i64, ReadRow)>>;

/// All of a list. Each was decided by hand, so they are few.
async fn joined_rows(reader: &mut Reader, import: ImportId) -> Result<JoinedRows, ActError> {
    let mut joined = JoinedRows::new();
    let rows: Vec<JudgedRow> = reader.import_rows(import, RowsOf::Joined, 0, i64::MAX).await?;
    for row in rows {
        if let Some(Judged { row: again, verdict: RowVerdict::Doubtful(Doubt::Repeated(first, _)), .. }) = row.judged {
            joined.entry(i64::try_from(first).unwrap_or(0)).or_default().push((row.number, again));
        }
    }
    Ok(joined)
}

/// The rows of a slice made ready outside the writer's turn.
struct Ready {
    /// New persons; whether the office itself said that they are new.
    entered: Vec<(i64, Decision, Entered)>,
    /// All of them, with their guardians.
    people: ReadyPeople,
    revised: Vec<(i64, Revised)>,
    /// Keys of revised persons who get an address.
    keys: PersonKeys,
    /// The steps of all these rows.
    steps: Vec<SealedStep>,
    /// Rows whose person is no longer there.
    gone: Vec<i64>,
    /// Rows written with another one: its number and theirs.
    joined: Vec<(i64, i64)>,
}

/// A slice: the rows after one up to another.
struct Slice {
    import: ImportId,
    change: ChangeId,
    after: i64,
    last: i64,
    ready: Ready,
}

/// What comes next.
enum Next {
    /// To be written.
    Slice(Box<Slice>),
    /// Every row is written.
    End,
    /// The file is not being applied.
    Nothing,
}

/// Whether a slice was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Kept,
    /// Somebody else has written it, or the file is applied no longer.
    Overtaken,
}

/// Writes the next slice.
///
/// # Errors
/// Storage's; then nothing of the slice was written.
pub async fn apply_slice(house: &House, by: &Machine, import: ImportId) -> Result<Progress, ActError> {
    match next_slice(house, by, import, None).await? {
        Next::Slice(slice) => {
            write(house, by, *slice).await?;
            Ok(Progress::More)
        }
        Next::End => finish(house, by, import).await,
        Next::Nothing => Ok(Progress::Done),
    }
}

/// Makes the slice after a row ready; without one, after the last row written.
async fn next_slice(house: &House, by: &Machine, import: ImportId, after: Option<i64>) -> Result<Next, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let file = reader.import_file(import).await?;
    let (ImportState::Applying, Some(change)) = (file.state, file.change) else { return Ok(Next::Nothing) };
    let after = after.unwrap_or(file.done);
    let rows: Vec<JudgedRow> = reader.import_rows(import, RowsOf::Any, after, SLICE).await?;
    let joined = joined_rows(&mut reader, import).await?;
    let frame = Frame::read(house, &mut reader).await?;
    drop(reader);
    let Some(last) = rows.last().map(|row| row.number) else { return Ok(Next::End) };
    let work: Vec<(i64, Work)> = rows.into_iter().filter_map(|row| work(row, &joined)).collect();
    let pairs =
        work.iter().flat_map(|(first, _)| joined.get(first).into_iter().flatten().map(|(again, _)| (*first, *again)));
    let pairs: Vec<(i64, i64)> = pairs.collect();
    let mut ready = make_ready(&here, &frame, change, work).await?;
    ready.joined = pairs;
    Ok(Next::Slice(Box::new(Slice { import, change, after, last, ready })))
}

async fn make_ready(
    here: &OrgStore,
    frame: &Frame<'_>,
    change: ChangeId,
    work: Vec<(i64, Work)>,
) -> Result<Ready, ActError> {
    let mut ids = Vec::new();
    for (_, it) in &work {
        if let Work::Revise(person, _) = it {
            ids.push(*person);
        }
    }
    let stored = read_stored(here, &ids).await?;
    let (mut entered, mut revised, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    let (mut arrivals, mut sealed, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for (number, it) in work {
        match it {
            Work::Enter(row, how) => {
                let it = enter::entered(frame, &row);
                // The person's step comes after the guardian's, so that undoing meets the person first.
                for (place, arrival) in it.guardian.iter().map(|a| (0, a)).chain([(1, &it.person)]) {
                    let step = Step { before: None, after: difference::digest(&arrival.record)? };
                    steps.push(ChangeStep { seq: number * 2 + place, person: arrival.record.person.id, step });
                    arrivals.push(arrival.clone());
                }
                entered.push((number, how, it));
            }
            Work::Revise(person, row) => {
                match stored.get(&person).filter(|known| known.record.person.merged_into.is_none()) {
                    Some(known) => {
                        let it = revise::revised(frame, known, &row);
                        let step = Step { before: Some(it.before.clone()), after: difference::digest(&it.after)? };
                        steps.push(ChangeStep { seq: number * 2 + 1, person, step });
                        sealed.extend((!it.addresses.is_empty()).then_some(person));
                        revised.push((number, it));
                    }
                    None => gone.push(number),
                }
            }
        }
    }
    let people = here.make_people_ready(&arrivals).await?;
    let keys = here.make_person_keys(&sealed).await?;
    let steps = here.seal_change_steps(change, &steps).await?;
    Ok(Ready { entered, people, revised, keys, steps, gone, joined: Vec::new() })
}

/// What a slice wrote.
#[derive(Default)]
struct Written {
    /// Rows that were written.
    kept: BTreeSet<i64>,
    named: Vec<(i64, PersonId)>,
    overtaken: Vec<i64>,
    histories: Vec<(PersonId, HistoryEntry)>,
    entered: i64,
    revised: i64,
}

async fn write(house: &House, by: &Machine, slice: Slice) -> Result<Standing, ActError> {
    let Slice { import, change, after, last, ready } = slice;
    let Ready { entered, people, revised, keys, steps, gone, joined } = ready;
    let operation = house.operation();
    let mut tx = house.org(by.org()).write().await?;
    let now = tx.import_file_held(import).await?;
    if now.state != ImportState::Applying || now.done != after {
        tx.undo().await?;
        return Ok(Standing::Overtaken);
    }
    let mut written = Written { overtaken: gone, ..Written::default() };
    let entry = HistoryEntry {
        at: house.now(),
        audit: AuditId(operation.0),
        what: Aspect::Import,
        before: None,
        after: Some("{}".to_owned()),
    };
    write_new(&mut tx, change, &entered, people, &entry, &mut written).await?;
    write_revised(&mut tx, &revised, &keys, &entry, &mut written).await?;
    written.take_along(&joined, &revised);
    let steps = steps.into_iter().filter(|step| written.kept.contains(&(step.seq / 2))).collect();
    tx.add_change_steps(change, steps).await?;
    tx.add_person_histories(&written.histories).await?;
    tx.name_import_persons(import, &written.named).await?;
    tx.overtake_import_rows(import, &written.overtaken).await?;
    let mut summary = now.summary;
    summary.entered += written.entered;
    summary.updated += written.revised;
    summary.overtaken += i64::try_from(written.overtaken.len()).unwrap_or(0);
    tx.advance_import(import, last, &summary).await?;
    let act = Act::named("apply_import_slice", by.actor(), operation)
        .on("import", import)
        .on("change", change)
        .counting("entered", written.entered)
        .counting("revised", written.revised);
    tx.commit(&act).await?;
    Ok(Standing::Kept)
}

impl Written {
    /// Rows written with another one stand where that one stands.
    fn take_along(&mut self, joined: &[(i64, i64)], revised: &[(i64, Revised)]) {
        for (first, again) in joined {
            let entered = self.named.iter().find(|(number, _)| number == first).map(|(_, person)| *person);
            let known = || revised.iter().find(|(number, _)| number == first).map(|(_, it)| it.before.person.id);
            if self.overtaken.contains(first) {
                self.overtaken.push(*again);
            } else if let Some(person) = entered.or_else(known) {
                self.named.push((*again, person));
            }
        }
    }
}

async fn write_new(
    tx: &mut Tx,
    change: ChangeId,
    entered: &[(i64, Decision, Entered)],
    people: ReadyPeople,
    entry: &HistoryEntry,
    written: &mut Written,
) -> Result<(), ActError> {
    let names: BTreeSet<String> = entered.iter().map(|(_, _, it)| it.traits.name_key.clone()).collect();
    let index = Index::of(tx.known_named(&names.into_iter().collect::<Vec<_>>(), change).await?);
    // Somebody may have joined, or been entered, after the preview. The office's own word stands.
    let stands = |how: Decision, it: &Entered| {
        how == Decision::New || matches!(find(&it.traits, &index.near(&it.traits, &[])), Match::New)
    };
    let (fresh, known): (Vec<_>, Vec<_>) = entered.iter().partition(|(_, how, it)| stands(*how, it));
    if known.is_empty() {
        tx.insert_ready_people(people).await?;
    } else {
        let arrivals: Vec<_> = fresh.iter().flat_map(|(_, _, it)| it.arrivals().cloned()).collect();
        tx.insert_people(&arrivals, people.keys()).await?;
    }
    written.overtaken.extend(known.iter().map(|(number, _, _)| *number));
    for (number, _, it) in fresh {
        let person = it.person.record.person.id;
        written.kept.insert(*number);
        written.named.push((*number, person));
        written.histories.push((person, entry.clone()));
        written.entered += 1;
    }
    Ok(())
}

async fn write_revised(
    tx: &mut Tx,
    revised: &[(i64, Revised)],
    keys: &PersonKeys,
    entry: &HistoryEntry,
    written: &mut Written,
) -> Result<(), ActError> {
    let ids: Vec<PersonId> = revised.iter().map(|(_, it)| it.before.person.id).collect();
    let records = if ids.is_empty() { Vec::new() } else { tx.person_records(&ids).await? };
    let mut current: HashMap<PersonId, PersonRecord> = records.into_iter().map(|it| (it.person.id, it)).collect();
    for (number, it) in revised {
        let person = it.before.person.id;
        if current.get(&person) != Some(&it.before) {
            written.overtaken.push(*number);
            continue;
        }
        if it.after == it.before {
            continue;
        }
        difference::write(tx, &it.before, &it.after, &it.addresses, keys).await?;
        written.kept.insert(*number);
        written.histories.push((person, it.history(entry.at, entry.audit)));
        written.revised += 1;
        current.insert(person, it.after.clone());
    }
    Ok(())
}

async fn finish(house: &House, by: &Machine, import: ImportId) -> Result<Progress, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let file = tx.import_file(import).await?;
    let Some(change) = file.change else { return Err(ActError::Conflict) };
    let now = tx.clock().now();
    match tx.move_import(file.id, &[ImportState::Applying], ImportState::Applied).await {
        Ok(()) => {}
        Err(_) => {
            tx.undo().await?;
            return Ok(Progress::Done);
        }
    }
    tx.date_import(file.id, Some(now), None).await?;
    tx.move_change(change, "applied", Some(now)).await?;
    let act = Act::named("finish_import", by.actor(), house.operation())
        .on("import", file.id)
        .on("change", change)
        .counting("entered", file.summary.entered)
        .counting("revised", file.summary.updated);
    tx.commit(&act).await?;
    Ok(Progress::Done)
}
