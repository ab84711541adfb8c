//! A list longer than several slices, written in large statements from rows made ready ahead: nothing of a row is lost on
//! the way, what happens in the middle of one slice stays with its row, and undoing leaves nothing.

use std::collections::HashMap;

use tsunagari_acts::apply_import::apply_import;
use tsunagari_acts::load_people::load_people;
use tsunagari_acts::undo_import::undo_import;
use tsunagari_kernel::PersonId;
use tsunagari_people::{Person, PersonLocale, PersonRecord};
use tsunagari_storage::import_file::ImportState;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::person_list::PeopleFilter;
use tsunagari_storage::testing::BOTH;

use crate::town::{Town, csv, noon};

const ROWS: usize = 2_150;
/// Said again further down, in the next slice.
const REPEATED: usize = 40;
/// Somebody of this name arrives between preview and change.
const OVERTAKEN: usize = 1_500;

/// Kana that stand for a number, so that every name is another one.
fn name(n: usize) -> String {
    format!("{n:05}").bytes().map(|b| char::from_u32(0x30ab + u32::from(b - b'0') * 2).unwrap()).collect()
}

fn row(n: usize) -> String {
    // The spelling of the family name is the school's own; every seventh has a guardian.
    let family = ["髙橋", "高橋", "﨑田", "渡邉"][n % 4];
    let guardian = if n.is_multiple_of(7) { format!("{family}　親{n},parent{n}@example.jp") } else { ",".to_owned() };
    let (month, day) = (n % 8 + 4, n % 28 + 1);
    format!("{family}　{0},タカハシ　{0},平成21年{month}月{day}日,s{n}@example.jp,090-1{n:07},{guardian}", name(n))
}

fn list() -> Vec<u8> {
    let mut lines = vec!["氏名,フリガナ,生年月日,メールアドレス,電話番号,保護者氏名,保護者メール".to_owned()];
    lines.extend((0..ROWS).map(row));
    lines.insert(1_200, row(REPEATED));
    csv(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Somebody of a row's name and birth date arrives by another way.
async fn arrives(town: &Town, n: usize) {
    let born = format!("2009-{:02}-{:02}", n % 8 + 4, n % 28 + 1);
    let person = Person {
        id: PersonId::born(&town.house.chance, noon()),
        family: ["髙橋", "高橋", "﨑田", "渡邉"][n % 4].into(),
        given: name(n),
        family_kana: "タカハシ".into(),
        given_kana: name(n),
        birth_date: Some(born.parse().unwrap()),
        locale: PersonLocale::Ja,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: noon(),
    };
    let arrival = Arrival { record: PersonRecord::of(person), source: "paper".into(), addresses: HashMap::new() };
    load_people(&town.house, &town.machine(), &[arrival]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_loses_nothing_on_the_quick_way() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let id = town.previewed("long.csv", list()).await;
        let file = town.file(id).await;
        assert_eq!((file.summary.new, file.summary.same, file.summary.wrong), (2_150, 1, 0), "{kind:?}");
        arrives(&town, OVERTAKEN).await;
        let before = town.everybody().await;
        apply_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;

        let file = town.file(id).await;
        let guardians = ROWS.div_ceil(7) - usize::from(OVERTAKEN.is_multiple_of(7));
        assert_eq!(file.state, ImportState::Applied);
        assert_eq!((file.summary.entered, file.summary.overtaken), (2_149, 1), "{kind:?}");
        let all = town.everybody().await;
        assert_eq!(all.len(), ROWS + guardians, "everybody, once");
        let rows = town.rows(id).await;
        for it in &rows {
            let judged = it.judged.as_ref().unwrap();
            match it.verdict.as_str() {
                "new" => {
                    let (record, clear) = &all[&it.person.unwrap()];
                    assert_eq!((&record.person.family, &record.person.given), (&judged.row.family, &judged.row.given));
                    assert_eq!(
                        record.person.family,
                        it.cells[0].split('　').next().unwrap(),
                        "as the school writes it"
                    );
                    assert_eq!(record.person.birth_date, judged.row.birth_date);
                    assert_eq!(clear, &[judged.row.phone.clone().unwrap(), judged.row.email.clone().unwrap()]);
                    assert_eq!(record.guardianships.len(), usize::from(!judged.row.guardian_name.is_empty()));
                    assert_eq!((record.ties.len(), record.enrolments.len()), (1, 1));
                }
                "same" => assert_eq!(judged.row.given, name(REPEATED)),
                "overtaken" => assert_eq!((judged.row.given.clone(), it.person), (name(OVERTAKEN), None)),
                other => panic!("{other}: row {}", it.number),
            }
        }
        let here = town.house.org(town.org);
        let mut reader = here.read().await.unwrap();
        for n in [0, 999, 1_000, OVERTAKEN, ROWS - 1] {
            let found = PeopleFilter { text: Some(name(n)), ..PeopleFilter::default() };
            assert_eq!(reader.count_people(&found).await.unwrap(), 1, "{kind:?}: found by name {n}");
        }
        let wrong: Vec<_> = reader.findings().await.unwrap().into_iter().map(|it| it.code).collect();
        assert!(wrong.iter().all(|code| !code.contains("state")), "{kind:?}: {wrong:?}");
        let (steps, _) = reader.change_progress(file.change.unwrap()).await.unwrap();
        assert_eq!(steps, i64::try_from(ROWS - 1 + guardians).unwrap(), "each can be taken back");
        drop(reader);

        // The list again, behind it: everybody is known.
        let again = town.previewed("again.csv", list()).await;
        let summary = town.file(again).await.summary;
        assert_eq!((summary.new, summary.doubtful, summary.wrong), (0, 0, 0), "{kind:?}");

        undo_import(&town.house, &town.by(), id).await.unwrap();
        town.drain().await;
        let file = town.file(id).await;
        assert_eq!((file.state, file.summary.kept), (ImportState::Undone, 0), "{kind:?}");
        assert_eq!(town.everybody().await, before);
    }
}
