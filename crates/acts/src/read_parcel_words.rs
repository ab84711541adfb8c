//! Staff reads what the recipients of a round's parcels answered. Each look is on the record. Leaves answering to `answer_parcel`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::RoundId;
use tsunagari_storage::parcel_paper::ParcelWord;

use crate::{ActError, House};

/// Reads them, the newest first.
///
/// # Errors
/// Not found; storage's.
pub async fn read_parcel_words(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
) -> Result<Vec<ParcelWord>, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    reader.round(round).await?;
    let writers = reader.parcel_word_writers(round).await?;
    drop(reader);
    let keys = here.person_keys(&writers).await?;
    let mut tx = here.write().await?;
    let words = tx.parcel_words(round, &keys).await?;
    let shown = i64::try_from(words.len()).unwrap_or(i64::MAX);
    let act = Act::named("read_parcel_words", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(words)
}
