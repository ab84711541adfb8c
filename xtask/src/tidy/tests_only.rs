//! Tests show something: none is ignored, retried or waits by sleeping.

use super::{Finding, House};

/// What a test may not contain, with the reason.
const NOT_IN_TESTS: &[(&str, &str)] = &[
    ("#[ignore", "an ignored test shows nothing"),
    ("thread::sleep(", "a test waits for what it needs, never for time to pass"),
    ("time::sleep(", "a test waits for what it needs, never for time to pass"),
];

/// Test code of every crate; ignoring is looked for everywhere. A bench is not meant: it looks at a server from outside,
/// at intervals, and proves nothing by having waited.
pub fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in &house.sources {
        for (index, code) in source.code.iter().enumerate() {
            for (text, reason) in NOT_IN_TESTS.iter().filter(|(text, _)| code.contains(text)) {
                let tested = source.is_test(index + 1) && !source.path.starts_with("bench/");
                if tested || text.starts_with('#') {
                    findings.push(Finding::new("tests", &source.path, index + 1, *reason));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleeping_is_found_in_tests_only() {
        let text = "//! x\nthread::sleep(pause);\n";
        let found =
            check(&House::of(&[("crates/a/src/b.rs", text), ("crates/a/tests/b.rs", text), ("bench/src/c.rs", text)]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "crates/a/tests/b.rs");
    }
}
