//! The list of the school: previewed, applied, taken in again, undone; a crash in the middle of applying and of undoing.

use tsunagari_acts::ActError;
use tsunagari_acts::apply_import::{Progress, apply_import, apply_slice};
use tsunagari_acts::undo_import::{undo_import, undo_slice};
use tsunagari_people::import::{Problem, RowVerdict};
use tsunagari_people::{SchoolKind, TieKind};
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::testing::BOTH;

use crate::school_list;
use crate::town::{Town, csv};

#[tokio::test(flavor = "multi_thread")]
async fn a_school_list_is_previewed_applied_and_undone() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let id = town.previewed("R7卒業生.xlsx", school_list::workbook()).await;
        let file = town.file(id).await;
        assert_eq!((file.state, file.header_row), (ImportState::Previewed, 4));
        let same = ["new", "new", "new", "new", "wrong", "new", "same", "new", "new", "new", "new", "new"];
        assert_eq!(town.verdicts(id).await, same, "{kind:?}");
        let rows = town.rows(id).await;
        let of = |row: usize| rows[row].judged.as_ref().unwrap();
        assert!(matches!(&of(4).verdict, RowVerdict::Wrong(found) if found[0].problem == Problem::DateNoSuchDay));
        assert_eq!(of(6).verdict, RowVerdict::Repeats(6), "the row the office sees");
        assert_eq!(of(0).row.family, "髙橋", "the spelling stays");
        assert_eq!(of(0).row.phone.as_deref(), Some("+819012345678"));
        assert!(town.everybody().await.is_empty(), "nothing is written before it is applied");

        apply_import(&town.house, &town.by(), id).await.unwrap();
        assert!(matches!(apply_import(&town.house, &town.by(), id).await, Err(ActError::Conflict)), "twice is once");
        town.drain().await;
        let file = town.file(id).await;
        assert_eq!((file.state, file.summary.entered, file.summary.overtaken), (ImportState::Applied, 10, 0));
        let all = town.everybody().await;
        assert_eq!(all.len(), 11, "ten and a guardian");
        let (hanako, clear) = all.values().find(|(it, _)| it.person.given == "花子").unwrap();
        assert_eq!((hanako.person.family.as_str(), hanako.person.family_kana.as_str()), ("髙橋", "タカハシ"));
        assert_eq!(clear, &["+819012345678", "hanako.t@example.jp"]);
        assert_eq!(
            hanako.enrolments.iter().map(|it| it.kind).collect::<Vec<_>>(),
            [SchoolKind::HighSchool, SchoolKind::University]
        );
        assert_eq!(hanako.guardianships.len(), 1, "17 on the day of the import");
        assert_eq!(hanako.ties[0].kind, TieKind::Origin);
        assert!(hanako.consents.is_empty(), "a list consents to nothing");

        let mut reader = town.house.org(town.org).read().await.unwrap();
        let told = reader.person_changes(hanako.person.id, 10).await.unwrap();
        drop(reader);
        let whose: Vec<_> = told.iter().map(|it| it.act.as_ref().map(|(_, by)| by.clone())).collect();
        assert_eq!(whose, [Some(town.by().actor())], "{kind:?}: the list came by the officer's word");
        undo_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        let file = town.file(id).await;
        assert_eq!((file.state, file.summary.kept), (ImportState::Undone, 0), "{kind:?}");
        assert!(town.everybody().await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_changes_nothing_and_says_so() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        // Made once: a workbook says when it was made.
        let list = school_list::workbook();
        let first = town.previewed("a.xlsx", list.clone()).await;
        apply_import(&town.house, &town.by(), first).await.unwrap();
        town.drain().await;
        let before = town.everybody().await;
        let again = town.previewed("b.xlsx", list).await;
        let verdicts = town.verdicts(again).await;
        assert_eq!(verdicts.iter().filter(|it| *it == "same").count(), 11, "{kind:?} {verdicts:?}");
        let file = town.file(again).await;
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let known = reader.import_applied_before(&file.sha256, again).await.unwrap();
        assert_eq!(known.unwrap().id, first);
        let refused = apply_import(&town.house, &town.by(), again).await;
        assert!(
            matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "import_nothing_to_do"),
            "{refused:?}"
        );
        assert_eq!(town.everybody().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_row_keeps_no_good_one_out() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = csv(&[
            "氏名,フリガナ,生年月日,メールアドレス",
            "海士　一,アマ　ハジメ,平成19年5月13日,ama@@bad",
            "海士　一,アマ　ハジメ,平成19年5月13日,",
            "海士　一,アマ　ハジメ,平成19年5月13日,",
        ]);
        let id = town.previewed("wrong-above.csv", list).await;
        assert_eq!(town.verdicts(id).await, ["wrong", "new", "same"], "{kind:?}");
        let repeats = town.rows(id).await.swap_remove(2).judged.unwrap().verdict;
        assert_eq!(repeats, RowVerdict::Repeats(3), "the row that goes in is named");
        apply_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        assert_eq!(town.file(id).await.summary.entered, 1);
        assert_eq!(town.everybody().await.len(), 1, "{kind:?}");
    }
}

pub fn many(n: usize) -> Vec<u8> {
    let mut lines = vec!["氏名,フリガナ,生年月日,メールアドレス".to_owned()];
    lines.extend((0..n).map(|i| {
        let kana: String =
            i.to_string().bytes().map(|b| char::from_u32(0x30a2 + u32::from(b - b'0') * 2).unwrap()).collect();
        format!("架空　{kana},カクウ　{kana},平成19年{}月{}日,s{i}@example.jp", i % 8 + 4 + 1, i % 28 + 1)
    }));
    csv(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_in_the_middle_loses_and_doubles_nobody() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let id = town.previewed("many.csv", many(1_100)).await;
        assert_eq!(town.file(id).await.summary.new, 1_100);
        apply_import(&town.house, &town.by(), id).await.unwrap();
        assert_eq!(apply_slice(&town.house, &town.machine(), id).await.unwrap(), Progress::More);
        // The process dies here, in the middle of a slice: what was not committed is gone.
        let machine = town.machine();
        let doomed = tokio::time::timeout(std::time::Duration::from_nanos(1), apply_slice(&town.house, &machine, id));
        let _ = doomed.await;
        assert!(town.everybody().await.len() < 1_100);
        town.drain().await;
        let file = town.file(id).await;
        assert_eq!((file.state, file.summary.entered), (ImportState::Applied, 1_100), "{kind:?}");
        assert_eq!(town.everybody().await.len(), 1_100);

        undo_import(&town.house, &town.by(), id).await.unwrap();
        assert_eq!(undo_slice(&town.house, &town.machine(), id).await.unwrap(), Progress::More);
        assert_eq!(town.everybody().await.len(), 1_000);
        town.drain().await;
        assert!(town.everybody().await.is_empty());
    }
}
