//! The schema against the lists: nothing is stored about a person that erasure, subject access or a declared exception
//! does not know.

use super::*;

/// Tables with their columns and types, as the schema says them.
pub(crate) fn tables() -> Vec<(String, Vec<(String, String)>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    let text: String = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let mut found: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for part in text.split("CREATE TABLE ").skip(1) {
        let (name, rest) = part.split_once(" (").unwrap();
        let body = rest.split("\n);").next().unwrap();
        let columns = body
            .split(',')
            .map(str::trim)
            .take_while(|column| !column.starts_with("PRIMARY KEY"))
            .filter_map(|column| column.split_once(' '))
            .map(|(name, of)| (name.to_owned(), of.split(' ').next().unwrap().to_owned()))
            .collect();
        found.push((name.to_owned(), columns));
    }
    for part in text.split("ALTER TABLE ").skip(1) {
        let Some((name, rest)) = part.split_once(" ADD COLUMN ") else { continue };
        let mut words = rest.split([' ', ';']).map(str::to_owned);
        if let Some((_, columns)) = found.iter_mut().find(|(table, _)| table == name) {
            columns.extend(words.next().zip(words.next()));
        }
    }
    found
}

/// What is wrong with the lists, table by table.
fn faults(tables: &[(String, Vec<(String, String)>)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (table, columns) in tables {
        let Some(held) = HELD.iter().find(|it| it.table == table) else {
            if !WITHOUT_PERSONS.iter().any(|(name, _)| name == table) {
                wrong.push(format!("{table}: neither in HELD nor in WITHOUT_PERSONS"));
            }
            for (column, of) in columns {
                if of == "uuid" && !OTHER_IDS.contains(&column.as_str()) {
                    wrong.push(format!("{table}.{column}: may name a person"));
                }
            }
            continue;
        };
        for (column, of) in columns.iter().filter(|(column, _)| column != "org_id") {
            let names = held.names.iter().any(|(name, _)| name == column);
            let given = held.columns.iter().any(|(name, _)| name == column);
            if names == given {
                wrong.push(format!("{table}.{column}: must be said once, as a name or as a column"));
            }
            if of == "uuid" && !names && !OTHER_IDS.contains(&column.as_str()) {
                wrong.push(format!("{table}.{column}: may name a person"));
            }
        }
        let known = |name: &str| columns.iter().any(|(column, _)| column == name);
        let said = held.names.iter().map(|(name, _)| *name).chain(held.columns.iter().map(|(name, _)| *name));
        wrong.extend(said.filter(|name| !known(name)).map(|name| format!("{table}.{name}: is not in the schema")));
    }
    wrong
}

#[test]
fn every_table_is_erased_given_or_excepted() {
    let tables = tables();
    assert!(tables.len() > 50, "the schema was read: {}", tables.len());
    assert_eq!(faults(&tables), Vec::<String>::new());
    for (name, _) in WITHOUT_PERSONS {
        assert!(tables.iter().any(|(table, _)| table == name), "{name} is not in the schema");
    }
}

#[test]
fn a_table_nobody_thought_of_is_found() {
    let named = |table: &str, columns: &[(&str, &str)]| {
        vec![(table.to_owned(), columns.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())]
    };
    assert_eq!(faults(&named("diary", &[("org_id", "uuid")])).len(), 1);
    assert_eq!(faults(&named("media", &[("org_id", "uuid"), ("shows_person", "uuid")])).len(), 1);
    let mut tie = tables().into_iter().filter(|(table, _)| table == "tie").collect::<Vec<_>>();
    assert_eq!(faults(&tie), Vec::<String>::new());
    tie[0].1.push(("remark".to_owned(), "TEXT".to_owned()));
    assert_eq!(faults(&tie).len(), 1);
}
