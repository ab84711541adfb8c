//! What the office decides on doubtful rows: they leave what waits and count as what they were decided to be, and two rows
//! of one person become one.

use tsunagari_acts::ActError;
use tsunagari_acts::apply_import::apply_import;
use tsunagari_acts::begin_import::{ListOf, Upload, begin_import};
use tsunagari_acts::decide_import_rows::{RowDecision, RowSeen, decide_import_rest, decide_import_row};
use tsunagari_acts::map_columns::{Mapping, SchoolOf, map_columns, move_header};
use tsunagari_acts::undo_import::undo_import;
use tsunagari_documents::ImportField;
use tsunagari_kernel::{FiscalYear, ImportId};
use tsunagari_people::import::{Doubt, RowVerdict};
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::import_row::{Decision, RowsOf, Undecided};
use tsunagari_storage::testing::BOTH;

use crate::town::{Town, csv};

const HEAD: &str = "氏名,フリガナ,生年月日,メールアドレス,電話番号,保護者氏名,保護者電話番号";

async fn undecided(town: &Town, id: ImportId) -> Undecided {
    town.house.org(town.org).read().await.unwrap().import_undecided(id).await.unwrap()
}

async fn under(town: &Town, id: ImportId, verdict: &str) -> Vec<i64> {
    let mut reader = town.house.org(town.org).read().await.unwrap();
    let rows: Vec<tsunagari_acts::preview_import::JudgedRow> =
        reader.import_rows(id, RowsOf::Verdict(verdict), 0, 100).await.unwrap();
    rows.into_iter().map(|row| row.number).collect()
}

/// New, changed, same, to decide, left out.
async fn counts(town: &Town, id: ImportId) -> [i64; 5] {
    let it = town.house.org(town.org).read().await.unwrap().import_counts(id).await.unwrap();
    assert_eq!(town.file(id).await.summary, it, "the list of files says what the page says");
    [it.new, it.changed, it.same, it.doubtful, it.left_out]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decided_row_counts_as_what_it_was_decided_to_be() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let known = csv(&[HEAD, "田中　次郎,タナカ　ジロウ,平成19年5月12日,,,,"]);
        let id = town.previewed("known.csv", known).await;
        town.applied(id).await;
        let list = csv(&[
            HEAD,
            "新山　薫,ニイヤマ　カオル,平成19年5月1日,,,,",
            "田中　次郎,タナカ　ジロウ,平成19年5月13日,,,,",
            "新山　薫,ニイヤマ　カオル,平成19年5月1日,,090-0000-0001,,",
            "新山　薫,ニイヤマ　カオル,平成19年5月1日,,090-0000-0002,,",
        ]);
        let id = town.previewed("doubt.csv", list).await;
        assert_eq!(town.verdicts(id).await, ["new", "doubtful", "doubtful", "doubtful"], "{kind:?}");
        let rows = town.rows(id).await;
        assert_eq!(counts(&town, id).await, [1, 0, 0, 3, 0]);
        assert_eq!(undecided(&town, id).await, Undecided { rows: 3, sure: 1 }, "{kind:?}: one may mean one alone");
        let decide = async |row: i64, decision| decide_import_row(&town.house, &town.by(), id, row, decision).await;

        decide(4, RowDecision::LeaveOut).await.unwrap();
        assert_eq!(counts(&town, id).await, [1, 0, 0, 2, 1], "{kind:?}");
        assert_eq!((under(&town, id, "doubtful").await, under(&town, id, "leave_out").await), (vec![3, 5], vec![4]));
        let Some(RowVerdict::Doubtful(Doubt::Who(who))) = rows[1].judged.as_ref().map(|it| &it.verdict) else {
            panic!()
        };
        decide(3, RowDecision::Same(who[0].person)).await.unwrap();
        assert_eq!(undecided(&town, id).await, Undecided { rows: 1, sure: 0 }, "nothing to offer for all at once");
        assert_eq!(decide_import_rest(&town.house, &town.by(), id, Decision::Same).await.unwrap(), 0);
        assert_eq!(decide_import_rest(&town.house, &town.by(), id, Decision::Join).await.unwrap(), 0);
        decide(5, RowDecision::New).await.unwrap();
        assert_eq!(counts(&town, id).await, [2, 1, 0, 0, 1], "{kind:?}");
        assert_eq!((under(&town, id, "new").await, under(&town, id, "changed").await), (vec![2, 5], vec![3]));
        decide(4, RowDecision::Open).await.unwrap();
        assert_eq!(counts(&town, id).await, [2, 1, 0, 1, 0]);
        decide(4, RowDecision::LeaveOut).await.unwrap();
        town.applied(id).await;
        let summary = town.file(id).await.summary;
        assert_eq!((summary.entered, summary.updated), (2, 1), "{kind:?}: as it was told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_which_all_is_left_out_writes_nothing() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let known = town.previewed("known.csv", csv(&[HEAD, "田中　次郎,タナカ　ジロウ,平成19年5月12日,,,,"])).await;
        town.applied(known).await;
        let id = town.previewed("x.csv", csv(&[HEAD, "田中　次郎,タナカ　ジロウ,平成19年5月13日,,,,"])).await;
        decide_import_rest(&town.house, &town.by(), id, Decision::LeaveOut).await.unwrap();
        assert_eq!(counts(&town, id).await, [0, 0, 0, 0, 1], "{kind:?}");
        let refused = apply_import(&town.house, &town.by(), id).await;
        assert!(
            matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "import_nothing_to_do"),
            "{refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rows_of_one_person_become_one() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = csv(&[
            HEAD,
            "海士　一,アマ　ハジメ,平成20年3月28日,a@example.jp,090-0000-0001,海士　母,090-0000-0008",
            "島　二,シマ　フタ,平成20年3月29日,,,,",
            "海士　一,アマ　ハジメ,平成20年3月28日,,090-0000-0002,海士　父,",
        ]);
        let id = town.previewed("twice.csv", list).await;
        assert_eq!(town.verdicts(id).await, ["new", "new", "doubtful"], "{kind:?}");
        let join = async |row| decide_import_row(&town.house, &town.by(), id, row, RowDecision::Join).await;
        assert!(matches!(join(3).await, Err(ActError::Refused(_))), "it repeats nobody");
        join(4).await.unwrap();
        assert_eq!(counts(&town, id).await, [2, 0, 1, 0, 0], "{kind:?}");
        town.applied(id).await;
        let file = town.file(id).await;
        assert_eq!((file.state, file.summary.entered, file.summary.updated), (ImportState::Applied, 2, 0), "{kind:?}");
        let all = town.everybody().await;
        let rows = town.rows(id).await;
        assert_eq!(rows[0].person, rows[2].person, "both rows lead to the one person");
        let (one, clear) = &all[&rows[0].person.unwrap()];
        assert_eq!(clear, &["+819000000002", "a@example.jp"], "what the later row says, and what it leaves blank");
        let (guardian, clear) = &all[&one.guardianships[0].guardian];
        assert_eq!((guardian.person.given.as_str(), clear.len()), ("父", 0), "nobody gets another's number");
        assert_eq!(all.len(), 3);
        undo_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        assert!(town.everybody().await.is_empty(), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_joined_to_a_known_person_changes_them_and_is_given_back() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let first = "海士　一,アマ　ハジメ,平成20年3月28日,a@example.jp,,,";
        let known = town.previewed("known.csv", csv(&[HEAD, first])).await;
        town.applied(known).await;
        let before = town.everybody().await;
        let again = "海士　一,アマ　ハジメ,平成20年3月28日,,090-0000-0002,,";
        let id = town.previewed("again.csv", csv(&[HEAD, first, again])).await;
        assert_eq!(town.verdicts(id).await, ["same", "doubtful"], "{kind:?}");
        decide_import_row(&town.house, &town.by(), id, 3, RowDecision::Join).await.unwrap();
        town.applied(id).await;
        assert_eq!(town.file(id).await.summary.updated, 1, "{kind:?}");
        let all = town.everybody().await;
        assert_eq!(all.values().next().unwrap().1, ["+819000000002", "a@example.jp"]);
        undo_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        assert_eq!(town.everybody().await, before, "{kind:?}");
        // The job that took it back is nobody's word: the history tells the officer who asked for it.
        let person = before.keys().next().copied().unwrap();
        let told = town.house.org(town.org).read().await.unwrap().person_changes(person, 10).await.unwrap();
        let undone = told.into_iter().find(|it| it.what == "import_undone").unwrap();
        assert_eq!(undone.act, Some(("undo_import".to_owned(), town.by().actor())), "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joined_row_is_overtaken_with_the_row_it_repeats() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let first = "海士　一,アマ　ハジメ,平成20年3月28日,,,,";
        let again = "海士　一,アマ　ハジメ,平成20年3月28日,,090-0000-0002,,";
        let id = town.previewed("twice.csv", csv(&[HEAD, first, again])).await;
        decide_import_row(&town.house, &town.by(), id, 3, RowDecision::Join).await.unwrap();
        let other = town.previewed("other.csv", csv(&[HEAD, first])).await;
        town.applied(other).await;
        town.applied(id).await;
        assert_eq!(town.verdicts(id).await, ["overtaken", "overtaken"], "{kind:?}");
        assert_eq!((town.file(id).await.summary.overtaken, town.everybody().await.len()), (2, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_and_blank_rows_are_no_rows_of_the_list() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let one = "海士　一,アマ　ハジメ,平成20年3月28日,,,,";
        let two = "島　二,シマ　フタ,平成20年3月29日,,,,";
        let id = town.previewed("titled.csv", csv(&["令和7年度 名簿,,,,,,", ",,,,,,", HEAD, one, ",,,,,,", two])).await;
        let file = town.file(id).await;
        assert_eq!((file.header_row, file.rows), (3, 2), "{kind:?}");
        assert_eq!(counts(&town, id).await, [2, 0, 0, 0, 0], "{kind:?}: one number everywhere");
        move_header(&town.house, &town.by(), id, 1).await.unwrap();
        assert_eq!(town.file(id).await.rows, 3, "{kind:?}: the old header is a row of the list now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_joined_to_a_row_that_is_left_out() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = |extra: &str| {
            let plain = "海士　一,アマ　ハジメ,平成20年3月28日";
            csv(&[HEAD, &format!("{plain},a@example.jp,,,"), &format!("{plain},b@example.jp,{extra},,")])
        };
        // Somebody of the same name, born a day before, is known: the first row is doubtful itself.
        let known = csv(&[HEAD, "海士　一,アマ　ハジメ,平成20年3月27日,,,,"]);
        let known = town.previewed("known.csv", known).await;
        town.applied(known).await;
        let id = town.previewed("two.csv", list("")).await;
        assert_eq!(town.verdicts(id).await, ["doubtful", "doubtful"], "{kind:?}");
        let decide = async |row, how| decide_import_row(&town.house, &town.by(), id, row, how).await;
        decide(2, RowDecision::LeaveOut).await.unwrap();
        let refused = decide(3, RowDecision::Join).await;
        assert!(
            matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "import_joins_left_out"),
            "{refused:?}"
        );
        decide(2, RowDecision::New).await.unwrap();
        decide(3, RowDecision::Join).await.unwrap();
        assert_eq!(undecided(&town, id).await.rows, 0, "{kind:?}");
        decide(2, RowDecision::LeaveOut).await.unwrap();
        assert_eq!(undecided(&town, id).await.rows, 1, "{kind:?}: the joined row is asked again");
        decide(2, RowDecision::Open).await.unwrap();
        decide(3, RowDecision::Join).await.unwrap();
        decide_import_rest(&town.house, &town.by(), id, Decision::LeaveOut).await.unwrap();
        assert_eq!((undecided(&town, id).await.rows, counts(&town, id).await[4]), (0, 2), "{kind:?}");
        let refused = apply_import(&town.house, &town.by(), id).await;
        assert!(
            matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "import_nothing_to_do"),
            "{refused:?}"
        );
    }
}

/// Two officers look at one row; whoever decides second is told instead of deciding over the first.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_decided_since_it_was_looked_at_stays_decided() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let plain = "新山　薫,ニイヤマ　カオル,平成19年5月1日,";
        let list = [HEAD, &format!("{plain},090-0000-0001,,"), &format!("{plain},090-0000-0002,,")];
        let id = town.previewed("two.csv", csv(&list)).await;
        let seen = |decided| RowSeen { number: 3, decided: Some(decided) };
        let decide = async |row, decision| decide_import_row(&town.house, &town.by(), id, row, decision).await;
        decide(seen(None), RowDecision::Join).await.unwrap();
        let late = decide(seen(None), RowDecision::LeaveOut).await;
        let Err(ActError::Refused(reasons)) = late else { panic!("{kind:?}: {late:?}") };
        assert_eq!(reasons[0].code, "import_decided_meanwhile");
        assert_eq!(town.rows(id).await[1].decision, Some(Decision::Join), "{kind:?}");
        decide(seen(Some(Decision::Join)), RowDecision::Open).await.unwrap();
        assert_eq!(town.rows(id).await[1].decision, None, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_rows_is_told_before_it_is_looked_through() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let upload = Upload {
            file_name: "head.csv".into(),
            bytes: csv(&[HEAD]),
            sheet: String::new(),
            school: ListOf::Added("島根県立益田見本高等学校".into()),
            graduation: Some(FiscalYear(2025)),
        };
        let id = begin_import(&town.house, &town.by(), upload).await.unwrap();
        let file = town.file(id).await;
        let columns = file.mapping.iter().map(|slug| ImportField::from_slug(slug).unwrap()).collect();
        let school = SchoolOf::One(file.school.unwrap());
        let mapping = Mapping { school, graduation: file.graduation, columns };
        let kept = map_columns(&town.house, &town.by(), id, &mapping).await;
        assert!(matches!(&kept, Err(ActError::Refused(it)) if it[0].code == "import_no_rows"), "{kind:?}: {kept:?}");
    }
}
