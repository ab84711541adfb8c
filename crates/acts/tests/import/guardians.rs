//! Guardians a list names: entered with a minor who is new, and told with the reason wherever they are not taken over.

use tsunagari_acts::preview_import::JudgedRow;
use tsunagari_kernel::ImportId;
use tsunagari_people::import::Problem;
use tsunagari_storage::testing::BOTH;

use crate::town::{Town, csv};

const HEAD: &str = "氏名,フリガナ,生年月日,保護者氏名,保護者電話番号";

async fn told(town: &Town, id: ImportId) -> Vec<Vec<(Problem, String)>> {
    let of = |row: JudgedRow| {
        let all = row.judged.unwrap().findings.into_iter();
        all.map(|it| (it.problem, it.found.replace('　', " "))).collect()
    };
    town.rows(id).await.into_iter().map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_age_or_without_a_name_no_guardian_is_taken_over_and_it_is_told() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        // Noon of 16 March 2026: the first turns 18 that day, the second the day after.
        let list = [
            HEAD,
            "浜　三,ハマ　ミツ,平成20年3月16日,浜　親,090-0000-0003",
            "島　二,シマ　フタ,平成20年3月17日,島　親,090-0000-0002",
            "海士　一,アマ　ハジメ,平成20年3月28日,,090-0000-0001",
            "沖　四,オキ　ヨツ,平成20年3月29日,,",
        ];
        let id = town.previewed("1.csv", csv(&list)).await;
        let adult = vec![(Problem::GuardianOfAdult, "浜 親".to_owned())];
        let nameless = vec![(Problem::GuardianNameless, "+819000000001".to_owned())];
        assert_eq!(told(&town, id).await, [adult, vec![], nameless, vec![]], "{kind:?}");
        town.applied(id).await;
        let all = town.everybody().await;
        let guardians = |family: &str| {
            let mut of = all.values().filter(|(it, _)| it.person.family == family && it.person.birth_date.is_some());
            of.next().map(|(it, _)| it.guardianships.len())
        };
        assert_eq!(["浜", "島", "海士", "沖"].map(guardians), [Some(0), Some(1), Some(0), Some(0)], "{kind:?}");
        let (_, clear) = all.values().find(|(it, _)| it.person.given == "親").unwrap();
        assert_eq!((all.len(), clear), (5, &vec!["+819000000002".to_owned()]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_changes_nobodys_guardian_and_says_so() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let known = "海士　一,アマ　ハジメ,平成20年3月28日";
        let alone = "島　二,シマ　フタ,平成20年3月29日";
        let id =
            town.previewed("1.csv", csv(&[HEAD, &format!("{known},海士　母,090-0000-0001"), &format!("{alone},,")]));
        town.applied(id.await).await;
        let before = town.everybody().await;
        for (n, (row, want)) in [
            (format!("{known},海士 母,090-0000-0001"), None),
            (format!("{known},,090-0000-0001"), None),
            (format!("{known},,"), None),
            (format!("{known},海士　叔父,090-0000-0009"), Some((Problem::GuardianDiffers, "海士 叔父"))),
            (format!("{known},海士　母,090-0000-0009"), Some((Problem::GuardianAddress, "+819000000009"))),
            (format!("{alone},島　親,090-0000-0009"), Some((Problem::GuardianLeftOut, "島 親"))),
        ]
        .into_iter()
        .enumerate()
        {
            let id = town.previewed(&format!("{n}.csv"), csv(&[HEAD, &row])).await;
            assert_eq!(town.verdicts(id).await, ["same"], "{kind:?} {row}");
            let want: Vec<_> = want.into_iter().map(|(problem, found)| (problem, found.to_owned())).collect();
            assert_eq!(told(&town, id).await, [want], "{kind:?} {row}");
        }
        assert_eq!(town.everybody().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_with_another_guardian_each_are_one_minor_to_decide_and_one_adult() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = [
            HEAD,
            "海士　一,アマ　ハジメ,平成20年3月28日,海士　母,090-0000-0001",
            "海士　一,アマ　ハジメ,平成20年3月28日,海士　父,090-0000-0001",
            "浜　三,ハマ　ミツ,平成19年6月1日,浜　母,",
            "浜　三,ハマ　ミツ,平成19年6月1日,浜　父,",
        ];
        let id = town.previewed("1.csv", csv(&list)).await;
        assert_eq!(town.verdicts(id).await, ["new", "doubtful", "new", "same"], "{kind:?}");
    }
}
