//! The rows of a file with their verdicts and reasons as a list, so that the school can put right what is wrong.

use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::export_list::{ExportList, ExportRow, Tells};
use tsunagari_acts::preview_import::JudgedRow;
use tsunagari_documents::{Cell, Column};
use tsunagari_storage::import_row::RowsOf;

use super::id_of;
use super::rows::{guardians_told, known};
use super::telling::{self, Telling};
use crate::office::desk::Desk;
use crate::office::export::{download, kind_of};
use crate::sentences::unreadable;
use crate::shell::AppError;

/// Rows read in one turn.
const PAGE: i64 = 5_000;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    of: String,
    #[serde(default, rename = "as")]
    kind: String,
}

/// The file of the rows.
pub(super) async fn take_out(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, AppError> {
    let (kind, t) = (kind_of(&wanted.kind)?, desk.t);
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let file = reader.import_file(id_of(&id)?).await.map_err(unreadable)?;
    let of = telling::VERDICTS.iter().find(|verdict| **verdict == wanted.of).copied().unwrap_or_default();
    let which = if of.is_empty() { RowsOf::Any } else { RowsOf::Verdict(of) };
    let schools = reader.schools().await.map_err(unreadable)?.into_iter().map(|it| (it.id, it.name)).collect();
    // Everything a school's own list says tells where its people are.
    let mut columns = vec![
        (Column::titled(t.get("export-import-row"), 6), Tells::Plain),
        (Column::titled(t.get("export-import-verdict"), 10), Tells::Plain),
        (Column::titled(t.get("export-import-told"), 50), Tells::Whereabouts),
    ];
    columns.extend(file.header.iter().map(|label| (Column::titled(label.clone(), 16), Tells::Whereabouts)));
    let (mut rows, mut after) = (Vec::new(), 0);
    loop {
        let page: Vec<JudgedRow> = reader.import_rows(file.id, which, after, PAGE).await.map_err(unreadable)?;
        let Some(last) = page.last().map(|row| row.number) else { break };
        let mut people = known(&mut reader, &telling::wards(&page)).await?;
        people.extend(guardians_told(&mut reader, &page, &people).await?);
        let telling = Telling { t, schools: &schools, people: &people };
        rows.extend(page.iter().map(|row| line(&telling, row)));
        after = last;
    }
    drop(reader);
    let query = serde_json::json!({ "import": file.id, "of": of });
    let list = ExportList { kind: "import_rows", query, sheet: t.get("export-sheet"), columns, rows };
    download(&desk, list, kind, "import-rows").await
}

fn line(telling: &Telling<'_>, row: &JudgedRow) -> ExportRow {
    let told = telling.row(row);
    let verdict = if row.verdict.is_empty() {
        String::new()
    } else {
        telling.t.get(telling::verdict_key(telling::standing(row)))
    };
    let mut cells = vec![Cell::from(row.number), Cell::from(verdict), Cell::from(told.join(" "))];
    cells.extend(row.cells.iter().map(|cell| Cell::from(cell.as_str())));
    ExportRow { person: row.person, cells }
}
