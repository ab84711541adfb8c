//! The dependency tables of a `Cargo.toml`, read line by line. Knows the two ways this repository writes a dependency:
//! `name.workspace = true` and `name = …`.

use crate::tree::File;

/// One dependency of a manifest.
#[derive(Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The crate's name.
    pub name: String,
    /// The line it stands on.
    pub line: usize,
    /// The table: `dependencies`, `dev-dependencies`, `build-dependencies` or `workspace.dependencies`.
    pub table: String,
    /// Whether it takes its version from the workspace.
    pub from_workspace: bool,
}

/// Every dependency of a manifest.
pub fn dependencies(file: &File) -> Vec<Dependency> {
    let mut table = String::new();
    let mut found = Vec::new();
    for (line, text) in file.lines() {
        let text = text.trim();
        if let Some(name) = text.strip_prefix('[') {
            table = name.trim_end_matches(']').to_owned();
        } else if table.ends_with("dependencies") && !text.starts_with('#') && text.contains('=') {
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            let name = key.split('.').next().unwrap_or(key).trim().to_owned();
            let from_workspace = key.contains(".workspace") || value.contains("workspace = true");
            found.push(Dependency { name, line, table: table.clone(), from_workspace });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_are_read() {
        let text = "[package]\nname = \"a\"\n[dependencies]\nserde.workspace = true\nrand = \"1\"\n[dev-dependencies]\nrstest = { workspace = true }\n";
        let found = dependencies(&File { path: "Cargo.toml".to_owned(), text: text.to_owned() });
        let told: Vec<(&str, usize, &str, bool)> =
            found.iter().map(|d| (d.name.as_str(), d.line, d.table.as_str(), d.from_workspace)).collect();
        assert_eq!(
            told,
            [
                ("serde", 4, "dependencies", true),
                ("rand", 5, "dependencies", false),
                ("rstest", 7, "dev-dependencies", true)
            ]
        );
    }
}
