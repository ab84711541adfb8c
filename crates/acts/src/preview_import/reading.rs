//! The next rows of a file, read ahead of their judging: cells to values, and who shares an address with them. Leaves
//! matching and judging, which go in the order of the file, to `preview_import`.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::JoinSet;
use tsunagari_documents::ImportField;
use tsunagari_kernel::{ImportId, PersonId};
use tsunagari_people::ContactKind;
use tsunagari_people::import::{FileContext, Finding, ReadRow, read};
use tsunagari_storage::OrgStore;
use tsunagari_storage::import_row::RowsOf;

use super::cells::raw_row;
use super::{JudgedRow, SLICE};
use crate::ActError;

/// A row read: its number, its values, what is odd or wrong with its cells.
pub(super) type ReadOne = (i64, ReadRow, Vec<Finding>);

/// What rows of a file are read with.
pub(super) struct Reading {
    pub(super) here: OrgStore,
    pub(super) import: ImportId,
    pub(super) header_row: i64,
    pub(super) columns: Vec<ImportField>,
    pub(super) context: FileContext,
}

/// The rows of a slice.
pub(super) struct ReadRows {
    /// Titles and header.
    pub(super) heads: Vec<i64>,
    /// The list.
    pub(super) list: Vec<ReadOne>,
    /// By place in the list: who shares an e-mail address or telephone number with the row.
    pub(super) sharing: HashMap<usize, Vec<PersonId>>,
    /// The number of the last row.
    pub(super) last: i64,
}

impl Reading {
    /// Begins to read the rows after one; nothing when there are none.
    pub(super) fn begin(self: Arc<Self>, ahead: &mut JoinSet<Result<Option<ReadRows>, ActError>>, after: i64) {
        ahead.spawn(async move { self.rows(after).await });
    }

    async fn rows(&self, after: i64) -> Result<Option<ReadRows>, ActError> {
        let rows: Vec<JudgedRow> =
            self.here.read().await?.import_rows(self.import, RowsOf::Every, after, SLICE).await?;
        let Some(last) = rows.last().map(|row| row.number) else { return Ok(None) };
        let (heads, list): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.number <= self.header_row);
        let list: Vec<ReadOne> = list
            .into_iter()
            .map(|it| {
                let (row, findings) = read(&raw_row(&self.columns, &it.cells), &self.context);
                (it.number, row, findings)
            })
            .collect();
        let sharing = self.sharing(&list).await?;
        Ok(Some(ReadRows { heads: heads.into_iter().map(|row| row.number).collect(), list, sharing, last }))
    }

    async fn sharing(&self, rows: &[ReadOne]) -> Result<HashMap<usize, Vec<PersonId>>, ActError> {
        let mut sharing: HashMap<usize, Vec<PersonId>> = HashMap::new();
        let mut reader = self.here.read().await?;
        let emails = rows.iter().enumerate().filter_map(|(n, (_, row, _))| Some((n, row.email.as_deref()?)));
        let phones = rows.iter().enumerate().filter_map(|(n, (_, row, _))| Some((n, row.phone.as_deref()?)));
        let lists: [(_, Vec<(usize, &str)>); 2] =
            [(ContactKind::Email, emails.collect()), (ContactKind::Phone, phones.collect())];
        for (kind, list) in lists {
            let clear: Vec<&str> = list.iter().map(|(_, clear)| *clear).collect();
            for (place, person) in reader.persons_by_contacts(kind, &clear).await? {
                if let Some((n, _)) = list.get(place) {
                    sharing.entry(*n).or_default().push(person);
                }
            }
        }
        Ok(sharing)
    }
}
