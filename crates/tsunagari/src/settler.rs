//! The settler: every second it makes the rows again over which audiences are counted and that are due, because a fact
//! changed or a day began (docs/decisions/0006). Late rows cost time, never truth. Leaves the making to storage.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_storage::StorageError;

const PAUSE: Duration = Duration::from_secs(1);

/// Settles until told to stop.
pub async fn run(house: House, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
        tokio::select! {
            done = once(&house) => {
                match done {
                    Ok(_) => {}
                    // Somebody else writes, `mail-in` perhaps: the next second is as good.
                    Err(error @ StorageError::Busy(_)) => {
                        tracing::warn!(%error, "rows of people wait for somebody else who writes; tried again in a second");
                    }
                    Err(error) => tracing::error!(%error, "rows of people could not be made again; they wait"),
                }
            }
            () = stop.cancelled() => return,
        }
    }
}

/// Settles what is due now.
///
/// # Errors
/// Storage's.
pub async fn once(house: &House) -> Result<usize, StorageError> {
    let mut settled = 0;
    for organisation in house.store.platform().await?.organisations().await? {
        settled += house.org(organisation.id).settle_people().await?;
    }
    Ok(settled)
}
