//! Every reason by itself, guardians at their ages, staleness, the past.

use chrono::TimeDelta;
use proptest::prelude::*;
use rstest::rstest;
use tsunagari_kernel::{PersonId, Span, Timestamp};

use super::*;
use crate::tests::{at, consent, day, end, id, point, reachable, tie};
use crate::{ContactPoint, GivenBy, TieKind, Working};

fn ask(record: &PersonRecord, on: &str) -> Reach {
    reach(record, &Purpose::of("news"), &end(on), &ReachPolicy::default())
}

fn why(record: &PersonRecord, on: &str) -> Vec<&'static str> {
    match ask(record, on) {
        Reach::Reachable { .. } => Vec::new(),
        Reach::NotReachable(reasons) => reasons.into_iter().map(ReachReason::code).collect(),
    }
}

fn broken(kind: ContactKind, ended: Option<EndReason>) -> ContactPoint {
    let mut it = point(1, kind, "2025-04-01");
    it.working = vec![Working { span: Span::between(at("2025-04-01"), at("2025-06-01")), ended }];
    it
}

#[test]
fn all_three_make_reachable() {
    let it = reachable();
    assert_eq!(
        ask(&it, "2025-05-01"),
        Reach::Reachable { via: BTreeSet::from([ContactKind::Line]), only_stale: false }
    );
    assert_eq!(why(&it, "2025-03-31"), ["no_tie", "no_consent", "no_contact_point"]);
}

#[test]
fn a_tie_must_be_alive() {
    let mut it = reachable();
    it.ties = vec![tie(TieKind::Origin, "2025-04-01", Some("2025-06-01"))];
    assert!(why(&it, "2025-05-31").is_empty());
    assert_eq!(why(&it, "2025-06-01"), ["tie_ended"]);
    it.ties.push(tie(TieKind::Related, "2025-07-01", None));
    assert_eq!(why(&it, "2025-06-30"), ["tie_ended"]);
    assert!(why(&it, "2025-07-01").is_empty());
}

#[test]
fn a_withdrawal_counts_from_its_instant_and_not_before() {
    let mut it = reachable();
    it.consents = vec![consent(GivenBy::Myself, "2025-04-01", Some("2025-06-01"))];
    assert!(why(&it, "2025-05-31").is_empty());
    assert_eq!(why(&it, "2025-06-01"), ["consent_withdrawn"]);
    let other = reach(&it, &Purpose::of("jobs"), &end("2025-05-01"), &ReachPolicy::default());
    assert!(other.has_reason(ReachReason::NoConsent));
}

#[rstest]
#[case("2026-02-28", false)] // born 29 February 2008: 18 from 1 March 2026
#[case("2026-03-01", true)]
fn own_consent_suffices_from_the_set_age(#[case] on: &str, #[case] reachable_then: bool) {
    let mut it = reachable();
    it.person.birth_date = Some(day("2008-02-29"));
    let policy = ReachPolicy { guardian_age: 18, ..ReachPolicy::default() };
    let answer = reach(&it, &Purpose::of("news"), &end(on), &policy);
    assert_eq!(answer.is_reachable(), reachable_then);
    assert_eq!(answer.has_reason(ReachReason::GuardianConsentNeeded), !reachable_then);
    it.consents.push(consent(GivenBy::Guardian(None), "2025-05-01", None));
    assert!(reach(&it, &Purpose::of("news"), &end(on), &policy).is_reachable(), "a guardian's consent stays in force");
}

#[test]
fn an_unknown_age_needs_a_guardian() {
    let mut it = reachable();
    it.person.birth_date = None;
    assert_eq!(why(&it, "2025-05-01"), ["guardian_consent_needed"]);
    it.consents.push(consent(GivenBy::Guardian(Some(PersonId(id(9)))), "2025-05-01", Some("2025-06-01")));
    assert!(why(&it, "2025-05-31").is_empty());
    assert_eq!(why(&it, "2025-06-01"), ["guardian_consent_needed"], "the person's own is still there");
}

#[rstest]
#[case(ContactKind::Line, Some(EndReason::Blocked), "line_blocked")]
#[case(ContactKind::Email, Some(EndReason::HardBounce), "email_bounced")]
#[case(ContactKind::Email, Some(EndReason::Complaint), "email_bounced")]
#[case(ContactKind::Postal, Some(EndReason::Returned), "postal_returned")]
#[case(ContactKind::Postal, None, "contact_not_working")]
#[case(ContactKind::Phone, Some(EndReason::Removed), "contact_not_working")]
fn broken_points(#[case] kind: ContactKind, #[case] ended: Option<EndReason>, #[case] want: &str) {
    let mut it = reachable();
    it.contact_points = vec![broken(kind, ended)];
    assert!(why(&it, "2025-05-31").is_empty());
    assert_eq!(why(&it, "2025-06-01"), [want]);
    it.contact_points[0].working.push(Working { span: Span::since(at("2025-08-01")), ended: None });
    assert_eq!(why(&it, "2025-07-31"), [want], "yesterday's answer stays what it was");
    assert!(why(&it, "2025-08-01").is_empty());
}

#[rstest]
#[case(ContactKind::Line, "contact_unverified", "line_not_followed")]
#[case(ContactKind::Email, "email_unverified", "email_bounced")]
#[case(ContactKind::Phone, "contact_unverified", "contact_not_working")]
fn points_not_yet_working(#[case] kind: ContactKind, #[case] unverified: &str, #[case] never: &str) {
    let mut it = reachable();
    it.contact_points = vec![point(1, kind, "2025-04-01")];
    it.contact_points[0].verified_at = None;
    assert_eq!(why(&it, "2025-05-01"), [unverified]);
    it.contact_points[0].verified_at = Some(at("2025-04-01"));
    it.contact_points[0].working.clear();
    assert_eq!(why(&it, "2025-05-01"), [never]);
}

#[test]
fn one_good_point_is_enough_and_all_reasons_are_told_otherwise() {
    let mut it = reachable();
    it.contact_points =
        vec![broken(ContactKind::Line, Some(EndReason::Blocked)), point(2, ContactKind::Email, "2025-05-15")];
    assert_eq!(ask(&it, "2025-07-01").via(), BTreeSet::from([ContactKind::Email]));
    it.contact_points[1].verified_at = None;
    it.consents.clear();
    it.ties.clear();
    assert_eq!(why(&it, "2025-07-01"), ["no_tie", "no_consent", "line_blocked", "email_unverified"]);
}

#[test]
fn a_removed_point_is_as_if_it_were_not_there() {
    let mut it = reachable();
    it.contact_points[0].kept = Span::between(at("2025-04-01"), at("2025-06-01"));
    assert!(why(&it, "2025-05-31").is_empty());
    assert_eq!(why(&it, "2025-06-01"), ["no_contact_point"]);
}

#[test]
fn stale_counts_or_not_as_the_policy_says() {
    let it = reachable();
    let limit = at("2025-04-01").plus(TimeDelta::days(400));
    let ask = |instant: Timestamp, stale_counts| {
        let policy = ReachPolicy { stale_counts, ..ReachPolicy::default() };
        reach(&it, &Purpose::of("news"), &Moment { date: instant.jst_date(), instant }, &policy)
    };
    let after = limit.plus(TimeDelta::microseconds(1));
    assert!(ask(limit, false).is_reachable(), "exactly the limit is still fresh");
    assert_eq!(ask(after, false), Reach::NotReachable(BTreeSet::from([ReachReason::Stale])));
    assert!(ask(after, true).is_reachable() && ask(after, true).has_reason(ReachReason::Stale));
    let mut confirmed = it.clone();
    confirmed.contact_points[0].confirmed.push(at("2026-01-01"));
    let policy = ReachPolicy { stale_counts: false, ..ReachPolicy::default() };
    assert!(reach(&confirmed, &Purpose::of("news"), &end("2026-12-01"), &policy).is_reachable());
}

#[test]
fn a_merged_person_is_only_merged() {
    let mut it = reachable();
    it.person.merged_into = Some(PersonId(id(7)));
    it.ties.clear();
    assert_eq!(why(&it, "2025-05-01"), ["merged"]);
}

proptest! {
    /// Never reachable without consent and tie; never both an answer and a reason against; staleness only ever takes away.
    #[test]
    fn the_answer_holds_together(
        tie_from in 0i64..40, tie_len in proptest::option::of(0i64..40), consent_from in 0i64..40, consent_len in proptest::option::of(0i64..40),
        work_from in 0i64..40, work_len in proptest::option::of(0i64..40), verified in proptest::option::of(0i64..40),
        stale in 0u32..20, on in 0i64..60,
    ) {
        let base = day("2025-04-01");
        let on_day = |n: i64| base + TimeDelta::days(n);
        let instant = |n: i64| Timestamp::start_of(on_day(n));
        let mut it = reachable();
        it.ties[0].span = Span { from: on_day(tie_from), until: tie_len.map(|n| on_day(tie_from + n)) };
        it.consents[0].span = Span { from: instant(consent_from), until: consent_len.map(|n| instant(consent_from + n)) };
        it.contact_points[0].verified_at = verified.map(instant);
        it.contact_points[0].working[0].span = Span { from: instant(work_from), until: work_len.map(|n| instant(work_from + n)) };
        let moment = Moment::end_of(on_day(on));
        let ask = |stale_counts| reach(&it, &Purpose::of("news"), &moment, &ReachPolicy { stale_after_days: stale, stale_counts, ..ReachPolicy::default() });
        let (loose, strict) = (ask(true), ask(false));
        prop_assert!(!strict.is_reachable() || loose.is_reachable());
        for answer in [loose, strict] {
            match answer {
                Reach::Reachable { via, .. } => {
                    prop_assert!(!via.is_empty());
                    prop_assert!(it.ties[0].span.contains(moment.date) && it.consents[0].span.contains(moment.instant));
                    prop_assert!(it.contact_points[0].working[0].span.contains(moment.instant));
                }
                Reach::NotReachable(reasons) => prop_assert!(!reasons.is_empty()),
            }
        }
    }
}
