//! Everything stored about a person in words: what `read_my_data` gives, table by table, for the person's own page and for
//! the office. Ids stay in the file. Leaves reading and recording it to the act.

use serde_json::{Map, Value};
use tsunagari_acts::read_my_data::MyData;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_storage::person_tables::{Given, HELD};
use tsunagari_storage::subject_access::Section;

use crate::shell::components::Facts;

/// One table in words.
pub struct Stored {
    /// What it is.
    pub title: String,
    /// How many rows.
    pub count: String,
    /// The rows.
    pub rows: Vec<Facts>,
}

/// How a column of a table is given; what only the program's own words hold is plain text.
fn given(table: &str, column: &str) -> Given {
    let held = HELD.iter().find(|held| held.table == table);
    let names = held.is_some_and(|held| held.names.iter().any(|(name, _)| *name == column));
    let listed = held.and_then(|held| held.columns.iter().find(|(name, _)| *name == column)).map(|(_, given)| *given);
    if names { Given::Id } else { listed.unwrap_or(Given::Text) }
}

fn instant(t: Texts, text: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(text)
        .map_or_else(|_| text.to_owned(), |at| t.date_time(Timestamp::from_micros(at.timestamp_micros())))
}

fn words(t: Texts, table: &str, column: &str, value: &Value) -> Option<String> {
    const FLAGS: [&str; 3] = ["address_protected", "following", "counted"];
    match (given(table, column), value) {
        (Given::Id | Given::Withheld(_), _) | (_, Value::Null) => None,
        (Given::Instant, Value::String(text)) => Some(instant(t, text)),
        (Given::Number, Value::Number(n)) if FLAGS.contains(&column) => {
            Some(t.get(if n.as_i64() == Some(0) { "data-no" } else { "data-yes" }))
        }
        (_, Value::String(text)) if column == "at" => Some(instant(t, text)),
        (_, Value::String(text)) => Some(text.clone()),
        (_, Value::Array(cells)) => {
            let cells: Vec<&str> = cells.iter().filter_map(Value::as_str).filter(|cell| !cell.is_empty()).collect();
            Some(cells.join("　"))
        }
        (_, other) => Some(other.to_string()),
    }
}

fn row(t: Texts, table: &str, row: &Map<String, Value>) -> Facts {
    let told = row.iter().filter_map(|(column, value)| Some((column, words(t, table, column, value)?)));
    told.fold(Facts::default(), |facts, (column, value)| {
        facts.row(t.get(format!("data-column-{}", column.replace('_', "-"))), value)
    })
}

/// Every table in words.
pub fn stored(t: Texts, data: &MyData) -> Vec<Stored> {
    let table = |section: &Section| Stored {
        title: t.get(format!("data-table-{}", section.table.replace('_', "-"))),
        count: t.count("data-rows", section.rows.len()),
        rows: section.rows.iter().map(|it| row(t, section.table, it)).filter(|facts| !facts.rows.is_empty()).collect(),
    };
    data.sections.iter().map(table).collect()
}

/// Invented data with every table and column, so that the samples miss no word.
pub fn sample() -> MyData {
    let value = |given: Given| match given {
        Given::Text => Some(Value::from("x")),
        Given::Number => Some(Value::from(1)),
        Given::Instant => Some(Value::from("2026-03-16T03:00:00.000000Z")),
        Given::Id => Some(Value::from("00000000-0000-0000-0000-000000000000")),
        Given::Withheld(_) => None,
    };
    let mut sections: Vec<Section> = HELD
        .iter()
        .map(|held| {
            let mut row: Map<String, Value> = held
                .columns
                .iter()
                .filter_map(|(name, given)| Some(((*name).to_owned(), value(*given)?)))
                .chain(held.beside.iter().map(|(name, _)| ((*name).to_owned(), Value::from("x"))))
                .collect();
            if held.table == "contact_point" {
                row.insert("address".into(), Value::from("hana@example.jp"));
            }
            if held.table == "import_row" {
                row.insert("row".into(), serde_json::json!(["髙橋", "花"]));
            }
            Section { table: held.table, rows: vec![row] }
        })
        .collect();
    let mut said = Map::new();
    said.insert("at".into(), Value::from("2026-03-16T03:00:00.000000Z"));
    said.insert("kind".into(), Value::from("message"));
    said.insert("text".into(), Value::from("こんにちは"));
    sections.push(Section { table: "line_inbound", rows: vec![said] });
    MyData {
        organisation: ("322041".into(), "架空市".into()),
        person: tsunagari_kernel::PersonId(uuid::Uuid::nil()),
        made_at: "2026-03-16T03:00:00.000000Z".into(),
        sections,
    }
}
