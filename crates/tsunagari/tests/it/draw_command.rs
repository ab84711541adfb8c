//! `tsunagari draw verify`: whoever has the frozen list and the key computes the same winners; another list or seed is told.

use tsunagari_programmes::draw::{Entrant, Key, list_hash, list_text, sequence};

use crate::installation;

fn verify(arguments: &[&str]) -> (bool, String) {
    let out = installation::tsunagari().args(["draw", "verify"]).args(arguments).output().unwrap();
    (out.status.success(), String::from_utf8([out.stdout, out.stderr].concat()).unwrap())
}

#[test]
fn a_third_party_computes_the_same_winners() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("entrants.tsv");
    let one = |n: usize| Entrant { receipt: format!("r{n}"), class: 1, tickets: 1, unit: String::new() };
    let entrants: Vec<Entrant> = (1..=25).map(one).collect();
    std::fs::write(&file, list_text(&entrants)).unwrap();
    let (file, hash) = (file.to_string_lossy().into_owned(), list_hash(&entrants));
    let list = [file.as_str(), "--hash", hash.as_str()];
    let with = |more: &[&str]| verify(&[&list[..], more].concat());

    // The example of RFC 3797, section 6.
    let public =
        ["--numbers", "9319", "--numbers", "2,5,12,8,10", "--numbers", "9,18,26,34,41,45", "--places", "3", "--json"];
    let (done, told) = with(&public);
    let json: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert!(done);
    assert_eq!(
        (&json["key"], &json["drawn"]),
        (&"9319./2.5.8.10.12./9.18.26.34.41.45./".into(), &serde_json::json!(["r17", "r7", "r2"]))
    );

    let seed = "5e".repeat(32);
    let commitment = Key::commitment(&seed);
    let (done, told) = with(&["--seed", &seed, "--commitment", &commitment, "--places", "1"]);
    let first = sequence(&entrants, &Key::Seed { seed: seed.clone() })[0];
    assert!(done && told.trim_end().ends_with(&format!("1\tr{}", first + 1)), "{told}");

    let (done, told) = with(&["--seed", &"5f".repeat(32), "--commitment", &commitment]);
    assert!(!done && told.contains("not the seed that was committed to"), "{told}");
    std::fs::write(&file, list_text(&entrants[1..])).unwrap();
    let (done, told) = with(&["--numbers", "1"]);
    assert!(!done && told.contains("not the list that was frozen"), "{told}");
    std::fs::write(&file, "r1\tone\n").unwrap();
    let (done, told) = with(&["--numbers", "1"]);
    assert!(!done && told.contains("line 1 of the list"), "{told}");
    let (done, told) = with(&["--numbers", "one"]);
    assert!(!done, "{told}");
}
