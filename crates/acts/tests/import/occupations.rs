//! What a list says of graduates who go to no school: kept as what they do from the April after graduation, beside what they
//! tell themselves, and taken back with the list.

use chrono::NaiveDate;
use tsunagari_acts::keep_occupation::keep_occupation;
use tsunagari_acts::undo_import::undo_import;
use tsunagari_kernel::Span;
use tsunagari_people::OccupationKind::{Other, Working};
use tsunagari_people::{OccupationKind, PersonRecord};
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
