//! The facts over a row of `person_state` that is right for the moment asked: columns instead of look-ups. The same
//! meaning as the other files of this folder, under the same property test. What a row does not hold is `None` and is
//! asked of the facts. To add one: a column in a migration, its value in `person_state`, its line here.

use tsunagari_kernel::FiscalYear;
use tsunagari_people::{ContactKind, GivenBy, PersonFact, Purpose, ReachReason};

use super::{FactSql, home};
use crate::person_state::{begins, consent, kept_bit, listed, sign_bit, tie_bit};
use crate::rule_sql::Compiler;

/// Whether a row is right for the moment.
pub(crate) fn holds(c: &mut Compiler<'_>) -> String {
    let instant = c.instant();
    format!("(p.from_at <= {instant} AND p.until_at > {instant})")
}

pub(super) fn sql(c: &mut Compiler<'_>, fact: &PersonFact) -> Option<FactSql> {
    let column = |name: &str| Some(FactSql::Scalar(format!("p.{name}")));
    match fact {
        PersonFact::Cohort => column("cohort"),
        PersonFact::CohortAge => {
            let year = c.bind(FiscalYear::of(c.at.date));
            Some(FactSql::Scalar(format!("({year} - p.cohort)")))
        }
        PersonFact::HighSchool => Some(FactSql::Id("p.high_school".to_owned())),
        PersonFact::SchoolKind => column("school_kind"),
        PersonFact::StudyYear => column("study_year"),
        PersonFact::LifeStage => column("life_stage"),
        PersonFact::JobHunting => {
            let latest = c.bind(c.policy.job_hunting.latest_end(c.at.date));
            Some(FactSql::Truth(format!(
                "CASE WHEN p.work_end_fy <= {latest} THEN TRUE WHEN p.enrolled = 1 THEN FALSE END"
            )))
        }
        PersonFact::ResidencePrefecture => column("prefecture"),
        PersonFact::ResidenceMunicipality => column("municipality"),
        // Who lives in a prefecture does not live abroad; only for the others it is looked up.
        PersonFact::ResidenceAbroad => {
            let looked_up = c.over_facts(home::abroad);
            Some(FactSql::Truth(format!("CASE WHEN p.prefecture IS NOT NULL THEN FALSE ELSE {looked_up} END")))
        }
        PersonFact::Tie(kind) => Some(FactSql::Truth(format!("(p.ties & {}) <> 0", tie_bit(*kind)))),
        PersonFact::HadTie(kind) => {
            let looked_up = c.over_facts(|c| home::had_tie(c, *kind));
            Some(FactSql::Truth(format!("((p.ties & {}) <> 0 OR {looked_up})", tie_bit(*kind))))
        }
        PersonFact::Interest => Some(FactSql::Listed("p.interests".to_owned())),
        PersonFact::Consent(purpose) => Some(FactSql::Truth(consented(c, purpose))),
        PersonFact::Reachable(purpose) => Some(FactSql::Truth(through(c, purpose, &[]))),
        PersonFact::ReachableBy(purpose, kind) => Some(FactSql::Truth(through(c, purpose, &[*kind]))),
        PersonFact::HasContact(kind) => Some(FactSql::Truth(format!("(p.kept & {}) <> 0", kept_bit(*kind)))),
        // Neither purpose nor contact point has a say in these two.
        PersonFact::Reason(reason @ (ReachReason::NoTie | ReachReason::TieEnded), _) => {
            Some(FactSql::Truth(format!("(p.merged_into IS NULL AND (p.signs & {}) <> 0)", sign_bit(*reason))))
        }
        PersonFact::Reason(reason, purpose) => {
            Some(FactSql::Truth(format!("((({}) & {}) <> 0)", reasons(c, purpose), sign_bit(*reason))))
        }
        // Columns of the row that mean the same on every date, or seldom asked.
        PersonFact::Age | PersonFact::BirthDate | PersonFact::Locale | PersonFact::GuardianKnown => None,
        PersonFact::Outcome(_) => None,
    }
}

/// Every reason that applies, as a number of `sign_bit`s.
pub(super) fn reasons(c: &mut Compiler<'_>, purpose: &Purpose) -> String {
    use ReachReason::{ConsentWithdrawn, GuardianConsentNeeded, Merged, NoConsent, NoTie, Stale, TieEnded};
    let heard: Vec<String> = ContactKind::ALL.iter().map(|kind| format!("p.{}_at", kind.code())).collect();
    let limit = c.bind(c.at.instant.minus(c.policy.reach.stale_after()));
    let works = heard.iter().map(|column| format!("{column} IS NOT NULL")).collect::<Vec<_>>().join(" OR ");
    let fresh =
        heard.iter().map(|column| format!("coalesce({column} >= {limit}, FALSE)")).collect::<Vec<_>>().join(" OR ");
    let counts = if c.policy.reach.stale_counts { &works } else { &fresh };
    let in_force = consented(c, purpose);
    let (given, begun) = (c.bind(begins(purpose)), c.bind(listed(&[purpose.code()])));
    format!(
        "(CASE WHEN p.merged_into IS NOT NULL THEN {} ELSE (CASE WHEN {counts} THEN p.signs & {} ELSE p.signs END) \
         + (CASE WHEN ({works}) AND NOT ({fresh}) THEN {} ELSE 0 END) + (CASE WHEN {in_force} THEN 0 \
         WHEN instr(p.consents, {given}) > 0 THEN {} WHEN instr(p.begun, {begun}) > 0 THEN {} \
         ELSE {} END) END)",
        sign_bit(Merged),
        sign_bit(NoTie) | sign_bit(TieEnded),
        sign_bit(Stale),
        sign_bit(GuardianConsentNeeded),
        sign_bit(ConsentWithdrawn),
        sign_bit(NoConsent),
    )
}

fn consented(c: &mut Compiler<'_>, purpose: &Purpose) -> String {
    let latest = c.bind(c.policy.reach.latest_birth(c.at.date));
    let mut given = |by| {
        let member = c.bind(consent(purpose.code(), by));
        format!("instr(p.consents, {member}) > 0")
    };
    let (own, guardian) = (given(GivenBy::Myself), given(GivenBy::Guardian(None)));
    format!("(p.consents <> '' AND (coalesce(p.birth_date <= {latest}, FALSE) AND {own} OR {guardian}))")
}

pub(super) fn through(c: &mut Compiler<'_>, purpose: &Purpose, kinds: &[ContactKind]) -> String {
    let stale = c.policy.reach.stale_counts;
    let limit = c.at.instant.minus(c.policy.reach.stale_after());
    let kinds = if kinds.is_empty() { ContactKind::ALL } else { kinds };
    let mut points = Vec::new();
    for kind in kinds {
        let column = format!("p.{}_at", kind.code());
        points.push(if stale {
            format!("{column} IS NOT NULL")
        } else {
            format!("coalesce({column} >= {}, FALSE)", c.bind(limit))
        });
    }
    let consent = consented(c, purpose);
    format!("(p.merged_into IS NULL AND p.ties <> 0 AND ({}) AND {consent})", points.join(" OR "))
}

/// A number or a short code, several columns, taking a list apart, look-ups.
pub(super) const fn weight(fact: &PersonFact) -> u32 {
    match fact {
        PersonFact::Cohort
        | PersonFact::CohortAge
        | PersonFact::StudyYear
        | PersonFact::JobHunting
        | PersonFact::Tie(_)
        | PersonFact::HasContact(_) => 1,
        PersonFact::Age
        | PersonFact::BirthDate
        | PersonFact::Locale
        | PersonFact::HighSchool
        | PersonFact::SchoolKind
        | PersonFact::LifeStage
        | PersonFact::ResidencePrefecture
        | PersonFact::ResidenceMunicipality => 2,
        PersonFact::Reason(ReachReason::NoTie | ReachReason::TieEnded, _) => 3,
        PersonFact::Interest => 4,
        PersonFact::ResidenceAbroad => 5,
        PersonFact::Consent(_) => 6,
        PersonFact::Reachable(_) | PersonFact::ReachableBy(..) => 8,
        PersonFact::Reason(..) => 12,
        PersonFact::HadTie(_) | PersonFact::GuardianKnown | PersonFact::Outcome(_) => 30,
    }
}
