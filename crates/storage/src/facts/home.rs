//! Residence, ties, interests and guardians.

use tsunagari_kernel::age;
use tsunagari_people::{OutcomeKind, TieEnd, TieKind};

use crate::rule_sql::Compiler;

/// A column of the current residence: of those whose span holds the day the latest started, then the larger id.
pub(super) fn current(c: &mut Compiler<'_>, column: &str) -> String {
    let day = c.day();
    let inside = c.inside("r.from_on", "r.until_on", &day);
    format!(
        "(SELECT {column} FROM residence r WHERE r.org_id = $1 AND r.person_id = p.person_id AND {inside} \
         ORDER BY r.from_on DESC, r.residence_id DESC LIMIT 1)"
    )
}

pub(super) fn tie(c: &mut Compiler<'_>, kind: TieKind) -> String {
    let (kind, day) = (c.bind(kind.code()), c.day());
    let inside = c.inside("t.from_on", "t.until_on", &day);
    format!(
        "EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = p.person_id AND t.kind = {kind} AND {inside})"
    )
}

/// Whether the current residence is in another country; NULL without one.
pub(super) fn abroad(c: &mut Compiler<'_>) -> String {
    current(c, "CASE WHEN r.prefecture IS NULL AND r.country <> 'JP' THEN TRUE ELSE FALSE END")
}

/// The same ties as `people::Tie::had_by`.
pub(super) fn had_tie(c: &mut Compiler<'_>, kind: TieKind) -> String {
    let (kind, day) = (c.bind(kind.code()), c.day());
    let inside = c.inside("t.from_on", "t.until_on", &day);
    let gone: Vec<String> =
        TieEnd::ALL.iter().filter(|end| !end.leaves_somebody()).map(|end| format!("'{}'", end.code())).collect();
    format!(
        "EXISTS (SELECT 1 FROM tie t WHERE t.org_id = $1 AND t.person_id = p.person_id AND t.kind = {kind} AND ({inside} \
         OR t.from_on <= {day} AND coalesce(t.ended_reason NOT IN ({}), TRUE)))",
        gone.join(", ")
    )
}

/// The same outcomes as `people::Outcome::by`.
pub(super) fn outcome(c: &mut Compiler<'_>, kind: OutcomeKind) -> String {
    let (kind, day) = (c.bind(kind.code()), c.day());
    format!(
        "EXISTS (SELECT 1 FROM outcome o WHERE o.org_id = $1 AND o.person_id = p.person_id AND o.kind = {kind} \
         AND o.annulled_at IS NULL AND o.on_day <= {day})"
    )
}

/// Left open before the comparison of the code.
pub(super) fn interest(c: &mut Compiler<'_>) -> String {
    let instant = c.instant();
    let inside = c.inside("i.from_at", "i.until_at", &instant);
    format!(
        "EXISTS (SELECT 1 FROM interest i WHERE i.org_id = $1 AND i.person_id = p.person_id AND {inside} AND i.code"
    )
}

pub(super) fn guardian_known(c: &mut Compiler<'_>) -> String {
    let day = c.day();
    let inside = c.inside("g.from_on", "g.until_on", &day);
    let latest_adult = c.bind(latest_birth(c.at.date, age::ADULT));
    format!(
        "((p.birth_date IS NULL OR p.birth_date > {latest_adult}) AND EXISTS (SELECT 1 FROM guardianship g \
         WHERE g.org_id = $1 AND g.child_id = p.person_id AND {inside}))"
    )
}

/// The latest birth date with which somebody is at least `years` old on a day.
fn latest_birth(day: chrono::NaiveDate, years: i32) -> chrono::NaiveDate {
    let months = chrono::Months::new(12 * u32::try_from(years).unwrap_or(0));
    day.checked_sub_months(months).unwrap_or(chrono::NaiveDate::MIN)
}
