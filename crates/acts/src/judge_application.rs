//! Whether somebody may take part: everybody the application is about is gathered as the organisation knows them or as they are
//! named, each condition is judged for the programme's day, and what does not hold is told in the blueprint's words. Used by
//! applying, amending, and the office's look at an application. Leaves places and caps to `apply`.

use chrono::NaiveDate;
use tsunagari_blueprints::{Beneficiary, catalogue_for};
use tsunagari_kernel::{PersonId, Timestamp};
use tsunagari_people::PersonRecord;
use tsunagari_programmes::{About, Applicant, Condition, Involved, Judged, Outcome, Paper, Round, classify, judge};
use tsunagari_rules::Rule;
use tsunagari_storage::Reader;

use crate::running_programme::Running;
use crate::{ActError, Reason};

/// The code of the condition a round adds.
const ALSO: &str = "also";

/// An application as it would be handed in.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The programme in the version it is judged under.
    pub running: &'a Running,
    /// The round.
    pub round: &'a Round,
    /// At which of its venues.
    pub venue: Option<u16>,
    /// Who applies.
    pub applicant: PersonId,
    /// What they hand in.
    pub paper: &'a Paper,
    /// When.
    pub at: Timestamp,
}

/// What the conditions came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eligible {
    /// The worst of them.
    pub outcome: Outcome,
    /// The conditions that are not met, not known or the staff's to decide, in their order, by their codes.
    pub findings: Vec<(String, Outcome)>,
    /// Their class.
    pub class: Option<String>,
    /// Why not, as it is told.
    pub reasons: Vec<Reason>,
}

/// Judges an application.
///
/// # Errors
/// `event_without_day` where the programme is judged for a day the round does not have yet; storage's.
pub async fn judge_application(reader: &mut Reader, asked: Asked<'_>) -> Result<Eligible, ActError> {
    let people = reader.organisation().await?.policy();
    let involved = involved(reader, &asked).await?;
    let running = asked.running;
    let day = asked.round.event_day(asked.venue);
    let moment = running.policy.judged_on.moment(asked.at, asked.round.year, day);
    let moment = moment.ok_or_else(|| ActError::refused("event_without_day"))?;
    let parties = involved.parties(&people, &asked.paper.answers);
    let also = also(&asked)?;
    let judged = judge(&running.policy.conditions, &parties, &moment);
    let more = judge(&also, &parties, &moment);
    let class = classify(&running.policy.classes, parties.beneficiary(), &moment).class.map(str::to_owned);
    let outcome = judged.outcome().max(more.outcome());
    let mut reasons = reasons(running, &judged);
    reasons.extend(reasons_of_round(&more));
    let found = |it: &Judged<'_>| -> Vec<(String, Outcome)> {
        let open = it.0.iter().filter(|it| it.outcome != Outcome::Met);
        open.map(|it| (it.condition.code.clone(), it.outcome)).collect()
    };
    let findings = found(&judged).into_iter().chain(found(&more)).collect();
    Ok(Eligible { outcome, findings, class, reasons })
}

fn also(asked: &Asked<'_>) -> Result<Vec<Condition>, ActError> {
    if asked.round.also.is_empty() {
        return Ok(Vec::new());
    }
    let catalogue = catalogue_for(&asked.running.policy.form);
    let rule = Rule::read(&asked.round.also, &catalogue).map_err(|error| ActError::Broken(error.to_string()))?;
    let (code, about) = (ALSO.to_owned(), About::Beneficiary);
    Ok(vec![Condition { code, about, rule, staff_decides: None, quorum: None }])
}

/// Everybody it is about.
async fn involved(reader: &mut Reader, asked: &Asked<'_>) -> Result<Involved, ActError> {
    let day = asked.at.jst_date();
    let applicant = reader.person_record(asked.applicant).await?;
    if applicant.person.merged_into.is_some() {
        return Err(ActError::NotFound);
    }
    let named = match asked.running.blueprint.who.beneficiary {
        Beneficiary::Applicant => None,
        Beneficiary::Named => Some(asked.paper.named.clone().unwrap_or_default().record(day)),
    };
    let about = |wanted| asked.running.policy.conditions.iter().any(|it| it.about == wanted);
    let guardians = match asked.running.policy.applicant {
        Applicant::Parent => vec![applicant.clone()],
        Applicant::Oneself | Applicant::Group | Applicant::Company | Applicant::Host if about(About::Guardian) => {
            let these = applicant.guardianships.iter().filter(|it| it.span.contains(day));
            let these: Vec<PersonId> = these.map(|it| it.guardian).collect();
            reader.person_records(&these).await?
        }
        Applicant::Oneself | Applicant::Group | Applicant::Company | Applicant::Host => Vec::new(),
    };
    let household = if about(About::Household) { household(reader, &applicant, day).await? } else { Vec::new() };
    let group = asked.paper.members.iter().map(|it| it.record(day)).collect();
    Ok(Involved { applicant, beneficiary: named, guardians, household, group })
}

/// The people of somebody's households on a day; they alone where they belong to none.
async fn household(reader: &mut Reader, of: &PersonRecord, day: NaiveDate) -> Result<Vec<PersonRecord>, ActError> {
    let mut people = vec![of.person.id];
    for it in of.households.iter().filter(|it| it.span.contains(day)) {
        people.extend(reader.household_people(it.household, day).await?);
    }
    people.sort_unstable();
    people.dedup();
    Ok(reader.person_records(&people).await?)
}

fn reasons(running: &Running, judged: &Judged<'_>) -> Vec<Reason> {
    let worst = judged.outcome();
    let told = judged.0.iter().filter(|it| it.outcome == worst);
    told.filter_map(|it| {
        let reason = Reason::of(code_of(it.outcome)?).with("words", running.words_of(&it.condition.code));
        Some(reason.with("condition", &it.condition.code))
    })
    .collect()
}

fn reasons_of_round(judged: &Judged<'_>) -> Vec<Reason> {
    let open = judged.0.iter().filter(|it| matches!(it.outcome, Outcome::NotMet | Outcome::NotKnown));
    open.map(|_| Reason::of("round_also_not_met").with("condition", ALSO)).collect()
}

const fn code_of(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::NotMet => Some("condition_not_met"),
        Outcome::NotKnown => Some("condition_not_known"),
        Outcome::Met | Outcome::ForStaff => None,
    }
}
