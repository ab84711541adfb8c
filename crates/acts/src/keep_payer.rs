//! The office says from which account it pays, as its bank has it on record. Leaves what belongs to it to benefits.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::payer::SaidPayer;

use crate::{ActError, House, Reason};

/// Keeps it, over the version that was seen. Lists that were drawn up keep the account they had.
///
/// # Errors
/// `transfer_requester_…`, `bank_…`, `branch_…`, `account_…` at their fields; `Conflict` when somebody changed it since.
pub async fn keep_payer(
    house: &House,
    by: &Granted<ManageSettings>,
    seen: i64,
    said: &SaidPayer,
) -> Result<(), ActError> {
    let payer = said.payer().map_err(|faults| {
        ActError::Refused(faults.into_iter().map(|(field, code)| Reason::at(field, code)).collect())
    })?;
    let mut tx = house.org(by.org()).write().await?;
    tx.keep_payer(seen, &payer, house.now()).await?;
    Ok(tx.commit(&Act::named("keep_payer", by.actor(), house.operation())).await?)
}
