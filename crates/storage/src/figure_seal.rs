//! A frozen list held against its seal, and the list as a file has it: in its own order, each entry with what its mark is
//! made of. What a seal is stands in `tsunagari_figures::seal`; leaves freezing to `figure`.

use tsunagari_figures::seal::{Entry, Mark, Reading, Salt, Verdict};
use tsunagari_kernel::FigureId;

use crate::args;
use crate::error::StorageError;
use crate::figure::{KeptFigure, LINES, ListLine, line, line_columns};
use crate::person::is_protected;
use crate::sql::Row;
use crate::store::Reader;

/// Entries read at a time.
const PAGE: i64 = 5_000;

/// A line of a list's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// Its number in the list, from 1.
    pub number: i64,
    /// Its mark.
    pub mark: Mark,
    /// The salt; nothing after erasure.
    pub salt: Option<Salt>,
    /// Whether the person is protected as of today: then no file names them.
    pub protected: bool,
    /// Who, and why.
    pub line: ListLine,
}

fn entry(row: &Row) -> Result<Entry, StorageError> {
    let salt = row.opt_text("salt")?.unwrap_or_default();
    Ok(Entry {
        mark: Mark::stored(row.text("mark")?),
        // Somebody without a salt is somebody whose mark does not fit, not somebody erased.
        opening: row.opt_id("person_id")?.map(|person| (Salt::stored(salt), person)),
        counted: row.flag("counted")?,
    })
}

impl Reader {
    /// What a published figure's list says for itself.
    pub async fn figure_verdict(&mut self, it: &KeptFigure) -> Result<Verdict, StorageError> {
        let sql = "SELECT position, person_id, salt, mark, counted FROM figure_member \
                   WHERE org_id = $1 AND figure_id = $2 AND position > $3 ORDER BY position LIMIT $4";
        let figure = it.published.figure();
        let (mut reading, mut after) = (Reading::default(), 0);
        loop {
            let rows = self.rows(sql, args![figure.id, after, PAGE]).await?;
            let Some(last) = rows.last() else { return Ok(reading.verdict(figure.people, &it.seal)) };
            after = last.int("position")?;
            for row in &rows {
                reading.next(&entry(row)?);
            }
        }
    }

    /// Lines of a figure's list in its own order, everybody's, after a number.
    pub async fn figure_file(&mut self, id: FigureId, after: i64, most: i64) -> Result<Vec<FileLine>, StorageError> {
        let sql = format!(
            "SELECT m.position AS position, m.mark AS mark, m.salt AS salt, CASE WHEN {} THEN 1 ELSE 0 END AS protected, {} \
             FROM {LINES} WHERE m.org_id = $1 AND m.figure_id = $2 AND m.position > $3 ORDER BY m.position LIMIT $4",
            is_protected("p"),
            line_columns()
        );
        let rows = self.rows(&sql, args![id, after, most]).await?;
        rows.iter()
            .map(|row| {
                Ok(FileLine {
                    number: row.int("position")?,
                    mark: Mark::stored(row.text("mark")?),
                    salt: row.opt_text("salt")?.map(Salt::stored),
                    protected: row.flag("protected")?,
                    line: line(row)?,
                })
            })
            .collect()
    }
}
