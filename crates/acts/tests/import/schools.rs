//! A school named with a list: on record with it, put right without touching anybody's undoing, taken away once nothing
//! names it.

use tsunagari_acts::ActError;
use tsunagari_acts::apply_import::apply_import;
use tsunagari_acts::keep_school::{SchoolGiven, keep_school};
use tsunagari_acts::remove_school::remove_school;
use tsunagari_acts::undo_import::undo_import;
use tsunagari_kernel::SchoolId;
use tsunagari_people::SchoolKind;
use tsunagari_storage::audit_view::AuditFilter;
use tsunagari_storage::order::Way;
use tsunagari_storage::testing::BOTH;

use crate::school_list;
use crate::town::{Town, csv};

fn called(name: &str) -> SchoolGiven {
    SchoolGiven { name: name.into(), kind: SchoolKind::HighSchool, place: String::new(), years: 3 }
}

/// What the stays at a school are called.
async fn names(town: &Town, school: SchoolId) -> Vec<String> {
    let all = town.everybody().await;
    let stays = all.values().flat_map(|(it, _)| &it.enrolments).filter(|stay| stay.school == Some(school));
    let mut names: Vec<String> = stays.map(|stay| stay.school_name.clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn code(done: Result<impl Sized, ActError>) -> &'static str {
    match done {
        Err(ActError::Refused(reasons)) => reasons[0].code,
        Err(_) => "other",
        Ok(_) => "done",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_typed_wrongly_is_put_right_and_the_list_can_still_be_undone() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let first = town.previewed("R7.xlsx", school_list::workbook()).await;
        apply_import(&town.house, &town.by(), first).await.unwrap();
        town.drain().await;
        let school = town.file(first).await.school.unwrap();
        let named = AuditFilter { act: Some("begin_import".into()), ..AuditFilter::default() };
        let mut reader = town.house.org(town.org).read().await.unwrap();
        let told = reader.audit_page(&named, Way::Rising, 10, 0).await.unwrap();
        drop(reader);
        assert!(told[0].subjects.iter().any(|(kind, id)| kind.as_str() == "school" && *id == school.0), "on record");
        // A second list changes somebody's stays; undoing it afterwards brings the stays back under the new name.
        let list = csv(&["氏名,フリガナ,生年月日,卒業年度", "髙橋　花子,タカハシ　ハナコ,平成20年3月28日,令和8年度"]);
        let second = town.previewed("second.csv", list).await;
        assert_eq!(town.verdicts(second).await, ["changed"], "{kind:?}");
        apply_import(&town.house, &town.by(), second).await.unwrap();
        town.drain().await;

        let grant = || town.grant();
        assert_eq!(code(keep_school(&town.house, &grant(), None, &called(" 石見見本高校 ")).await), "done");
        let right = "島根県立益田手本高等学校";
        assert_eq!(code(keep_school(&town.house, &grant(), Some(school), &called("石見見本高校")).await), "name_taken");
        assert_eq!(code(keep_school(&town.house, &grant(), Some(school), &called(" ")).await), "field_empty");
        keep_school(&town.house, &grant(), Some(school), &called(right)).await.unwrap();
        assert_eq!(names(&town, school).await, [right], "{kind:?}: everybody's stay is called as the school is");
        assert_eq!(code(remove_school(&town.house, &grant(), school).await), "school_in_use");

        undo_import(&town.house, &town.by(), second).await.unwrap();
        town.drain().await;
        assert_eq!(town.file(second).await.summary.kept, 0, "{kind:?}: a name put right is no change of a person");
        assert_eq!(names(&town, school).await, [right], "{kind:?}");
        undo_import(&town.house, &town.by(), first).await.unwrap();
        town.drain().await;
        assert_eq!(town.file(first).await.summary.kept, 0, "{kind:?}");
        assert!(town.everybody().await.is_empty(), "{kind:?}");

        remove_school(&town.house, &grant(), school).await.unwrap();
        assert_eq!(town.file(first).await.school, None, "a list taken back forgets it");
        assert!(matches!(remove_school(&town.house, &grant(), school).await, Err(ActError::NotFound)));
    }
}
