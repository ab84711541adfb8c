//! Published figures: frozen counts, definition and the list of people behind them. A figure is never changed; it can
//! be withdrawn. Erasure blanks a person in the list, never a count.

use chrono::NaiveDate;
use tsunagari_figures::{Draft, Published};
use tsunagari_kernel::{FigureId, IndicatorId, PersonId, Timestamp};

use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

/// A published figure as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFigure {
    /// The frozen figure, who published it and when.
    pub published: Published,
    /// (reason code, people) of those who are not counted.
    pub reasons: Vec<(String, u64)>,
    /// SHA-256 over the list, hex.
    pub list_hash: String,
    /// What the publisher wrote beside it.
    pub note: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// One line of the list behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureMember {
    /// Who; nothing after erasure.
    pub person: Option<PersonId>,
    /// Counted, or of the population but not reached.
    pub counted: bool,
    /// Through which kinds of contact point.
    pub via: String,
    /// Why not.
    pub reasons: Vec<String>,
}

const COLUMNS: &str = "figure, reasons, list_hash, note, published_by, published_at, withdrawn_at";

fn read(row: &Row) -> Result<KeptFigure, StorageError> {
    let figure: Draft = row.json("figure")?;
    Ok(KeptFigure {
        published: Published::stored(figure, row.id("published_by")?, row.instant("published_at")?),
        reasons: row.json("reasons")?,
        list_hash: row.text("list_hash")?,
        note: row.text("note")?,
        withdrawn_at: row.opt_instant("withdrawn_at")?,
    })
}

fn json(value: &impl serde::Serialize) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|error| StorageError::Broken(error.to_string()))
}

impl Reader {
    /// Every published figure of an indicator, oldest fiscal year first, newest publication last.
    pub async fn figures_of(&mut self, indicator: IndicatorId) -> Result<Vec<KeptFigure>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM figure WHERE org_id = $1 AND indicator_id = $2 ORDER BY fiscal_year, as_of_on, published_at"
        );
        self.rows(&sql, args![indicator]).await?.iter().map(read).collect()
    }

    /// One published figure.
    pub async fn figure(&mut self, id: FigureId) -> Result<KeptFigure, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM figure WHERE org_id = $1 AND figure_id = $2");
        read(&self.one("figure", &sql, args![id]).await?)
    }

    /// A page of the list behind a figure, from a position.
    pub async fn figure_members(
        &mut self,
        id: FigureId,
        after: i64,
        most: i64,
    ) -> Result<Vec<FigureMember>, StorageError> {
        let sql = "SELECT person_id, counted, via, reasons FROM figure_member \
                   WHERE org_id = $1 AND figure_id = $2 AND position > $3 ORDER BY position LIMIT $4";
        let rows = self.rows(sql, args![id, after, most]).await?;
        rows.iter()
            .map(|row| {
                Ok(FigureMember {
                    person: row.opt_id("person_id")?,
                    counted: row.flag("counted")?,
                    via: row.text("via")?,
                    reasons: row.json("reasons")?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// Freezes a figure with its list, in one transaction.
    pub async fn publish_figure(&mut self, it: &KeptFigure, members: &[FigureMember]) -> Result<(), StorageError> {
        let figure = it.published.figure();
        let as_of: NaiveDate = figure.as_of.date;
        self.exec(
            "INSERT INTO figure (org_id, figure_id, indicator_id, fiscal_year, as_of_on, figure, reasons, list_hash, note, published_by, published_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                figure.id,
                figure.indicator,
                figure.fiscal_year,
                as_of,
                json(figure)?,
                json(&it.reasons)?,
                it.list_hash.as_str(),
                it.note.as_str(),
                it.published.by(),
                it.published.at(),
            ],
        )
        .await?;
        let mut rows: Vec<Vec<Arg>> = Vec::with_capacity(members.len());
        for (position, member) in members.iter().enumerate() {
            let position = i64::try_from(position).unwrap_or(i64::MAX) + 1;
            rows.push(args![
                figure.id,
                position,
                member.person,
                member.counted,
                member.via.as_str(),
                json(&member.reasons)?
            ]);
        }
        self.insert_many(
            "figure_member",
            &["figure_id", "position", "person_id", "counted", "via", "reasons"],
            rows,
            "",
        )
        .await
    }

    /// Withdraws a figure: it stays readable, marked.
    pub async fn withdraw_figure(&mut self, id: FigureId, at: Timestamp) -> Result<(), StorageError> {
        let sql = "UPDATE figure SET withdrawn_at = $3 WHERE org_id = $1 AND figure_id = $2 AND withdrawn_at IS NULL";
        match self.exec(sql, args![id, at]).await? {
            1 => Ok(()),
            _ => Err(StorageError::NotFound("figure")),
        }
    }
}
