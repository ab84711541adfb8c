//! 届く: whether a person can be reached for a purpose at a moment, through what, or all the reasons why not (product.md,
//! *Reach, exactly*). The meaning of every reason stands at its variant; `facts` offers each to the rules and storage
//! gives each its SQL. Leaves sending, caps and quiet hours to `outreach`. To add a reason: a variant, its finding
//! below, its SQL in storage, its text in every locale.

use std::collections::BTreeSet;

use tsunagari_kernel::Moment;

use crate::{ConsentState, ContactKind, EndReason, PersonRecord, PointState, Purpose, ReachPolicy};

coded! {
    /// Why a person is not reachable. Ties are judged on the moment's date, consents and contact points at its instant.
    ReachReason {
        /// The person was merged into another one. No other reason is given then, on any date.
        Merged = "merged",
        /// No tie has begun by the date.
        NoTie = "no_tie",
        /// A tie has begun by the date and none contains it.
        TieEnded = "tie_ended",
        /// No consent to the purpose has begun by the instant.
        NoConsent = "no_consent",
        /// A consent to the purpose has begun and none contains the instant.
        ConsentWithdrawn = "consent_withdrawn",
        /// A consent contains the instant, none of these is a guardian's, and the person is under the set age (or of unknown age).
        GuardianConsentNeeded = "guardian_consent_needed",
        /// No contact point is kept at the instant.
        NoContactPoint = "no_contact_point",
        /// A LINE point is `Broken`.
        LineBlocked = "line_blocked",
        /// A LINE point is `NeverWorked`.
        LineNotFollowed = "line_not_followed",
        /// An e-mail point is `Unverified`.
        EmailUnverified = "email_unverified",
        /// An e-mail point is `Broken` or `NeverWorked`.
        EmailBounced = "email_bounced",
        /// A postal point is `Broken` by `Returned`.
        PostalReturned = "postal_returned",
        /// A point of another kind is `Unverified`.
        ContactUnverified = "contact_unverified",
        /// A point is `Broken` or `NeverWorked` otherwise.
        ContactNotWorking = "contact_not_working",
        /// A point is `Stale` and none is `Fresh`. It keeps from being reachable only when the policy does not count stale points.
        Stale = "stale",
    }
}

impl ReachReason {
    /// What a contact point's state has to say against reaching the person through it.
    pub const fn of_point(kind: ContactKind, state: PointState) -> Option<Self> {
        Some(match (state, kind) {
            (PointState::Absent | PointState::Fresh, _) => return None,
            (PointState::Stale, _) => Self::Stale,
            (PointState::Unverified, ContactKind::Email) => Self::EmailUnverified,
            (PointState::Unverified, ContactKind::Line | ContactKind::Phone | ContactKind::Postal) => {
                Self::ContactUnverified
            }
            (PointState::NeverWorked, ContactKind::Line) => Self::LineNotFollowed,
            (PointState::Broken(_), ContactKind::Line) => Self::LineBlocked,
            (PointState::NeverWorked | PointState::Broken(_), ContactKind::Email) => Self::EmailBounced,
            (PointState::Broken(Some(EndReason::Returned)), ContactKind::Postal) => Self::PostalReturned,
            (PointState::NeverWorked | PointState::Broken(_), ContactKind::Phone | ContactKind::Postal) => {
                Self::ContactNotWorking
            }
        })
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Through these kinds of contact points, at least one.
    Reachable {
        /// Kinds with a working point that counts.
        via: BTreeSet<ContactKind>,
        /// Whether all of these points are stale.
        only_stale: bool,
    },
    /// Not, because of all of these, at least one.
    NotReachable(BTreeSet<ReachReason>),
}

impl Reach {
    /// Whether the person is reachable.
    pub const fn is_reachable(&self) -> bool {
        matches!(self, Self::Reachable { .. })
    }

    /// The kinds of contact points through which the person is reachable; none when not reachable.
    pub fn via(&self) -> BTreeSet<ContactKind> {
        match self {
            Self::Reachable { via, .. } => via.clone(),
            Self::NotReachable(_) => BTreeSet::new(),
        }
    }

    /// Whether a reason applies. `Stale` also applies to who is reachable through stale points only.
    pub fn has_reason(&self, reason: ReachReason) -> bool {
        match self {
            Self::Reachable { only_stale, .. } => *only_stale && reason == ReachReason::Stale,
            Self::NotReachable(reasons) => reasons.contains(&reason),
        }
    }
}

/// Answers whether a person is reachable for a purpose at a moment.
pub fn reach(record: &PersonRecord, purpose: &Purpose, at: &Moment, policy: &ReachPolicy) -> Reach {
    if record.person.merged_into.is_some() {
        return Reach::NotReachable(BTreeSet::from([ReachReason::Merged]));
    }
    let contact = contact(record, at, policy);
    let mut reasons = contact.against;
    reasons.extend(tie(record, at));
    reasons.extend(consent(record, purpose, at, policy));
    if reasons.is_empty() {
        Reach::Reachable { via: contact.via, only_stale: contact.only_stale }
    } else {
        // Who would be reachable through stale points only is told so beside the other reasons.
        if contact.only_stale {
            reasons.insert(ReachReason::Stale);
        }
        Reach::NotReachable(reasons)
    }
}

fn tie(record: &PersonRecord, at: &Moment) -> Option<ReachReason> {
    if record.ties.iter().any(|tie| tie.span.contains(at.date)) {
        None
    } else if record.ties.iter().any(|tie| tie.span.from <= at.date) {
        Some(ReachReason::TieEnded)
    } else {
        Some(ReachReason::NoTie)
    }
}

fn consent(record: &PersonRecord, purpose: &Purpose, at: &Moment, policy: &ReachPolicy) -> Option<ReachReason> {
    let own = policy.own_consent(record.person.birth_date, at);
    match ConsentState::of(&record.consents, purpose, at.instant, own) {
        ConsentState::InForce => None,
        ConsentState::GuardianNeeded => Some(ReachReason::GuardianConsentNeeded),
        ConsentState::Withdrawn => Some(ReachReason::ConsentWithdrawn),
        ConsentState::Never => Some(ReachReason::NoConsent),
    }
}

struct Contact {
    via: BTreeSet<ContactKind>,
    only_stale: bool,
    against: BTreeSet<ReachReason>,
}

/// What the contact points allow. When some point counts, nothing speaks against; otherwise every point kept says why.
fn contact(record: &PersonRecord, at: &Moment, policy: &ReachPolicy) -> Contact {
    let states: Vec<(ContactKind, PointState)> = record
        .contact_points
        .iter()
        .map(|point| (point.kind, point.state(at.instant, policy.stale_after())))
        .filter(|(_, state)| *state != PointState::Absent)
        .collect();
    let counts = |state: PointState| match state {
        PointState::Fresh => true,
        PointState::Stale => policy.stale_counts,
        PointState::Absent | PointState::Unverified | PointState::NeverWorked | PointState::Broken(_) => false,
    };
    let via: BTreeSet<ContactKind> = states.iter().filter(|(_, s)| counts(*s)).map(|(kind, _)| *kind).collect();
    let only_stale = !via.is_empty() && states.iter().all(|(_, state)| *state != PointState::Fresh);
    let against = if states.is_empty() {
        BTreeSet::from([ReachReason::NoContactPoint])
    } else if via.is_empty() {
        states.iter().filter_map(|(kind, state)| ReachReason::of_point(*kind, *state)).collect()
    } else {
        BTreeSet::new()
    };
    Contact { via, only_stale, against }
}

#[cfg(test)]
mod tests;
