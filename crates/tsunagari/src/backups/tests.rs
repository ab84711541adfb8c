//! How archives and snapshots are thinned out, and what an archive's name says.

use super::*;

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
    }
    touch(dir.path(), "before-migrate-1.db", 400 * DAY, now);
    let gone = thin_out(dir.path(), 35, now).unwrap();
    let left = |prefix: &str| listed(dir.path()).iter().filter(|it| named(&it.file, prefix)).count();
    // 24 of two hours, one for each hour of the rest of a day, one for each further day.
    assert!((24 + 22 + 34..=24 + 23 + 35).contains(&left(MAIN)), "{}", left(MAIN));
    assert_eq!(left(MAIN), left(KEYS));
    assert_eq!(gone, 2 * (40 * 24 * 12 - left(MAIN)));
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
