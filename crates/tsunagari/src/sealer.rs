//! The sealer: every second it seals the audit rows of each organisation into its chain, and once a day signs the last
//! link with a key outside the database. Leaves hashing to access and SQL to storage.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_storage::{Key, StorageError};

const PAUSE: Duration = Duration::from_secs(1);

/// Seals until told to stop, and once more then, so that a stopped installation has nothing waiting.
pub async fn run(house: House, key: Key, stop: CancellationToken) {
    loop {
        let stopping = tokio::select! {
            () = tokio::time::sleep(PAUSE) => false,
            () = stop.cancelled() => true,
        };
        if let Err(error) = once(&house, &key).await {
            tracing::error!(%error, "audit rows could not be sealed; they wait");
        }
        if stopping {
            return;
        }
    }
}

/// Seals what waits now and signs yesterday's head where it is missing.
///
/// # Errors
/// Storage's.
pub async fn once(house: &House, key: &Key) -> Result<usize, StorageError> {
    let organisations = house.store.platform().await?.organisations().await?;
    let yesterday = house.real_clock.today().pred_opt();
    let mut sealed = 0;
    for organisation in organisations {
        let here = house.org(organisation.id);
        if let Some(day) = yesterday {
            here.sign_head(key, day).await?;
        }
        loop {
            let n = here.seal_some().await?;
            sealed += n;
            if n == 0 {
                break;
            }
        }
    }
    Ok(sealed)
}
