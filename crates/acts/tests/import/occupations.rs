//! What a list says of graduates who go to no school: kept as what they do from the April after graduation, beside what they
//! tell themselves, and taken back with the list.

use chrono::NaiveDate;
use tsunagari_acts::decide_import_rows::{RowDecision, decide_import_row};
use tsunagari_acts::keep_occupation::keep_occupation;
use tsunagari_acts::keep_residence::{StayGiven, keep_residence};
use tsunagari_acts::undo_import::undo_import;
use tsunagari_kernel::Span;
use tsunagari_people::OccupationKind::{Other, Working};
use tsunagari_people::import::Problem;
use tsunagari_people::{OccupationKind, PersonRecord, SchoolKind};
use tsunagari_storage::testing::BOTH;

use crate::town::{Town, csv};

const HEAD: &str = "氏名,フリガナ,生年月日,進路区分,進学先・就職先";

fn april() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()
}

async fn record(town: &Town, given: &str) -> PersonRecord {
    let all = town.everybody().await;
    let (record, _) = all.into_values().find(|(it, _)| it.person.given == given).unwrap();
    record
}

async fn does(town: &Town, given: &str) -> Vec<(OccupationKind, Span<NaiveDate>)> {
    record(town, given).await.occupations.into_iter().map(|it| (it.kind, it.span)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn work_on_a_list_is_kept_from_april_and_told_once() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = [
            HEAD,
            "海士　一,アマ　ハジメ,平成20年3月28日,就職,架空製作所",
            "島　二,シマ　フタ,平成20年3月29日,未定,",
            "沖　三,オキ　ミツ,平成20年3月30日,大学,見本大学",
        ];
        let id = town.previewed("1.csv", csv(&list)).await;
        town.applied(id).await;
        assert_eq!(does(&town, "一").await, [(Working, Span::since(april()))], "{kind:?}");
        assert_eq!(does(&town, "二").await, [(Other, Span::since(april()))]);
        assert_eq!(does(&town, "三").await, []);
        let again = town.previewed("2.csv", csv(&list)).await;
        assert_eq!(town.verdicts(again).await, ["same", "same", "same"], "{kind:?}: nothing new in it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_does_later_stays_and_an_undone_list_leaves_no_trace() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let plain = "海士　一,アマ　ハジメ,平成20年3月28日";
        let known = town.previewed("1.csv", csv(&[HEAD, &format!("{plain},,")])).await;
        town.applied(known).await;
        let person = record(&town, "一").await.person.id;
        // The list says "not decided" for April; since a day of June they work.
        town.clock.advance(chrono::TimeDelta::days(120));
        keep_occupation(&town.house, &town.grant(), person, Working, "2026-06-01").await.unwrap();
        let before = town.everybody().await;
        let list = town.previewed("2.csv", csv(&[HEAD, &format!("{plain},未定,")])).await;
        assert_eq!(town.verdicts(list).await, ["changed"], "{kind:?}");
        town.applied(list).await;
        let june = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        let mut told = does(&town, "一").await;
        told.sort_by_key(|(_, span)| span.from);
        assert_eq!(
            told,
            [(Other, Span { from: april(), until: Some(june) }), (Working, Span::since(june))],
            "{kind:?}"
        );
        let worked = town.previewed("3.csv", csv(&[HEAD, &format!("{plain},就職,")])).await;
        assert_eq!(town.verdicts(worked).await, ["changed"], "of April it says otherwise");
        undo_import(&town.house, &town.by(), list).await.unwrap();
        town.drain().await;
        assert_eq!(town.everybody().await, before, "{kind:?}");
        let worked = town.previewed("4.csv", csv(&[HEAD, &format!("{plain},就職,")])).await;
        assert_eq!(town.verdicts(worked).await, ["same"], "{kind:?}: known since June");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_list_turns_work_into_school_and_back_with_the_list() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let plain = "海士　一,アマ　ハジメ,平成20年3月28日";
        let works = town.previewed("1.csv", csv(&[HEAD, &format!("{plain},就職,架空製作所")])).await;
        town.applied(works).await;
        let before = town.everybody().await;
        // Only the kind is said: that is enough to see that the first list was wrong.
        let studies = csv(&[HEAD, &format!("{plain},大学,")]);
        let list = town.previewed("2.csv", studies.clone()).await;
        assert_eq!(town.verdicts(list).await, ["changed"], "{kind:?}");
        town.applied(list).await;
        let now = record(&town, "一").await;
        let schools: Vec<SchoolKind> = now.enrolments.iter().map(|it| it.kind).collect();
        assert!(schools.contains(&SchoolKind::University), "{schools:?}");
        assert_eq!(now.occupations, [], "{kind:?}: one April, one answer");
        let again = town.previewed("3.csv", studies).await;
        assert_eq!(town.verdicts(again).await, ["same"]);
        undo_import(&town.house, &town.by(), list).await.unwrap();
        town.drain().await;
        assert_eq!(town.everybody().await, before, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_list_turns_school_into_work_and_back_with_the_list() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let plain = "海士　一,アマ　ハジメ,平成20年3月28日";
        let studies = town.previewed("1.csv", csv(&[HEAD, &format!("{plain},大学,見本大学")])).await;
        town.applied(studies).await;
        let before = town.everybody().await;
        let works = csv(&[HEAD, &format!("{plain},就職,")]);
        let list = town.previewed("2.csv", works.clone()).await;
        assert_eq!(town.verdicts(list).await, ["changed"], "{kind:?}");
        town.applied(list).await;
        let now = record(&town, "一").await;
        let schools: Vec<SchoolKind> = now.enrolments.iter().map(|it| it.kind).collect();
        assert_eq!(schools, [SchoolKind::HighSchool], "{kind:?}: nobody counts as a student who works");
        assert_eq!(does(&town, "一").await, [(Working, Span::since(april()))], "{kind:?}");
        let again = town.previewed("3.csv", works).await;
        assert_eq!(town.verdicts(again).await, ["same"], "{kind:?}");
        undo_import(&town.house, &town.by(), list).await.unwrap();
        town.drain().await;
        assert_eq!(town.everybody().await, before, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_name_of_a_school_leaves_its_place_as_it_is_known() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let (head, plain) = (format!("{HEAD},進学先所在地"), "海士　一,アマ　ハジメ,平成20年3月28日");
        let first = town.previewed("1.csv", csv(&[&head, &format!("{plain},大学,見本大,広島県")])).await;
        town.applied(first).await;
        let list = town.previewed("2.csv", csv(&[&head, &format!("{plain},大学,見本大学,")])).await;
        town.applied(list).await;
        let now = record(&town, "一").await;
        let studies: Vec<_> = now.enrolments.iter().filter(|it| it.kind == SchoolKind::University).collect();
        let [one] = studies.as_slice() else { panic!("{kind:?}: {studies:?}") };
        let place = one.place.map(|it| it.to_string());
        assert_eq!((one.school_name.as_str(), place.as_deref()), ("見本大学", Some("340006")), "{kind:?}");
    }
}

/// Who has moved since lives where they moved to; a list of graduates speaks of their April and puts nobody into two places.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_of_april_ends_where_somebody_has_moved_since() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let (head, plain) = (format!("{HEAD},進学先所在地"), "海士　一,アマ　ハジメ,平成20年3月28日");
        let of = |place: &str| csv(&[&head, &format!("{plain},大学,見本大学,{place}")]);
        let first = town.previewed("1.csv", of("広島県")).await;
        town.applied(first).await;
        let person = record(&town, "一").await.person.id;
        town.clock.advance(chrono::TimeDelta::days(120));
        let moved = StayGiven { place: "大阪府".into(), country: String::new(), from: "2026-06-01".into() };
        keep_residence(&town.house, &town.grant(), person, &moved).await.unwrap();
        let same = town.previewed("2.csv", of("広島県")).await;
        assert_eq!(town.verdicts(same).await, ["same"], "{kind:?}: of April it says what is known");
        let other = town.previewed("3.csv", of("岡山県")).await;
        town.applied(other).await;
        let mut homes: Vec<_> = record(&town, "一").await.residences.into_iter().map(|it| it.span).collect();
        homes.sort_by_key(|span| span.from);
        let june = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        assert_eq!(homes, [Span { from: april(), until: Some(june) }, Span::since(june)], "{kind:?}");
        let again = town.previewed("4.csv", of("岡山県")).await;
        assert_eq!(town.verdicts(again).await, ["same"], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_year_of_graduation_nothing_after_it_is_promised() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = csv(&[&format!("{HEAD},卒業年度"), "海士　一,アマ　ハジメ,平成20年3月28日,就職,,"]);
        let id = town.previewed_of("1.csv", list.clone(), None).await;
        let told = town.problems(id).await;
        assert_eq!((town.verdicts(id).await, told), (vec!["new".into()], vec![Problem::GraduationMissing]), "{kind:?}");
        town.applied(id).await;
        let one = record(&town, "一").await;
        assert_eq!((one.occupations.len(), one.enrolments.len()), (0, 0), "{kind:?}: as it was told");
        let again = town.previewed_of("2.csv", list.clone(), None).await;
        assert_eq!(town.verdicts(again).await, ["same"], "{kind:?}: nothing is promised a second time");
        // Of whom the year is known by now, a list without it speaks of that year.
        let dated =
            town.previewed("3.csv", csv(&["氏名,フリガナ,生年月日", "海士　一,アマ　ハジメ,平成20年3月28日"])).await;
        town.applied(dated).await;
        let works = town.previewed_of("4.csv", list, None).await;
        assert_eq!((town.verdicts(works).await, town.problems(works).await), (vec!["changed".into()], vec![]));
        town.applied(works).await;
        assert_eq!(does(&town, "一").await, [(Working, Span::since(april()))], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_that_say_work_and_school_wait_to_be_decided() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let plain = "海士　一,アマ　ハジメ,平成20年3月28日";
        let list = [HEAD, &format!("{plain},就職,架空製作所"), &format!("{plain},大学,")];
        let id = town.previewed("1.csv", csv(&list)).await;
        assert_eq!(town.verdicts(id).await, ["new", "doubtful"], "{kind:?}");
        decide_import_row(&town.house, &town.by(), id, 3, RowDecision::Join).await.unwrap();
        town.applied(id).await;
        let one = record(&town, "一").await;
        assert_eq!((one.occupations.len(), one.enrolments.len()), (0, 2), "{kind:?}: the later row holds");
    }
}
