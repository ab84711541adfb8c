//! Who has no tie any more and stands on a list all the same.

use tsunagari_acts::decide_import_rows::{RowDecision, decide_import_row};
use tsunagari_acts::end_tie::end_tie;
use tsunagari_kernel::{PersonId, TieId};
use tsunagari_people::TieEnd;
use tsunagari_people::import::Problem;
use tsunagari_storage::testing::BOTH;

use crate::town::{Town, csv};

const HEAD: &str = "氏名,フリガナ,生年月日,進路区分,進学先・就職先";

/// The only person there is, with their only tie.
async fn first_person(town: &Town) -> (PersonId, TieId) {
    let all = town.everybody().await;
    let (record, _) = all.values().next().unwrap();
    (record.person.id, record.ties[0].id)
}

/// Who asked to be gone is brought back by no list, whatever it says of them; the office reads why.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_brings_nobody_back_who_has_left() {
    for kind in BOTH {
        for why in [TieEnd::Left, TieEnd::AsAsked, TieEnd::EndedByOffice, TieEnd::Mistake, TieEnd::Deceased] {
            let town = Town::open(kind).await;
            let plain = "海士　一,アマ　ハジメ,平成20年3月28日";
            let first = town.previewed("1.csv", csv(&[HEAD, &format!("{plain},,")])).await;
            town.applied(first).await;
            let (person, tie) = first_person(&town).await;
            end_tie(&town.house, &town.grant(), person, tie, "", why).await.unwrap();
            let before = town.everybody().await;
            let list = [HEAD, &format!("{plain},就職,"), "沖　三,オキ　ミツ,平成20年3月30日,,"];
            let id = town.previewed("2.csv", csv(&list)).await;
            assert_eq!(town.verdicts(id).await, ["same", "new"], "{kind:?}: {why:?}");
            assert_eq!(town.problems(id).await, [Problem::TieEnded], "{kind:?}: {why:?}");
            town.applied(id).await;
            let after = town.everybody().await;
            assert_eq!(after.get(&person), before.get(&person), "{kind:?}: {why:?}");
            // Nor does somebody who decides that a doubtful row is them.
            let born = "海士　一,アマ　ハジメ,平成20年3月27日,就職,";
            let doubt = town.previewed("3.csv", csv(&[HEAD, born, "浜　四,ハマ　ヨツ,平成20年3月31日,,"])).await;
            assert_eq!(town.verdicts(doubt).await, ["doubtful", "new"], "{kind:?}");
            decide_import_row(&town.house, &town.by(), doubt, 2, RowDecision::Same(person)).await.unwrap();
            town.applied(doubt).await;
            let after = town.everybody().await;
            assert_eq!(after.get(&person), before.get(&person), "{kind:?}: {why:?}, decided");
        }
    }
}
