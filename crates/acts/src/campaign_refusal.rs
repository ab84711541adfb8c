//! Why the domain refuses a move of a campaign, as this layer's answer. The sentences are `refused-campaign-…`.

use tsunagari_outreach::CampaignRefusal;

use crate::ActError;

/// The refusal of a move.
pub(crate) fn refused(refusal: CampaignRefusal) -> ActError {
    ActError::refused(match refusal {
        CampaignRefusal::WrongState => "campaign_wrong_state",
        CampaignRefusal::OwnApproval => "campaign_own_approval",
        CampaignRefusal::AttachmentUnopened => "campaign_attachment_unopened",
        CampaignRefusal::WindowOpen => "campaign_window_open",
        CampaignRefusal::NotYet => "campaign_not_yet",
        CampaignRefusal::InThePast => "campaign_in_the_past",
        CampaignRefusal::NobodyToReach => "campaign_nobody_to_reach",
    })
}
