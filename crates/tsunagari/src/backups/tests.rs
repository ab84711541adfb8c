//! What the copies of an archive know of each other, what is saved when, how archives and snapshots are thinned out, and
//! what an archive's name says.

use rstest::rstest;
use tsunagari_storage::kept_keys::{look_at_keys, people_without_key};
use tsunagari_testkit::{Kind, Officer, Town};

use super::*;

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_entered_between_the_copies_has_a_key_too_many(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut desk = Officer::of(&town, &town.here, "administrator").await;
    desk.person("前野", "花", &[("email", "before@people.example")]).await;
    let scratch = tempfile::tempdir().unwrap();
    let between = async {
        desk.person("間野", "葉", &[("email", "between@people.example")]).await;
    };
    let copied = copies(&town.house, &town.db.owner, scratch.path(), between).await.unwrap();
    let known = scratch.path().join("known");
    town.house.store.snapshot_person_keys(&known).await.unwrap();
    assert_eq!(look_at_keys(&copied.keys).await.unwrap(), look_at_keys(&known).await.unwrap(), "the keys are of after");
    let Kind::File = kind else { return };
    assert_eq!(people_without_key(&copied.database, &copied.keys).await.unwrap(), 0);
    // The control: a later database beside these keys has somebody whose addresses nothing opens.
    desk.person("後野", "実", &[("email", "after@people.example")]).await;
    let later = scratch.path().join("later");
    town.house.store.snapshot(&later).await.unwrap();
    assert_eq!(people_without_key(&later, &copied.keys).await.unwrap(), 1);
}

#[test]
fn keys_have_a_rhythm_of_their_own_where_the_database_is_saved_seldom() {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    let of = |main, keys| due(SELDOM, Some(OFTEN), Some(minutes(main)), Some(minutes(keys)));
    assert_eq!((of(20, 2).wait, of(20, 2).what), (minutes(3), What::Beside));
    assert_eq!((of(58, 2).wait, of(58, 2).what), (minutes(2), What::Everything));
    assert!(
        of(70, 6).what == What::Everything && of(70, 6).beside_is_due(),
        "a dump that fails does not keep keys unsaved"
    );
    assert_eq!(due(OFTEN, None, Some(minutes(1)), None).what, What::Everything);
    assert_eq!(due(SELDOM, Some(OFTEN), None, None).wait, Duration::ZERO);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_beside_the_database_is_saved_without_it(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut desk = Officer::of(&town, &town.here, "administrator").await;
    desk.person("前野", "花", &[("email", "before@people.example")]).await;
    let root = tempfile::tempdir().unwrap();
    let data = DataDir::open(root.path()).unwrap();
    let (to, now) = (data.backups(), SystemTime::now());
    touch(&data.files(), "old.png", 3 * HOUR, now);
    touch(&to, "tsunagari-1.backup", HOUR, now);
    let key = Key::new(data.key("backup").unwrap());
    make_beside(&data, &town.house, &to).await.unwrap();
    assert_eq!(newest_of(&to, FILES), None, "nothing came since");
    std::fs::create_dir(data.files().join("more")).unwrap();
    touch(&data.files(), "more/new.png", 60, now);
    let keys = make_beside(&data, &town.house, &to).await.unwrap();
    assert_eq!(archive::read(&keys, &key, None).unwrap(), [PERSON_KEYS]);
    let files = newest_of(&to, FILES).unwrap().file;
    assert_eq!(archive::read(&files, &key, None).unwrap(), ["files/more/new.png"]);
    let (mut left, mut whole) = (0, 0);
    for entry in std::fs::read_dir(&to).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        left += usize::from(name.ends_with(UNFINISHED));
        whole += usize::from(name.ends_with(SUFFIX));
    }
    assert_eq!((left, whole), (0, 4));
}

fn touch(dir: &Path, name: &str, age: u64, now: SystemTime) {
    let file = std::fs::File::create(dir.join(name)).unwrap();
    file.set_modified(now - Duration::from_secs(age)).unwrap();
}

#[test]
fn age_thins_out_and_nothing_else_is_touched() {
    let dir = tempfile::tempdir().unwrap();
    // A whole number of days, so that the test's hours and days are those of the clock.
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(20_000 * DAY);
    let minute = 60;
    for n in 0..(40 * 24 * 12) {
        let age = n * 5 * minute;
        touch(dir.path(), &format!("tsunagari-{n}.backup"), age, now);
        touch(dir.path(), &format!("person-keys-{n}.backup"), age, now);
        touch(dir.path(), &format!("files-{n}.backup"), age, now);
    }
    touch(dir.path(), "before-migrate-1.db", 400 * DAY, now);
    let gone = thin_out(dir.path(), 35, now).unwrap();
    let left = |prefix: &str| listed(dir.path()).iter().filter(|it| named(&it.file, prefix)).count();
    // 24 of two hours, one for each hour of the rest of a day, one for each further day.
    assert!((24 + 22 + 34..=24 + 23 + 35).contains(&left(MAIN)), "{}", left(MAIN));
    assert_eq!((left(MAIN), left(MAIN)), (left(KEYS), left(FILES)));
    assert_eq!(gone, 3 * (40 * 24 * 12 - left(MAIN)));
    assert!(listed(dir.path()).iter().all(|it| now.duration_since(it.made).unwrap().as_secs() < 35 * DAY));
    assert!(dir.path().join("before-migrate-1.db").exists());
    assert_eq!(newest(dir.path()).unwrap().file, dir.path().join("tsunagari-0.backup"));
    assert_eq!(thin_out(dir.path(), 35, now).unwrap(), 0, "what stays once stays");
}

#[test]
fn the_newest_two_snapshots_stay_and_none_that_is_old() {
    let (dir, now) = (tempfile::tempdir().unwrap(), SystemTime::now());
    for (name, days) in [("1.db", 40), ("2.db", 36), ("3.dump", 3), ("4.db", 2), ("5.db", 1)] {
        touch(dir.path(), &format!("before-migrate-{name}"), days * DAY, now);
    }
    touch(dir.path(), "tsunagari-1.backup", 40 * DAY, now);
    assert_eq!(thin_snapshots(dir.path(), 35, now).unwrap(), 3);
    let left = |name: &str| dir.path().join(name).exists();
    assert!(left("before-migrate-4.db") && left("before-migrate-5.db") && left("tsunagari-1.backup"));
    assert_eq!(
        thin_snapshots(dir.path(), 35, now + Duration::from_secs(34 * DAY)).unwrap(),
        2,
        "none outlives archives"
    );
}

#[test]
fn an_archive_says_when_it_was_made() {
    let made = made_at(Path::new("/x/tsunagari-2026-03-16T02-03-04-000005Z.backup")).unwrap();
    assert_eq!(made.rfc3339(), "2026-03-16T02:03:04.000005Z");
    assert_eq!(made_at(Path::new("/nowhere/renamed.backup")), None);
}
