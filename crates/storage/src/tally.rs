//! What one walk over the people says of an audience: how many it lets in, how many others its rule means but are not reached
//! and every reason of theirs, and both by the year they leave high school in. One statement, so that the numbers of a page
//! cannot contradict each other. Leaves who they are to `audience` and `figure_list`.

use tsunagari_kernel::FiscalYear;
use tsunagari_people::{PersonFact, ReachReason};
use tsunagari_rules::ast::{Expr, Test};

use crate::audience::{Audience, conditions};
use crate::error::StorageError;
use crate::facts::{self, FactSql};
use crate::person_state::sign_bit;
use crate::rule_sql::Compiler;
use crate::sql::{Arg, Row};
use crate::store::Reader;

/// Who matches a rule but for reach, and why they are not reached. A person may have several reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusions {
    /// How many people.
    pub people: i64,
    /// How many of them each reason applies to; reasons that apply to nobody are left out.
    pub by_reason: Vec<(ReachReason, i64)>,
    /// Reachable, but only through kinds of contact points not asked for.
    pub other_channel: i64,
}

/// An audience in numbers. Nobody is left out where neither the audience nor its rule asks for reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// People the audience lets in.
    pub people: i64,
    /// The others its rule means.
    pub left_out: Exclusions,
}

/// The people of an audience's rule who leave high school at the end of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohortTally {
    /// Which; `None`: not known.
    pub cohort: Option<FiscalYear>,
    /// All of them, reached or not.
    pub known: i64,
    /// Those the audience lets in.
    pub reached: i64,
}

/// Keeps the walk a walk: without it a database takes the outer sums apart and asks every condition once for each of them.
const FENCE: &str = "LIMIT 9223372036854775807";

/// The walk over those the rule means, with the cohort and `mask`, every reason that applies; and what is summed up over it.
struct Walk {
    rows: String,
    sums: String,
    args: Vec<Arg>,
}

impl Walk {
    fn of(audience: &Audience<'_>) -> Result<Self, StorageError> {
        let mut c = Compiler::after(vec![], audience.at, audience.policy);
        let (who, reach) = audience.parts();
        let purpose = audience.asked();
        let meant = c.either(|c| conditions(c, &who))?;
        let mask = match &purpose {
            None => "0".to_owned(),
            Some(purpose) => c.either_value(|c| facts::reasons(c, purpose)),
        };
        // Reachable through anything is the same as: no reason that keeps from it.
        let reachable = format!("(x.mask & {}) = 0", keeping(audience));
        let only_that = |part: &&Expr<Test>| {
            let Expr::Test(test) = part else { return false };
            matches!(PersonFact::of(&test.call), Some(PersonFact::Reachable(it)) if Some(&it) == purpose.as_ref())
        };
        let (hit, is_hit) = if audience.through.is_empty() && reach.iter().all(only_that) {
            ("0".to_owned(), reachable.clone())
        } else {
            let hit = c.either(|c| {
                let own = conditions(c, &reach)?;
                Ok(match audience.purpose {
                    Some(purpose) => format!("({own} AND {})", facts::through(c, purpose, audience.through)),
                    None => own,
                })
            })?;
            (format!("CASE WHEN {hit} THEN 1 ELSE 0 END"), "x.hit = 1".to_owned())
        };
        let cohort = c.either_value(|c| match facts::sql(c, &PersonFact::Cohort) {
            FactSql::Scalar(sql) => sql,
            FactSql::Id(_) | FactSql::Truth(_) | FactSql::Set(_) | FactSql::Listed(_) | FactSql::Age => {
                "NULL".to_owned()
            }
        });
        let it = c.done(String::new())?;
        let rows = format!(
            "(SELECT {cohort} AS cohort, {hit} AS hit, {mask} AS mask FROM person_state p \
             WHERE p.org_id = $1 AND p.merged_into IS NULL AND {meant} {FENCE}) x"
        );
        let mut sums = vec![
            "count(*) AS known".to_owned(),
            sum(&is_hit, "hits"),
            sum(&format!("NOT ({is_hit}) AND {reachable}"), "others"),
        ];
        for reason in ReachReason::ALL {
            let applies = format!("NOT ({is_hit}) AND (x.mask & {}) <> 0", sign_bit(*reason));
            sums.push(sum(&applies, reason.code()));
        }
        Ok(Self { rows, sums: sums.join(", "), args: it.args })
    }
}

/// The reasons that keep from being reachable under a policy: all but being stale where stale points count.
fn keeping(audience: &Audience<'_>) -> i64 {
    let all = ReachReason::ALL.iter().fold(0, |bits, reason| bits | sign_bit(*reason));
    if audience.policy.reach.stale_counts { all & !sign_bit(ReachReason::Stale) } else { all }
}

fn sum(what: &str, name: &str) -> String {
    format!("CAST(coalesce(sum(CASE WHEN {what} THEN 1 ELSE 0 END), 0) AS bigint) AS {name}")
}

fn add(tally: &mut Tally, row: &Row) -> Result<(), StorageError> {
    let hits = row.int("hits")?;
    tally.people += hits;
    let left = &mut tally.left_out;
    left.people += row.int("known")? - hits;
    left.other_channel += row.int("others")?;
    for reason in ReachReason::ALL {
        match (row.int(reason.code())?, left.by_reason.iter_mut().find(|(other, _)| other == reason)) {
            (0, _) => {}
            (n, Some((_, sum))) => *sum += n,
            (n, None) => left.by_reason.push((*reason, n)),
        }
    }
    Ok(())
}

impl Reader {
    /// Counts an audience and who of its rule is left out, with every reason.
    pub async fn tally(&mut self, audience: &Audience<'_>) -> Result<Tally, StorageError> {
        let it = Walk::of(audience)?;
        let sql = format!("SELECT {} FROM {}", it.sums, it.rows);
        let mut tally = Tally::default();
        add(&mut tally, &self.one("tally", &sql, it.args).await?)?;
        Ok(tally)
    }

    /// The same, and the people by the fiscal year they leave high school in, the oldest first; those of whom it is not known
    /// last.
    pub async fn tally_by_cohort(
        &mut self,
        audience: &Audience<'_>,
    ) -> Result<(Tally, Vec<CohortTally>), StorageError> {
        let it = Walk::of(audience)?;
        let sql = format!("SELECT x.cohort, {} FROM {} GROUP BY x.cohort", it.sums, it.rows);
        let rows = self.rows(&sql, it.args).await?;
        let (mut tally, mut cohorts) = (Tally::default(), Vec::with_capacity(rows.len()));
        for row in &rows {
            add(&mut tally, row)?;
            let cohort = row.opt_int("cohort")?.and_then(|year| i32::try_from(year).ok()).map(FiscalYear);
            cohorts.push(CohortTally { cohort, known: row.int("known")?, reached: row.int("hits")? });
        }
        cohorts.sort_by_key(|line| (line.cohort.is_none(), line.cohort));
        let place = |reason: &ReachReason| ReachReason::ALL.iter().position(|it| it == reason);
        tally.left_out.by_reason.sort_by_key(|(reason, _)| place(reason));
        Ok((tally, cohorts))
    }
}
