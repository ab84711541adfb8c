//! What the columns of a file are: its first rows as they stand, the row of the header, and a field for every column.

use std::collections::BTreeMap;

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tsunagari_access::permission::ImportPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::map_columns::{self, Mapping, SchoolOf, map_columns};
use tsunagari_acts::preview_import::preview_import;
use tsunagari_documents::ImportField;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, names};
use tsunagari_people::School;
use tsunagari_storage::import_file::{ImportFile, ImportState};

use super::uploads::{sample_file, sample_school, year_of, years};
use super::{href, id_of, telling};
use crate::office::desk::Desk;
use crate::routes::Posted;
use crate::sentences::unreadable;
use crate::shell::components::{Banner, Choices, ConfirmForm, Crumbs, ErrorSummary, Field, FieldKind, Link, Steps};
use crate::shell::{AppError, Sample, Shell, Tone, page_with_status};

/// Said of a list whose school nobody knows.
const UNKNOWN: &str = "unknown";
/// Said of a list of a school that is not known yet.
const NEW: &str = "new";

/// Rows shown as they are.
const SHOWN: i64 = 12;

/// A column with its field.
struct Column {
    header: String,
    examples: String,
    name: String,
    options: Vec<(&'static str, String, bool)>,
}

/// A row as it is.
struct Row {
    number: i64,
    header: bool,
    /// Each with how many columns it takes: a title stands across what is empty after it.
    cells: Vec<(String, usize)>,
}

/// A row's cells as wide as the widest row: what stands alone at its beginning takes the whole row.
fn across(cells: &[String], width: usize) -> Vec<(String, usize)> {
    match cells {
        [title, rest @ ..] if !title.is_empty() && rest.iter().all(String::is_empty) => {
            vec![(title.clone(), width.max(1))]
        }
        cells => {
            let missing = width.saturating_sub(cells.len());
            cells.iter().cloned().chain(std::iter::repeat_n(String::new(), missing)).map(|cell| (cell, 1)).collect()
        }
    }
}

#[derive(Template)]
#[template(path = "office/import/mapping.html")]
pub(super) struct MappingPage {
    shell: Shell,
    crumbs: Crumbs,
    steps: Steps,
    errors: ErrorSummary,
    file_name: String,
    /// Which sheet was read, of a workbook with several.
    sheet: Option<String>,
    action: String,
    before: Option<Banner>,
    school: Choices,
    school_name: Field,
    year: Choices,
    columns: Vec<Column>,
    header_row: Field,
    rows: Vec<Row>,
    discard: ConfirmForm,
}

/// What the page shows.
struct Shown<'s> {
    file: &'s ImportFile,
    head: &'s [(i64, Vec<String>)],
    schools: &'s [School],
    before: Option<ImportFile>,
    now: FiscalYear,
    /// What stands chosen as the school: an id, `new`, `unknown`, or nothing.
    school: String,
    /// The name typed of a new one.
    school_name: String,
    /// The row of the header as it was typed.
    header_row: Option<String>,
}

impl MappingPage {
    fn of(shell: Shell, it: &Shown<'_>, wrong: Vec<(String, String)>) -> Self {
        let t = shell.t;
        let mut school = Choices::select(t, "school", t.get("import-school"))
            .hint(t.get("import-columns-first"))
            .option("", t.get("import-school-rows"));
        for known in it.schools {
            school = school.option(known.id.to_string(), known.name.clone());
        }
        let school = school.option(NEW, t.get("import-school-new")).option(UNKNOWN, t.get("import-school-unknown"));
        let at = |name: &str| wrong.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.clone());
        let chosen = it.file.graduation.map(|year| year.0.to_string()).unwrap_or_default();
        let (no_school, no_name, no_year) = (at("school"), at("school_name"), at("graduation"));
        let (no_row, typed) = (at("header_row"), it.header_row.clone());
        let shown = it.head.get(..usize::try_from(SHOWN).unwrap_or(12)).unwrap_or(it.head);
        let width = shown.iter().map(|(_, cells)| cells.len()).max().unwrap_or_default();
        Self {
            crumbs: Crumbs::of(t, vec![Link::to("/office/import", t.get("shell-nav-import"))]),
            steps: telling::steps(t, ImportState::Mapping),
            errors: ErrorSummary::of(t, wrong),
            file_name: it.file.file_name.clone(),
            sheet: Some(&it.file.sheet)
                .filter(|name| !name.is_empty())
                .map(|name| t.one("import-sheet-read", "sheet", name.as_str())),
            action: href(it.file.id),
            before: it.before.as_ref().map(|file| {
                Banner::of(Tone::Warning, t.get("import-same-file"))
                    .text(t.one("import-same-file.text", "date", t.date_time_short(file.created_at)))
                    .action(href(file.id), t.get("import-same-file.action"))
            }),
            school: school.chosen(&it.school).error(no_school),
            school_name: Field::text(t, "school_name", t.get("import-school-name"))
                .value(it.school_name.clone())
                .hint(t.get("import-school-name.hint"))
                .max(60)
                .error(no_name),
            year: years(t, "graduation", t.get("import-year"), it.now, &chosen)
                .hint(t.get("import-columns-first"))
                .error(no_year),
            columns: columns(t, it),
            header_row: Field::of(FieldKind::Number, t, "header_row", t.get("import-header-row"))
                .hint(t.get("import-header-row.hint"))
                .value(typed.unwrap_or_else(|| it.file.header_row.to_string()))
                .error(no_row),
            rows: shown
                .iter()
                .map(|(number, cells)| Row {
                    number: *number,
                    header: *number == it.file.header_row,
                    cells: across(cells, width),
                })
                .collect(),
            discard: ConfirmForm::of(&shell, format!("{}/discard", href(it.file.id)), t.get("import-discard"))
                .look("text")
                .ask(t.get("import-discard.ask")),
            shell,
        }
    }
}

fn columns(t: Texts, it: &Shown<'_>) -> Vec<Column> {
    let list = || it.head.iter().filter(|(number, _)| *number > it.file.header_row);
    it.file
        .header
        .iter()
        .zip(&it.file.mapping)
        .enumerate()
        .map(|(n, (header, slug))| {
            let examples: Vec<&str> = list()
                .filter_map(|(_, cells)| cells.get(n))
                .map(String::as_str)
                .filter(|cell| !cell.trim().is_empty())
                .take(3)
                .collect();
            let option = |field: ImportField| (field.slug(), telling::field(t, field.slug()), field.slug() == slug);
            Column {
                header: if header.is_empty() {
                    t.one("import-column-number", "n", (n + 1).to_string())
                } else {
                    header.clone()
                },
                examples: examples.join(" / "),
                name: format!("c{n}"),
                options: std::iter::once(ImportField::Ignore)
                    .chain(ImportField::ALL.into_iter().filter(|field| *field != ImportField::Ignore))
                    .map(option)
                    .collect(),
            }
        })
        .collect()
}

impl Sample for MappingPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let file = sample_file(ImportState::Mapping);
        let cells = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let head = [
            (1, cells(["架空高等学校　令和7年度　卒業生名簿", "", "", "", ""])),
            (3, cells(["組", "氏名", "フリガナ", "生年月日", "進学先"])),
            (4, cells(["１", "髙橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", "平成20年4月1日", "架空大学"])),
        ];
        let schools = [sample_school()];
        let shown = Shown {
            file: &file,
            head: &head,
            schools: &schools,
            before: Some(sample_file(ImportState::Applied)),
            now: FiscalYear(2025),
            school: String::new(),
            school_name: String::new(),
            header_row: None,
        };
        let wrong = ["school", "year"].map(|it| shell.t.get(format!("refused-import-{it}-missing")));
        let wrong = ["school", "graduation"].map(str::to_owned).into_iter().zip(wrong).collect();
        vec![Self::of(shell.clone(), &shown, Vec::new()), Self::of(shell, &shown, wrong)]
    }
}

async fn render(
    desk: &Desk,
    mut file: ImportFile,
    status: StatusCode,
    wrong: Vec<(String, String)>,
    kept: Option<&Given>,
    header_row: Option<String>,
) -> Result<Response, AppError> {
    if !matches!(file.state, ImportState::Mapping | ImportState::Previewed) {
        return Ok(Redirect::to(&href(file.id)).into_response());
    }
    if let Some(given) = kept {
        file.mapping = (0..file.header.len()).map(|n| given.column(n).slug().to_owned()).collect();
        file.graduation = given.graduation.parse().ok().map(FiscalYear);
    }
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let head = reader.import_head(file.id, 60).await.map_err(unreadable)?;
    let schools = reader.schools().await.map_err(unreadable)?;
    let before = reader.import_applied_before(&file.sha256, file.id).await.map_err(unreadable)?;
    let now = FiscalYear::of(desk.house.now().jst_date());
    let school = match (kept, file.school) {
        (Some(given), _) => given.school.clone(),
        (None, Some(school)) => school.to_string(),
        (None, None) => named_above(&file, &head, &schools).unwrap_or_default(),
    };
    let school_name = kept.map(|given| given.school_name.clone()).unwrap_or_default();
    let shown = Shown { file: &file, head: &head, schools: &schools, before, now, school, school_name, header_row };
    Ok(page_with_status(status, &MappingPage::of(desk.shell(), &shown, wrong)))
}

/// The one known school the rows above the header name, where no column does.
fn named_above(file: &ImportFile, head: &[(i64, Vec<String>)], schools: &[School]) -> Option<String> {
    if file.mapping.iter().any(|slug| slug == ImportField::School.slug()) {
        return None;
    }
    let above = head.iter().filter(|(number, _)| *number < file.header_row).flat_map(|(_, cells)| cells);
    let above: Vec<String> = above.map(|cell| names::comparable(cell)).collect();
    let named = |school: &&School| above.iter().any(|cell| cell.contains(&names::comparable(&school.name)));
    let mut found = schools.iter().filter(named);
    match (found.next(), found.next()) {
        (Some(school), None) => Some(school.id.to_string()),
        (None | Some(_), _) => None,
    }
}

async fn file_of(desk: &Desk, id: &str) -> Result<ImportFile, AppError> {
    desk.here().read().await.map_err(unreadable)?.import_file(id_of(id)?).await.map_err(unreadable)
}

pub(super) async fn show(Extension(desk): Extension<Desk>, Path(id): Path<String>) -> Result<Response, AppError> {
    let file = file_of(&desk, &id).await?;
    render(&desk, file, StatusCode::OK, Vec::new(), None, None).await
}

#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    school: String,
    #[serde(default)]
    school_name: String,
    #[serde(default)]
    graduation: String,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

impl Given {
    fn column(&self, n: usize) -> ImportField {
        self.rest.get(&format!("c{n}")).and_then(|slug| ImportField::from_slug(slug)).unwrap_or(ImportField::Ignore)
    }
}

pub(super) async fn keep(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(given): Posted<Given>,
) -> Result<Response, AppError> {
    let file = file_of(&desk, &id).await?;
    let by = desk.grant::<ImportPeople>()?;
    let school = match given.school.as_str() {
        "" => SchoolOf::Rows,
        UNKNOWN => SchoolOf::Unknown,
        NEW => SchoolOf::Added(given.school_name.clone()),
        id => SchoolOf::One(id.parse().map_err(|_| AppError::NotFound)?),
    };
    let now = FiscalYear::of(desk.house.now().jst_date());
    let Some(graduation) = year_of(&given.graduation, now) else {
        let wrong = vec![("graduation".to_owned(), desk.t.get("refused-choose-one"))];
        return render(&desk, file, StatusCode::UNPROCESSABLE_ENTITY, wrong, Some(&given), None).await;
    };
    let mapping = Mapping { school, graduation, columns: (0..file.header.len()).map(|n| given.column(n)).collect() };
    match map_columns(&desk.house, &by, file.id, &mapping).await {
        Ok(()) => {}
        Err(ActError::Refused(reasons)) => {
            let wrong = telling::reasons(desk.t, &reasons);
            return render(&desk, file, StatusCode::UNPROCESSABLE_ENTITY, wrong, Some(&given), None).await;
        }
        Err(other) => return Err(desk.problem(other)),
    }
    preview_import(&desk.house, &by, file.id).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&href(file.id)).into_response())
}

#[derive(Deserialize)]
pub(super) struct HeaderRow {
    #[serde(default)]
    header_row: String,
}

pub(super) async fn move_header(
    Extension(desk): Extension<Desk>,
    Path(id): Path<String>,
    Posted(given): Posted<HeaderRow>,
) -> Result<Response, AppError> {
    let file = file_of(&desk, &id).await?;
    let row = tsunagari_kernel::names::comparable(&given.header_row).parse().unwrap_or(-1);
    match map_columns::move_header(&desk.house, &desk.grant::<ImportPeople>()?, file.id, row).await {
        Ok(()) => Ok(Redirect::to(&format!("{}/columns", href(file.id))).into_response()),
        Err(ActError::Refused(reasons)) => {
            let (wrong, typed) = (telling::reasons(desk.t, &reasons), Some(given.header_row));
            render(&desk, file, StatusCode::UNPROCESSABLE_ENTITY, wrong, None, typed).await
        }
        Err(other) => Err(desk.problem(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<MappingPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_title_stands_across_and_short_rows_are_filled() {
        let row = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
        assert_eq!(across(&row(&["名簿", "", ""]), 4), [("名簿".to_owned(), 4)]);
        assert_eq!(across(&row(&["", "氏名"]), 3).iter().map(|(_, wide)| *wide).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(across(&row(&["名簿"]), 1), [("名簿".to_owned(), 1)]);
    }

    #[test]
    fn the_school_a_title_row_names_stands_chosen() {
        let (file, school) = (ImportFile { header_row: 3, ..sample_file(ImportState::Mapping) }, sample_school());
        let title = |text: &str| [(1, vec![text.to_owned()]), (4, vec![school.name.clone()])];
        let chosen = |text: &str, mapping: Vec<String>| {
            named_above(&ImportFile { mapping, ..file.clone() }, &title(text), std::slice::from_ref(&school))
        };
        let named = format!("{}　令和7年度　卒業生名簿", school.name);
        assert_eq!(chosen(&named, Vec::new()), Some(school.id.to_string()));
        assert_eq!(chosen("卒業生名簿", Vec::new()), None, "a row below the header names nothing");
        assert_eq!(chosen(&named, vec![ImportField::School.slug().to_owned()]), None, "the column says it");
    }
}
