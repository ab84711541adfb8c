//! Upkeep of a process: erasures are made whole before it answers (a restored database brings erased people back),
//! and what such a database cannot know is settled; while it runs, every organisation has its daily and hourly jobs in the queue, and what was erased leaves the write-ahead log too.
//! Leaves what the jobs do to acts.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_acts::apply_retention::schedule;
use tsunagari_acts::reapply_erasures::reapply_everywhere;
use tsunagari_acts::settle_restored::{Settlement, settle_everywhere};
use tsunagari_kernel::Timestamp;

/// How often organisations without their jobs are looked for: a new one gets them within this time.
const PAUSE: Duration = Duration::from_secs(60);

/// Erases again whom the log beside the person keys names and the database still holds. One that cannot be erased keeps
/// nobody from working: it is tried again daily.
pub async fn forget_again(house: &House) {
    match reapply_everywhere(house).await {
        Ok(0) => {}
        Ok(again) => tracing::warn!(again, "people erased before were in this database and were erased again"),
        Err(error) => tracing::error!(%error, "erasures could not be held against this database; they are tomorrow"),
    }
}

/// Settles what a restored database cannot know: what was delivered since its backup was made.
///
/// # Errors
/// Storage's; nothing may be sent then.
pub async fn settle(house: &House, of: Timestamp) -> anyhow::Result<Settlement> {
    let done = settle_everywhere(house, of).await?;
    tracing::warn!(
        of = of.rfc3339(),
        held = done.held,
        unknown = done.unknown,
        letters = done.letters,
        "this database was restored: its messages stand still until somebody resumes or cancels them"
    );
    Ok(done)
}

/// The same for a database that carries the mark of `restore`; any other is left as it is.
///
/// # Errors
/// Storage's; nothing may be sent then.
pub async fn settle_marked(house: &House) -> anyhow::Result<()> {
    match house.store.restored_of().await? {
        Some(of) => settle(house, of).await.map(drop),
        None => Ok(()),
    }
}

/// Runs until told to stop.
pub async fn run(house: House, stop: CancellationToken) {
    loop {
        if let Err(error) = schedule(&house).await {
            tracing::warn!(%error, "daily work could not be scheduled; tried again in a minute");
        }
        match house.store.empty_owed_logs().await {
            Ok(true) => {}
            Ok(false) => {
                tracing::debug!("a reader keeps the write-ahead log from being emptied; tried again in a minute")
            }
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied; tried again in a minute"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
    }
}
