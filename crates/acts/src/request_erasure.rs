//! A resident asks to be erased. The office checks and carries it out; asking changes nothing else. Leaves proposing,
//! deciding and the erasing itself to `erase_person`.

use chrono::Days;
use tsunagari_access::{Act, Resident};
use tsunagari_kernel::ErasureId;
use tsunagari_storage::erasure_case::{AskedBy, CaseState, ErasureCase};
use tsunagari_storage::erasure_request::PersonWork;

use crate::{ActError, House};

/// Days within which the office answers.
const ANSWER_WITHIN: Days = Days::new(30);

/// Asks the office to erase who is signed in. Asking twice is asking once.
///
/// # Errors
/// Storage's.
pub async fn request_erasure(house: &House, by: &Resident) -> Result<(), ActError> {
    let now = house.now();
    let due = now.jst_date().checked_add_days(ANSWER_WITHIN);
    let mut tx = house.org(by.org()).write().await?;
    if tx.erasure_case_of(by.person()).await?.is_some_and(|case| case.state.is_open()) {
        tx.undo().await?;
        return Ok(());
    }
    let case = ErasureCase {
        id: ErasureId::born(&house.chance, now),
        person: by.person(),
        asked_by: AskedBy::Resident,
        state: CaseState::Asked,
        reason: "asked".into(),
        proposed_by: None,
        since: now,
        decided_by: None,
        decided_at: None,
    };
    tx.keep_erasure_case(&case).await?;
    tx.ask_office(PersonWork::Erasure, by.person(), "", due, now).await?;
    let act = Act::named("request_erasure", by.actor(), house.operation()).on("person", by.person());
    Ok(tx.commit(&act.on("erasure", case.id)).await?)
}
