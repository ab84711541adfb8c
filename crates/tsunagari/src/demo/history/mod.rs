//! What the demonstration's towns look back on: `record` is the file that says it, `messages` the past messages with
//! deliveries and clicks, `events` what people joined at, `figures` the published figures of past years, `strangers`
//! who has not joined yet. Leaves the people themselves to `people`, the network to `network`.

pub mod events;
pub mod figures;
pub mod messages;
pub mod record;
pub mod strangers;

use tsunagari_acts::House;
use tsunagari_kernel::Chance;

use self::record::Record;
use super::towns::Town;

/// Above this many people in a town its past messages and lists of figures would take longer than the people themselves:
/// a demonstration made larger than the plans is for trying size, not history.
const AT_MOST: usize = 40_000;

/// Enters everything a town with this many people looks back on.
///
/// # Errors
/// Storage's.
pub async fn enter(house: &House, record: &Record, town: &Town, people: usize, seed: u64) -> anyhow::Result<()> {
    events::enter(house, town).await?;
    messages::enter_segments(house, record, town).await?;
    if people <= AT_MOST {
        messages::enter(house, record, town, &Chance::seeded(seed)).await?;
        figures::enter(house, town).await?;
    }
    Ok(())
}
