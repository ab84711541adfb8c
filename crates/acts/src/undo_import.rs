//! An applied file is taken back: one change in slices, each person exactly as before, or left as they are when somebody
//! went on from there since, and the office is told who. Goes on after a crash. Leaves applying to `apply_import`.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{AuditId, ChangeId, ImportId, OrgId, PersonId};
use tsunagari_people::{Aspect, PersonRecord};
use tsunagari_storage::change::{ChangeStep, Undone};
use tsunagari_storage::import_file::{ImportFile, ImportState};
use tsunagari_storage::person::HistoryEntry;

use crate::apply_import::{Progress, Step, difference};
use crate::preview_import::{import_of, payload, retry};
use crate::resume_import::is_given_up;
use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "undo_import.1";
/// Persons dealt with in one turn at the writer.
const SLICE: i64 = 100;

/// The key of the job about a file: it is put in the queue once.
pub(crate) fn once(import: ImportId) -> String {
    format!("undo_import {import}")
}

/// Asks for an applied file to be taken back, or for what was written of one whose writing was given up.
///
/// # Errors
/// `Conflict` when it does not stand applied, or storage's.
pub async fn undo_import(house: &House, by: &Granted<ImportPeople>, import: ImportId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let file = tx.import_file_held(import).await?;
    // Past its period what undoing needs is gone (`retention`).
    if file.state == ImportState::Applied && file.change.is_none() {
        tx.undo().await?;
        return Err(ActError::refused("undo_too_late"));
    }
    if file.state == ImportState::Applying && !is_given_up(&mut tx, &file).await? {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    tx.move_import(import, &[ImportState::Applied, ImportState::Applying], ImportState::Undoing).await?;
    if let Some(change) = file.change {
        tx.move_change(change, "undoing", None).await?;
    }
    tx.enqueue(KIND, &payload(import), house.real_clock.now(), Some(&once(import))).await?;
    Ok(tx.commit(&Act::named("undo_import", by.actor(), house.operation()).on("import", import)).await?)
}

/// The handler of the job.
pub struct UndoImport(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for UndoImport {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let import = import_of(payload)?;
        let by = Machine::working(org, "undo_import");
        while undo_slice(&self.0, &by, import).await.map_err(retry)? == Progress::More {
            if tsunagari_jobs::is_stopping() {
                return Err(JobError::Later(self.0.real_clock.now(), "the process stops".into()));
            }
        }
        Ok(())
    }
}

/// Takes the next slice back.
///
/// # Errors
/// Storage's; then nothing of the slice was taken back.
pub async fn undo_slice(house: &House, by: &Machine, import: ImportId) -> Result<Progress, ActError> {
    let here = house.org(by.org());
    let no_keys = here.person_keys(&[]).await?;
    let mut tx = here.write().await?;
    let file = tx.import_file_held(import).await?;
    let (ImportState::Undoing, Some(change)) = (file.state, file.change) else {
        tx.undo().await?;
        return Ok(Progress::Done);
    };
    let steps: Vec<ChangeStep<Step>> = tx.change_steps_to_undo(change, SLICE).await?;
    if steps.is_empty() {
        return finish(house, by, tx, &file, change).await;
    }
    let ids: Vec<PersonId> = steps.iter().map(|step| step.person).collect();
    let records: HashMap<PersonId, PersonRecord> =
        tx.person_records(&ids).await?.into_iter().map(|record| (record.person.id, record)).collect();
    let operation = house.operation();
    let mut sorted = Sorted::default();
    for step in &steps {
        let Some(current) =
            records.get(&step.person).filter(|it| difference::digest(it).is_ok_and(|is| is == step.step.after))
        else {
            sorted.changed.push(step.seq);
            continue;
        };
        match &step.step.before {
            None => sorted.entered.push((step.seq, step.person)),
            Some(before) => {
                difference::write(&mut tx, current, before, &HashMap::new(), &no_keys).await?;
                sorted.back.push(step.seq);
                let at = house.now();
                let entry = HistoryEntry {
                    at,
                    audit: AuditId(operation.0),
                    what: Aspect::ImportUndone,
                    before: None,
                    after: None,
                };
                sorted.histories.push((step.person, entry));
            }
        }
    }
    sorted.take_out(&mut tx).await?;
    tx.add_person_histories(&sorted.histories).await?;
    tx.mark_undone(change, &sorted.back, Undone::Back).await?;
    tx.mark_undone(change, &sorted.changed, Undone::Changed).await?;
    tx.mark_undone(change, &sorted.used, Undone::Used).await?;
    let mut summary = file.summary.clone();
    summary.kept += i64::try_from(sorted.changed.len() + sorted.used.len()).unwrap_or(0);
    let (_, dealt) = tx.change_progress(change).await?;
    tx.advance_import(import, dealt, &summary).await?;
    let act = Act::named("undo_import_slice", by.actor(), operation)
        .on("import", import)
        .on("change", change)
        .counting("persons", i64::try_from(steps.len()).unwrap_or(0));
    tx.commit(&act).await?;
    Ok(Progress::More)
}

/// What becomes of the steps of a slice.
#[derive(Default)]
struct Sorted {
    entered: Vec<(i64, PersonId)>,
    back: Vec<i64>,
    changed: Vec<i64>,
    used: Vec<i64>,
    histories: Vec<(PersonId, HistoryEntry)>,
}

impl Sorted {
    /// Takes those out whom the change entered. Twice, because a guardian is free only once the child is gone.
    async fn take_out(&mut self, tx: &mut tsunagari_storage::Tx) -> Result<(), ActError> {
        for _ in 0..2 {
            let ids: Vec<PersonId> = self.entered.iter().map(|(_, person)| *person).collect();
            let used: BTreeSet<PersonId> = tx.uses_of(&ids).await?.into_iter().map(|(person, _)| person).collect();
            let (stay, go): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.entered).into_iter().partition(|(_, id)| used.contains(id));
            let gone: Vec<PersonId> = go.iter().map(|(_, person)| *person).collect();
            tx.remove_people(&gone).await?;
            self.back.extend(go.iter().map(|(seq, _)| *seq));
            self.entered = stay;
        }
        self.used.extend(self.entered.iter().map(|(seq, _)| *seq));
        Ok(())
    }
}

async fn finish(
    house: &House,
    by: &Machine,
    mut tx: tsunagari_storage::Tx,
    file: &ImportFile,
    change: ChangeId,
) -> Result<Progress, ActError> {
    let now = tx.clock().now();
    tx.move_import(file.id, &[ImportState::Undoing], ImportState::Undone).await?;
    tx.date_import(file.id, None, Some(now)).await?;
    tx.move_change(change, "undone", Some(now)).await?;
    let act = Act::named("finish_undo_import", by.actor(), house.operation())
        .on("import", file.id)
        .on("change", change)
        .counting("kept", file.summary.kept);
    tx.commit(&act).await?;
    Ok(Progress::Done)
}
