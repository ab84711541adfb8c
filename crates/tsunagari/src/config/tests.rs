//! Settings: what is shipped, what is refused and in which words.

use super::*;

fn loaded(text: &str) -> anyhow::Result<Config> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("t.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(Some(&file))
}

fn refused(text: &str) -> String {
    format!("{:#}", loaded(text).unwrap_err())
}

#[test]
fn the_shipped_defaults_are_complete() {
    let config = Config::load(None).unwrap();
    assert_eq!(config.listen.port(), 8080);
    assert_eq!(config.metrics_address().unwrap(), None);
}

#[test]
fn an_unknown_key_refuses_to_start_with_a_suggestion() {
    let words = refused("lisetn = \"127.0.0.1:1\"\n");
    assert!(words.contains("unknown setting \"lisetn\"") && words.contains("did you mean \"listen\"?"), "{words}");
    assert!(words.contains("t.toml"), "it says where: {words}");
    let words = refused("[backup]\nkeep_day = 3\n");
    assert!(words.contains("did you mean \"keep_days\"?"), "{words}");
    let words = refused("[database]\nqqq = 3\n");
    assert!(words.contains("known here: url_file"), "{words}");
}

#[test]
fn a_value_of_the_wrong_kind_says_which() {
    let words = refused("[log]\nformat = \"yaml\"\n");
    assert!(words.contains("log.format") && words.contains("yaml"), "{words}");
    for (text, form) in [
        ("listen = \"here\"\n", "listen cannot be read"),
        ("listen = \"here\"\n", "it reads 127.0.0.1:8080"),
        ("[backup]\nevery_minutes = \"often\"\n", "backup.every_minutes is string \"often\""),
        ("[backup]\nevery_minutes = -1\n", "it reads 15: whole minutes"),
        ("[mail]\ninner_hosts = \"localhost\"\n", "a list of hosts"),
    ] {
        let words = refused(text);
        assert!(words.contains(form) && words.contains("t.toml"), "{words}");
        assert!(!words.contains("u32") && !words.contains("syntax"), "{words}");
    }
}

#[test]
fn what_offices_may_name_is_the_operators() {
    let data = tempfile::tempdir().unwrap();
    let data = crate::data_dir::DataDir::open(data.path()).unwrap();
    let plain = Config::load(None).unwrap().outside(&data).unwrap();
    assert_eq!(plain.mail_secrets, data.mail_secrets());
    assert_eq!(plain.hosts, Hosts::World { inner_mail: Vec::new(), line_simulator: None });
    let text = "[mail]\nsecrets_dir = \"/etc/secrets\"\ninner_hosts = [\"localhost\"]\n[line]\nsimulator = \"http://127.0.0.1:8090\"\n";
    let named = loaded(text).unwrap().outside(&data).unwrap();
    assert_eq!(named.mail_secrets, std::path::Path::new("/etc/secrets"));
    let line_simulator = Some("http://127.0.0.1:8090".to_owned());
    assert_eq!(named.hosts, Hosts::World { inner_mail: vec!["localhost".into()], line_simulator });
    assert!(refused("[line]\nsimulator = \"http://10.0.0.1:8090\"\n").contains("line.simulator is"));
    assert!(refused("[mail]\ninner_hosts = [\"smtp://localhost:25\"]\n").contains("without a port"));
    // A demonstration that is looked at by another program is still one.
    let start = tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000);
    data.keep_calendar(crate::real_clock::ShiftedClock::beginning(start)).unwrap();
    assert!(matches!(loaded(text).unwrap().outside(&data).unwrap().hosts, Hosts::ThisMachine { .. }));
}

#[test]
fn the_origin_is_https_beyond_this_machine() {
    for fit in
        ["https://tsunagari.town.example", "http://localhost:8080", "http://127.0.0.1:1", "https://a.example:8443"]
    {
        loaded(&format!("origin = \"{fit}\"\n")).unwrap();
    }
    for unfit in
        ["http://town.example", "https://town.example/", "https://town.example/x", "town.example", "ftp://town.example"]
    {
        assert!(refused(&format!("origin = \"{unfit}\"\n")).contains("origin is"), "{unfit}");
    }
}

#[test]
fn metrics_are_not_public() {
    for fit in ["127.0.0.1:9464", "10.1.2.3:9464", "[::1]:9464"] {
        loaded(&format!("[metrics]\nlisten = \"{fit}\"\n")).unwrap();
    }
    for unfit in ["0.0.0.0:9464", "203.0.113.5:9464", "[::]:9464", "9464"] {
        assert!(refused(&format!("[metrics]\nlisten = \"{unfit}\"\n")).contains("metrics.listen"), "{unfit}");
    }
}

#[test]
fn archives_do_not_outlive_an_erasure() {
    assert!(refused("[backup]\nkeep_days = 36\n").contains("keep_days"));
    assert!(refused("[backup]\nkeep_days = 0\n").contains("keep_days"));
}

#[test]
fn a_role_without_a_database_is_a_mistake() {
    assert!(refused("[database]\nowner_url_file = \"/x\"\n").contains("database.url_file"));
}
