//! Everything stored about a person, table by table as `person_tables` lists it, for the person or for the office to hand
//! over. Sealed values are given opened. Leaves words and files to web, and the audit row to acts.

use serde_json::{Map, Value, json};
use tsunagari_kernel::{ImportId, PersonId, Timestamp};
use uuid::Uuid;

use crate::erasure_traces::Needles;
use crate::error::StorageError;
use crate::person_key::PersonKeys;
use crate::person_tables::{Given, HELD, Held};
use crate::sql::{Arg, Row, placeholders};
use crate::store::Reader;

/// One table's rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The table.
    pub table: &'static str,
    /// Its rows: column and value, only where there is one.
    pub rows: Vec<Map<String, Value>>,
}

fn value(row: &Row, column: &str, given: Given) -> Result<Option<Value>, StorageError> {
    Ok(match given {
        Given::Withheld(_) => None,
        Given::Text => row.opt_text(column)?.filter(|text| !text.is_empty()).map(Value::from),
        Given::Number => row.opt_int(column)?.map(Value::from),
        Given::Instant => row.opt_instant(column)?.map(|at: Timestamp| Value::from(at.rfc3339())),
        Given::Id => row.opt_id::<Uuid>(column)?.map(|id| Value::from(id.as_hyphenated().to_string())),
    })
}

fn told(held: &Held, row: &Row) -> Result<Map<String, Value>, StorageError> {
    let mut out = Map::new();
    let names = held.names.iter().map(|(name, _)| (*name, Given::Id));
    let beside = held.beside.iter().map(|(name, _)| (*name, Given::Text));
    for (name, given) in names.chain(held.columns.iter().copied()).chain(beside) {
        if let Some(value) = value(row, name, given)? {
            out.insert(name.to_owned(), value);
        }
    }
    Ok(out)
}

impl Reader {
    /// Every row about these persons (one person's entries), and what they wrote to the organisation's LINE account.
    ///
    /// # Errors
    /// Storage's.
    pub async fn everything_about(
        &mut self,
        persons: &[PersonId],
        keys: &PersonKeys,
        needles: &Needles,
    ) -> Result<Vec<Section>, StorageError> {
        let list = placeholders(2, persons.len());
        let mut sections = Vec::new();
        for held in HELD {
            let given = held.columns.iter().filter(|(_, given)| !matches!(given, Given::Withheld(_)));
            let mut columns: Vec<String> = held.names.iter().map(|(name, _)| format!("x.{name} AS {name}")).collect();
            columns.extend(given.map(|(name, _)| format!("x.{name} AS {name}")));
            columns.extend(held.beside.iter().map(|(name, sql)| format!("{sql} AS {name}")));
            let any: Vec<String> = held.names.iter().map(|(name, _)| format!("x.{name} IN {list}")).collect();
            let sql = format!(
                "SELECT {} FROM {} x WHERE x.org_id = $1 AND ({}) ORDER BY {}",
                columns.join(", "),
                held.table,
                any.join(" OR "),
                (1..=columns.len().min(3)).map(|n| n.to_string()).collect::<Vec<_>>().join(", ")
            );
            let rows = self.rows(&sql, persons.iter().map(|id| Arg::from(*id)).collect()).await?;
            let mut told = rows.iter().map(|row| told(held, row)).collect::<Result<Vec<_>, _>>()?;
            match held.table {
                "contact_point" => self.open_addresses(&mut told, keys).await?,
                "import_row" => self.open_cells(&mut told).await?,
                "application_paper" => self.open_papers(&mut told, keys).await?,
                "application_word" => self.open_words(&mut told, keys).await?,
                "parcel_address" | "parcel_word" => self.open_parcel_papers(held.table, &mut told, keys).await?,
                "payment_account" | "transfer_line" => self.open_accounts(held.table, &mut told, keys).await?,
                "application_draft" => self.open_drafts(&mut told, keys).await?,
                _ => {}
            }
            if !told.is_empty() {
                sections.push(Section { table: held.table, rows: told });
            }
        }
        let inbound = self.inbound_of(needles).await?;
        if !inbound.is_empty() {
            let rows = inbound.into_iter().map(|(_, at, kind, raw)| {
                let event = serde_json::from_str::<Value>(&raw).unwrap_or(Value::Null);
                let said = event.pointer("/message/text").cloned().unwrap_or(Value::Null);
                let mut row = Map::new();
                row.insert("at".into(), json!(Timestamp::from_micros(at).rfc3339()));
                row.insert("kind".into(), json!(kind));
                if !said.is_null() {
                    row.insert("text".into(), said);
                }
                row
            });
            sections.push(Section { table: "line_inbound", rows: rows.collect() });
        }
        Ok(sections)
    }

    async fn open_addresses(&mut self, rows: &mut [Map<String, Value>], keys: &PersonKeys) -> Result<(), StorageError> {
        for row in rows {
            let (Some(person), Some(contact)) = (id_in(row, "person_id"), id_in(row, "contact_id")) else { continue };
            if let Some(opened) = self.addresses(keys, &[(person.into(), contact.into())]).await?.first() {
                row.insert("address".into(), json!(opened.clear.as_str()));
            }
        }
        Ok(())
    }

    async fn open_papers(&mut self, rows: &mut [Map<String, Value>], keys: &PersonKeys) -> Result<(), StorageError> {
        for row in rows {
            let Some(id) = id_in(row, "application_id") else { continue };
            if let Ok(Some(paper)) = self.paper(id.into(), keys).await {
                row.insert("handed_in".into(), json!(paper));
            }
        }
        Ok(())
    }

    async fn open_drafts(&mut self, rows: &mut [Map<String, Value>], keys: &PersonKeys) -> Result<(), StorageError> {
        for row in rows {
            let (Some(person), Some(round)) = (id_in(row, "person_id"), id_in(row, "round_id")) else { continue };
            if let Ok(Some(draft)) = self.application_draft(person.into(), round.into(), keys).await {
                row.insert("handed_in".into(), json!(draft.paper));
            }
        }
        Ok(())
    }

    async fn open_words(&mut self, rows: &mut [Map<String, Value>], keys: &PersonKeys) -> Result<(), StorageError> {
        for row in rows {
            let Some(id) = id_in(row, "application_id") else { continue };
            if let Some(words) = self.application_word(id.into(), keys).await? {
                row.insert("handed_in".into(), json!(words));
            }
        }
        Ok(())
    }

    async fn open_parcel_papers(
        &mut self,
        table: &str,
        rows: &mut [Map<String, Value>],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        for row in rows {
            let no = row.get("parcel_no").and_then(Value::as_u64).and_then(|no| u32::try_from(no).ok());
            let Some(no) = no else { continue };
            let opened = match table {
                "parcel_address" => self.parcel_addresses(&[no], keys).await?.first().map(|it| json!(it.to)),
                _ => self.parcel_word(no, keys).await?.map(|it| json!(it)),
            };
            if let Some(opened) = opened {
                row.insert("handed_in".into(), opened);
            }
        }
        Ok(())
    }

    async fn open_accounts(
        &mut self,
        table: &str,
        rows: &mut [Map<String, Value>],
        keys: &PersonKeys,
    ) -> Result<(), StorageError> {
        for row in rows {
            let number = |column: &str| {
                row.get(column).and_then(Value::as_u64).and_then(|no| u32::try_from(no).ok()).unwrap_or_default()
            };
            let opened = match table {
                "payment_account" => {
                    self.payment_account(number("payment_no"), keys).await?.map(|it| json!(it.account))
                }
                _ => {
                    let payment = number("payment_no");
                    let lines = self.transfer_lines(number("run_no"), keys).await?;
                    lines.into_iter().find(|it| it.payment == payment).map(|it| json!(it.account))
                }
            };
            if let Some(opened) = opened {
                row.insert("handed_in".into(), opened);
            }
        }
        Ok(())
    }

    async fn open_cells(&mut self, rows: &mut [Map<String, Value>]) -> Result<(), StorageError> {
        let key = self.org_key().await?;
        for row in rows {
            let Some(import) = id_in(row, "import_id") else { continue };
            let number = row.get("row_no").and_then(Value::as_i64).unwrap_or_default();
            let sql = "SELECT cells FROM import_row WHERE org_id = $1 AND import_id = $2 AND row_no = $3";
            let sealed = self.one("import_row", sql, crate::args![import, number]).await?.bytes("cells")?;
            let context = crate::import_row::context(ImportId(import), number, 1);
            if let Ok(plain) = key.open(&context, &sealed) {
                row.insert("row".into(), serde_json::from_slice(&plain).unwrap_or(Value::Null));
            }
        }
        Ok(())
    }
}

fn id_in(row: &Map<String, Value>, name: &str) -> Option<Uuid> {
    row.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok())
}
