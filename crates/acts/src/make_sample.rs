//! Whether what is written can be made into what leaves, with the organisation's words filled in: the linter counts what stands
//! there, LINE counts what comes of it. Asked before a message is handed in, so that it is not found out when it is due.

use tsunagari_channels::line::{Notification, PushBody};
use tsunagari_kernel::OrgId;
use tsunagari_storage::campaign::KeptCampaign;

use crate::render_message::{ReaderFields, line_messages};
use crate::send_campaign::rendering;
use crate::{ActError, House};

/// Whether LINE would take every language of it.
///
/// # Errors
/// Storage's.
pub(crate) async fn can_be_made(house: &House, org: OrgId, kept: &KeptCampaign) -> Result<bool, ActError> {
    if kept.message.line.is_empty() {
        return Ok(true);
    }
    let organisation = house.org(org).read().await?.organisation().await?;
    let rendering = rendering(house, org, kept, &organisation).await?;
    let reader = ReaderFields { my_page: rendering.my_page.clone(), ..ReaderFields::default() };
    Ok(kept.message.line.values().all(|bubbles| {
        let body = PushBody {
            to: format!("U{}", "0".repeat(32)),
            messages: line_messages(bubbles, &rendering, &reader),
            notification: Notification::Aloud,
            aggregation_unit: None,
        };
        body.freeze().is_ok()
    }))
}
