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
use crate::sql::{Arg, FENCE, Row};
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

/// The low bits of a key: one for each reason.
const REASONS: u32 = ReachReason::ALL.len() as u32;

/// The walk over those the rule means: people alike (same cohort, let in or not, same reasons) counted together by one whole
/// number, which sorts at a fraction of what a sum for each reason costs.
struct Walk {
    sql: String,
    args: Vec<Arg>,
    /// Who is let in stands in the key; otherwise it is whoever no reason keeps from being reached.
    told: bool,
    keeping: i64,
}

/// People alike.
struct Alike {
    cohort: Option<FiscalYear>,
    hit: bool,
    /// Reachable through whatever, if perhaps not through what was asked for.
    reachable: bool,
    mask: i64,
    people: i64,
}

impl Walk {
    fn of(audience: &Audience<'_>, by_cohort: bool) -> Result<Self, StorageError> {
        let mut c = Compiler::after(vec![], audience.at, audience.policy);
        let (who, reach) = audience.parts();
        let purpose = audience.asked();
        let meant = c.either(|c| conditions(c, &who))?;
        let mask = match &purpose {
            None => "0".to_owned(),
            Some(purpose) => c.either_value(|c| facts::reasons(c, purpose)),
        };
        let only_that = |part: &&Expr<Test>| {
            let Expr::Test(test) = part else { return false };
            matches!(PersonFact::of(&test.call), Some(PersonFact::Reachable(it)) if Some(&it) == purpose.as_ref())
        };
        let told = !(audience.through.is_empty() && reach.iter().all(only_that));
        let hit = if told {
            let hit = c.either(|c| {
                let own = conditions(c, &reach)?;
                Ok(match audience.purpose {
                    Some(purpose) => format!("({own} AND {})", facts::through(c, purpose, audience.through)),
                    None => own,
                })
            })?;
            format!("CASE WHEN {hit} THEN 1 ELSE 0 END")
        } else {
            "0".to_owned()
        };
        let cohort = if by_cohort { c.either_value(cohort) } else { "0".to_owned() };
        let it = c.done(String::new())?;
        let key = format!(
            "CAST((coalesce({cohort}, 0) * 2 + {hit}) AS bigint) * {} + CAST({mask} AS bigint)",
            1_i64 << REASONS
        );
        let sql = format!(
            "SELECT x.alike, count(*) AS people FROM (SELECT {key} AS alike FROM person_state p \
             WHERE p.org_id = $1 AND p.merged_into IS NULL AND {meant} {FENCE}) x GROUP BY x.alike"
        );
        Ok(Self { sql, args: it.args, told, keeping: keeping(audience) })
    }

    fn alike(&self, row: &Row) -> Result<Alike, StorageError> {
        let (key, people) = (row.int("alike")?, row.int("people")?);
        let (mask, rest) = (key & ((1 << REASONS) - 1), key >> REASONS);
        // Reachable through anything is the same as: no reason that keeps from it.
        let reachable = mask & self.keeping == 0;
        let year = i32::try_from(rest >> 1).ok().filter(|year| *year != 0);
        let hit = if self.told { rest & 1 == 1 } else { reachable };
        Ok(Alike { cohort: year.map(FiscalYear), hit, reachable, mask, people })
    }
}

fn cohort(c: &mut Compiler<'_>) -> String {
    match facts::sql(c, &PersonFact::Cohort) {
        FactSql::Scalar(sql) => sql,
        FactSql::Id(_) | FactSql::Truth(_) | FactSql::Set(_) | FactSql::Listed(_) | FactSql::Age => "NULL".to_owned(),
    }
}

/// The reasons that keep from being reachable under a policy: all but being stale where stale points count.
fn keeping(audience: &Audience<'_>) -> i64 {
    let all = ReachReason::ALL.iter().fold(0, |bits, reason| bits | sign_bit(*reason));
    if audience.policy.reach.stale_counts { all & !sign_bit(ReachReason::Stale) } else { all }
}

impl Tally {
    fn add(&mut self, it: &Alike) {
        if it.hit {
            self.people += it.people;
            return;
        }
        let left = &mut self.left_out;
        left.people += it.people;
        left.other_channel += if it.reachable { it.people } else { 0 };
        for reason in ReachReason::ALL.iter().filter(|reason| it.mask & sign_bit(**reason) != 0) {
            match left.by_reason.iter_mut().find(|(other, _)| other == reason) {
                Some((_, sum)) => *sum += it.people,
                None => left.by_reason.push((*reason, it.people)),
            }
        }
    }

    fn sorted(mut self) -> Self {
        self.left_out.by_reason.sort_by_key(|(reason, _)| sign_bit(*reason));
        self
    }
}

impl CohortTally {
    fn add(all: &mut Vec<Self>, it: &Alike) {
        let hits = if it.hit { it.people } else { 0 };
        match all.iter_mut().find(|line| line.cohort == it.cohort) {
            Some(line) => (line.known, line.reached) = (line.known + it.people, line.reached + hits),
            None => all.push(Self { cohort: it.cohort, known: it.people, reached: hits }),
        }
    }
}

impl Reader {
    /// Counts an audience and who of its rule is left out, with every reason.
    pub async fn tally(&mut self, audience: &Audience<'_>) -> Result<Tally, StorageError> {
        Ok(self.walked(audience, false).await?.0)
    }

    /// The same, and the people by the fiscal year they leave high school in, the oldest first; those of whom it is not known
    /// last.
    pub async fn tally_by_cohort(
        &mut self,
        audience: &Audience<'_>,
    ) -> Result<(Tally, Vec<CohortTally>), StorageError> {
        let (tally, mut cohorts) = self.walked(audience, true).await?;
        cohorts.sort_by_key(|line| (line.cohort.is_none(), line.cohort));
        Ok((tally, cohorts))
    }

    async fn walked(
        &mut self,
        audience: &Audience<'_>,
        by_cohort: bool,
    ) -> Result<(Tally, Vec<CohortTally>), StorageError> {
        let walk = Walk::of(audience, by_cohort)?;
        let rows = self.rows(&walk.sql, walk.args.clone()).await?;
        let (mut tally, mut cohorts) = (Tally::default(), Vec::new());
        for row in &rows {
            let alike = walk.alike(row)?;
            tally.add(&alike);
            CohortTally::add(&mut cohorts, &alike);
        }
        Ok((tally.sorted(), cohorts))
    }
}
