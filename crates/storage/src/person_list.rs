//! The office's list of people: page by page in the order of kana, with filters and search by name or kana from the
//! first character on. Leaves audiences to `audience` and a person's card to `person_record`.

use chrono::NaiveDate;
use tsunagari_kernel::{FiscalYear, PersonId, SchoolId, TeamId, names};

use crate::error::StorageError;
use crate::facts::high_school_columns;
use crate::sql::{Arg, FENCE, Row};
use crate::store::Reader;

/// Whom a list is of. What a rule let in tells of everybody in it what the rule says, where they are among it: such a list
/// names nobody who is protected (docs/decisions/0010).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Naming {
    /// Of everybody.
    #[default]
    Everybody,
    /// Of those who are not protected.
    Open,
    /// Of the protected ones: to be counted, not shown.
    Protected,
}

/// What becomes of those who are known only because they are somebody's guardian: no tie of their own is recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Guardians {
    /// They stand among the others.
    #[default]
    Among,
    /// They are left out.
    Without,
    /// Only they are listed.
    Only,
}

/// A guardian of somebody.
const GUARDIAN: &str = "p.person_id IN (SELECT g.guardian_id FROM guardianship g WHERE g.org_id = $1)";
/// Somebody with a tie of their own.
const OWN_TIE: &str =
    "EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = p.person_id AND t.kind <> 'guardian')";
/// The same as both, asked of one person at a time.
const ONLY_GUARDIAN: &str = "(EXISTS (SELECT 1 FROM guardianship g WHERE g.org_id = $1 AND g.guardian_id = p.person_id) AND NOT \
    EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = p.person_id AND t.kind <> 'guardian'))";

/// Which people to list; what is not set does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// Part of the name or of its kana, as typed.
    pub text: Option<String>,
    /// A stay at this high school.
    pub school: Option<SchoolId>,
    /// Leaving high school at the end of this fiscal year.
    pub cohort: Option<FiscalYear>,
    /// Looked after by this team.
    pub team: Option<TeamId>,
    /// Whom it may name.
    pub naming: Naming,
    /// Whether those known only as guardians are among them.
    pub guardians: Guardians,
}

/// Where a page begins: after the last person of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageKey {
    /// The kana in the form it is sorted in.
    pub kana_key: String,
    /// The person.
    pub person: PersonId,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// Who.
    pub id: PersonId,
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family name in kana.
    pub family_kana: String,
    /// Given name in kana.
    pub given_kana: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// The fiscal year of leaving high school.
    pub cohort: Option<FiscalYear>,
    /// The high school.
    pub school: Option<SchoolId>,
    /// The team that looks after the person.
    pub team: Option<TeamId>,
    /// A protected address.
    pub address_protected: bool,
    /// Known only because of a child.
    pub only_guardian: bool,
    /// The key of the page after this line.
    pub key: PageKey,
}

pub(crate) fn read(row: &Row) -> Result<PersonLine, StorageError> {
    let id = row.id("person_id")?;
    Ok(PersonLine {
        id,
        family: row.text("family")?,
        given: row.text("given")?,
        family_kana: row.text("family_kana")?,
        given_kana: row.text("given_kana")?,
        birth_date: row.opt_date("birth_date")?,
        cohort: row.opt_int("cohort")?.map(|year| FiscalYear(i32::try_from(year).unwrap_or(0))),
        school: row.opt_id("school")?,
        team: row.opt_id("team_id")?,
        address_protected: row.flag("address_protected")?,
        only_guardian: row.flag("only_guardian")?,
        key: PageKey { kana_key: row.text("kana_key")?, person: id },
    })
}

/// The lines of persons found: only theirs are put together, not those of everybody a filter lets through.
pub(crate) fn lines(found: &str, way: &str) -> String {
    format!(
        "SELECT p.person_id, p.family, p.given, p.family_kana, p.given_kana, p.birth_date, p.team_id, p.address_protected, \
         p.kana_key, CASE WHEN {ONLY_GUARDIAN} THEN 1 ELSE 0 END AS only_guardian, {} FROM ({found}) q JOIN person p ON p.org_id = $1 AND p.person_id = q.person_id \
         ORDER BY p.kana_key {way}, p.person_id {way}",
        high_school_columns()
    )
}

/// Whether a search has nothing that could stand in a name or its kana.
pub fn says_nothing(text: &str) -> bool {
    names::query_key(text).is_empty()
}

/// Who has one gram, and each of the others: looked up for those who have the first. As a list of its own for each gram
/// SQLite would write down everybody who has any of them.
fn having_grams(first: &str, others: &[String]) -> String {
    let mut sql = format!("SELECT g.person_id FROM person_gram g WHERE g.org_id = $1 AND g.gram = {first}");
    for other in others {
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM person_gram h WHERE h.org_id = $1 AND h.gram = {other} AND h.person_id = g.person_id)"
        ));
    }
    sql
}

/// The condition of a filter; arguments follow those already bound from `$2` on.
pub(crate) fn condition(filter: &PeopleFilter, args: &mut Vec<Arg>) -> String {
    let mut bind = |arg: Arg| {
        args.push(arg);
        format!("${}", args.len() + 1)
    };
    let mut all = vec!["p.org_id = $1 AND p.merged_into IS NULL AND p.erased_at IS NULL".to_owned()];
    let typed = filter.text.as_deref().filter(|text| !text.trim().is_empty());
    if typed.is_some_and(says_nothing) {
        // What was typed names nobody; it never means everybody.
        all.push("1 = 0".to_owned());
    } else if let Some(text) = typed {
        let key = names::query_key(text);
        let grams: Vec<String> = names::query_grams(text).into_iter().map(|gram| bind(gram.into())).collect();
        if let Some((first, others)) = grams.split_first() {
            all.push(format!("p.person_id IN ({})", having_grams(first, others)));
        }
        // Grams in another order are no match; one character is found at the beginning only, by its own gram.
        if key.chars().count() > 2 {
            let like = bind(format!("%{}%", key.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")).into());
            all.push(format!("(p.name_key LIKE {like} ESCAPE '\\' OR p.kana_key LIKE {like} ESCAPE '\\')"));
        }
    }
    if filter.school.is_some() || filter.cohort.is_some() {
        let mut stay = "SELECT e.person_id FROM enrolment e WHERE e.org_id = $1 AND e.kind = 'high_school'".to_owned();
        if let Some(cohort) = filter.cohort {
            stay.push_str(&format!(" AND e.end_fy = {}", bind(cohort.into())));
        }
        if let Some(school) = filter.school {
            stay.push_str(&format!(" AND e.school_id = {}", bind(school.into())));
        }
        all.push(format!("p.person_id IN ({stay})"));
    }
    match filter.naming {
        Naming::Everybody => {}
        Naming::Open => all.push("p.address_protected = 0".to_owned()),
        Naming::Protected => all.push("p.address_protected = 1".to_owned()),
    }
    match filter.guardians {
        Guardians::Among => {}
        Guardians::Without => all.push(format!("NOT {ONLY_GUARDIAN}")),
        Guardians::Only => all.push(format!("{GUARDIAN} AND NOT {OWN_TIE}")),
    }
    if let Some(team) = filter.team {
        all.push(format!("p.team_id = {}", bind(team.into())));
    }
    all.join(" AND ")
}

impl Reader {
    /// A page of people by kana, at most `limit`.
    pub async fn people_page(
        &mut self,
        filter: &PeopleFilter,
        after: Option<&PageKey>,
        limit: u32,
    ) -> Result<Vec<PersonLine>, StorageError> {
        let mut args = vec![Arg::from(limit)];
        let mut condition = condition(filter, &mut args);
        if let Some(key) = after {
            args.extend([Arg::from(key.kana_key.as_str()), Arg::from(key.person)]);
            let (kana, person) = (args.len(), args.len() + 1);
            condition.push_str(&format!(" AND (p.kana_key, p.person_id) > (${kana}, ${person})"));
        }
        let mut matching = format!("SELECT p.person_id, p.kana_key FROM person p WHERE {condition}");
        if filter.text.is_some() {
            // Names that match stand together in the order of kana: a planner that expects them spread over it walks the
            // order in vain. A limit nobody reaches makes it find them first.
            matching.push_str(&format!(" {FENCE}"));
        }
        let found = format!("SELECT q.person_id FROM ({matching}) q ORDER BY q.kana_key, q.person_id LIMIT $2");
        let sql = lines(&found, "ASC");
        self.rows(&sql, args).await?.iter().map(read).collect()
    }

    /// How many people a filter lets through.
    pub async fn count_people(&mut self, filter: &PeopleFilter) -> Result<i64, StorageError> {
        let mut args = Vec::new();
        let condition = condition(filter, &mut args);
        self.count(&format!("SELECT count(*) AS n FROM person p WHERE {condition}"), args).await
    }
}
