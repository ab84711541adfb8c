//! `tsunagari blueprint`: what is shipped is listed, shown and whole; a file of one's own with a mistake is named with its line,
//! and a case that comes to something else fails.

use crate::installation;

fn tsunagari(arguments: &[&str]) -> (bool, String) {
    let out = installation::tsunagari().arg("blueprint").args(arguments).output().unwrap();
    (out.status.success(), String::from_utf8([out.stdout, out.stderr].concat()).unwrap())
}

#[test]
fn what_is_shipped_is_listed_and_shown() {
    let (done, listed) = tsunagari(&["list"]);
    assert!(done && listed.lines().any(|line| line.starts_with("catalogue/morioka-yell ")), "{listed}");
    let (done, shown) = tsunagari(&["show", "catalogue/morioka-yell"]);
    assert!(done && shown.contains("youngest = 15") && shown.contains("boxes = 1000 (inferred)"), "{shown}");
    assert!(
        shown.contains("first come") && shown.contains("at most {parcels} per beneficiary and fiscal year"),
        "{shown}"
    );
    let (done, classes) = tsunagari(&["show", "catalogue/miyazutto"]);
    assert!(done && classes.contains("friend: ") && classes.contains("(only high_school, from_here)"), "{classes}");
    let (done, json) = tsunagari(&["show", "catalogue/morioka-yell", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(done && json["parameters"][2]["number"] == 15, "{json}");
    let (done, told) = tsunagari(&["show", "catalogue/nowhere"]);
    assert!(!done && told.contains("blueprint list"), "{told}");
}

#[test]
fn everything_shipped_is_whole() {
    let (done, told) = tsunagari(&["check", "--json"]);
    let all: Vec<serde_json::Value> = serde_json::from_str(&told).unwrap();
    assert!(done, "{told}");
    assert!(all.iter().all(|it| it["cases"].as_u64().unwrap() > 0), "{told}");
}

#[test]
fn a_file_of_ones_own_is_checked_with_its_cases() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("blueprints");
    std::fs::create_dir_all(folder.join("ours")).unwrap();
    let shipped = |of: &[(&str, &'static str)], file: &str| of.iter().find(|(it, _)| *it == file).unwrap().1;
    let parcel = shipped(tsunagari_blueprints::BLUEPRINTS, "catalogue/morioka-yell.toml");
    let cases = shipped(tsunagari_blueprints::CASES, "cases/morioka-yell.toml");
    let keep = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text.replace("catalogue/morioka-yell", "ours/parcel")).unwrap();
        path.to_string_lossy().into_owned()
    };
    let (file, of) = (keep("ours/parcel.toml", parcel), keep("cases.toml", cases));
    let (done, told) = tsunagari(&["check", &file, "--cases", &of]);
    assert!(done && told.starts_with("ours/parcel: ok"), "{told}");

    let narrower = keep("ours/parcel.toml", &parcel.replacen("number = 25", "number = 20", 1));
    let (done, told) = tsunagari(&["check", &narrower, "--cases", &of]);
    assert!(!done && told.contains("came to No by [\"age\"]"), "{told}");

    let broken = keep("ours/parcel.toml", &parcel.replacen("{oldest}", "{eldest}", 1));
    let (done, told) = tsunagari(&["check", &broken]);
    assert!(!done && told.contains("ours/parcel.toml:") && told.contains("{eldest}"), "{told}");
}
