//! A text somebody has translated is shown: every key of `locales/ja` stands in code, in a template or in another text, or
//! code makes it from its beginning (`life-stage-{…}`) or from a code (`merge_guardian`). Left to people: whether a
//! beginning is still given every end there is, attributes (`.hint`), and what only a comment names.

use std::collections::BTreeSet;

use super::locales::keys;
use super::rust::is_test_path;
use super::{Finding, House};

/// Everything code and templates say that may be a key or its beginning.
#[derive(Default)]
struct Said {
    /// Words joined by hyphens.
    whole: BTreeSet<String>,
    /// What stands before `-{`, and literals that may be given an end.
    beginnings: BTreeSet<String>,
}

/// All texts against all code and templates.
pub fn check(house: &House) -> Vec<Finding> {
    let mut said = Said::default();
    for file in &house.tree.files {
        let speaks = file.under("crates") && (file.ends("rs") || file.ends("html") || file.ends("txt"));
        if speaks && !is_test_path(&file.path) {
            said.hear(&file.text);
        } else if file.under("locales/ja") {
            file.text.split('{').skip(1).filter_map(|part| part.split('}').next()).for_each(|part| said.hear(part));
        }
    }
    keys(house, "ja")
        .into_iter()
        .filter(|(key, _)| !key.contains('.') && !said.needs(key))
        .map(|(key, (path, line))| Finding::new("texts", &path, line, format!("`{key}` is shown nowhere")))
        .collect()
}

impl Said {
    fn hear(&mut self, text: &str) {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let mut at = 0;
        while let Some(start) = text[at..].find(is_word).map(|start| at + start) {
            let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |end| start + end);
            let (word, before, after) = (&text[start..end], &text[..start], &text[end..]);
            let quoted = before.ends_with('"') && after.starts_with('"');
            // A single word in quotes says little, unless it is handed over beside the texts.
            if word.ends_with('-') && (after.starts_with('{') || quoted)
                || quoted && (word.contains('-') || before.ends_with("t, \""))
            {
                self.beginnings.insert(word.trim_end_matches('-').to_owned());
            }
            self.whole.insert(word.replace('_', "-"));
            at = end;
        }
    }

    fn needs(&self, key: &str) -> bool {
        let begun = || key.match_indices('-').any(|(at, _)| self.beginnings.contains(&key[..at]));
        self.whole.contains(key) || begun()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str, texts: &str) -> Vec<String> {
        let house = House::of(&[("crates/web/src/a.rs", code), ("locales/ja/shell.ftl", texts)]);
        check(&house).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_text_nobody_asks_for_is_found() {
        let texts = "shell-a = A\nshell-b = B\n    .hint = C\nstage-one = D\n";
        assert_eq!(
            found("t.get(\"shell-a\"); \"stage\"", texts),
            ["`shell-b` is shown nowhere", "`stage-one` is shown nowhere"]
        );
    }

    #[test]
    fn beginnings_codes_and_other_texts_ask_for_texts() {
        let texts =
            "stage-one = A\ntie-origin = B\nlife-stage-two = C\nmerge-guardian = D\nera-x = E\nshell-z = { era-x }\n";
        let code = "format!(\"stage-{code}\"); coded(t, \"tie\", code); (\"life-stage\", x); \"merge_guardian\"; t.get(\"shell-z\")";
        assert_eq!(found(code, texts), Vec::<String>::new());
    }
}
