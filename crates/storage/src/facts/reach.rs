//! Reach and each of its reasons: consents, contact points and their states, ties. The same cases as `people::reach`.

use tsunagari_people::{ContactKind, EndReason, Purpose, ReachReason};

use crate::person_state::sign_bit;
use crate::rule_sql::Compiler;

/// A consent to the purpose that has begun, with a further condition.
fn some_consent(c: &mut Compiler<'_>, purpose: &Purpose, further: &str) -> String {
    let purpose = c.bind(purpose.code());
    format!(
        "EXISTS (SELECT 1 FROM consent s WHERE s.org_id = $1 AND s.person_id = p.person_id AND s.purpose = {purpose} AND {further})"
    )
}

fn consent_spans(c: &mut Compiler<'_>) -> String {
    let instant = c.instant();
    c.inside("s.from_at", "s.until_at", &instant)
}

/// In force: given by a guardian, or by a person old enough. An unknown birth date needs a guardian.
pub(super) fn consent(c: &mut Compiler<'_>, purpose: &Purpose) -> String {
    let spans = consent_spans(c);
    let latest = c.bind(c.policy.reach.latest_birth(c.at.date));
    some_consent(c, purpose, &format!("{spans} AND (s.given_by = 'guardian' OR p.birth_date <= {latest})"))
}

fn some_tie(c: &mut Compiler<'_>) -> String {
    let day = c.day();
    let inside = c.inside("t.from_on", "t.until_on", &day);
    format!("EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = p.person_id AND {inside})")
}

fn tie_begun(c: &mut Compiler<'_>) -> String {
    let day = c.day();
    format!("EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = p.person_id AND t.from_on <= {day})")
}

/// A kept contact point of one of these kinds (any, when none is named) with a further condition on `k`.
fn some_point(c: &mut Compiler<'_>, kinds: &[ContactKind], further: Option<String>) -> String {
    let instant = c.instant();
    let kept = c.inside("k.created_at", "k.removed_at", &instant);
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.code())).collect();
    let of_kind = if kinds.is_empty() { String::new() } else { format!(" AND k.kind IN ({})", kinds.join(", ")) };
    let further = further.map_or_else(String::new, |further| format!(" AND {further}"));
    format!(
        "EXISTS (SELECT 1 FROM contact_point k WHERE k.org_id = $1 AND k.person_id = p.person_id{of_kind} AND {kept}{further})"
    )
}

/// The states of a kept point, as conditions on `k`; each is never unknown.
mod state {
    use super::{Compiler, EndReason};

    const INTERVAL: &str =
        "FROM contact_working w WHERE w.org_id = $1 AND w.person_id = k.person_id AND w.contact_id = k.contact_id";

    pub(super) fn verified(c: &mut Compiler<'_>) -> String {
        format!("k.verified_at <= {}", c.instant())
    }

    pub(super) fn unverified(c: &mut Compiler<'_>) -> String {
        format!("(k.verified_at IS NULL OR k.verified_at > {})", c.instant())
    }

    pub(super) fn works(c: &mut Compiler<'_>) -> String {
        let instant = c.instant();
        let inside = c.inside("w.from_at", "w.until_at", &instant);
        format!("{} AND EXISTS (SELECT 1 {INTERVAL} AND {inside})", verified(c))
    }

    fn not_working(c: &mut Compiler<'_>) -> String {
        let instant = c.instant();
        let inside = c.inside("w.from_at", "w.until_at", &instant);
        format!("{} AND NOT EXISTS (SELECT 1 {INTERVAL} AND {inside})", verified(c))
    }

    fn begun(c: &mut Compiler<'_>) -> String {
        format!("EXISTS (SELECT 1 {INTERVAL} AND w.from_at <= {})", c.instant())
    }

    pub(super) fn never_worked(c: &mut Compiler<'_>) -> String {
        format!("{} AND NOT {}", verified(c), begun(c))
    }

    pub(super) fn broken(c: &mut Compiler<'_>) -> String {
        format!("{} AND {}", not_working(c), begun(c))
    }

    /// Never worked or broken.
    pub(super) fn idle(c: &mut Compiler<'_>) -> String {
        not_working(c)
    }

    /// Broken, and the latest interval that began ended by the post's return.
    pub(super) fn returned(c: &mut Compiler<'_>) -> String {
        let last = format!(
            "(SELECT w.end_reason {INTERVAL} AND w.from_at <= {} ORDER BY w.from_at DESC LIMIT 1)",
            c.instant()
        );
        format!("{} AND coalesce({last}, '') = '{}'", not_working(c), EndReason::Returned.code())
    }

    /// Never worked or broken, but not returned.
    pub(super) fn idle_otherwise(c: &mut Compiler<'_>) -> String {
        let last = format!(
            "(SELECT w.end_reason {INTERVAL} AND w.from_at <= {} ORDER BY w.from_at DESC LIMIT 1)",
            c.instant()
        );
        format!("{} AND coalesce({last}, '') <> '{}'", not_working(c), EndReason::Returned.code())
    }

    fn recent(c: &mut Compiler<'_>) -> String {
        let limit = c.bind(c.at.instant.minus(c.policy.reach.stale_after()));
        let instant = c.instant();
        format!(
            "(k.verified_at >= {limit} OR EXISTS (SELECT 1 FROM contact_confirmed f WHERE f.org_id = $1 \
             AND f.person_id = k.person_id AND f.contact_id = k.contact_id AND f.at BETWEEN {limit} AND {instant}))"
        )
    }

    pub(super) fn fresh(c: &mut Compiler<'_>) -> String {
        format!("{} AND {}", works(c), recent(c))
    }

    pub(super) fn stale(c: &mut Compiler<'_>) -> String {
        format!("{} AND NOT {}", works(c), recent(c))
    }

    /// Good enough to reach somebody through.
    pub(super) fn counts(c: &mut Compiler<'_>) -> String {
        if c.policy.reach.stale_counts { works(c) } else { fresh(c) }
    }
}

pub(super) fn has_contact(c: &mut Compiler<'_>, kind: ContactKind) -> String {
    some_point(c, &[kind], None)
}

fn point_that_counts(c: &mut Compiler<'_>, kinds: &[ContactKind]) -> String {
    let counts = state::counts(c);
    some_point(c, kinds, Some(counts))
}

/// Reachable through one of these kinds; through any, when none is named.
pub(crate) fn through(c: &mut Compiler<'_>, purpose: &Purpose, kinds: &[ContactKind]) -> String {
    let (consent, tie, point) = (consent(c, purpose), some_tie(c), point_that_counts(c, kinds));
    format!("(p.merged_into IS NULL AND {consent} AND {tie} AND {point})")
}

/// Whether a reason applies.
pub(super) fn reason(c: &mut Compiler<'_>, reason: ReachReason, purpose: &Purpose) -> String {
    use ContactKind::{Email, Line, Phone, Postal};
    let holds = match reason {
        ReachReason::Merged => return "(p.merged_into IS NOT NULL)".to_owned(),
        ReachReason::NoTie => format!("NOT {}", tie_begun(c)),
        ReachReason::TieEnded => format!("{} AND NOT {}", tie_begun(c), some_tie(c)),
        ReachReason::NoConsent => format!("NOT {}", consent_begun(c, purpose)),
        ReachReason::ConsentWithdrawn => {
            let spans = consent_spans(c);
            format!("{} AND NOT {}", consent_begun(c, purpose), some_consent(c, purpose, &spans))
        }
        ReachReason::GuardianConsentNeeded => {
            let spans = consent_spans(c);
            format!("{} AND NOT {}", some_consent(c, purpose, &spans), consent(c, purpose))
        }
        ReachReason::NoContactPoint => format!("NOT {}", some_point(c, &[], None)),
        ReachReason::LineBlocked => against(c, &[Line], state::broken),
        ReachReason::LineNotFollowed => against(c, &[Line], state::never_worked),
        ReachReason::EmailUnverified => against(c, &[Email], state::unverified),
        ReachReason::EmailBounced => against(c, &[Email], state::idle),
        ReachReason::PostalReturned => against(c, &[Postal], state::returned),
        ReachReason::ContactUnverified => against(c, &[Line, Phone, Postal], state::unverified),
        ReachReason::ContactNotWorking => {
            let phone = against(c, &[Phone], state::idle);
            let postal = against(c, &[Postal], state::idle_otherwise);
            format!("(({phone}) OR ({postal}))")
        }
        // Applies whether or not stale points count, and beside every other reason.
        ReachReason::Stale => {
            let (stale, fresh) = (state::stale(c), state::fresh(c));
            format!("{} AND NOT {}", some_point(c, &[], Some(stale)), some_point(c, &[], Some(fresh)))
        }
    };
    format!("(p.merged_into IS NULL AND {holds})")
}

/// Every reason that applies, as a number of `sign_bit`s.
pub(super) fn reasons(c: &mut Compiler<'_>, purpose: &Purpose) -> String {
    let one = |it: &ReachReason| format!("(CASE WHEN {} THEN {} ELSE 0 END)", reason(c, *it, purpose), sign_bit(*it));
    format!("({})", ReachReason::ALL.iter().map(one).collect::<Vec<_>>().join(" + "))
}

fn consent_begun(c: &mut Compiler<'_>, purpose: &Purpose) -> String {
    let begun = format!("s.from_at <= {}", c.instant());
    some_consent(c, purpose, &begun)
}

/// A point of these kinds in a state that speaks against it, when no point counts.
fn against(c: &mut Compiler<'_>, kinds: &[ContactKind], state: fn(&mut Compiler<'_>) -> String) -> String {
    let state = state(c);
    format!("{} AND NOT {}", some_point(c, kinds, Some(state)), point_that_counts(c, &[]))
}

/// For every kind of contact point, whether one works: that a row of `person_state` and the facts disagree. And for consents
/// and interests, whether there are any.
pub(super) fn differs(c: &mut Compiler<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for kind in ContactKind::ALL {
        let works = state::works(c);
        let facts = some_point(c, &[*kind], Some(works));
        all.push(format!("(p.{}_at IS NOT NULL) IS DISTINCT FROM {facts}", kind.code()));
    }
    let consents = consent_spans(c);
    let instant = c.instant();
    let interests = c.inside("i.from_at", "i.until_at", &instant);
    all.push(format!(
        "(p.consents <> '') IS DISTINCT FROM EXISTS (SELECT 1 FROM consent s WHERE s.org_id = $1 AND s.person_id = p.person_id AND {consents})"
    ));
    all.push(format!(
        "(p.interests <> '') IS DISTINCT FROM EXISTS (SELECT 1 FROM interest i WHERE i.org_id = $1 AND i.person_id = p.person_id AND {interests})"
    ));
    all
}
