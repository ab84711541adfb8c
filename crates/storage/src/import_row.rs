//! Rows of a file being imported: cells as written and what the preview made of them, sealed with the organisation's key;
//! the verdict, the person meant and the office's decision beside them. Leaves what the values mean to people and acts.

use serde::Serialize;
use serde::de::DeserializeOwned;
use tsunagari_kernel::{ImportId, PersonId};

use crate::args;
use crate::error::StorageError;
use crate::import_file::{ImportState, ImportSummary, json};
use crate::keyring::Key;
use crate::sql::{Arg, Row, placeholders};
use crate::store::{OrgStore, Reader, Tx};

/// The office's decision on a doubtful row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is the person named in the row.
    Same,
    /// Somebody new; of two rows that contradict each other, this one is entered as well.
    New,
    /// It is the person of the earlier row of the list that names the same one; the two are written as one.
    Join,
    /// Nothing is done.
    LeaveOut,
}

impl Decision {
    /// The stored and public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::New => "new",
            Self::Join => "join",
            Self::LeaveOut => "leave_out",
        }
    }

    const ALL: [Self; 4] = [Self::Same, Self::New, Self::Join, Self::LeaveOut];

    /// The verdict under which a row stands that was decided so.
    pub const fn verdict(self) -> &'static str {
        match self {
            Self::Same => "changed",
            Self::New => "new",
            Self::Join => "same",
            Self::LeaveOut => "leave_out",
        }
    }

    /// The decision whose rows stand under a verdict.
    fn standing_as(verdict: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.verdict() == verdict)
    }
}

impl std::str::FromStr for Decision {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|it| it.code() == code).ok_or(())
    }
}

/// A row with what the preview made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow<J> {
    /// Its number as a spreadsheet shows it, from 1.
    pub number: i64,
    /// Its cells as written.
    pub cells: Vec<String>,
    /// The verdict's code; `head` above the list, empty before the preview, `overtaken` when things changed after it.
    pub verdict: String,
    /// What the preview made of it.
    pub judged: Option<J>,
    /// The person meant.
    pub person: Option<PersonId>,
    /// The office's decision, when one is asked for and given.
    pub decision: Option<Decision>,
}

impl<J> ImportRow<J> {
    /// The verdict it stands under: the office's word where it decided.
    pub fn standing(&self) -> &str {
        match self.decision {
            Some(decision) if self.verdict == "doubtful" => decision.verdict(),
            _ => &self.verdict,
        }
    }
}

/// The doubtful rows without a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undecided {
    /// All of them.
    pub rows: i64,
    /// Those that may mean one known person alone.
    pub sure: i64,
}

/// What the preview writes to a row.
#[derive(Debug, Clone)]
pub struct Judgement<J> {
    /// The row.
    pub number: i64,
    /// The verdict's code.
    pub verdict: &'static str,
    /// What it made of the row.
    pub judged: Option<J>,
    /// The person meant.
    pub person: Option<PersonId>,
}

const COLUMNS: &str = "row_no, cells, verdict, judged, person_id, decision";

pub(crate) fn context(import: ImportId, number: i64, part: u8) -> Vec<u8> {
    [import.0.as_bytes().as_slice(), &number.to_be_bytes(), &[part]].concat()
}

fn open<T: DeserializeOwned>(key: &Key, context: &[u8], sealed: &[u8]) -> Result<T, StorageError> {
    let plain = key.open(context, sealed)?;
    serde_json::from_slice(&plain)
        .map_err(|error| StorageError::Unreadable { column: "import_row".to_owned(), value: error.to_string() })
}

fn read<J: DeserializeOwned>(import: ImportId, key: &Key, row: &Row) -> Result<ImportRow<J>, StorageError> {
    let number = row.int("row_no")?;
    let judged = row.opt_bytes("judged")?;
    Ok(ImportRow {
        number,
        cells: open(key, &context(import, number, 1), &row.bytes("cells")?)?,
        verdict: row.text("verdict")?,
        judged: judged.map(|sealed| open(key, &context(import, number, 2), &sealed)).transpose()?,
        person: row.opt_id("person_id")?,
        decision: row.opt_code("decision")?,
    })
}

/// Which rows of a file are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowsOf<'v> {
    /// All, titles and header included.
    Every,
    /// All below the header.
    Any,
    /// Of one verdict: the office's word where it decided, what the preview found elsewhere.
    Verdict(&'v str),
    /// Decided to be the person of an earlier row.
    Joined,
}

impl RowsOf<'_> {
    /// What its rows fulfil, as one or two conditions no row fulfils both of: an index answers each of them, and no
    /// index answers "this or that".
    fn conditions(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Every => ("row_no > 0", None),
            Self::Any => ("verdict <> 'head'", None),
            Self::Verdict("doubtful") => ("verdict = $5 AND decision IS NULL", None),
            Self::Verdict(verdict) => {
                let decided = Decision::standing_as(verdict).map(|_| "verdict = 'doubtful' AND decision = $6");
                ("verdict = $5", decided)
            }
            Self::Joined => ("verdict = 'doubtful' AND decision = 'join'", None),
        }
    }
}

impl Reader {
    /// Up to `most` rows of a kind after a row, in order.
    pub async fn import_rows<J: DeserializeOwned>(
        &mut self,
        import: ImportId,
        of: RowsOf<'_>,
        after: i64,
        most: i64,
    ) -> Result<Vec<ImportRow<J>>, StorageError> {
        let key = self.org_key().await?;
        let part = |condition: &str| {
            format!(
                "SELECT {COLUMNS} FROM import_row WHERE org_id = $1 AND import_id = $2 AND row_no > $3 AND {condition} \
                 ORDER BY row_no LIMIT $4"
            )
        };
        let sql = match of.conditions() {
            (all, None) => part(all),
            (found, Some(decided)) => format!(
                "SELECT {COLUMNS} FROM ({}) AS found UNION ALL SELECT {COLUMNS} FROM ({}) AS decided ORDER BY row_no LIMIT $4",
                part(found),
                part(decided)
            ),
        };
        let mut args = args![import, after, most];
        if let RowsOf::Verdict(verdict) = of {
            args.push(Arg::from(verdict));
            args.extend(Decision::standing_as(verdict).map(|decision| Arg::from(decision.code())));
        }
        self.rows(&sql, args).await?.iter().map(|row| read(import, &key, row)).collect()
    }

    /// The first rows of a file, titles and header included, cells only.
    pub async fn import_head(&mut self, import: ImportId, most: i64) -> Result<Vec<(i64, Vec<String>)>, StorageError> {
        let key = self.org_key().await?;
        let sql = "SELECT row_no, cells FROM import_row WHERE org_id = $1 AND import_id = $2 ORDER BY row_no LIMIT $3";
        let rows = self.rows(sql, args![import, most]).await?;
        rows.iter()
            .map(|row| {
                let number = row.int("row_no")?;
                Ok((number, open(&key, &context(import, number, 1), &row.bytes("cells")?)?))
            })
            .collect()
    }

    /// One row.
    pub async fn import_row<J: DeserializeOwned>(
        &mut self,
        import: ImportId,
        number: i64,
    ) -> Result<ImportRow<J>, StorageError> {
        let key = self.org_key().await?;
        let sql = format!("SELECT {COLUMNS} FROM import_row WHERE org_id = $1 AND import_id = $2 AND row_no = $3");
        read(import, &key, &self.one("import_row", &sql, args![import, number]).await?)
    }

    /// The rows by the verdict they stand under, counted: a row the office decided counts as what it was decided to be.
    pub async fn import_counts(&mut self, import: ImportId) -> Result<ImportSummary, StorageError> {
        let sql = "SELECT verdict, count(*) AS n FROM import_row WHERE org_id = $1 AND import_id = $2 GROUP BY verdict";
        let mut counts = ImportSummary::default();
        for row in self.rows(sql, args![import]).await? {
            counts.add(&row.text("verdict")?, row.int("n")?);
        }
        let sql = "SELECT decision, count(*) AS n FROM import_row WHERE org_id = $1 AND import_id = $2 \
                   AND verdict = 'doubtful' AND decision IS NOT NULL GROUP BY decision";
        for row in self.rows(sql, args![import]).await? {
            let (n, decision): (i64, Option<Decision>) = (row.int("n")?, row.opt_code("decision")?);
            if let Some(decision) = decision {
                counts.add("doubtful", -n);
                counts.add(decision.verdict(), n);
            }
        }
        Ok(counts)
    }

    /// How many doubtful rows wait for a decision.
    pub async fn import_undecided(&mut self, import: ImportId) -> Result<Undecided, StorageError> {
        let sql = "SELECT count(*) AS n, count(person_id) AS sure FROM import_row WHERE org_id = $1 AND import_id = $2 \
                   AND verdict = 'doubtful' AND decision IS NULL";
        let row = self.one("import_row", sql, args![import]).await?;
        Ok(Undecided { rows: row.int("n")?, sure: row.int("sure")? })
    }

    /// How many rows a list has below a row: what nobody wrote in is no row.
    pub async fn import_rows_below(&mut self, import: ImportId, row: i64) -> Result<i64, StorageError> {
        let sql = "SELECT count(*) AS n FROM import_row WHERE org_id = $1 AND import_id = $2 AND row_no > $3";
        self.count(sql, args![import, row]).await
    }
}

impl Tx {
    /// Records the decision on one doubtful row.
    ///
    /// # Errors
    /// `Conflict` when the row is not doubtful.
    pub async fn decide_import_row(
        &mut self,
        import: ImportId,
        number: i64,
        decision: Option<Decision>,
        person: Option<PersonId>,
    ) -> Result<(), StorageError> {
        let sql = "UPDATE import_row SET decision = $4, person_id = $5 \
                   WHERE org_id = $1 AND import_id = $2 AND row_no = $3 AND verdict = 'doubtful'";
        let done = self.exec(sql, args![import, number, decision.map(Decision::code), person]).await?;
        if done == 1 { Ok(()) } else { Err(StorageError::Conflict("import_row")) }
    }

    /// The same decision for every doubtful row that has none; how many. `Same` only where one person alone may be meant.
    pub async fn decide_import_rest(&mut self, import: ImportId, decision: Decision) -> Result<u64, StorageError> {
        let only = match decision {
            Decision::Same => " AND person_id IS NOT NULL",
            // Whom a row repeats is its own matter.
            Decision::Join => return Ok(0),
            Decision::New | Decision::LeaveOut => "",
        };
        let sql = format!(
            "UPDATE import_row SET decision = $3 WHERE org_id = $1 AND import_id = $2 AND verdict = 'doubtful' AND decision IS NULL{only}"
        );
        self.exec(&sql, args![import, decision.code()]).await
    }

    /// Deletes the rows of a file that was given up.
    pub async fn forget_import_rows(&mut self, import: ImportId) -> Result<(), StorageError> {
        self.exec("DELETE FROM import_row WHERE org_id = $1 AND import_id = $2", args![import]).await?;
        Ok(())
    }

    /// Marks rows that things overtook between preview and change.
    pub async fn overtake_import_rows(&mut self, import: ImportId, numbers: &[i64]) -> Result<(), StorageError> {
        for chunk in numbers.chunks(1_000) {
            let sql = format!(
                "UPDATE import_row SET verdict = 'overtaken' WHERE org_id = $1 AND import_id = $2 AND row_no IN {}",
                placeholders(3, chunk.len())
            );
            let mut args = args![import];
            args.extend(chunk.iter().map(|n| Arg::from(*n)));
            self.exec(&sql, args).await?;
        }
        Ok(())
    }

    /// Keeps which person a row was entered as.
    pub async fn name_import_persons(
        &mut self,
        import: ImportId,
        rows: &[(i64, PersonId)],
    ) -> Result<(), StorageError> {
        let rows = rows.iter().map(|(number, it)| args![import, *number, Vec::<u8>::new(), "", *it]).collect();
        let columns = &["import_id", "row_no", "cells", "verdict", "person_id"];
        let suffix = "ON CONFLICT (org_id, import_id, row_no) DO UPDATE SET person_id = excluded.person_id";
        self.insert_many("import_row", columns, rows, suffix).await
    }
}

impl OrgStore {
    /// Keeps a slice of the rows of a file that is being read, as written (no act: nothing about a person changes).
    pub async fn keep_import_cells(&self, import: ImportId, rows: &[(i64, Vec<String>)]) -> Result<(), StorageError> {
        let mut reader = self.read().await?;
        let (key, shared) = (reader.org_key().await?, reader.shared.clone());
        drop(reader);
        let chance = &shared.chance;
        let sealed = rows
            .iter()
            .map(|(number, cells)| {
                let sealed = key.seal(chance, &context(import, *number, 1), json(cells)?.as_bytes())?;
                Ok(args![import, *number, sealed, ""])
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        let mut tx = self.write().await?;
        // Rows of a file that was given up meanwhile would stay for ever.
        if tx.import_file_held(import).await?.state != ImportState::Reading {
            tx.undo().await?;
            return Err(StorageError::Conflict("import_file"));
        }
        tx.insert_many("import_row", &["import_id", "row_no", "cells", "verdict"], sealed, "").await?;
        tx.keep().await
    }

    /// Keeps a slice of the preview (no act: nothing about a person changes). Decisions on these rows are forgotten.
    pub async fn keep_import_judgements<J: Serialize>(
        &self,
        import: ImportId,
        judgements: &[Judgement<J>],
        done: i64,
    ) -> Result<(), StorageError> {
        let mut reader = self.read().await?;
        let (key, shared) = (reader.org_key().await?, reader.shared.clone());
        drop(reader);
        let chance = &shared.chance;
        let mut rows = Vec::with_capacity(judgements.len());
        for it in judgements {
            let sealed = match &it.judged {
                Some(judged) => Some(key.seal(chance, &context(import, it.number, 2), json(judged)?.as_bytes())?),
                None => None,
            };
            rows.push(args![import, it.number, Vec::<u8>::new(), it.verdict, sealed, it.person]);
        }
        let mut tx = self.write().await?;
        let columns = &["import_id", "row_no", "cells", "verdict", "judged", "person_id"];
        let suffix = "ON CONFLICT (org_id, import_id, row_no) DO UPDATE SET verdict = excluded.verdict, \
                      judged = excluded.judged, person_id = excluded.person_id, decision = NULL";
        tx.insert_many("import_row", columns, rows, suffix).await?;
        tx.exec("UPDATE import_file SET done = $3 WHERE org_id = $1 AND import_id = $2", args![import, done]).await?;
        tx.keep().await
    }
}
