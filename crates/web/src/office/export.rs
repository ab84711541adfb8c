//! A list as a download: the act's file with its name and type. Pages that offer a list fill an `ExportList` and answer
//! with `download`; the links to both formats come from `links`. Leaves recording and blanking to the act.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use tsunagari_access::permission::ExportLists;
use tsunagari_acts::export_list::{ExportList, export_list};
use tsunagari_documents::SheetKind;
use tsunagari_i18n::Texts;
use tsunagari_storage::directory::Organisation;

use crate::office::desk::Desk;
use crate::shell::AppError;
use crate::shell::components::Link;

/// The format asked for by `?as=`: `xlsx` (also when nothing is asked), `csv`, `csv-sjis`.
///
/// # Errors
/// 400 for any other.
pub fn kind_of(asked: &str) -> Result<SheetKind, AppError> {
    match asked {
        "" | "xlsx" => Ok(SheetKind::Xlsx),
        "csv" => Ok(SheetKind::CsvUtf8),
        "csv-sjis" => Ok(SheetKind::CsvShiftJis),
        _ => Err(AppError::Bad(Vec::new())),
    }
}

/// Links to a list as a workbook and as CSV; `base` is its address, with or without a query.
pub fn links(t: Texts, base: &str) -> Vec<Link> {
    let glue = if base.contains('?') { '&' } else { '?' };
    [("xlsx", "export-xlsx"), ("csv", "export-csv")]
        .map(|(kind, key)| Link::to(format!("{base}{glue}as={kind}"), t.get(key)))
        .to_vec()
}

/// The file's name: whose it is, what it holds, of which day (`masuda-figures-2026-03-16.csv`). ASCII, because names are.
pub fn file_name(org: &Organisation, what: &str, day: NaiveDate, extension: &str) -> String {
    let town = org.plan_slug.as_deref().and_then(|slug| slug.rsplit('/').next()).unwrap_or(&org.code);
    format!("{town}-{what}-{day}.{extension}")
}

/// Takes the list out as a file named after the town, `name` (ASCII) and today.
///
/// # Errors
/// The officer may not, or the act's.
pub async fn download(desk: &Desk, list: ExportList, kind: SheetKind, name: &str) -> Result<Response, AppError> {
    download_as_of(desk, list, kind, name, desk.house.clock.today()).await
}

/// The same for a list that speaks of a day: the file is named after that day.
///
/// # Errors
/// As `download`.
pub async fn download_as_of(
    desk: &Desk,
    list: ExportList,
    kind: SheetKind,
    name: &str,
    day: NaiveDate,
) -> Result<Response, AppError> {
    let by = desk.grant::<ExportLists>()?;
    let written = export_list(&desk.house, &by, list, kind).await.map_err(|error| desk.problem(error))?;
    let file = file_name(&desk.org, name, day, kind.extension());
    let disposition = format!("attachment; filename=\"{file}\"");
    Ok(([(CONTENT_TYPE, kind.media_type().to_owned()), (CONTENT_DISPOSITION, disposition)], written.bytes)
        .into_response())
}
