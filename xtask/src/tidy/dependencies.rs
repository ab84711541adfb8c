//! Dependencies: versions stand once, in the workspace, and every one has its reason in docs/dependencies.md. Which
//! crate may use which is left to `layers`. A member that names itself, to switch on a feature for its own tests, may.

use super::manifest::dependencies;
use super::{Finding, House};

const REASONS: &str = "docs/dependencies.md";

/// The root manifest, the members' manifests and the list of reasons.
pub fn check(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    let reasons = house.tree.file(REASONS).map_or("", |file| file.text.as_str());
    for file in house.tree.files.iter().filter(|file| file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml")) {
        for dependency in dependencies(file) {
            let name = dependency.name.as_str();
            if dependency.table == "workspace.dependencies" {
                if !name.starts_with("tsunagari-") && !reasons.contains(&format!("| `{name}` |")) {
                    let message = format!("`{name}` has no line with its reason in {REASONS}");
                    findings.push(Finding::new("dependencies", &file.path, dependency.line, message));
                }
            } else if !dependency.from_workspace && file.member() != name.strip_prefix("tsunagari-") {
                let message =
                    format!("`{name}`: pin it in the root Cargo.toml and write `{name}.workspace = true` here");
                findings.push(Finding::new("dependencies", &file.path, dependency.line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_outside_the_workspace_and_missing_reasons_are_found() {
        let house = House::of(&[
            ("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\nrand = \"0.10\"\n"),
            ("crates/a/Cargo.toml", "[dependencies]\nserde.workspace = true\nrand = \"0.9\"\n"),
            ("docs/dependencies.md", "| `serde` | reading and writing data |\n"),
        ]);
        let found: Vec<(String, usize)> =
            check(&house).into_iter().map(|finding| (finding.path, finding.line)).collect();
        assert_eq!(found, [("Cargo.toml".to_owned(), 3), ("crates/a/Cargo.toml".to_owned(), 3)]);
    }
}
