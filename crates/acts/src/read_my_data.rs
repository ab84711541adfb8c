//! A resident takes out everything stored about them: written to the audit record before the data leaves (trust.md 9).
//! Leaves the file itself to web.

use tsunagari_access::{Act, Resident};

use crate::{ActError, House};

/// Writes that the data is about to be taken.
///
/// # Errors
/// Storage's: then nothing may be given out.
pub async fn note(house: &House, by: &Resident) -> Result<(), ActError> {
    let tx = house.org(by.org()).write().await?;
    Ok(tx.commit(&Act::named("read_my_data", by.actor(), house.operation()).on("person", by.person())).await?)
}
