//! Published figures: frozen counts, definition and the list of people behind them. A figure is never changed; it can
//! be withdrawn. Erasure blanks a person in the list, never a count. Leaves holding the list against its seal to `figure_seal`.

use chrono::NaiveDate;
use tsunagari_figures::{Draft, Mark, Published, Salt, Seal};
use tsunagari_kernel::{FigureId, FiscalYear, IndicatorId, PersonId, SchoolId, Timestamp, UserId};

use crate::args;
use crate::error::StorageError;
use crate::people_sheet::KanaOrder;
use crate::person::is_protected;
use crate::person_list::Naming;
use crate::sql::{Arg, Row};
use crate::store::{Reader, Tx};

/// A published figure as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFigure {
    /// The frozen figure, who published it and when.
    pub published: Published,
    /// (reason code, people) of those who are not counted.
    pub reasons: Vec<(String, u64)>,
    /// The seal of the list.
    pub seal: Seal,
    /// What the publisher wrote beside it.
    pub note: String,
    /// That it was withdrawn.
    pub withdrawal: Option<Withdrawal>,
}

/// How a published figure was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: Timestamp,
    /// By whom; nothing for one withdrawn before this was kept beside it.
    pub by: Option<UserId>,
    /// Why.
    pub why: String,
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

/// An entry of the list as it is frozen, in the order of the marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenMember {
    /// Who, counted or not, and why.
    pub member: FigureMember,
    /// What keeps the mark from being tried out.
    pub salt: Salt,
    /// What the seal knows the entry by.
    pub mark: Mark,
}

const COLUMNS: &str =
    "figure, reasons, list_hash, note, published_by, published_at, withdrawn_at, withdrawn_by, withdrawn_note";

fn read(row: &Row) -> Result<KeptFigure, StorageError> {
    let figure: Draft = row.json("figure")?;
    let withdrawal = match row.opt_instant("withdrawn_at")? {
        None => None,
        Some(at) => Some(Withdrawal { at, by: row.opt_id("withdrawn_by")?, why: row.text("withdrawn_note")? }),
    };
    Ok(KeptFigure {
        published: Published::stored(figure, row.id("published_by")?, row.instant("published_at")?),
        reasons: row.json("reasons")?,
        seal: Seal::stored(row.text("list_hash")?),
        note: row.text("note")?,
        withdrawal,
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

    /// Every published figure of the organisation, also withdrawn ones, oldest publication first.
    pub async fn figures(&mut self) -> Result<Vec<KeptFigure>, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM figure WHERE org_id = $1 ORDER BY published_at, figure_id");
        self.rows(&sql, vec![]).await?.iter().map(read).collect()
    }

    /// One published figure.
    pub async fn figure(&mut self, id: FigureId) -> Result<KeptFigure, StorageError> {
        let sql = format!("SELECT {COLUMNS} FROM figure WHERE org_id = $1 AND figure_id = $2");
        read(&self.one("figure", &sql, args![id]).await?)
    }
}

impl Tx {
    /// Freezes a figure with its list, in one transaction.
    pub async fn publish_figure(&mut self, it: &KeptFigure, members: &[FrozenMember]) -> Result<(), StorageError> {
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
                it.seal.as_str(),
                it.note.as_str(),
                it.published.by(),
                it.published.at(),
            ],
        )
        .await?;
        let mut rows: Vec<Vec<Arg>> = Vec::with_capacity(members.len());
        for (position, FrozenMember { member, salt, mark }) in members.iter().enumerate() {
            let position = i64::try_from(position).unwrap_or(i64::MAX) + 1;
            rows.push(args![
                figure.id,
                position,
                member.person,
                member.counted,
                member.via.as_str(),
                json(&member.reasons)?,
                salt.as_str(),
                mark.as_str(),
            ]);
        }
        self.insert_many(
            "figure_member",
            &["figure_id", "position", "person_id", "counted", "via", "reasons", "salt", "mark"],
            rows,
            "",
        )
        .await
    }

    /// Withdraws a figure: it stays readable, marked.
    pub async fn withdraw_figure(&mut self, id: FigureId, it: &Withdrawal) -> Result<(), StorageError> {
        let sql = "UPDATE figure SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_note = $5 \
                   WHERE org_id = $1 AND figure_id = $2 AND withdrawn_at IS NULL";
        match self.exec(sql, args![id, it.at, it.by, it.why.as_str()]).await? {
            1 => Ok(()),
            _ => Err(StorageError::NotFound("figure")),
        }
    }
}

/// Which lines of a figure's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Those counted.
    Counted,
    /// Those of the population who are not.
    NotCounted,
    /// Both.
    All,
}

/// Which lines of a figure's list, in which order of kana.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFilter {
    /// Counted or not.
    pub listed: Listed,
    /// Only with this reason's code.
    pub reason: Option<String>,
    /// Which way by kana; the erased, who have none, stand before あ.
    pub order: KanaOrder,
    /// Whom it may name, as they stand today.
    pub naming: Naming,
}

/// A line of a figure's list with the name the person has today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLine {
    /// What was frozen.
    pub member: FigureMember,
    /// Family and given name; empty after erasure.
    pub name: String,
    /// The reading.
    pub kana: String,
    /// The fiscal year of leaving high school.
    pub cohort: Option<FiscalYear>,
    /// The high school.
    pub school: Option<SchoolId>,
}

impl ListFilter {
    fn named(&self) -> String {
        let one = format!(
            "EXISTS (SELECT 1 FROM person q WHERE q.org_id = m.org_id AND q.person_id = m.person_id AND {})",
            is_protected("q")
        );
        match self.naming {
            Naming::Everybody => "TRUE".to_owned(),
            Naming::Open => format!("NOT {one}"),
            Naming::Protected => one,
        }
    }

    fn condition(&self, args: &mut Vec<Arg>) -> String {
        let mut all = format!("m.org_id = $1 AND m.figure_id = $2 AND {}", self.named());
        match self.listed {
            Listed::Counted => all.push_str(" AND m.counted = 1"),
            Listed::NotCounted => all.push_str(" AND m.counted = 0"),
            Listed::All => {}
        }
        if let Some(reason) = &self.reason {
            args.push(Arg::from(format!("%\"{}\"%", reason.replace(['%', '\\'], "").replace('_', "\\_"))));
            all.push_str(&format!(" AND m.reasons LIKE ${} ESCAPE '\\'", args.len() + 1));
        }
        all
    }
}

/// Entries of lists beside the persons as they are called today.
pub(crate) const LINES: &str = "figure_member m \
    LEFT JOIN person p ON p.org_id = m.org_id AND p.person_id = m.person_id AND p.erased_at IS NULL";

/// The columns `line` reads.
pub(crate) fn line_columns() -> String {
    format!(
        "m.person_id AS person_id, m.counted AS counted, m.via AS via, m.reasons AS reasons, \
         coalesce(p.family || ' ' || p.given, '') AS name, coalesce(p.family_kana || ' ' || p.given_kana, '') AS kana, {}",
        crate::facts::high_school_columns()
    )
}

pub(crate) fn line(row: &Row) -> Result<ListLine, StorageError> {
    let member = FigureMember {
        person: row.opt_id("person_id")?,
        counted: row.flag("counted")?,
        via: row.text("via")?,
        reasons: row.json("reasons")?,
    };
    let cohort = row.opt_int("cohort")?.and_then(|year| i32::try_from(year).ok()).map(FiscalYear);
    Ok(ListLine {
        member,
        name: row.text("name")?.trim().to_owned(),
        kana: row.text("kana")?.trim().to_owned(),
        cohort,
        school: row.opt_id("school")?,
    })
}

impl Reader {
    /// How many lines of a figure's list a filter lets through.
    pub async fn figure_lines_count(&mut self, id: FigureId, filter: &ListFilter) -> Result<i64, StorageError> {
        let mut args = args![id];
        let condition = filter.condition(&mut args);
        self.count(&format!("SELECT count(*) AS n FROM figure_member m WHERE {condition}"), args).await
    }

    /// Lines of a figure's list by kana.
    pub async fn figure_lines(
        &mut self,
        id: FigureId,
        filter: &ListFilter,
        most: i64,
        skip: i64,
    ) -> Result<Vec<ListLine>, StorageError> {
        let mut args = args![id, most, skip];
        let condition = filter.condition(&mut args);
        let way = match filter.order {
            KanaOrder::Rising => "ASC",
            KanaOrder::Falling => "DESC",
        };
        let sql = format!(
            "SELECT {} FROM {LINES} WHERE {condition} ORDER BY coalesce(p.kana_key, '') {way}, m.position {way} LIMIT $3 OFFSET $4",
            line_columns()
        );
        self.rows(&sql, args).await?.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_frozen_before_names_were_kept_reads() {
        let nobody = uuid::Uuid::nil();
        let old = serde_json::json!({
            "id": nobody, "indicator": nobody, "fiscal_year": 2024,
            "as_of": { "date": "2025-03-31", "instant": 1_743_433_199_999_999_i64 }, "computed_at": 1_745_000_000_000_000_i64,
            "rule": "everyone", "rule_hash": "0", "people": 3,
            "denominators": [{ "slug": "plan", "people": 6, "provenance": "derived" }],
            "target": { "people": 990, "bound": "exactly" },
        });
        let read: Draft = serde_json::from_value(old).unwrap();
        assert_eq!((read.named.as_ref(), read.denominators[0].name.as_str()), (None, ""));
        assert_eq!(read.rate("plan").unwrap().to_string(), "50.0");
    }
}
