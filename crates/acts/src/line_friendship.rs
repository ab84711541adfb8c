//! Whether a proven LINE user receives messages: what LINE says when asked, what webhooks have told since, and what becomes
//! of the contact point. What nobody said is neither yes nor no. Leaves the webhooks to `jobs::apply_line_events`.

use tsunagari_channels::Secret;
use tsunagari_channels::line::LineApi;
use tsunagari_channels::line::login::Friendship;
use tsunagari_kernel::{ContactPointId, Moment, PersonId, Timestamp};
use tsunagari_people::{EndReason, PersonRecord};
use tsunagari_storage::Tx;
use tsunagari_storage::line_follower::Following;

use crate::ActError;
use crate::begin_join::LineProof;
use crate::line_gateway::line_reason;

/// Whether the address just used receives messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Works {
    /// It does.
    Yes,
    /// It does not: not a friend, or blocked.
    No,
    /// It was not said.
    Unsaid,
}

impl Works {
    /// As LINE answered.
    pub(crate) const fn of(friend: Option<bool>) -> Self {
        match friend {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unsaid,
        }
    }
}

/// Asks LINE whether the official account is a friend. An answer that does not come is no answer: whoever enters must not be
/// kept out for it, and nobody is taken for blocked by it.
pub(crate) async fn ask(api: &LineApi, access: &Secret) -> Option<bool> {
    match api.friendship(access).await {
        Ok(answer) => Some(answer.value == Friendship::Friend),
        Err(error) => {
            tracing::info!(
                call = error.call,
                reason = line_reason(&error.fault),
                "LINE did not say whether they are friends"
            );
            None
        }
    }
}

/// What holds of a LINE user who becomes a person's: the later of what LINE answered and what its webhooks told, since a
/// webhook that came before there was a contact point found nobody. Held against webhooks until the transaction ends.
pub(crate) async fn works_by_now(tx: &mut Tx, person: PersonId, proof: &LineProof) -> Result<Works, ActError> {
    let said = |friend| if friend { Following::Follows } else { Following::Not };
    // A draft from before the time was kept does not say when LINE was asked.
    let asked = proof.friend.filter(|_| proof.asked_at > Timestamp::default());
    let asked = asked.map(|friend| (said(friend), proof.asked_at));
    Ok(match tx.meet_follower(proof.provider, &proof.user_id, person, asked).await? {
        Some(known) => match known.following {
            Following::Follows => Works::Yes,
            Following::Not => Works::No,
        },
        None => Works::of(proof.friend),
    })
}

/// Enters it for a contact point that is there already.
pub(crate) async fn settle(
    tx: &mut Tx,
    record: &PersonRecord,
    contact: ContactPointId,
    works: Works,
    at: &Moment,
) -> Result<(), ActError> {
    let person = record.person.id;
    let believed = || {
        let point = record.contact_points.iter().find(|point| point.id == contact);
        point.is_some_and(|point| point.working.iter().any(|w| w.span.contains(at.instant)))
    };
    match works {
        Works::Yes => tx.contact_works(person, contact, at.instant).await?,
        // What never worked was never blocked: only what is believed to work is news.
        Works::No if believed() => {
            tx.contact_fails(person, contact, at.instant, EndReason::Blocked).await?;
        }
        Works::No | Works::Unsaid => {}
    }
    Ok(())
}
