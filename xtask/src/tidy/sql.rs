//! SQL is written in `crates/storage` only, tests included: elsewhere no string may look like a statement.

use super::{Finding, House};

/// String literals of every crate but storage.
pub fn check(house: &House) -> Vec<Finding> {
    house
        .crate_sources()
        .filter(|source| source.member() != Some("storage"))
        .flat_map(|source| {
            let strings = source.product_strings().filter(|(_, text)| looks_like_sql(text));
            strings.map(|(line, _)| {
                Finding::new("sql", &source.path, line, "this reads like SQL, which is written in crates/storage only")
            })
        })
        .collect()
}

fn looks_like_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let begins = |first: &str, second: &str| {
        words.first().is_some_and(|word| word.eq_ignore_ascii_case(first))
            && words.get(1).is_some_and(|word| second.is_empty() || word.eq_ignore_ascii_case(second))
    };
    let has = |word: &str| words.contains(&word);
    (has("SELECT") && (has("FROM") || words.len() == 2))
        || (begins("select", "") && has("from") && text.contains(['=', '*', '(']))
        || (has("UPDATE") && has("SET"))
        || begins("insert", "into")
        || begins("delete", "from")
        || begins("create", "table")
        || begins("create", "database")
        || begins("drop", "table")
        || begins("alter", "table")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_sentences() {
        for statement in [
            "SELECT id FROM person",
            "insert into person values (?)",
            "UPDATE person SET x = 1",
            "DELETE FROM a",
            "select * from a",
        ] {
            assert!(looks_like_sql(statement), "{statement}");
        }
        for sentence in
            ["Select a file from your computer", "update the settings", "delete this person", "create a table"]
        {
            assert!(!looks_like_sql(sentence), "{sentence}");
        }
    }

    #[test]
    fn storage_may_write_it() {
        let text = "//! x\nconst Q: &str = \"SELECT id FROM person\";\n";
        assert_eq!(check(&House::of(&[("crates/acts/src/a.rs", text), ("crates/storage/src/a.rs", text)])).len(), 1);
    }
}
