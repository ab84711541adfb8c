//! The office says where the header is and what each column means. The mapping is remembered for the school. Nothing
//! about a person changes. Leaves the preview to `preview_import`.

use tsunagari_access::permission::ImportPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_documents::sheet_in::{Sheet, SheetFormat, guess_columns};
use tsunagari_documents::{Cell, ImportField};
use tsunagari_kernel::{FiscalYear, ImportId, SchoolId};
use tsunagari_storage::Tx;
use tsunagari_storage::import_file::ImportState;

use crate::high_school_named::{high_school_named, naming};
use crate::{ActError, House, Reason};

/// Whose graduates a list's rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchoolOf {
    /// What a column says.
    Rows,
    /// One school's, but for rows that name another.
    One(SchoolId),
    /// One school's whose name is typed now, likewise.
    Added(String),
    /// Nobody knows, and says so: rows that name no school stay without.
    Unknown,
}

/// How a file is to be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The school of rows that name none.
    pub school: SchoolOf,
    /// The fiscal year of graduation of rows that name none.
    pub graduation: Option<FiscalYear>,
    /// What each column is.
    pub columns: Vec<ImportField>,
}

/// Keeps a mapping and remembers it for the school.
///
/// # Errors
/// `import_no_rows`, `import_name_unmapped`, `import_school_missing`, `school_name_missing`, `import_year_missing`, `import_column_twice`, `Conflict` when the file is past mapping, or storage's.
pub async fn map_columns(
    house: &House,
    by: &Granted<ImportPeople>,
    import: ImportId,
    mapping: &Mapping,
) -> Result<(), ActError> {
    let reasons = faults(mapping);
    if !reasons.is_empty() {
        return Err(ActError::Refused(reasons));
    }
    let mut tx = house.org(by.org()).write().await?;
    let mut file = tx.import_file(import).await?;
    if !matches!(file.state, ImportState::Mapping | ImportState::Previewed) {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    if file.rows == 0 {
        tx.undo().await?;
        return Err(ActError::refused_at("header_row", "import_no_rows"));
    }
    file.school = match school(house, &mut tx, &mapping.school).await {
        Ok(school) => school,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    file.graduation = mapping.graduation;
    let width = file.header.len();
    file.mapping =
        (0..width).map(|n| mapping.columns.get(n).copied().unwrap_or(ImportField::Ignore).slug().to_owned()).collect();
    tx.keep_import_mapping(&file).await?;
    if let Some(school) = file.school {
        let pairs: Vec<(&String, &String)> = file.header.iter().zip(&file.mapping).collect();
        let kept = serde_json::to_string(&pairs).map_err(|error| ActError::Broken(error.to_string()))?;
        tx.remember_import_mapping(school, &kept).await?;
    }
    let act = Act::named("map_columns", by.actor(), house.operation()).on("import", import);
    let named = matches!(mapping.school, SchoolOf::Added(_)).then_some(file.school).flatten();
    Ok(tx.commit(&naming(act, named)).await?)
}

async fn school(house: &House, tx: &mut Tx, of: &SchoolOf) -> Result<Option<SchoolId>, ActError> {
    match of {
        SchoolOf::One(school) => Ok(Some(tx.school(*school).await?.id)),
        SchoolOf::Added(name) => Ok(Some(high_school_named(house, tx, name).await?)),
        SchoolOf::Rows | SchoolOf::Unknown => Ok(None),
    }
}

/// Moves the header to another row (from 1; 0: there is none) and guesses the columns anew.
///
/// # Errors
/// `import_no_such_row`, `Conflict` when the file is past mapping, or storage's.
pub async fn move_header(
    house: &House,
    by: &Granted<ImportPeople>,
    import: ImportId,
    row: i64,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let mut file = tx.import_file(import).await?;
    if !matches!(file.state, ImportState::Mapping | ImportState::Previewed) {
        tx.undo().await?;
        return Err(ActError::Conflict);
    }
    let head = tx.import_head(import, 100).await?;
    let labels = head.iter().find(|(number, _)| *number == row).map(|(_, cells)| cells.clone());
    if row != 0 && labels.is_none() {
        let last = head.last().map_or(0, |(number, _)| *number);
        tx.undo().await?;
        return Err(ActError::Refused(vec![Reason::at("header_row", "import_no_such_row").with("last", last)]));
    }
    let width = head.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0).max(file.header.len());
    let mut labels = labels.unwrap_or_default();
    labels.resize(width, String::new());
    let sheet = Sheet {
        name: String::new(),
        format: SheetFormat::Csv,
        encoding: None,
        sheets: Vec::new(),
        rows: vec![labels.iter().map(|label| Cell::from(label.as_str())).collect()],
    };
    let guessed = guess_columns(&sheet).columns;
    file.header_row = row;
    file.rows = tx.import_rows_below(import, row).await?;
    file.mapping = (0..width)
        .map(|n| {
            if row == 0 { ImportField::Ignore } else { guessed.get(n).map_or(ImportField::Ignore, |guess| guess.field) }
        })
        .map(|field| field.slug().to_owned())
        .collect();
    file.header = labels;
    tx.keep_import_mapping(&file).await?;
    Ok(tx.commit(&Act::named("move_header", by.actor(), house.operation()).on("import", import)).await?)
}

/// A name and a year of graduation must be somewhere, and each field at most once (remarks may repeat).
fn faults(mapping: &Mapping) -> Vec<Reason> {
    let columns = &mapping.columns;
    let has = |field| columns.contains(&field);
    let mut reasons = Vec::new();
    if !has(ImportField::FullName) && !has(ImportField::FamilyName) {
        reasons.push(Reason::of("import_name_unmapped"));
    }
    if mapping.school == SchoolOf::Rows && !has(ImportField::School) {
        reasons.push(Reason::at("school", "import_school_missing"));
    }
    if mapping.graduation.is_none() && !has(ImportField::GraduationYear) {
        reasons.push(Reason::at("graduation", "import_year_missing"));
    }
    for field in ImportField::ALL {
        let repeats = columns.iter().filter(|it| **it == field).count();
        if repeats > 1 && field != ImportField::Note && field != ImportField::Ignore {
            reasons.push(Reason::of("import_column_twice").with("field", field.slug()));
        }
    }
    reasons
}
