//! The applications of a round as the office's work list shows them: who, where it stands, since when; a page at a time in the
//! order in which they came. Leaves single ones to `application`.

use tsunagari_kernel::{ApplicationId, ProgrammeId, RoundId, Timestamp};

use crate::application::{COLUMNS, KeptApplication, read};
use crate::args;
use crate::error::StorageError;
use crate::sql::{Arg, Row, placeholders};
use crate::store::Reader;

/// A line of the work list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationLine {
    /// The application.
    pub application: KeptApplication,
    /// The applicant's name; empty once they were erased.
    pub name: String,
    /// Its reading.
    pub kana: String,
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// Where they stand, by the codes of `Place`; all where none is named.
    pub places: Vec<String>,
    /// At this venue alone.
    pub venue: Option<u16>,
    /// What the conditions came to, by its code; all where none is named.
    pub judged: Option<String>,
}

impl ApplicationFilter {
    /// The condition in SQL and its values, from `$first`.
    fn sql(&self, first: usize) -> (String, Vec<Arg>) {
        let (mut sql, mut values) = (String::new(), Vec::new());
        if !self.places.is_empty() {
            sql.push_str(&format!(" AND a.stands IN {}", placeholders(first, self.places.len())));
            values.extend(self.places.iter().map(Arg::from));
        }
        if let Some(venue) = self.venue {
            values.push(i32::from(venue).into());
            sql.push_str(&format!(" AND a.venue_no = ${}", first + values.len() - 1));
        }
        if let Some(judged) = &self.judged {
            values.push(judged.into());
            sql.push_str(&format!(" AND a.judged = ${}", first + values.len() - 1));
        }
        (sql, values)
    }
}

/// How many applications of a round wait for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDecide {
    /// The programme.
    pub programme: ProgrammeId,
    /// The round.
    pub round: RoundId,
    /// Its title.
    pub title: String,
    /// How many.
    pub count: i64,
}

impl Reader {
    /// The rounds, announced or finished, with applications about which nothing is decided; the oldest first.
    pub async fn applications_to_decide(&mut self) -> Result<Vec<ToDecide>, StorageError> {
        let sql = "SELECT r.programme_id, r.round_id, r.title, count(*) AS n FROM programme_round r \
                   JOIN application a ON a.org_id = r.org_id AND a.round_id = r.round_id AND a.stands = 'asked' \
                   WHERE r.org_id = $1 AND r.stage IN ('announced', 'finished') \
                   GROUP BY r.programme_id, r.round_id, r.title, r.opens_at ORDER BY r.opens_at, r.round_id";
        let read = |row: &Row| {
            let (programme, round) = (row.id("programme_id")?, row.id("round_id")?);
            Ok(ToDecide { programme, round, title: row.text("title")?, count: row.int("n")? })
        };
        self.rows(sql, args![]).await?.iter().map(read).collect()
    }

    /// A page of a round's applications after one of them, in the order in which they came.
    pub async fn application_lines(
        &mut self,
        round: RoundId,
        filter: &ApplicationFilter,
        after: Option<ApplicationId>,
        most: i64,
    ) -> Result<Vec<ApplicationLine>, StorageError> {
        let (condition, values) = filter.sql(5);
        let from = after.unwrap_or(ApplicationId(uuid::Uuid::nil()));
        let sql = format!(
            "SELECT {COLUMNS}, p.family, p.given, p.family_kana, p.given_kana FROM application a \
             LEFT JOIN person p ON p.org_id = a.org_id AND p.person_id = a.applicant_id \
             WHERE a.org_id = $1 AND a.round_id = $2 AND a.application_id > $3{condition} ORDER BY a.application_id LIMIT $4"
        );
        let rows = self.rows(&sql, args![round, from, most].into_iter().chain(values).collect()).await?;
        let words = |row: &Row, family: &str, given: &str| -> Result<String, StorageError> {
            let part = |column| Ok::<_, StorageError>(row.opt_text(column)?.unwrap_or_default());
            Ok(format!("{} {}", part(family)?, part(given)?).trim().to_owned())
        };
        rows.iter()
            .map(|row| {
                let (name, kana) = (words(row, "family", "given")?, words(row, "family_kana", "given_kana")?);
                Ok(ApplicationLine { application: read(row)?, name, kana })
            })
            .collect()
    }

    /// How many of a round's applications stand where, by the codes of `Place`.
    pub async fn applications_by_place(&mut self, round: RoundId) -> Result<Vec<(String, i64)>, StorageError> {
        let sql = "SELECT stands, count(*) AS n FROM application WHERE org_id = $1 AND round_id = $2 GROUP BY stands ORDER BY stands";
        let rows = self.rows(sql, args![round]).await?;
        rows.iter().map(|row| Ok((row.text("stands")?, row.int("n")?))).collect()
    }

    /// Who waits on a round's list, in their order, and for which venue; at most `most`.
    pub async fn waiting_list(
        &mut self,
        round: RoundId,
        most: i64,
    ) -> Result<Vec<(ApplicationId, Option<u16>)>, StorageError> {
        let sql = "SELECT application_id, venue_no FROM application WHERE org_id = $1 AND round_id = $2 AND stands = 'waiting' \
                   ORDER BY wait_order, application_id LIMIT $3";
        let rows = self.rows(sql, args![round, most]).await?;
        let venue = |row: &Row| row.opt_int("venue_no")?.map(|_| row.small("venue_no")).transpose();
        rows.iter().map(|row| Ok((row.id("application_id")?, venue(row)?))).collect()
    }

    /// Offers whose time is over, at most `most`.
    pub async fn offers_run_out(
        &mut self,
        now: Timestamp,
        most: i64,
    ) -> Result<Vec<(ApplicationId, RoundId)>, StorageError> {
        let sql = "SELECT application_id, round_id FROM application WHERE org_id = $1 AND stands = 'offered' AND offered_until <= $2 \
                   ORDER BY offered_until, application_id LIMIT $3";
        let rows = self.rows(sql, args![now, most]).await?;
        rows.iter().map(|row| Ok((row.id("application_id")?, row.id("round_id")?))).collect()
    }
}
