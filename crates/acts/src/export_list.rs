//! A list leaves the system as a file. Recorded with everybody it names, and in the audit record, before a byte of it is
//! given out; addresses of protected persons are left blank whoever asks. Leaves which columns a list has, and their
//! words, to the page that offers it. To offer one: fill an `ExportList` and call this.

use std::collections::{BTreeSet, HashSet};

use tsunagari_access::permission::ExportLists;
use tsunagari_access::{Act, Granted};
use tsunagari_documents::sheet_out::{SheetWriter, WriteError};
use tsunagari_documents::{Cell, Column, SheetKind, Written};
use tsunagari_kernel::PersonId;
use tsunagari_storage::export::Export;

use crate::{ActError, House};

/// What a column tells about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// Names, schools, states: what anyone who sees the list sees.
    Plain,
    /// Where the person is or can be reached: blank for protected addresses.
    Whereabouts,
    /// An entry's place in a list that leads to nobody: stays where the person of a row must not be named.
    Nobody,
}

/// A row of a list.
#[derive(Debug, Clone)]
pub struct ExportRow {
    /// Whom it is about, if it is about a person.
    pub person: Option<PersonId>,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// A list to take out.
#[derive(Debug, Clone)]
pub struct ExportList {
    /// Which list, snake_case: `people`, `import_rows`, `audience`, `deliveries`, `figure_members`.
    pub kind: &'static str,
    /// What was asked: ids and codes only, no names.
    pub query: serde_json::Value,
    /// The name on the workbook's tab, at most 31 characters.
    pub sheet: String,
    /// The columns.
    pub columns: Vec<(Column, Tells)>,
    /// The rows.
    pub rows: Vec<ExportRow>,
}

/// Records the list and writes its file.
///
/// # Errors
/// `export_too_large`, or storage's; then nothing is given out.
pub async fn export_list(
    house: &House,
    by: &Granted<ExportLists>,
    mut list: ExportList,
    kind: SheetKind,
) -> Result<Written, ActError> {
    let here = house.org(by.org());
    let people: Vec<PersonId> =
        list.rows.iter().filter_map(|row| row.person).collect::<BTreeSet<_>>().into_iter().collect();
    let id = house.chance.uuid_at(house.real_clock.now());
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let export = Export {
        id,
        kind: list.kind.to_owned(),
        query: list.query.to_string(),
        people: count,
        by: by.user(),
        at: house.now(),
    };
    let mut tx = here.write().await?;
    tx.add_export(&export).await?;
    let act = Act::named("export_list", by.actor(), house.operation())
        .on("export", id)
        .counting("people", count)
        .counting("rows", i64::try_from(list.rows.len()).unwrap_or(i64::MAX));
    tx.commit(&act).await?;
    here.name_export_members(id, &people).await?;
    // Asked last, so that a protection set a moment ago still holds.
    let protected: HashSet<PersonId> = here.read().await?.protected_among(&people).await?.into_iter().collect();
    blank(&mut list, &protected);
    leave_out(&mut list, &protected);
    tokio::task::spawn_blocking(move || written(&list, kind))
        .await
        .map_err(|error| ActError::Broken(error.to_string()))?
        .map_err(|error| match error {
            WriteError::TooLarge => ActError::refused("export_too_large"),
            WriteError::SheetName | WriteError::Broken(_) => ActError::Broken(error.to_string()),
        })
}

/// Lists of people that no rule made: they tell nothing by whom they name.
const BY_HAND: [&str; 3] = ["people", "work", "import_rows"];

/// Whoever a rule lets in is told by the rule where they live, study or work: protected persons do not stand in such a list,
/// nor in one of a kind nobody thought of here. A list that must stay whole keeps of their row what leads to nobody.
fn leave_out(list: &mut ExportList, protected: &HashSet<PersonId>) {
    if BY_HAND.contains(&list.kind) {
        return;
    }
    let stays: Vec<bool> = list.columns.iter().map(|(_, tells)| *tells == Tells::Nobody).collect();
    if !stays.contains(&true) {
        list.rows.retain(|row| row.person.is_none_or(|person| !protected.contains(&person)));
        return;
    }
    for row in list.rows.iter_mut().filter(|row| row.person.is_some_and(|person| protected.contains(&person))) {
        for (cell, stays) in row.cells.iter_mut().zip(&stays) {
            if !*stays {
                *cell = Cell::Empty;
            }
        }
    }
}

/// Empties what would tell where a protected person is.
fn blank(list: &mut ExportList, protected: &HashSet<PersonId>) {
    let private: Vec<bool> = list.columns.iter().map(|(_, tells)| *tells == Tells::Whereabouts).collect();
    for row in list.rows.iter_mut().filter(|row| row.person.is_some_and(|person| protected.contains(&person))) {
        for (cell, private) in row.cells.iter_mut().zip(&private) {
            if *private {
                *cell = Cell::Empty;
            }
        }
    }
}

fn written(list: &ExportList, kind: SheetKind) -> Result<Written, WriteError> {
    let columns: Vec<Column> = list.columns.iter().map(|(column, _)| column.clone()).collect();
    let mut writer = SheetWriter::start(kind, &list.sheet, &columns)?;
    for row in &list.rows {
        writer.push(&row.cells)?;
    }
    writer.finish()
}
