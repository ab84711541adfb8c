//! Audiences an office already had are entered with an installation's history. Leaves naming new ones to `keep_segment`.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{SegmentId, UserId};
use tsunagari_storage::segment::Segment;

use crate::judge_audience::read_rule;
use crate::{ActError, House};

/// An audience of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSegment {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub why: String,
    /// The rule's text.
    pub rule: String,
}

/// Enters them; a rule that cannot be read stops all of them.
///
/// # Errors
/// `rule_unreadable`, or storage's.
pub async fn load_segments(
    house: &House,
    by: &Machine,
    author: UserId,
    segments: &[PastSegment],
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    for it in segments {
        let rule = read_rule(&mut tx, &it.rule).await?;
        let segment = Segment {
            id: SegmentId::born(&house.chance, house.now()),
            name: it.name.clone(),
            why: it.why.clone(),
            rule: rule.to_string(),
            rule_hash: rule.hash(),
            team: None,
            created_by: author,
            updated_at: house.now(),
            version: 1,
        };
        tx.add_segment(&segment).await?;
    }
    let act = Act::named("load_segments", by.actor(), house.operation())
        .counting("segments", i64::try_from(segments.len()).unwrap_or(i64::MAX));
    Ok(tx.commit(&act).await?)
}
