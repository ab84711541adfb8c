//! Nothing asks which database it stands on, except storage's dialect and the few files that hold the two pools.

use super::{Finding, House};

/// Files and folders of storage that may tell the engines apart, each with its reason.
const MAY_ASK: &[(&str, &str)] = &[
    ("crates/storage/src/dialect.rs", "what differs between the two stands here"),
    ("crates/storage/src/dialect/", "what differs between the two stands here"),
    ("crates/storage/src/engine", "the enum of the two pools itself"),
    ("crates/storage/src/pool", "opens the two pools"),
    ("crates/storage/src/open", "opens the two pools"),
    ("crates/storage/src/store", "holds the two pools"),
    ("crates/storage/src/tx", "a transaction of either"),
    ("crates/storage/src/reader", "a read of either"),
    ("crates/storage/src/row", "a row of either"),
    ("crates/storage/src/sql.rs", "the thin layer over both drivers: values bound and rows read"),
    ("crates/storage/src/value", "a bound value of either"),
    ("crates/storage/src/sqlite", "SQLite's own writer"),
    ("crates/storage/src/postgres", "PostgreSQL's own session"),
    ("crates/storage/src/migrate", "two folders of twins"),
];

/// Names of the engines as variants.
const ENGINES: &[&str] = &["Postgres", "Sqlite", "PostgreSql", "SQLite", "Pg"];

/// Match arms, `matches!` and `if let` over an engine.
pub fn check(house: &House) -> Vec<Finding> {
    house
        .crate_sources()
        .filter(|source| matches!(source.member(), Some("storage" | "acts" | "jobs" | "web")))
        .filter(|source| !MAY_ASK.iter().any(|(place, _)| source.path.starts_with(place)))
        .flat_map(|source| {
            let asks = source.product_code().filter(|(_, code)| asks_for_engine(code));
            asks.map(|(line, _)| {
                let message = "asks which database this is; what differs belongs in crates/storage/src/dialect.rs";
                Finding::new("engine", &source.path, line, message)
            })
        })
        .collect()
}

fn asks_for_engine(code: &str) -> bool {
    let decides = code.contains("=>") || code.contains("matches!(") || code.contains("let ") || code.contains("==");
    decides
        && ENGINES.iter().any(|engine| {
            code.match_indices(&format!("::{engine}")).any(|(at, found)| {
                let after = code[at + found.len()..].chars().next();
                // `Engine::Sqlite` decides, `Sqlite::connect` and `PgPool` do not.
                !after.is_some_and(|next| next.is_alphanumeric() || next == '_' || next == ':')
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deciding_by_engine_is_found_outside_the_dialect() {
        let text = "//! x\nmatch engine {\n    Engine::Sqlite => 1,\n    Engine::Postgres => 2,\n}\n";
        let paths = ["crates/storage/src/people.rs", "crates/storage/src/dialect.rs"];
        let found = check(&House::of(&paths.map(|path| (path, text))));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [3, 4]);
        assert!(!asks_for_engine("let pool = sqlx::Sqlite::connect();"));
    }
}
