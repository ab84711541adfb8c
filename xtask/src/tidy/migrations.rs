//! Migrations are numbered twins: `crates/storage/migrations/{sqlite,postgres}` hold the same names, numbered from 1
//! without a gap. What they say is left to storage's tests.

use std::collections::BTreeSet;

use super::{Finding, House};

const FOLDER: &str = "crates/storage/migrations";

/// Both folders.
pub fn check(house: &House) -> Vec<Finding> {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(|engine| {
        let folder = format!("{FOLDER}/{engine}/");
        let names = house.tree.files.iter().filter_map(|file| file.path.strip_prefix(&folder));
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    });
    let mut findings = Vec::new();
    for (names, others, engine, other) in
        [(&sqlite, &postgres, "sqlite", "postgres"), (&postgres, &sqlite, "postgres", "sqlite")]
    {
        for (index, name) in names.iter().enumerate() {
            let path = format!("{FOLDER}/{engine}/{name}");
            if !others.contains(name) {
                findings.push(Finding::new("migrations", &path, 1, format!("has no twin {FOLDER}/{other}/{name}")));
            }
            let number = name.split('_').next().and_then(|digits| digits.parse::<usize>().ok());
            if number != Some(index + 1) || !name.ends_with(".sql") {
                let message =
                    format!("is number {} in its folder: name it {:04}_what_it_does.sql", index + 1, index + 1);
                findings.push(Finding::new("migrations", &path, 1, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_and_numbers_are_checked() {
        let house = |paths: &[&str]| House::of(&paths.iter().map(|path| (*path, "")).collect::<Vec<_>>());
        let (one, two) =
            ("crates/storage/migrations/sqlite/0001_base.sql", "crates/storage/migrations/postgres/0001_base.sql");
        assert!(check(&house(&[one, two])).is_empty());
        assert_eq!(check(&house(&[one])).len(), 1);
        assert_eq!(check(&house(&[one, two, "crates/storage/migrations/sqlite/0003_more.sql"])).len(), 2);
    }
}
