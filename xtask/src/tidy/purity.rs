//! The domain asks neither the clock nor chance nor the machine: they are parameters (`kernel::Clock`, `kernel::chance`).
//! Dependencies of the domain are left to `layers`.

use super::layers::DOMAIN;
use super::{Finding, House};

/// Calls that reach outside, with what to write instead.
const AMBIENT: &[(&str, &str)] = &[
    ("Utc::now", "take a `Clock`"),
    ("Local::now", "take a `Clock`"),
    ("SystemTime::now", "take a `Clock`"),
    ("Instant::now", "take a `Clock`"),
    ("rand::rng(", "take the seeded generator"),
    ("thread_rng", "take the seeded generator"),
    ("rand::random", "take the seeded generator"),
    ("from_os_rng", "take the seeded generator"),
    ("OsRng", "take the seeded generator"),
    ("new_v4", "take an id from the injected generator"),
    ("now_v7", "take an id from the injected generator"),
    ("std::fs", "the domain reads no files: parse text that is given"),
    ("std::env", "the domain reads no environment: take a setting"),
    ("std::net", "the domain has no network"),
    ("std::process", "the domain starts nothing"),
    ("println!", "the domain prints nothing"),
    ("eprintln!", "the domain prints nothing"),
];

/// Code of the domain crates outside tests.
pub fn check(house: &House) -> Vec<Finding> {
    let domain = house.crate_sources().filter(|source| source.member().is_some_and(|member| DOMAIN.contains(&member)));
    domain
        .flat_map(|source| source.product_code().map(move |(line, code)| (source, line, code)))
        .flat_map(|(source, line, code)| {
            let hits = AMBIENT.iter().filter(move |(call, _)| code.contains(call));
            hits.map(move |(call, instead)| {
                let message = format!("`{}` in the domain: {instead}", call.trim_end_matches('('));
                Finding::new("purity", &source.path, line, message)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_found_in_the_domain_only_and_not_in_its_tests() {
        let text = "//! x\nlet now = Utc::now(); // Utc::now\nlet s = \"OsRng\";\n#[cfg(test)]\nmod tests { fn a() { Utc::now(); } }\n";
        let found = check(&House::of(&[("crates/people/src/a.rs", text), ("crates/web/src/a.rs", text)]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/people/src/a.rs", 2));
    }
}
