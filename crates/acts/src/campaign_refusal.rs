//! Why the domain refuses a move of a campaign, as this layer's answer. The sentences are `refused-campaign-…`.

use tsunagari_kernel::Timestamp;
use tsunagari_outreach::CampaignRefusal;
use tsunagari_outreach::campaign::can_leave_at;

use crate::{ActError, Reason};

/// The refusal of a move.
pub(crate) fn refused(refusal: CampaignRefusal) -> ActError {
    ActError::refused(code(refusal))
}

/// Why a message cannot leave at the time its writer proposed, if so.
pub(crate) fn ill_timed(proposed: Option<Timestamp>, now: Timestamp) -> Option<Reason> {
    can_leave_at(proposed?, now).err().map(|refusal| Reason::at("at", code(refusal)))
}

const fn code(refusal: CampaignRefusal) -> &'static str {
    match refusal {
        CampaignRefusal::WrongState => "campaign_wrong_state",
        CampaignRefusal::OwnApproval => "campaign_own_approval",
        CampaignRefusal::AttachmentUnopened => "campaign_attachment_unopened",
        CampaignRefusal::WindowOpen => "campaign_window_open",
        CampaignRefusal::NotYet => "campaign_not_yet",
        CampaignRefusal::InThePast => "campaign_in_the_past",
        CampaignRefusal::TooFarAhead => "campaign_too_far_ahead",
        CampaignRefusal::NobodyToReach => "campaign_nobody_to_reach",
    }
}
