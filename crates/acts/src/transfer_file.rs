//! The bank's file of a list of transfers, made anew from the lines as they were when it was drawn up: the same bytes every time, which the
//! digest on record proves. Leaves who may have it to the acts.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use tsunagari_benefits::payment::reference;
use tsunagari_benefits::transfer::TransferFault;
use tsunagari_benefits::{Line, Payer, TransferList};
use tsunagari_documents::zengin::{Layout, render};
use tsunagari_kernel::PersonId;
use tsunagari_storage::person_key::PersonKeys;
use tsunagari_storage::transfer_run::{TransferLine, TransferRun};
use tsunagari_storage::{OrgStore, Reader};

use crate::{ActError, Reason};

/// Why a list goes to no bank, as a reason.
pub(crate) fn refused(fault: TransferFault) -> ActError {
    let code = match fault {
        TransferFault::Empty => "transfer_empty",
        TransferFault::TooMany => "transfer_too_many",
        TransferFault::DayFar => "transfer_day_far",
        TransferFault::NoBankDay => "transfer_no_bank_day",
        TransferFault::RequesterCode => "transfer_requester_code",
        TransferFault::RequesterName => "transfer_requester_name",
        TransferFault::Amount(_) => "transfer_amount",
        TransferFault::NameLong(_) => "bank_name_long",
        TransferFault::Reference(_) => "transfer_reference",
    };
    ActError::Refused(vec![Reason::at("pay_on", code)])
}

/// The list, checked as if it were made on a day.
pub(crate) fn list_of(
    payer: &Payer,
    pay_on: NaiveDate,
    lines: &[TransferLine],
    today: NaiveDate,
) -> Result<TransferList, ActError> {
    let line = |it: &TransferLine| Line {
        account: it.account.clone(),
        yen: it.yen,
        reference: reference(it.payment, it.sending),
    };
    let lines = lines.iter().map(line).collect();
    TransferList::of(payer.requester.clone(), pay_on, lines, today).map_err(refused)
}

/// The file of a list, and its digest.
pub(crate) fn file_of(list: &TransferList, payer: &Payer) -> (Vec<u8>, String) {
    let layout = Layout {
        line_breaks: payer.line_breaks,
        blank_clearing_house: payer.blank_clearing_house,
        end_of_file: payer.end_of_file,
    };
    let bytes = render(list, layout);
    let digest = hex::encode(Sha256::digest(&bytes));
    (bytes, digest)
}

/// The keys of whom a list pays.
pub(crate) async fn keys_of(here: &OrgStore, no: u32) -> Result<PersonKeys, ActError> {
    let mut people: Vec<PersonId> = here.read().await?.paid_by(no).await?.into_iter().map(|(_, id)| id).collect();
    people.sort_unstable();
    people.dedup();
    Ok(here.person_keys(&people).await?)
}

/// The file of a list on record, byte for byte as it was drawn up.
///
/// # Errors
/// `run_lines_gone`: somebody it pays was erased since, or a line was changed outside of this program.
pub(crate) async fn file_again(reader: &mut Reader, run: &TransferRun, keys: &PersonKeys) -> Result<Vec<u8>, ActError> {
    let lines = reader.transfer_lines(run.no, keys).await?;
    // As of its own day: what was checked when it was drawn up holds.
    let list = list_of(&run.payer, run.pay_on, &lines, run.pay_on);
    let (bytes, digest) = list.map(|it| file_of(&it, &run.payer)).map_err(|_| ActError::refused("run_lines_gone"))?;
    if digest == run.digest { Ok(bytes) } else { Err(ActError::refused("run_lines_gone")) }
}
