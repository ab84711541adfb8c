//! The followers an account already has are entered with an installation's history: who follows, who has blocked, whose
//! user id it is where that is known. Leaves follows and blocks that happen from now on to `receive_line_event`.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{ChannelId, ProviderId};
use tsunagari_storage::line_follower::PastFollower;

use crate::{ActError, House};

/// Enters them in one transaction; callers slice.
///
/// # Errors
/// Storage's.
pub async fn load_followers(
    house: &House,
    by: &Machine,
    provider: ProviderId,
    channel: ChannelId,
    followers: &[PastFollower],
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.add_followers(provider, channel, followers).await?;
    let act = Act::named("load_followers", by.actor(), house.operation())
        .on("channel", channel)
        .counting("followers", i64::try_from(followers.len()).unwrap_or(i64::MAX));
    Ok(tx.commit(&act).await?)
}
