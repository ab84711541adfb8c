//! What stands behind a figure before it is frozen: everybody its rule knows, each counted or not, through what or why not;
//! and the same people by the year they leave high school in. One statement with the rules' own SQL, so a list and its
//! number cannot differ. Leaves frozen lists to `figure`.

use tsunagari_kernel::{FiscalYear, Moment, PersonId};
use tsunagari_people::{ContactKind, PersonFact, Policy, Purpose, ReachReason};
use tsunagari_rules::{Checked, Rule};

use crate::audience::{Audience, IN_USE};
use crate::error::StorageError;
use crate::facts::{self, FactSql};
use crate::figure::FigureMember;
use crate::rule_sql::Compiler;
use crate::sql::Row;
use crate::store::Reader;

/// Whose list is asked for.
#[derive(Debug, Clone, Copy)]
pub struct FigureQuestion<'q> {
    /// Everybody the figure speaks of, reached or not.
    pub known: &'q Rule<Checked>,
    /// Who of them is counted.
    pub counted: &'q Rule<Checked>,
    /// Reach for this purpose tells through what and why not.
    pub purpose: &'q Purpose,
    /// The moment.
    pub at: &'q Moment,
    /// The organisation's settings.
    pub policy: &'q Policy,
}

fn truth(c: &mut Compiler<'_>, fact: &PersonFact) -> String {
    match facts::sql(c, fact) {
        FactSql::Truth(sql) => sql,
        FactSql::Scalar(_) | FactSql::Id(_) | FactSql::Set(_) | FactSql::Listed(_) | FactSql::Age => "FALSE".to_owned(),
    }
}

fn member(row: &Row) -> Result<FigureMember, StorageError> {
    let (mut via, mut reasons) = (Vec::new(), Vec::new());
    for kind in ContactKind::ALL {
        if row.flag(&format!("via_{}", kind.code()))? {
            via.push(kind.code());
        }
    }
    for reason in ReachReason::ALL {
        if row.flag(&format!("why_{}", reason.code()))? {
            reasons.push(reason.code().to_owned());
        }
    }
    let counted = row.flag("counted")?;
    Ok(FigureMember { person: Some(row.id("person_id")?), counted, via: via.join(" "), reasons })
}

impl Reader {
    /// A page of the list, by id, after a person.
    pub async fn figure_list(
        &mut self,
        question: &FigureQuestion<'_>,
        after: Option<PersonId>,
        most: u32,
    ) -> Result<Vec<FigureMember>, StorageError> {
        let mut c = Compiler::after(vec![], question.at, question.policy);
        let after = c.bind(after.map_or(uuid::Uuid::nil(), |person| person.0));
        let most = c.bind(most);
        let known = c.rule(question.known.expr())?;
        let counted = c.expr(question.counted.expr())?;
        let mut columns = Vec::new();
        for kind in ContactKind::ALL {
            let sql = truth(&mut c, &PersonFact::ReachableBy(question.purpose.clone(), *kind));
            let code = kind.code();
            columns.push(format!("CASE WHEN k.counted = 1 AND {sql} THEN 1 ELSE 0 END AS via_{code}"));
        }
        for reason in ReachReason::ALL {
            let sql = truth(&mut c, &PersonFact::Reason(*reason, question.purpose.clone()));
            let code = reason.code();
            columns.push(format!("CASE WHEN k.counted = 0 AND {sql} THEN 1 ELSE 0 END AS why_{code}"));
        }
        let it = c.done(String::new())?;
        let sql = format!(
            "SELECT p.person_id, k.counted, {} FROM (SELECT p.person_id, CASE WHEN {counted} THEN 1 ELSE 0 END AS counted \
             FROM person p WHERE p.org_id = $1 AND p.person_id > {after} AND {IN_USE} AND {known} \
             ORDER BY p.person_id LIMIT {most}) k JOIN person p ON p.org_id = $1 AND p.person_id = k.person_id ORDER BY p.person_id",
            columns.join(", ")
        );
        self.rows(&sql, it.args).await?.iter().map(member).collect()
    }

    /// How many people of an audience leave high school in each fiscal year, the oldest first; those of whom it is not
    /// known last.
    pub async fn audience_by_cohort(
        &mut self,
        audience: &Audience<'_>,
    ) -> Result<Vec<(Option<FiscalYear>, i64)>, StorageError> {
        let mut c = Compiler::after(vec![], audience.at, audience.policy);
        let FactSql::Scalar(cohort) = facts::sql(&mut c, &PersonFact::Cohort) else { return Ok(Vec::new()) };
        let it = audience.predicate(vec![])?;
        let sql = format!(
            "SELECT x.cohort, count(*) AS n FROM (SELECT {cohort} AS cohort FROM person p WHERE p.org_id = $1 AND {}) x GROUP BY x.cohort",
            it.sql
        );
        let rows = self.rows(&sql, it.args).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let year = row.opt_int("cohort")?.and_then(|year| i32::try_from(year).ok()).map(FiscalYear);
            found.push((year, row.int("n")?));
        }
        found.sort_by_key(|(year, _)| (year.is_none(), *year));
        Ok(found)
    }
}
