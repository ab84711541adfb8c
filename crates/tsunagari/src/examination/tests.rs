//! What doctor says about a place and a server.

use std::time::{Duration, SystemTime};

use super::{Grade, place, server};
use crate::config::Config;

fn config(root: &std::path::Path) -> Config {
    let mut config = Config::load(None).unwrap();
    config.data_dir = root.to_owned();
    config
}

#[test]
fn missing_keys_are_named_with_what_to_do() {
    let root = tempfile::tempdir().unwrap();
    let data = crate::data_dir::DataDir::open(root.path()).unwrap();
    let broken = |root: &std::path::Path| {
        let found = place::keys(root);
        found.into_iter().filter(|it| it.grade == Grade::Broken).map(|it| it.what).collect::<Vec<_>>()
    };
    assert_eq!(broken(root.path()).len(), 3);
    for key in ["wrapping", "audit", "forms"] {
        data.key(key).unwrap();
    }
    assert_eq!(broken(root.path()), ["keys/persons.db is missing"]);
    std::fs::write(data.person_keys(), b"").unwrap();
    assert_eq!(place::keys(root.path()), []);
    let backups = || place::kept(&config(root.path())).into_iter().map(|it| it.what).collect::<Vec<_>>().join(" ");
    assert!(backups().contains("keys/backup.key is missing") && backups().contains("there is no backup"));
    data.key("backup").unwrap();
    assert!(!backups().contains("backup.key"));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_broken() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let data = crate::data_dir::DataDir::open(root.path()).unwrap();
    data.key("audit").unwrap();
    let location = tsunagari_storage::Location::File(data.database());
    let says = |words: &str| place::examine(&config(root.path()), &location).iter().any(|it| it.what.contains(words));
    assert!(!says("can read"));
    let file = root.path().join("keys/audit.key");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(says("audit.key"));
}

#[test]
fn an_old_backup_is_told() {
    let root = tempfile::tempdir().unwrap();
    let (config, now) = (config(root.path()), SystemTime::now());
    let what = |now| place::backup(&config, root.path(), now).map(|it| it.what);
    assert!(what(now).unwrap().contains("there is no backup"));
    let file = std::fs::File::create(root.path().join("tsunagari-1.backup")).unwrap();
    file.set_modified(now).unwrap();
    assert_eq!(what(now), None);
    assert!(what(now + Duration::from_secs(5 * 3600)).unwrap().contains("5 hours old"));
}

#[test]
fn unsafe_settings_of_a_server_are_told() {
    for (name, value) in [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")] {
        assert_eq!(server::judge(name, value).unwrap().grade, Grade::Broken);
        assert_eq!(server::judge(name, "on"), None);
    }
    for (name, value) in [("archive_mode", "off"), ("wal_level", "minimal"), ("max_connections", "10")] {
        assert_eq!(server::judge(name, value).unwrap().grade, Grade::Look);
    }
    assert_eq!(server::judge("max_connections", "100"), None);
}

#[cfg(unix)]
#[test]
fn files_of_others_and_for_others_are_told() {
    let root = std::path::Path::new("/srv/town");
    let seen = |name: &str, mode, uid| place::Seen { path: root.join(name), mode, uid };
    let fine = [seen("tsunagari.db", 0o600, 7), seen("backups", 0o700, 7)];
    assert_eq!((place::open_to_others(root, &fine), place::of_another(root, 7, &fine)), (None, None));
    let wrong = [seen("tsunagari.db", 0o644, 7), seen("tsunagari.db-wal", 0o600, 0)];
    let open = place::open_to_others(root, &wrong).unwrap();
    assert!(open.what.contains("1 files") && open.what.contains("tsunagari.db") && open.advice.contains("chmod"));
    let foreign = place::of_another(root, 7, &wrong).unwrap();
    assert!(foreign.what.contains("tsunagari.db-wal") && foreign.advice.contains("chown"));
}
