//! Texts are complete: `locales/ja` and `locales/en` hold the same keys, `locales/ja-easy` holds those of what residents
//! read, and a key used in code or in a template exists. Whether a text reads well is left to people.

use std::collections::BTreeMap;

use super::rust::is_test_path;
use super::{Finding, House};

/// Files whose texts residents read: they exist in plain Japanese of their own.
const FOR_RESIDENTS: &[&str] = &["portal", "applying", "mail", "line", "reasons", "shell", "errors"];

/// How code and templates ask for a text (`crates/i18n/src/texts.rs`).
const ASKS: &[&str] =
    &["t.get(", "t.with(", "t.count(", "t.one(", "texts.get(", "texts.with(", "texts.count(", "texts.one("];

pub(super) type Keys = BTreeMap<String, (String, usize)>;

/// All locale files, all code, all templates.
pub fn check(house: &House) -> Vec<Finding> {
    let [japanese, easy, english] = ["ja", "ja-easy", "en"].map(|locale| keys(house, locale));
    let mut findings = Vec::new();
    let mut lacks = |have: &Keys, other: &Keys, name: &str, residents_only: bool| {
        for (key, (path, line)) in have {
            let file = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".ftl");
            if !other.contains_key(key) && (!residents_only || FOR_RESIDENTS.contains(&file)) {
                findings.push(Finding::new("locales", path, *line, format!("`{key}` is missing in locales/{name}")));
            }
        }
    };
    lacks(&japanese, &english, "en", false);
    lacks(&english, &japanese, "ja", false);
    lacks(&japanese, &easy, "ja-easy", true);
    lacks(&easy, &japanese, "ja", false);
    for file in house.tree.files.iter().filter(|file| file.under("crates") && !is_test_path(&file.path)) {
        if !file.ends("rs") && !file.ends("html") && !file.ends("txt") || file.under("crates/i18n") {
            continue;
        }
        for (line, key) in asked(&file.text) {
            if !japanese.contains_key(&key) {
                findings.push(Finding::new("locales", &file.path, line, format!("`{key}` stands in no locale file")));
            }
        }
    }
    findings
}

/// The texts of a language: key or key and attribute, with the place.
pub(super) fn keys(house: &House, locale: &str) -> Keys {
    let mut keys = Keys::new();
    for file in house.tree.ending("ftl").filter(|file| file.under(&format!("locales/{locale}"))) {
        let mut message = String::new();
        for (number, line) in file.lines() {
            let Some((name, value)) = line.split_once('=') else { continue };
            let (indented, name) = (name.starts_with([' ', '\t']), name.trim());
            let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            if !indented && plain(name) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                name.clone_into(&mut message);
                // A message may have attributes only; its own value may also begin on the next line.
                let next = file.text.lines().nth(number).unwrap_or_default().trim_start();
                if !value.trim().is_empty() || !next.starts_with('.') {
                    keys.insert(message.clone(), (file.path.clone(), number));
                }
            } else if let Some(attribute) = name.strip_prefix('.').filter(|attribute| indented && plain(attribute)) {
                keys.insert(format!("{message}.{attribute}"), (file.path.clone(), number));
            }
        }
    }
    keys
}

/// Literal keys asked for, with their lines.
fn asked(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for ask in ASKS {
        for (at, _) in text.match_indices(ask) {
            let follows_word = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
            let rest = text[at + ask.len()..].trim_start();
            let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
            if line.trim_start().starts_with("//") {
                continue;
            }
            let literal = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(key, _)| key);
            if let Some(key) = literal.filter(|key| !follows_word && key.contains('-') && !key.contains(['{', ' '])) {
                found.push((text[..at].matches('\n').count() + 1, key.to_owned()));
            }
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: &str = "# note\nshell-title = A\nshell-name =\n    .label = B\n    .hint = C\n";

    #[test]
    fn keys_and_attributes_are_read() {
        let house = House::of(&[("locales/ja/shell.ftl", SHELL)]);
        let found: Vec<String> = keys(&house, "ja").into_keys().collect();
        assert_eq!(found, ["shell-name.hint", "shell-name.label", "shell-title"]);
    }

    #[test]
    fn a_gap_in_any_language_is_found() {
        let house = House::of(&[
            ("locales/ja/shell.ftl", SHELL),
            ("locales/en/shell.ftl", "shell-title = A\nshell-name =\n    .label = B\n"),
            ("locales/ja-easy/shell.ftl", SHELL),
            ("locales/ja/office.ftl", "office-a = A\n"),
            ("locales/en/office.ftl", "office-a = A\n"),
        ]);
        let found = check(&house);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("shell-name.hint"));
    }

    #[test]
    fn a_key_asked_for_must_exist() {
        let code =
            "//! x\nlet a = t.get(\"shell-title\");\nlet b = map_t.get(\"no-key\"); t.with(\n  \"shell-none\", &[]);\n";
        let house = House::of(&[
            ("locales/ja/shell.ftl", "shell-title = A\n"),
            ("locales/en/shell.ftl", "shell-title = A\n"),
            ("locales/ja-easy/shell.ftl", "shell-title = A\n"),
            ("crates/web/src/a.rs", code),
        ]);
        let found = check(&house);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].path.as_str(), found[0].line), ("crates/web/src/a.rs", 3));
    }
}
