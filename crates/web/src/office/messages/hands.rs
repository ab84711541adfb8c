//! Whose hands a message has been in: who wrote it, who asked for its approval, who approved it and who called it off, with
//! the moment of each but the writing. Leaves what else they did to the audit record.

use tsunagari_i18n::Texts;
use tsunagari_kernel::{Timestamp, UserId};
use tsunagari_outreach::Campaign;
use tsunagari_outreach::campaign::CampaignState;
use tsunagari_storage::Reader;

/// The titles, in the order things happen.
pub(super) const HANDS: [&str; 4] =
    ["messages-written-by", "messages-asked-by", "messages-approved-by", "messages-cancelled-by"];

type Deed = Option<(UserId, Timestamp)>;

/// Titles with names, in the order things happened; colleagues who are gone keep their names.
pub(super) async fn hands(reader: &mut Reader, t: Texts, it: &Campaign) -> Vec<(String, String)> {
    let [written_by, deeds @ ..] = HANDS;
    let mut writers = Vec::with_capacity(it.authors.len());
    for user in &it.authors {
        writers.extend(reader.staff_member(*user).await.ok().map(|it| it.name));
    }
    let mut told = Vec::with_capacity(HANDS.len());
    if !writers.is_empty() {
        told.push((t.get(written_by), writers.join("、")));
    }
    for (key, deed) in deeds.into_iter().zip(deeds_of(it)) {
        let Some((user, at)) = deed else { continue };
        let Ok(member) = reader.staff_member(user).await else { continue };
        told.push((t.get(key), t.two("messages-by-at", "name", member.name, "at", t.date_time(at))));
    }
    told
}

/// Who asked for the approval, gave it, called the message off.
fn deeds_of(it: &Campaign) -> [Deed; 3] {
    let (asked, approval, called_off) = match it.state {
        CampaignState::Submitted { by, at, .. } => (Some((by, at)), None, None),
        CampaignState::Approved(approval) | CampaignState::Launching { approval, .. } => (None, Some(approval), None),
        CampaignState::Paused { approval, .. } => (None, approval, None),
        CampaignState::Cancelled { by, at } => (None, None, Some((by, at))),
        CampaignState::Draft
        | CampaignState::Sending { .. }
        | CampaignState::Done { .. }
        | CampaignState::Failed { .. } => (None, None, None),
    };
    // What was approved by an earlier version of the program has its approval in the state only.
    let approved = it.released.map(|it| (it.by, it.at)).or_else(|| approval.map(|it| (it.by, it.at)));
    [asked, approved, called_off]
}
