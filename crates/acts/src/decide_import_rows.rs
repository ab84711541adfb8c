//! The office decides doubtful rows, one by one or all that are left. Nothing about a person changes until `apply_import`.

use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{ImportId, PersonId};
use tsunagari_people::import::{Doubt, RowVerdict};
use tsunagari_storage::Tx;
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::import_row::{Decision, RowsOf};

use crate::preview_import::JudgedRow;
use crate::{ActError, House, Reason};

/// A decision on a doubtful row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowDecision {
    /// It is this person, who must be one of the candidates.
    Same(PersonId),
    /// Somebody new.
    New,
    /// The person of the earlier row it names; what this row says otherwise holds.
    Join,
    /// Nothing is done.
    LeaveOut,
    /// Not decided after all.
    Open,
}

/// A row that is decided, and how it had been decided when whoever decides it looked at it.
#[derive(Debug, Clone, Copy)]
pub struct RowSeen {
    /// Its number.
    pub number: i64,
    /// As what it stood; nothing where nobody looked.
    pub decided: Option<Option<Decision>>,
}

impl From<i64> for RowSeen {
    fn from(number: i64) -> Self {
        Self { number, decided: None }
    }
}

/// Decides one row.
///
/// # Errors
/// `import_not_a_candidate`, `import_joins_left_out`, `import_decided_meanwhile`, `Conflict` when the preview no longer stands or the row is not doubtful, or storage's.
pub async fn decide_import_row(
    house: &House,
    by: &Granted<ImportPeople>,
    import: ImportId,
    row: impl Into<RowSeen>,
    decision: RowDecision,
) -> Result<(), ActError> {
    let RowSeen { number, decided } = row.into();
    let mut tx = house.org(by.org()).write().await?;
    // Held: two who decide at once count after each other, and nobody decides on a list that is being written.
    let file = tx.import_file_held(import).await?;
    if file.state != ImportState::Previewed {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    let row: JudgedRow = tx.import_row(import, number).await?;
    if decided.is_some_and(|decided| decided != row.decision) {
        tx.undo().await?;
        return Err(ActError::Refused(vec![Reason::of("import_decided_meanwhile").with("row", number)]));
    }
    let verdict = row.judged.map(|judged| judged.verdict);
    let repeats = match &verdict {
        Some(RowVerdict::Doubtful(Doubt::Repeated(first, _))) => i64::try_from(*first).ok(),
        _ => None,
    };
    let candidates: Vec<PersonId> = match verdict {
        Some(RowVerdict::Doubtful(Doubt::Who(candidates))) => candidates.into_iter().map(|it| it.person).collect(),
        _ => Vec::new(),
    };
    let (kept, person) = match decision {
        RowDecision::Same(person) if !candidates.contains(&person) => {
            tx.undo().await?;
            return Err(ActError::refused("import_not_a_candidate"));
        }
        RowDecision::Join => match repeats {
            Some(first) if is_left_out(&mut tx, import, first).await? => {
                tx.undo().await?;
                return Err(ActError::Refused(vec![Reason::of("import_joins_left_out").with("row", first)]));
            }
            Some(_) => (Some(Decision::Join), None),
            None => {
                tx.undo().await?;
                return Err(ActError::refused("import_not_a_candidate"));
            }
        },
        RowDecision::Same(person) => (Some(Decision::Same), Some(person)),
        RowDecision::New => (Some(Decision::New), only(&candidates)),
        RowDecision::LeaveOut => (Some(Decision::LeaveOut), only(&candidates)),
        RowDecision::Open => (None, only(&candidates)),
    };
    tx.decide_import_row(import, number, kept, person).await?;
    if kept == Some(Decision::LeaveOut) {
        // Whoever repeats this row has nobody to be joined to: that is asked again.
        follow_left_out(&mut tx, import, None).await?;
    }
    count_again(&mut tx, import).await?;
    Ok(tx.commit(&Act::named("decide_import_row", by.actor(), house.operation()).on("import", import)).await?)
}

async fn is_left_out(tx: &mut Tx, import: ImportId, number: i64) -> Result<bool, ActError> {
    let row: JudgedRow = tx.import_row(import, number).await?;
    Ok(row.standing() == Decision::LeaveOut.verdict())
}

/// Rows joined to one that is left out are decided otherwise, or opened again.
async fn follow_left_out(tx: &mut Tx, import: ImportId, to: Option<Decision>) -> Result<(), ActError> {
    let joined: Vec<JudgedRow> = tx.import_rows(import, RowsOf::Joined, 0, i64::MAX).await?;
    for row in joined {
        let Some(RowVerdict::Doubtful(Doubt::Repeated(first, _))) = row.judged.map(|it| it.verdict) else { continue };
        if is_left_out(tx, import, i64::try_from(first).unwrap_or(0)).await? {
            tx.decide_import_row(import, row.number, to, None).await?;
        }
    }
    Ok(())
}

/// The file's figures are those of the decisions: what was left out waits for nobody any more.
async fn count_again(tx: &mut Tx, import: ImportId) -> Result<(), ActError> {
    let counts = tx.import_counts(import).await?;
    Ok(tx.advance_import(import, 0, &counts).await?)
}

/// The one candidate there is, so that deciding all that are left still knows whom it would mean.
fn only(candidates: &[PersonId]) -> Option<PersonId> {
    match candidates {
        [one] => Some(*one),
        [] | [_, _, ..] => None,
    }
}

/// Decides every row that is left; `Same` only where one person alone may be meant. How many were decided.
///
/// # Errors
/// `Conflict` when the preview no longer stands, or storage's.
pub async fn decide_import_rest(
    house: &House,
    by: &Granted<ImportPeople>,
    import: ImportId,
    decision: Decision,
) -> Result<u64, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let file = tx.import_file_held(import).await?;
    if file.state != ImportState::Previewed {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    let decided = tx.decide_import_rest(import, decision).await?;
    if decision == Decision::LeaveOut {
        follow_left_out(&mut tx, import, Some(decision)).await?;
    }
    count_again(&mut tx, import).await?;
    let act = Act::named("decide_import_rest", by.actor(), house.operation())
        .on("import", import)
        .counting("rows", i64::try_from(decided).unwrap_or(i64::MAX));
    tx.commit(&act).await?;
    Ok(decided)
}
