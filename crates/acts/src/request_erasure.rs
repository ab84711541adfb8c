//! A resident asks to be erased. The office checks and carries it out; asking changes nothing else. Leaves the erasing
//! itself to the office's act.

use chrono::Days;
use tsunagari_access::{Act, Resident};
use tsunagari_storage::erasure_request::PersonWork;

use crate::{ActError, House};

/// Days within which the office answers.
const ANSWER_WITHIN: Days = Days::new(30);

/// Asks the office to erase who is signed in.
///
/// # Errors
/// Storage's.
pub async fn request_erasure(house: &House, by: &Resident) -> Result<(), ActError> {
    let now = house.now();
    let due = now.jst_date().checked_add_days(ANSWER_WITHIN);
    let mut tx = house.org(by.org()).write().await?;
    tx.ask_office(PersonWork::Erasure, by.person(), "", due, now).await?;
    Ok(tx.commit(&Act::named("request_erasure", by.actor(), house.operation()).on("person", by.person())).await?)
}
