//! What moves, what stays, and the way back.

use tsunagari_kernel::{ConsentId, GuardianshipId, Span, TieId};

use super::*;
use crate::tests::*;
use crate::{ContactKind, GivenBy, Guardianship, TieKind};

fn two() -> (PersonRecord, PersonRecord) {
    let kept = reachable();
    let mut gone = PersonRecord::of(person(2, "佐藤", "花子", "2007-06-01"));
    gone.person.family_kana = "サトウ".into();
    gone.person.given_kana = "ハナコ".into();
    gone.person.address_protected = true;
    let mut tie = tie(TieKind::Enrolled, "2024-04-01", None);
    tie.id = TieId(id(20));
    gone.ties.push(tie);
    let mut given = consent(GivenBy::Myself, "2025-05-01", None);
    given.id = ConsentId(id(21));
    gone.consents.push(given);
    gone.contact_points.push(point(22, ContactKind::Email, "2025-05-01"));
    (kept, gone)
}

#[test]
fn everything_moves_and_blanks_are_filled() {
    let (kept, gone) = two();
    let plan = MergePlan::of(&kept, &gone).unwrap();
    assert_eq!(plan.moved.len(), 3);
    assert_eq!(plan.filled, [Filled::Kana("サトウ".into(), "ハナコ".into()), Filled::AddressProtected]);
    assert!(plan.warnings.is_empty());
}

#[test]
fn the_way_back_leaves_what_came_later() {
    let (kept, gone) = two();
    let plan = MergePlan::of(&kept, &gone).unwrap();
    let mut now = kept.clone();
    now.ties.extend(gone.ties.clone());
    now.contact_points.extend(gone.contact_points.clone());
    now.contact_points.push(point(30, ContactKind::Phone, "2025-09-01"));
    now.person.family_kana = "サトウ".into();
    now.person.given_kana = "ハナエ".into();
    assert_eq!(
        plan.back(&now),
        [Moved::Tie(TieId(id(20))), Moved::ContactPoint(tsunagari_kernel::ContactPointId(id(22)))]
    );
    assert!(plan.blanked(&now.person).is_empty(), "the kana was changed since");
    now.person.given_kana = "ハナコ".into();
    assert_eq!(plan.blanked(&now.person), [Filled::Kana("サトウ".into(), "ハナコ".into())]);
}

#[test]
fn who_said_no_more_under_one_entry_said_it_under_both() {
    let (mut kept, mut gone) = two();
    let purpose = gone.consents[0].purpose.clone();
    kept.consents.retain(|it| it.purpose == purpose);
    let (held, withdrawn) = (kept.consents[0].id, &mut gone.consents[0]);
    let (from, later) = (withdrawn.span.from, withdrawn.span.from.plus(chrono::TimeDelta::days(9)));
    withdrawn.span = Span::between(from, later);
    withdrawn.ended = Some(ConsentEnd::WithdrawnBySelf);
    kept.consents[0].span = Span::since(from);
    let plan = MergePlan::of(&kept, &gone).unwrap();
    assert_eq!(plan.ends, [(held, ConsentEnd::WithdrawnBySelf)]);
    assert_eq!(plan.warnings, [MergeWarning::ConsentWithdrawn]);
    // Agreed to after the withdrawal: the later word holds, whichever it is.
    kept.consents[0].span = Span::since(later.plus(chrono::TimeDelta::days(1)));
    assert!(MergePlan::of(&kept, &gone).unwrap().ends.is_empty());
    // Nothing was withdrawn where one consent took another's place.
    kept.consents[0].span = Span::since(from);
    gone.consents[0].ended = Some(ConsentEnd::Replaced);
    assert!(MergePlan::of(&kept, &gone).unwrap().ends.is_empty());
}

#[test]
fn refused() {
    let (kept, mut gone) = two();
    assert_eq!(MergePlan::of(&kept, &kept), Err(MergeRefused::SamePerson));
    gone.guardianships.push(Guardianship {
        id: GuardianshipId(id(1)),
        guardian: kept.person.id,
        span: Span::since(day("2025-04-01")),
    });
    assert_eq!(MergePlan::of(&kept, &gone), Err(MergeRefused::Guardian));
    gone.person.merged_into = Some(PersonId(id(9)));
    assert_eq!(MergePlan::of(&kept, &gone), Err(MergeRefused::AlreadyMerged));
}

#[test]
fn warned() {
    let (kept, mut gone) = two();
    gone.person.birth_date = Some(day("2007-06-07"));
    gone.person.family = "斎藤".into();
    let plan = MergePlan::of(&kept, &gone).unwrap();
    assert_eq!(plan.warnings, [MergeWarning::BirthDatesDiffer, MergeWarning::NamesDiffer]);
}

#[test]
fn a_tie_that_stands_there_already_does_not_move() {
    let (mut kept, mut gone) = two();
    kept.ties = vec![tie(TieKind::Origin, "2024-04-01", None)];
    let with = |from: &str, until: Option<&str>, n| Tie { id: TieId(id(n)), ..tie(TieKind::Origin, from, until) };
    gone.ties = vec![
        with("2024-04-01", None, 31),
        with("2025-04-01", Some("2025-05-01"), 32),
        with("2023-04-01", Some("2024-05-01"), 33),
    ];
    let plan = MergePlan::of(&kept, &gone).unwrap();
    let ties: Vec<&Moved> = plan.moved.iter().filter(|it| matches!(it, Moved::Tie(_))).collect();
    assert_eq!(ties, [&Moved::Tie(TieId(id(33)))], "only what the other does not say");
}
