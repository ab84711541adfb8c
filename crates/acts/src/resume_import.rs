//! A file whose work was given up after its tries goes on from where it stood: its job enters the queue once more. Leaves
//! giving the file up to `discard_import`, and taking back what was written to `undo_import`.

use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::ImportId;
use tsunagari_storage::Reader;
use tsunagari_storage::import_file::{ImportFile, ImportState};

use crate::preview_import::payload;
use crate::{ActError, House, apply_import, preview_import, undo_import};

/// The kind and key of the job that works on a file; nothing where none does.
fn job(file: &ImportFile) -> Option<(&'static str, String)> {
    match file.state {
        ImportState::Previewing => Some((preview_import::KIND, preview_import::once(file.id))),
        ImportState::Applying => Some((apply_import::KIND, apply_import::once(file.id))),
        ImportState::Undoing => Some((undo_import::KIND, undo_import::once(file.id))),
        ImportState::Reading
        | ImportState::Mapping
        | ImportState::Previewed
        | ImportState::Applied
        | ImportState::Undone
        | ImportState::Discarded => None,
    }
}

/// Whether a file stands as being worked on and nobody works on it any more.
///
/// # Errors
/// Storage's.
pub async fn is_given_up(reader: &mut Reader, file: &ImportFile) -> Result<bool, ActError> {
    match job(file) {
        Some((_, key)) => Ok(!reader.has_job_of(&key).await?),
        None => Ok(false),
    }
}

/// Lets the work on a file go on. Where it does so anyway, nothing changes.
///
/// # Errors
/// `Conflict` when no work is under way, or storage's.
pub async fn resume_import(house: &House, by: &Granted<ImportPeople>, import: ImportId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let file = tx.import_file_held(import).await?;
    let Some((kind, key)) = job(&file) else {
        tx.undo().await?;
        return Err(ActError::Conflict);
    };
    tx.enqueue(kind, &payload(import), house.real_clock.now(), Some(&key)).await?;
    Ok(tx.commit(&Act::named("resume_import", by.actor(), house.operation()).on("import", import)).await?)
}
