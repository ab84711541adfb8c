//! Cohort, school, study year, life stage and the window of job hunting, from the enrolments.

use std::fmt::Write as _;

use tsunagari_kernel::FiscalYear;
use tsunagari_people::{LifeStage, SchoolKind};

use crate::rule_sql::Compiler;

const OF_PERSON: &str = "FROM enrolment e WHERE e.org_id = $1 AND e.person_id = p.person_id";

fn year(c: &mut Compiler<'_>) -> String {
    c.bind(FiscalYear::of(c.at.date))
}

pub(super) fn cohort() -> String {
    let high = SchoolKind::HighSchool.code();
    format!("(SELECT max(e.end_fy) {OF_PERSON} AND e.kind = '{high}')")
}

pub(super) fn cohort_age(c: &mut Compiler<'_>) -> String {
    format!("({} - {})", year(c), cohort())
}

pub(super) fn high_school() -> String {
    let high = SchoolKind::HighSchool.code();
    format!(
        "(SELECT e.school_id {OF_PERSON} AND e.kind = '{high}' \
         ORDER BY e.end_fy DESC, e.from_on DESC, e.enrolment_id DESC LIMIT 1)"
    )
}

/// Whether an enrolment holds the day.
fn holds(c: &mut Compiler<'_>) -> String {
    let day = c.day();
    let expected = c.inside("e.from_on", "e.until_on", &day);
    format!("{expected} AND (e.left_on IS NULL OR {day} < e.left_on)")
}

/// An expression over the current enrolment: of those that hold the day the latest started, then the larger id.
pub(super) fn current(c: &mut Compiler<'_>, expression: &str) -> String {
    let holds = holds(c);
    format!("(SELECT {expression} {OF_PERSON} AND {holds} ORDER BY e.from_on DESC, e.enrolment_id DESC LIMIT 1)")
}

/// `years − (end_fy − year)`, not yet held within bounds.
fn counted_back(c: &mut Compiler<'_>) -> String {
    format!("(e.years - (e.end_fy - {}))", year(c))
}

pub(super) fn study_year(c: &mut Compiler<'_>) -> String {
    let back = counted_back(c);
    let clamped = format!("CASE WHEN {back} < 1 THEN 1 WHEN {back} > e.years THEN e.years ELSE {back} END");
    current(c, &clamped)
}

pub(super) fn life_stage(c: &mut Compiler<'_>) -> String {
    let back = counted_back(c);
    let clamped = format!("CASE WHEN {back} > e.years THEN e.years ELSE {back} END");
    let mut stage = "CASE e.kind".to_owned();
    for kind in SchoolKind::ALL {
        let stages = LifeStage::of_kind(*kind);
        let last = stages.last().copied().unwrap_or(LifeStage::OtherSchool).code();
        let _ = write!(stage, " WHEN '{}' THEN CASE", kind.code());
        for (index, one) in stages.iter().enumerate() {
            let _ = write!(stage, " WHEN {clamped} <= {} THEN '{}'", index + 1, one.code());
        }
        let _ = write!(stage, " ELSE '{last}' END");
    }
    stage.push_str(" END");
    let day = c.day();
    let ended = format!("e.from_on <= {day} AND (e.until_on <= {day} OR e.left_on <= {day})");
    let junior = SchoolKind::JuniorHigh.code();
    format!(
        "coalesce({}, CASE WHEN EXISTS (SELECT 1 {OF_PERSON} AND e.kind <> '{junior}' AND {ended}) THEN '{}' \
         WHEN EXISTS (SELECT 1 {OF_PERSON} AND e.kind = '{junior}' AND {ended}) THEN '{}' END)",
        current(c, &stage),
        LifeStage::AfterSchool.code(),
        LifeStage::BeforeHigh.code(),
    )
}

pub(super) fn job_hunting(c: &mut Compiler<'_>) -> String {
    let kinds: Vec<String> =
        SchoolKind::ALL.iter().filter(|kind| kind.leads_to_work()).map(|kind| format!("'{}'", kind.code())).collect();
    let latest = c.bind(c.policy.job_hunting.latest_end(c.at.date));
    let holds = holds(c);
    format!(
        "CASE WHEN EXISTS (SELECT 1 {OF_PERSON} AND e.kind IN ({}) AND e.end_fy <= {latest} AND {holds}) THEN TRUE \
         WHEN EXISTS (SELECT 1 {OF_PERSON}) THEN FALSE END",
        kinds.join(", ")
    )
}
