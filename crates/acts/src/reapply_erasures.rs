//! Erasures are made whole again: a restored database brings erased people back, and a crash may leave a key behind. Run
//! when the program starts and daily; the log beside the keys says who was erased. Leaves erasing to `erase_person`.

use tsunagari_access::Machine;
use tsunagari_kernel::OrgId;

use crate::erase_person::{Erasing, erase};
use crate::{ActError, House};

/// Makes the erasures of one organisation whole; how many people were erased again.
///
/// # Errors
/// Storage's.
pub async fn reapply_erasures(house: &House, org: OrgId) -> Result<usize, ActError> {
    let here = house.org(org);
    let by = Machine::working(org, "reapply_erasures");
    let log = here.erasure_log().await?;
    let back = here.read().await?.unerased_among(&log).await?;
    let mut again = 0;
    for person in back {
        // Entries and guardians of one person go together: a later one of the list may be gone by now.
        if here.read().await?.person(person).await.is_err() {
            continue;
        }
        erase(house, &here, Erasing { person, actor: by.actor(), closing: None }).await?;
        again += 1;
    }
    let unsealed = here.unsealed_erasures().await?;
    if !unsealed.is_empty() {
        here.seal_erasure(&unsealed).await?;
    }
    Ok(again)
}

/// The same for every organisation.
///
/// # Errors
/// Storage's.
pub async fn reapply_everywhere(house: &House) -> Result<usize, ActError> {
    let organisations = house.store.platform().await?.organisations().await?;
    let mut again = 0;
    for organisation in organisations {
        again += reapply_erasures(house, organisation.id).await?;
    }
    Ok(again)
}
