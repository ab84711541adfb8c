//! The office names people of its own on whom a message may be tried out before it is approved, and takes them off again.
//! Naming them is an administrator's: a test leaves without a second person looking at it. Leaves sending to `test_send`.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::PersonId;

use crate::{ActError, House};

/// Names somebody.
///
/// # Errors
/// `test_no_line` when LINE does not reach them, `no_line_channel`; not found, merged or erased; storage's.
pub async fn add_test_recipient(house: &House, by: &Granted<ManageChannels>, person: PersonId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    if tx.person(person).await?.merged_into.is_some() {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    let refusal = match tx.sending_line_channel().await? {
        None => Some("no_line_channel"),
        Some(line) if tx.on_line(line.provider, &[person]).await?.is_empty() => Some("test_no_line"),
        Some(_) => None,
    };
    if let Some(code) = refusal {
        tx.undo().await?;
        return Err(ActError::refused(code));
    }
    tx.add_test_recipient(person, by.user(), house.now()).await?;
    tx.commit(&Act::named("add_test_recipient", by.actor(), house.operation()).on("person", person)).await?;
    Ok(())
}

/// Takes somebody off.
///
/// # Errors
/// Not found; storage's.
pub async fn drop_test_recipient(
    house: &House,
    by: &Granted<ManageChannels>,
    person: PersonId,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    if !tx.drop_test_recipient(person).await? {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    tx.commit(&Act::named("drop_test_recipient", by.actor(), house.operation()).on("person", person)).await?;
    Ok(())
}
