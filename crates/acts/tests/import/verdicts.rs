//! Known people: changed, doubtful, decided, overtaken, and given back exactly as they were, or left when somebody went on.

use tsunagari_access::Act;
use tsunagari_acts::ActError;
use tsunagari_acts::apply_import::apply_import;
use tsunagari_acts::begin_import::{ListOf, Upload, begin_import};
use tsunagari_acts::decide_import_rows::{RowDecision, decide_import_rest, decide_import_row};
use tsunagari_acts::map_columns::{Mapping, SchoolOf, map_columns};
use tsunagari_acts::undo_import::undo_import;
use tsunagari_documents::ImportField;
use tsunagari_kernel::FiscalYear;
use tsunagari_people::import::{Doubt, Problem, RowVerdict};
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::import_row::Decision;
use tsunagari_storage::testing::BOTH;

use crate::school_list;
use crate::town::{Town, csv};

async fn with_graduates(kind: tsunagari_storage::testing::Kind) -> Town {
    let town = Town::open(kind).await;
    let id = town.previewed("R7.xlsx", school_list::workbook()).await;
    apply_import(&town.house, &town.by(), id).await.unwrap();
    town.drain().await;
    town
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_shown_applied_and_given_back_exactly() {
    for kind in BOTH {
        let town = with_graduates(kind).await;
        let before = town.everybody().await;
        let list = csv(&[
            "氏名,フリガナ,生年月日,進路種別,進学先,進学先都道府県,メールアドレス",
            "高橋　花子,タカハシ　ハナコ,平成20年3月28日,大学,別大学,京都府,hanako.new@example.jp",
            "林　美月,ハヤシ　ミツキ,平成19年4月30日,,,,",
            "渡邊　さくら,ワタナベ　サクラ,平成19年10月20日,,,,",
        ]);
        let id = town.previewed("changes.csv", list).await;
        let rows = town.rows(id).await;
        let Some(RowVerdict::Changed(hanako, changes)) = rows[0].judged.as_ref().map(|it| it.verdict.clone()) else {
            panic!("{kind:?} {:?}", rows[0]);
        };
        let fields: Vec<&str> = changes.iter().map(|it| it.field.code()).collect();
        assert_eq!(fields, ["next", "next_place", "email"], "the common character takes no variant away");
        let Some(RowVerdict::Changed(sakura, changes)) = rows[2].judged.as_ref().map(|it| it.verdict.clone()) else {
            panic!("{kind:?} {:?}", rows[2]);
        };
        assert_eq!((changes[0].before.as_str(), changes[0].after.as_str()), ("渡邉 さくら", "渡邊 さくら"));
        assert_eq!(rows[1].verdict, "doubtful", "the kana contradicts");
        decide_import_row(&town.house, &town.by(), id, rows[1].number, RowDecision::LeaveOut).await.unwrap();
        apply_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        let (after, clear) = town.everybody().await.remove(&hanako).unwrap();
        assert_eq!(after.person.family, "髙橋");
        assert_eq!(town.everybody().await.remove(&sakura).unwrap().0.person.family, "渡邊");
        assert!(
            clear.contains(&"hanako.t@example.jp".to_owned()) && clear.contains(&"hanako.new@example.jp".to_owned())
        );
        assert_eq!(after.enrolments.len(), 2, "the university is put right, not added");
        undo_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        assert_eq!(town.everybody().await, before, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn doubtful_rows_wait_for_the_office() {
    for kind in BOTH {
        let town = with_graduates(kind).await;
        let list = csv(&[
            "氏名,フリガナ,生年月日",
            "田中　次郎,タナカ　ジロウ,平成19年5月13日",
            "田中　次郎,タナカ　ジロウ,平成19年5月8日",
            "新山　薫,ニイヤマ　カオル,",
        ]);
        let id = town.previewed("doubt.csv", list).await;
        assert_eq!(town.verdicts(id).await, ["doubtful", "doubtful", "new"], "{kind:?}");
        let rows = town.rows(id).await;
        let Some(RowVerdict::Doubtful(Doubt::Who(who))) = rows[0].judged.as_ref().map(|it| it.verdict.clone()) else {
            panic!()
        };
        let refused = apply_import(&town.house, &town.by(), id).await;
        assert!(matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "import_undecided"), "{refused:?}");
        let stranger = tsunagari_kernel::PersonId::born(&town.house.chance, crate::town::noon());
        let refused = decide_import_row(&town.house, &town.by(), id, rows[0].number, RowDecision::Same(stranger)).await;
        assert!(matches!(refused, Err(ActError::Refused(_))));
        decide_import_row(&town.house, &town.by(), id, rows[0].number, RowDecision::Same(who[0].person)).await.unwrap();
        assert_eq!(decide_import_rest(&town.house, &town.by(), id, Decision::New).await.unwrap(), 1);
        let people = town.everybody().await.len();
        apply_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        let all = town.everybody().await;
        assert_eq!(all.len(), people + 2, "the decided one and the new one");
        assert_eq!(all[&who[0].person].0.person.birth_date, chrono::NaiveDate::from_ymd_opt(2007, 5, 13));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_in_between_is_left_alone_and_told() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = || {
            csv(&[
                "氏名,フリガナ,生年月日",
                "新山　薫,ニイヤマ　カオル,平成19年5月13日",
                "古川　翼,フルカワ　ツバサ,平成19年6月1日",
            ])
        };
        let one = town.previewed("one.csv", list()).await;
        let two = town.previewed("two.csv", list()).await;
        for id in [one, two] {
            apply_import(&town.house, &town.by(), id).await.unwrap();
            town.drain().await;
        }
        let second = town.file(two).await;
        assert_eq!((second.summary.entered, second.summary.overtaken), (0, 2), "{kind:?}");
        assert_eq!(town.verdicts(two).await, ["overtaken", "overtaken"]);
        let all = town.everybody().await;
        assert_eq!(all.len(), 2, "nobody twice");

        // Somebody edits one of them; undoing leaves that one and says so.
        let (record, _) = all.values().find(|(it, _)| it.person.given == "薫").unwrap();
        let mut person = record.person.clone();
        person.given = "かおる".into();
        let mut tx = town.house.org(town.org).write().await.unwrap();
        tx.keep_person(&person).await.unwrap();
        tx.commit(&Act::named("edit_person", town.machine().actor(), town.house.operation())).await.unwrap();
        undo_import(&town.house, &town.by(), one).await.unwrap();
        town.drain().await;
        let file = town.file(one).await;
        assert_eq!((file.state, file.summary.kept), (ImportState::Undone, 1));
        let left = town.everybody().await;
        assert_eq!(left.keys().copied().collect::<Vec<_>>(), [person.id]);
        let kept = town.house.org(town.org).read().await.unwrap().change_kept(file.change.unwrap(), 10).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].1.code(), "changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_is_checked_and_remembered_for_the_school() {
    let town = Town::open(BOTH[0]).await;
    let upload = |school| Upload {
        file_name: "x.csv".into(),
        bytes: csv(&["名簿A,カナ列,生まれた日", "架空　薫,カクウ　カオル,平成19年5月13日"]),
        sheet: String::new(),
        school,
        graduation: Some(tsunagari_kernel::FiscalYear(2025)),
    };
    let id = begin_import(&town.house, &town.by(), upload(ListOf::Added("見本高校".into()))).await.unwrap();
    let file = town.file(id).await;
    let of = |columns: Vec<ImportField>| Mapping {
        school: file.school.map_or(SchoolOf::Rows, SchoolOf::One),
        graduation: file.graduation,
        columns,
    };
    for (columns, code) in [
        (vec![ImportField::Ignore, ImportField::FullKana], "import_name_unmapped"),
        (vec![ImportField::FullName, ImportField::FullName], "import_column_twice"),
    ] {
        let refused = map_columns(&town.house, &town.by(), id, &of(columns)).await;
        assert!(matches!(&refused, Err(ActError::Refused(why)) if why[0].code == code), "{refused:?}");
    }
    let nowhere = Mapping { school: SchoolOf::Rows, ..of(vec![ImportField::FullName]) };
    let refused = map_columns(&town.house, &town.by(), id, &nowhere).await;
    assert!(matches!(&refused, Err(ActError::Refused(why)) if why[0].code == "import_school_missing"), "{refused:?}");
    tsunagari_acts::map_columns::move_header(&town.house, &town.by(), id, 1).await.unwrap();
    map_columns(
        &town.house,
        &town.by(),
        id,
        &of(vec![ImportField::FullName, ImportField::FullKana, ImportField::BirthDate]),
    )
    .await
    .unwrap();
    let again = begin_import(&town.house, &town.by(), upload(ListOf::School(file.school.unwrap()))).await.unwrap();
    let kept = town.file(again).await;
    assert_eq!(
        (kept.header_row, kept.mapping),
        (1, ["full_name", "full_kana", "birth_date"].map(str::to_owned).to_vec())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_school_can_be_named_when_the_columns_are_seen() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let upload = Upload {
            file_name: "x.csv".into(),
            bytes: csv(&["氏名,フリガナ", "架空　薫,カクウ　カオル"]),
            sheet: String::new(),
            school: ListOf::Rows,
            graduation: Some(tsunagari_kernel::FiscalYear(2025)),
        };
        let id = begin_import(&town.house, &town.by(), upload).await.unwrap();
        let of = |name: &str| Mapping {
            school: SchoolOf::Added(name.into()),
            graduation: Some(tsunagari_kernel::FiscalYear(2025)),
            columns: vec![ImportField::FullName, ImportField::FullKana],
        };
        let refused = map_columns(&town.house, &town.by(), id, &of("　")).await;
        let Err(ActError::Refused(why)) = refused else { panic!("{refused:?}") };
        assert_eq!((why[0].field, why[0].code), (Some("school_name"), "school_name_missing"));
        let schools = async || town.house.org(town.org).read().await.unwrap().schools().await.unwrap();
        assert_eq!(schools().await, Vec::new());

        map_columns(&town.house, &town.by(), id, &of(" 見本高校 ")).await.unwrap();
        let named = schools().await;
        assert_eq!(named.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["見本高校"]);
        assert_eq!(town.file(id).await.school, Some(named[0].id));
        // Typed once more it is the same school.
        map_columns(&town.house, &town.by(), id, &of("見本高校")).await.unwrap();
        assert_eq!(schools().await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn which_sheet_of_several_was_read_is_kept() {
    let list = |names: &[&str]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        for name in names {
            let sheet = book.add_worksheet().set_name(*name).unwrap();
            for (column, label) in
                (0_u16..).zip(if *name == "表紙" { vec!["令和7年度 卒業生"] } else { vec!["氏名", "組"] })
            {
                sheet.write_string(0, column, label).unwrap();
                sheet.write_string(1, column, label).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    };
    for kind in BOTH {
        let town = Town::open(kind).await;
        for (names, read) in [(&["表紙", "3年", "2年"][..], "3年"), (&["3年"], "")] {
            let upload = Upload {
                file_name: "x.xlsx".into(),
                bytes: list(names),
                sheet: String::new(),
                school: ListOf::Rows,
                graduation: None,
            };
            let id = begin_import(&town.house, &town.by(), upload).await.unwrap();
            assert_eq!(town.file(id).await.sheet, read, "{kind:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_lists_are_refused_whole() {
    let town = Town::open(BOTH[0]).await;
    for (bytes, code) in [
        (b"%PDF-1.7 ...".to_vec(), "sheet_is_pdf"),
        (Vec::new(), "file_empty"),
        (b"\n , \n".to_vec(), "sheet_empty"),
        (b"PK\x03\x04 broken".to_vec(), "sheet_not_a_spreadsheet"),
    ] {
        let upload =
            Upload { file_name: "x".into(), bytes, sheet: String::new(), school: ListOf::Rows, graduation: None };
        let refused = begin_import(&town.house, &town.by(), upload).await;
        let Err(ActError::Refused(why)) = refused else { panic!("{refused:?}") };
        assert_eq!((why[0].field, why[0].code), (Some("file"), code));
    }
    assert!(town.house.org(town.org).read().await.unwrap().import_files(10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_name_nobody_are_left_out_with_their_reason() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let list = csv(&[
            "組,氏名,フリガナ,生年月日",
            "1,髙橋　花子,タカハシ　ハナコ,平成二十年三月二十八日生",
            "1,林　美月,ハヤシ　ミツキ,二〇〇七年四月三十日",
            ",合計 2名,,",
            ",（以下余白）,,",
            "備考,,,",
            "2,田中　次郎,タナカ　ジロウ,平成19年2月30日",
        ]);
        let id = town.previewed("totals.csv", list).await;
        assert_eq!(town.verdicts(id).await, ["new", "new", "beside", "beside", "beside", "wrong"], "{kind:?}");
        let rows = town.rows(id).await;
        let why = |row: usize| match &rows[row].judged.as_ref().unwrap().verdict {
            RowVerdict::Beside(finding) => finding.problem.code(),
            other => panic!("{other:?}"),
        };
        assert_eq!([why(2), why(3), why(4)], ["total_row", "end_of_list", "remark_row"]);
        let births: Vec<_> = rows[..2].iter().map(|row| row.judged.as_ref().unwrap().row.birth_date).collect();
        assert_eq!(births.iter().map(|day| day.unwrap().to_string()).collect::<Vec<_>>(), ["2008-03-28", "2007-04-30"]);
        assert_eq!((town.file(id).await.summary.beside, town.file(id).await.summary.wrong), (3, 1));
        apply_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        assert_eq!(town.everybody().await.len(), 2, "{kind:?}: nobody of the totals");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_graduation_is_what_its_header_says_and_a_day_lies_in_its_year() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        for (n, (header, cells, beside)) in [
            ("卒業年", ["2026", "2026-03-01"], 0),
            ("卒業年度", ["2025", "46082"], 0),
            ("卒業年度", ["2026", "令和8年度"], 2),
        ]
        .into_iter()
        .enumerate()
        {
            let head = format!("氏名,フリガナ,生年月日,{header}");
            let [one, two] = cells.map(|cell| format!("海士　一,アマ　ハジメ,平成19年5月13日,{cell}"));
            let id = town.previewed(&format!("{n}.csv"), csv(&[&head, &one, &two])).await;
            let rows: Vec<_> = town.rows(id).await.into_iter().map(|row| row.judged.unwrap()).collect();
            let want = if beside == 0 { 2025 } else { 2026 };
            assert!(rows.iter().all(|it| it.row.graduation == Some(FiscalYear(want))), "{kind:?} {header} {rows:?}");
            let told = rows.iter().flat_map(|it| &it.findings);
            assert_eq!(told.filter(|it| it.problem == Problem::GraduationBesideClass).count(), beside, "{kind:?}");
        }
    }
}
