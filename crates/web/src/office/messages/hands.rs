//! Whose hands a message has been in: who wrote it, who asked for its approval, who approved it. Leaves what they did since
//! to the audit record.

use tsunagari_i18n::Texts;
use tsunagari_kernel::UserId;
use tsunagari_outreach::Campaign;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_storage::Reader;

/// Titles with names, in the order things happened; colleagues who are gone keep their names.
pub(super) async fn hands(reader: &mut Reader, t: Texts, it: &Campaign) -> Vec<(String, String)> {
    let (asked, approved) = match &it.state {
        CampaignState::Submitted { by, .. } => (Some(*by), None),
        CampaignState::Approved(approval) | CampaignState::Launching { approval, .. } => (None, Some(approval.by)),
        CampaignState::Paused { approval, .. } => (None, approval.map(|it| it.by)),
        CampaignState::Draft
        | CampaignState::Sending { .. }
        | CampaignState::Done { .. }
        | CampaignState::Cancelled { .. }
        | CampaignState::Failed { .. } => (None, None),
    };
    let writers: Vec<UserId> = it.authors.iter().copied().collect();
    let asked: Vec<UserId> = asked.into_iter().collect();
    let approved: Vec<UserId> = approved.into_iter().collect();
    let mut told = Vec::new();
    for (key, who) in
        [("messages-written-by", writers), ("messages-asked-by", asked), ("messages-approved-by", approved)]
    {
        let mut names = Vec::with_capacity(who.len());
        for user in who {
            names.extend(reader.staff_member(user).await.ok().map(|it| it.name));
        }
        if !names.is_empty() {
            told.push((t.get(key), names.join("、")));
        }
    }
    told
}
