//! An audience gets a name: a rule that reads in today's catalogue, with what it is for. Kept in its canonical text.

use tsunagari_access::permission::ManageAudiences;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{SegmentId, TeamId};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::segment::Segment;

use crate::{ActError, House, Reason};

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentGiven {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub why: String,
    /// The rule's text.
    pub rule: String,
    /// Whose it is.
    pub team: Option<TeamId>,
}

/// Keeps an audience; `seen` names the one being changed and the version the form was opened with.
///
/// # Errors
/// `field_empty`, `field_too_long`, `name_taken`, `rule_unfinished` at their fields; `Conflict` when somebody changed it since.
pub async fn keep_segment(
    house: &House,
    by: &Granted<ManageAudiences>,
    seen: Option<(SegmentId, i64)>,
    given: &SegmentGiven,
) -> Result<SegmentId, ActError> {
    let user = by.user();
    let mut tx = house.org(by.org()).write().await?;
    let catalogue = tx.rule_catalogue().await?;
    let mut wrong = Vec::new();
    let (name, why) = (given.name.trim().to_owned(), given.why.trim().to_owned());
    for (field, text, most) in [("name", &name, 60), ("why", &why, 400)] {
        if text.is_empty() {
            wrong.push(Reason::at(field, "field_empty"));
        } else if text.chars().count() > most {
            wrong.push(Reason::at(field, "field_too_long").with("most", most));
        }
    }
    let in_use = tx.segments().await?;
    if in_use.iter().any(|it| it.name == name && seen.is_none_or(|(id, _)| id != it.id)) {
        wrong.push(Reason::at("name", "name_taken"));
    }
    let rule = match Rule::<Checked>::read(&given.rule, &catalogue) {
        Ok(rule) if wrong.is_empty() => rule,
        read => {
            if read.is_err() {
                wrong.push(Reason::at("rule", "rule_unfinished"));
            }
            tx.undo().await?;
            return Err(ActError::Refused(wrong));
        }
    };
    let (id, version, created_by) = match seen {
        Some((id, version)) => (id, version, tx.segment(id).await?.created_by),
        None => (SegmentId::born(&house.chance, house.now()), 1, user),
    };
    let segment = Segment {
        id,
        name,
        why,
        rule: rule.to_string(),
        rule_hash: rule.hash(),
        team: given.team,
        created_by,
        updated_at: house.now(),
        version,
    };
    match seen {
        Some(_) => tx.keep_segment(&segment).await?,
        None => tx.add_segment(&segment).await?,
    }
    tx.commit(&Act::named("keep_segment", by.actor(), house.operation()).on("segment", id)).await?;
    Ok(id)
}
