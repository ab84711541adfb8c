//! Mail that the demonstration's mailbox sends back (an address that begins with `gone-`, the button on a mail's page)
//! goes through the act that `tsunagari mail-in` uses. Leaves making bounces to mail-sim.

use std::time::Duration;

use tsunagari_acts::record_bounce::record_bounce;
use tsunagari_acts::{ActError, House};
use tsunagari_mail_sim::WayBack;

/// How long a mail server would wait, shortened for an onlooker.
const PAUSE: Duration = Duration::from_millis(500);
/// After so many tries a mail server gives up.
const MOST_TRIES: usize = 120;

/// Delivers bounces for ever.
pub async fn deliver(house: House, way_back: WayBack) {
    loop {
        let bounce = way_back.next().await;
        let house = house.clone();
        tokio::spawn(async move {
            for _ in 0..MOST_TRIES {
                match record_bounce(&house, &bounce.raw, Some(&bounce.to)).await {
                    Err(ActError::Busy) => tokio::time::sleep(PAUSE).await,
                    Ok(_) => return,
                    Err(error) => {
                        tracing::warn!(%error, "a bounce could not be recorded");
                        return;
                    }
                }
            }
        });
    }
}
