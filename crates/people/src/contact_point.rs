//! Ways to reach a person and what is known of their working: verified when, working from when until when and why not
//! since, confirmed when. The address itself is sealed in storage and never part of the domain's values. Leaves sending to `channels`.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{ContactPointId, ProviderId, Span, Timestamp, municipality};

coded! {
    /// The kind of a contact point.
    ContactKind {
        /// LINE, by the user id under a provider.
        Line = "line",
        /// E-mail.
        Email = "email",
        /// Telephone.
        Phone = "phone",
        /// A postal address.
        Postal = "postal",
    }
}

coded! {
    /// Why a contact point stopped working.
    EndReason {
        /// LINE: blocked or unfriended.
        Blocked = "blocked",
        /// E-mail: refused for good.
        HardBounce = "hard_bounce",
        /// Post: came back.
        Returned = "returned",
        /// E-mail: reported as unwanted.
        Complaint = "complaint",
        /// Taken out by the person or the office.
        Removed = "removed",
        /// Another one took its place.
        Replaced = "replaced",
    }
}

/// An interval in which a contact point works (LINE: followed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// Instants at which it works.
    pub span: Span<Timestamp>,
    /// Why it ended, when it did.
    pub ended: Option<EndReason>,
}

/// A way to reach a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPoint {
    /// Its id.
    pub id: ContactPointId,
    /// Its kind.
    pub kind: ContactKind,
    /// LINE: the provider under which the user id is valid.
    pub provider: Option<ProviderId>,
    /// From entry until removal.
    pub kept: Span<Timestamp>,
    /// When it was first proven to be this person's.
    pub verified_at: Option<Timestamp>,
    /// When it worked; the intervals do not overlap.
    pub working: Vec<Working>,
    /// When it was confirmed again (a click, a reply, a check by the office).
    pub confirmed: Vec<Timestamp>,
}

/// What a contact point is good for at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointState {
    /// Not yet entered or already removed: as if it were not there.
    Absent,
    /// Not (yet) proven to be the person's.
    Unverified,
    /// Verified, but no working interval has begun (LINE: linked, account not added).
    NeverWorked,
    /// Verified, and the latest working interval that began is over.
    Broken(Option<EndReason>),
    /// Works, but was neither verified nor confirmed within the limit.
    Stale,
    /// Works.
    Fresh,
}

impl ContactPoint {
    /// The state at an instant. Stale when the latest of verification and confirmations up to the instant lies more than
    /// `stale_after` before it; exactly the limit is still fresh.
    pub fn state(&self, at: Timestamp, stale_after: TimeDelta) -> PointState {
        if !self.kept.contains(at) {
            return PointState::Absent;
        }
        let Some(verified) = self.verified_at.filter(|verified| *verified <= at) else {
            return PointState::Unverified;
        };
        if !self.working.iter().any(|w| w.span.contains(at)) {
            let last = self.working.iter().filter(|w| w.span.from <= at).max_by_key(|w| w.span.from);
            return last.map_or(PointState::NeverWorked, |w| PointState::Broken(w.ended));
        }
        let confirmed = self.confirmed.iter().copied().filter(|c| *c <= at).fold(verified, Timestamp::max);
        if confirmed < at.minus(stale_after) { PointState::Stale } else { PointState::Fresh }
    }
}

/// An address nobody has proven to be theirs, for a page that somebody reaches by their name and birth date: enough to know
/// one's own by, not enough to find somebody else with.
pub fn masked(kind: ContactKind, clear: &str) -> String {
    const HIDDEN: &str = "•••";
    let characters: Vec<char> = clear.chars().collect();
    match kind {
        ContactKind::Line => HIDDEN.to_owned(),
        ContactKind::Email => match clear.split_once('@') {
            Some((local, domain)) => {
                let first: String = local.chars().take(1).collect();
                format!("{first}{HIDDEN}@{domain}")
            }
            None => HIDDEN.to_owned(),
        },
        // The last four digits, as on a receipt.
        ContactKind::Phone => {
            let last: String = characters.iter().skip(characters.len().saturating_sub(4)).collect();
            if characters.len() > 4 { format!("{HIDDEN}{last}") } else { HIDDEN.to_owned() }
        }
        ContactKind::Postal => {
            let prefecture =
                municipality::prefectures().map(|it| it.full_name()).find(|name| clear.starts_with(name.as_str()));
            format!("{}{HIDDEN}", prefecture.unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unproven_is_shown_to_know_ones_own_by() {
        for (kind, clear, shown) in [
            (ContactKind::Email, "hanako@example.jp", "h•••@example.jp"),
            (ContactKind::Email, "broken", "•••"),
            (ContactKind::Phone, "+819012345678", "•••5678"),
            (ContactKind::Phone, "119", "•••"),
            (ContactKind::Postal, "島根県益田市架空町1-2-3", "島根県•••"),
            (ContactKind::Postal, "698-0000 島根県益田市架空町1", "•••"),
            (ContactKind::Postal, "益田市架空町1", "•••"),
            (ContactKind::Line, "U0123", "•••"),
        ] {
            assert_eq!(masked(kind, clear), shown, "{clear}");
        }
    }
}
