//! The files taken in so far, and the form that takes in the next one.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::permission::ImportPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::begin_import::{ListOf, Upload, begin_import};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, ImportId, SchoolId};
use tsunagari_people::School;
use tsunagari_storage::import_file::{ImportFile, ImportState, ImportSummary};
use tsunagari_storage::order::{ImportColumn, Way};

use super::{href, telling};
use crate::office::desk::Desk;
use crate::sent_file::SentFile;
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, Choices, ConfirmForm, Empty, ErrorSummary, Field, FileDrop, SortHeader, Sorting};
use crate::shell::{AppError, Sample, Shell, page_with_status};

/// The most bytes of a list.
const MOST: usize = 50 << 20;

/// One file of the list.
struct Line {
    href: String,
    name: String,
    school: String,
    at: String,
    state: Chip,
    told: String,
    discard: Option<ConfirmForm>,
}

#[derive(Template)]
#[template(path = "office/import/uploads.html")]
pub(super) struct UploadsPage {
    shell: Shell,
    errors: ErrorSummary,
    file: FileDrop,
    school: Choices,
    school_name: Field,
    year: Choices,
    sheet: Field,
    heads: [SortHeader; 3],
    lines: Vec<Line>,
    empty: Empty,
}

/// What was filled in.
#[derive(Default)]
struct Filled {
    school: String,
    school_name: String,
    year: String,
    sheet: String,
    /// How the list below is sorted.
    sort: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    sort: String,
}

fn sorting(text: &str) -> Sorting<ImportColumn> {
    let more = [("name", ImportColumn::Name), ("state", ImportColumn::State)];
    Sorting::asked(text, ("at", ImportColumn::At, Way::Falling), &more)
}

/// The years a list may be of: from ten years back to three ahead, the present one chosen.
pub(super) fn years(t: Texts, name: &str, legend: String, now: FiscalYear, chosen: &str) -> Choices {
    let mut choices = Choices::select(t, name, legend).option("", t.get("import-year-rows"));
    for year in offered(now).rev() {
        choices = choices.option(year.to_string(), t.fiscal_year(FiscalYear(year)));
    }
    choices.chosen(chosen)
}

/// The years a list may be of.
fn offered(now: FiscalYear) -> std::ops::RangeInclusive<i32> {
    (now.0 - 10)..=(now.0 + 3)
}

/// The year chosen, or that each row names its own; nothing where it is none of those offered.
pub(super) fn year_of(chosen: &str, now: FiscalYear) -> Option<Option<FiscalYear>> {
    if chosen.is_empty() {
        return Some(None);
    }
    chosen.parse().ok().filter(|year| offered(now).contains(year)).map(|year| Some(FiscalYear(year)))
}

impl UploadsPage {
    fn of(
        shell: Shell,
        now: FiscalYear,
        schools: &[School],
        files: &[ImportFile],
        filled: &Filled,
        wrong: Vec<(String, String)>,
    ) -> Self {
        let t = shell.t;
        let at = |field: &str| wrong.iter().find(|(name, _)| name == field).map(|(_, sentence)| sentence.clone());
        let mut school = Choices::select(t, "school", t.get("import-school"))
            .hint(t.get("import-school.hint"))
            .option("", t.get("import-school-rows"));
        for it in schools {
            school = school.option(it.id.to_string(), it.name.clone());
        }
        let lines = files.iter().map(|file| line(&shell, file, schools)).collect();
        let sorting = sorting(&filled.sort);
        let head = |key: &str, column| sorting.head(t.get(key), column, |sort| format!("/office/import?sort={sort}"));
        let heads =
            [head("import-head-file", "name"), head("import-head-at", "at"), head("import-head-state", "state")];
        Self {
            file: FileDrop::of(t, "file", t.get("import-file"), ".xlsx,.xls,.csv")
                .hint(t.get("import-file.hint"))
                .error(at("file")),
            school: school.option("new", t.get("import-school-new")).chosen(&filled.school),
            school_name: Field::text(t, "school_name", t.get("import-school-name"))
                .value(filled.school_name.clone())
                .hint(t.get("import-school-name.hint"))
                .max(60)
                .error(at("school_name")),
            year: years(t, "year", t.get("import-year"), now, &filled.year).error(at("year")),
            sheet: Field::text(t, "sheet", t.get("import-sheet"))
                .value(filled.sheet.clone())
                .hint(t.get("import-sheet.hint"))
                .error(at("sheet")),
            errors: ErrorSummary::of(t, wrong),
            heads,
            lines,
            empty: Empty::of("import", t.get("import-empty"), t.get("import-empty.text")),
            shell,
        }
    }
}

fn line(shell: &Shell, file: &ImportFile, schools: &[School]) -> Line {
    let t = shell.t;
    let school = file.school.and_then(|id| schools.iter().find(|school| school.id == id));
    Line {
        href: href(file.id),
        name: file.file_name.clone(),
        school: school.map_or_else(|| t.blank(), |school| school.name.clone()),
        at: t.date_time_short(file.created_at),
        state: telling::state(t, file.state),
        told: telling::summary(t, file),
        // It has no page of its own.
        discard: (file.state == ImportState::Reading).then(|| {
            let form = ConfirmForm::of(shell, format!("{}/discard", href(file.id)), t.get("import-discard"));
            form.look("text").ask(t.get("import-discard.ask"))
        }),
    }
}

/// A file as samples show it.
pub(super) fn sample_file(state: ImportState) -> ImportFile {
    ImportFile {
        id: ImportId(uuid::Uuid::from_u128(7)),
        school: Some(SchoolId(uuid::Uuid::from_u128(8))),
        graduation: Some(FiscalYear(2025)),
        file_name: "令和7年度卒業生名簿.xlsx".into(),
        sheet: "名簿".into(),
        sha256: String::new(),
        state,
        header_row: 3,
        header: ["組", "氏名", "フリガナ", "生年月日", "進学先"].map(str::to_owned).to_vec(),
        mapping: ["class", "full_name", "full_kana", "birth_date", "next_school"].map(str::to_owned).to_vec(),
        rows: 160,
        done: 80,
        summary: ImportSummary {
            new: 140,
            changed: 6,
            same: 8,
            doubtful: 2,
            left_out: 1,
            wrong: 1,
            beside: 1,
            entered: 140,
            updated: 6,
            overtaken: 1,
            kept: 1,
        },
        change: None,
        created_by: tsunagari_kernel::UserId(uuid::Uuid::nil()),
        created_at: tsunagari_kernel::Timestamp::from_micros(1_773_600_000_000_000),
        applied_at: None,
        undone_at: None,
    }
}

/// A school as samples show it.
pub(super) fn sample_school() -> School {
    let kind = tsunagari_people::SchoolKind::HighSchool;
    School {
        id: SchoolId(uuid::Uuid::from_u128(8)), name: "架空高等学校".into(), kind, municipality: None, years: 3
    }
}

impl Sample for UploadsPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let now = FiscalYear(2025);
        let files: Vec<ImportFile> = telling::STATES.iter().map(|state| sample_file(*state)).collect();
        let wrong = vec![("file".to_owned(), shell.t.get("refused-sheet-empty"))];
        vec![
            Self::of(shell.clone(), now, &[], &[], &Filled::default(), Vec::new()),
            Self::of(shell, now, &[sample_school()], &files, &Filled::default(), wrong),
        ]
    }
}

async fn render(
    desk: &Desk,
    status: StatusCode,
    filled: &Filled,
    wrong: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let schools = reader.schools().await.map_err(unreadable)?;
    let sorting = sorting(&filled.sort);
    let files = reader.import_files_sorted((sorting.by, sorting.way), 50).await.map_err(unreadable)?;
    let now = FiscalYear::of(desk.house.now().jst_date());
    Ok(page_with_status(status, &UploadsPage::of(desk.shell(), now, &schools, &files, filled, wrong)))
}

pub(super) async fn show(Extension(desk): Extension<Desk>, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let year = FiscalYear::of(desk.house.now().jst_date()).0.to_string();
    render(&desk, StatusCode::OK, &Filled { year, sort: asked.sort, ..Filled::default() }, Vec::new()).await
}

pub(super) async fn take_in(Extension(desk): Extension<Desk>, sent: SentFile<MOST>) -> Result<Response, AppError> {
    let filled = Filled {
        school: sent.field("school").to_owned(),
        school_name: sent.field("school_name").to_owned(),
        year: sent.field("year").to_owned(),
        sheet: sent.field("sheet").to_owned(),
        sort: String::new(),
    };
    let Some((file_name, bytes)) = sent.file else {
        let wrong = vec![("file".to_owned(), desk.t.get("refused-import-no-file"))];
        return render(&desk, StatusCode::UNPROCESSABLE_ENTITY, &filled, wrong).await;
    };
    let school = match filled.school.as_str() {
        "" => ListOf::Rows,
        "new" => ListOf::Added(filled.school_name.clone()),
        id => ListOf::School(id.parse().map_err(|_| AppError::NotFound)?),
    };
    let now = FiscalYear::of(desk.house.now().jst_date());
    let Some(graduation) = year_of(&filled.year, now) else {
        let wrong = vec![("year".to_owned(), desk.t.get("refused-choose-one"))];
        return render(&desk, StatusCode::UNPROCESSABLE_ENTITY, &filled, wrong).await;
    };
    let upload = Upload { file_name, bytes, sheet: filled.sheet.clone(), school, graduation };
    match begin_import(&desk.house, &desk.grant::<ImportPeople>()?, upload).await {
        Ok(id) => Ok(Redirect::to(&format!("{}/columns", href(id))).into_response()),
        Err(ActError::Refused(reasons)) => {
            render(&desk, StatusCode::UNPROCESSABLE_ENTITY, &filled, sentences(desk.t, &reasons)).await
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
            crate::shell::sample::faults::<UploadsPage>(crate::shell::sample::office_shell),
            Vec::<String>::new()
        );
    }
}
