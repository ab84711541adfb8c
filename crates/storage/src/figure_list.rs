//! What stands behind a figure before it is frozen: everybody its rule knows, each counted or not, through what or why not.
//! One statement with the rules' own SQL, so a list and its number cannot differ. Leaves the numbers to `tally` and frozen
//! lists to `figure`.

use tsunagari_kernel::{Moment, PersonId};
use tsunagari_people::{ContactKind, Policy, Purpose, ReachReason};
use tsunagari_rules::{Checked, Rule};

use crate::error::StorageError;
use crate::facts;
use crate::figure::FigureMember;
use crate::person_state::sign_bit;
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

fn member(row: &Row) -> Result<FigureMember, StorageError> {
    let (mut via, mut reasons) = (Vec::new(), Vec::new());
    for kind in ContactKind::ALL {
        if row.flag(&format!("via_{}", kind.code()))? {
            via.push(kind.code());
        }
    }
    let mask = row.int("mask")?;
    reasons.extend(ReachReason::ALL.iter().filter(|it| mask & sign_bit(**it) != 0).map(|it| it.code().to_owned()));
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
        let known = c.either(|c| c.expr(question.known.expr()))?;
        let counted = c.either(|c| c.expr(question.counted.expr()))?;
        let purpose = question.purpose;
        let mut columns = Vec::new();
        for kind in ContactKind::ALL {
            let reached = c.either(|c| Ok(facts::through(c, purpose, &[*kind])))?;
            columns.push(format!("CASE WHEN k.counted = 1 AND {reached} THEN 1 ELSE 0 END AS via_{}", kind.code()));
        }
        let mask = c.either_value(|c| facts::reasons(c, purpose));
        let it = c.done(String::new())?;
        let sql = format!(
            "SELECT p.person_id, k.counted, {}, CASE WHEN k.counted = 0 THEN {mask} ELSE 0 END AS mask \
             FROM (SELECT p.person_id, CASE WHEN {counted} THEN 1 ELSE 0 END AS counted FROM person_state p \
             WHERE p.org_id = $1 AND p.person_id > {after} AND p.merged_into IS NULL AND {known} ORDER BY p.person_id LIMIT {most}) k \
             JOIN person_state p ON p.org_id = $1 AND p.person_id = k.person_id ORDER BY p.person_id",
            columns.join(", ")
        );
        self.rows(&sql, it.args).await?.iter().map(member).collect()
    }
}
