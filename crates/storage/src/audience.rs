//! Audiences: how many people a rule lets in, some of them, and all of them page by page. Persons merged or erased are in no
//! audience. Leaves the rule's meaning to `rule_sql`, why others of the same rule are left out to `tally`, and freezing an
//! audience to `delivery`.

use tsunagari_kernel::{Moment, PersonId};
use tsunagari_people::{ContactKind, PersonFact, Policy, Purpose};
use tsunagari_rules::ast::{Checked, Expr, Rule, Test};

use crate::error::StorageError;
use crate::facts;
use crate::rule_sql::{Compiler, Predicate, Question, Slip};
use crate::sql::Arg;
use crate::store::Reader;

/// Whom a message is for: a rule, and reach for a purpose through some kinds of contact points.
#[derive(Debug, Clone, Copy)]
pub struct Audience<'q> {
    /// The rule. Conditions `reachable(…)` and `reachable_by(…)` at its top are its reach part.
    pub rule: &'q Rule<Checked>,
    /// Reach for this purpose is asked too; `None`: only what the rule itself says.
    pub purpose: Option<&'q Purpose>,
    /// Through these kinds; none named: through any.
    pub through: &'q [ContactKind],
    /// The moment.
    pub at: &'q Moment,
    /// The organisation's settings.
    pub policy: &'q Policy,
}

impl<'q> Audience<'q> {
    /// Everybody a rule lets in, reachable or not.
    pub const fn of_rule(rule: &'q Rule<Checked>, at: &'q Moment, policy: &'q Policy) -> Self {
        Self { rule, purpose: None, through: &[], at, policy }
    }

    /// The condition on `person_state p`, where erased persons have no row; `bound` are the statement's arguments from `$2`
    /// on.
    pub(crate) fn over_state(&self, bound: Vec<Arg>) -> Result<Predicate, StorageError> {
        let mut c = Compiler::after(bound, self.at, self.policy);
        let sql = c.either(|c| {
            let rule = c.expr(self.rule.expr())?;
            Ok(match self.purpose {
                Some(purpose) => format!("({rule} AND {})", facts::through(c, purpose, self.through)),
                None => rule,
            })
        })?;
        c.done(format!("p.merged_into IS NULL AND {sql}"))
    }

    /// The rule's conditions without its reach part, and that part.
    pub(crate) fn parts(&self) -> (Vec<&'q Expr<Test>>, Vec<&'q Expr<Test>>) {
        let parts = match self.rule.expr() {
            Expr::And(parts) => parts.iter().collect(),
            one @ (Expr::Everyone | Expr::Test(_) | Expr::Or(_) | Expr::Not(_)) => vec![one],
        };
        parts.into_iter().partition(|part| purpose_of(part).is_none())
    }

    /// The purpose asked for: the given one, or the first of the rule's own reach part.
    pub(crate) fn asked(&self) -> Option<Purpose> {
        self.purpose.cloned().or_else(|| self.parts().1.into_iter().find_map(purpose_of))
    }
}

fn purpose_of(part: &Expr<Test>) -> Option<Purpose> {
    let Expr::Test(test) = part else { return None };
    match PersonFact::of(&test.call)? {
        PersonFact::Reachable(purpose) | PersonFact::ReachableBy(purpose, _) => Some(purpose),
        PersonFact::Age
        | PersonFact::BirthDate
        | PersonFact::Cohort
        | PersonFact::CohortAge
        | PersonFact::HighSchool
        | PersonFact::SchoolKind
        | PersonFact::StudyYear
        | PersonFact::LifeStage
        | PersonFact::JobHunting
        | PersonFact::ResidencePrefecture
        | PersonFact::ResidenceMunicipality
        | PersonFact::ResidenceAbroad
        | PersonFact::Tie(_)
        | PersonFact::HadTie(_)
        | PersonFact::Outcome(_)
        | PersonFact::Interest
        | PersonFact::Consent(_)
        | PersonFact::Reason(..)
        | PersonFact::HasContact(_)
        | PersonFact::Locale
        | PersonFact::GuardianKnown => None,
    }
}

impl Reader {
    /// How many people are in an audience.
    pub async fn count_audience(&mut self, audience: &Audience<'_>) -> Result<i64, StorageError> {
        let it = audience.over_state(vec![])?;
        self.count(&format!("SELECT count(*) AS n FROM person_state p WHERE p.org_id = $1 AND {}", it.sql), it.args)
            .await
    }

    /// The first people of an audience by id, beginning after one already seen.
    pub async fn audience_members(
        &mut self,
        audience: &Audience<'_>,
        after: Option<PersonId>,
        limit: u32,
    ) -> Result<Vec<PersonId>, StorageError> {
        let after = after.map_or(uuid::Uuid::nil(), |person| person.0);
        let it = audience.over_state(vec![Arg::from(after), Arg::from(limit)])?;
        let sql = format!(
            "SELECT p.person_id FROM person_state p WHERE p.org_id = $1 AND p.person_id > $2 AND {} ORDER BY p.person_id LIMIT $3",
            it.sql
        );
        self.rows(&sql, it.args).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// Ten people of an audience; nobody whose address is protected, because the rule may tell where they are.
    pub async fn audience_sample(&mut self, audience: &Audience<'_>) -> Result<Vec<PersonId>, StorageError> {
        let it = audience.over_state(vec![])?;
        let sql = format!(
            "SELECT p.person_id FROM person_state p WHERE p.org_id = $1 AND NOT EXISTS (SELECT 1 FROM person q WHERE q.org_id = $1 \
             AND q.person_id = p.person_id AND q.address_protected = 1) AND {} ORDER BY p.person_id LIMIT 10",
            it.sql
        );
        self.rows(&sql, it.args).await?.iter().map(|row| row.id("person_id")).collect()
    }

    /// Everybody kept, merged or not, whom a rule lets in, by id: what figures list and what the property test compares.
    pub async fn people_matching(
        &mut self,
        question: &Question<'_>,
        slip: Slip,
    ) -> Result<Vec<PersonId>, StorageError> {
        let it = crate::rule_sql::predicate(question, vec![], slip)?;
        let sql =
            format!("SELECT p.person_id FROM person_state p WHERE p.org_id = $1 AND {} ORDER BY p.person_id", it.sql);
        self.rows(&sql, it.args).await?.iter().map(|row| row.id("person_id")).collect()
    }
}

/// All of some conditions.
pub(crate) fn conditions(c: &mut Compiler<'_>, parts: &[&Expr<Test>]) -> Result<String, StorageError> {
    let parts = parts.iter().map(|part| c.expr(part)).collect::<Result<Vec<_>, _>>()?;
    Ok(if parts.is_empty() { "TRUE".to_owned() } else { format!("({})", parts.join(" AND ")) })
}
