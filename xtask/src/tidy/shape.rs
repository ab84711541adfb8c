//! The shape of files: length, header, name. Lengths of functions are clippy's (`clippy.toml`).

use super::rust::is_test_path;
use super::{Finding, House};

const MOST_LINES: usize = 600;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "manager"];

/// Every Rust and JavaScript file.
pub fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &house.tree.files {
        let rust = file.ends("rs");
        if !rust && !file.ends("mjs") && !file.ends("js") {
            continue;
        }
        let lines = file.text.lines().count();
        if lines > MOST_LINES && !is_test_path(&file.path) {
            let message = format!("{lines} lines; at most {MOST_LINES} (aim for 200): split it by noun or act");
            findings.push(Finding::new("size", &file.path, lines, message));
        }
        if rust && !file.text.starts_with("//! ") {
            let message = "begin with a `//!` header: what the file is responsible for and what it leaves to whom";
            findings.push(Finding::new("header", &file.path, 1, message));
        }
        if !rust && !file.text.starts_with("//") && !file.text.starts_with("/*") {
            findings.push(Finding::new(
                "header",
                &file.path,
                1,
                "begin with a comment: what the file is responsible for",
            ));
        }
        for part in file.path.split('/') {
            let name = part.split('.').next().unwrap_or(part);
            if EMPTY_NAMES.contains(&name) || name.starts_with("new_") {
                findings.push(Finding::new(
                    "name",
                    &file.path,
                    1,
                    format!("`{name}` says nothing: name it after its noun or act"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&House::of(&[(path, text)])).iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn long_nameless_and_headless_files_are_found() {
        let long = format!("//! A header.\n{}", "// line\n".repeat(600));
        assert_eq!(rules("crates/a/src/b.rs", &long), ["size"]);
        assert!(rules("crates/a/src/b/tests.rs", &long).is_empty());
        assert_eq!(rules("crates/a/src/b.rs", "fn a() {}"), ["header"]);
        assert_eq!(rules("crates/a/src/utils.rs", "//! A header."), ["name"]);
        assert_eq!(rules("crates/a/src/helpers/new_person.rs", "//! A header."), ["name", "name"]);
        assert!(rules("crates/a/src/person.rs", "//! A header.\n").is_empty());
    }
}
