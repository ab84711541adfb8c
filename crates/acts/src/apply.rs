//! An application comes in: from a resident, or entered by the staff from paper. What was filled in is looked at, the conditions are
//! judged, and behind the round's lock caps and places are counted; it begins its ledger with what follows from how the programme
//! chooses. Nobody gets a place twice, and nobody beyond the places. Leaves judging to `judge_application`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Actor, Granted, Resident};
use tsunagari_blueprints::Beneficiary;
use tsunagari_kernel::{ApplicationId, HouseholdId, OrgId, PersonId, RoundId, Timestamp};
use tsunagari_people::plausible;
use tsunagari_programmes::{
    Applicant, Arrival, Cap, Capacity, Event, HandedBy, How, Looked, Named, Outcome, Paper, Per, Policy, Round,
    Standing, Within,
};
use tsunagari_storage::application::{KeptApplication, NewPaper};
use tsunagari_storage::application_count::CountedBy;
use tsunagari_storage::ledger::Begun;
use tsunagari_storage::{Reader, Tx};

use crate::judge_application::{Asked, Eligible, judge_application};
use crate::running_programme::{Running, running};
use crate::tell_step::has_told;
use crate::typed_code::typed_code;
use crate::{ActError, House, Reason};

/// A receipt's number: 31^8 of them.
const RECEIPT: usize = 8;
/// The most members of a group.
const MEMBERS: usize = 200;
/// The most characters of a name.
const NAME: usize = 60;

/// What is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handing {
    /// To which round.
    pub round: RoundId,
    /// At which of its venues; nothing where it has one or none.
    pub venue: Option<u16>,
    /// What was filled in.
    pub paper: Paper,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The application.
    pub id: ApplicationId,
    /// The number by which the applicant finds it.
    pub receipt: String,
    /// Where it stands.
    pub standing: Standing,
}

/// A resident applies.
///
/// # Errors
/// `round_…` where the round takes nobody now; `venue_missing`; `answer_…` with the `field`; `named_…`, `member_…`;
/// `condition_not_met` and `condition_not_known` with the condition's `words`; `cap_…`; `round_full`; not found; storage's.
pub async fn apply(house: &House, by: &Resident, handing: &Handing) -> Result<Applied, ActError> {
    hand_in(house, (by.org(), by.actor()), (by.person(), HandedBy::Applicant), handing).await
}

/// The staff enters an application that came on paper.
///
/// # Errors
/// As `apply`.
pub async fn enter_application(
    house: &House,
    by: &Granted<HandleApplications>,
    applicant: PersonId,
    handing: &Handing,
) -> Result<Applied, ActError> {
    hand_in(house, (by.org(), by.actor()), (applicant, HandedBy::Staff), handing).await
}

async fn hand_in(
    house: &House,
    (org, actor): (OrgId, Actor),
    (applicant, handed_by): (PersonId, HandedBy),
    handing: &Handing,
) -> Result<Applied, ActError> {
    let here = house.org(org);
    let keys = here.make_person_keys(&[applicant]).await?;
    let mut tx = here.write().await?;
    let ready = match ready(house, &mut tx, applicant, handing).await {
        Ok(ready) => ready,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let id = ApplicationId::born(&house.chance, ready.at);
    let application = ready.application(id, typed_code(&house.chance, RECEIPT), applicant, handed_by);
    let begun = match place(&mut tx, &ready, &application).await {
        Ok(events) => {
            let paper = NewPaper { paper: &ready.paper, mark: ready.mark.as_deref() };
            let begun = Begun { application: &application, paper, keys: &keys };
            let begun = tx.begin_ledger(begun, &events, &actor).await?;
            begun.map(|standing| (events, standing)).map_err(|refusal| ActError::refused(refusal.code()))
        }
        Err(refused) => Err(refused),
    };
    let (events, standing) = match begun {
        Ok(begun) => begun,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    has_told(house, &mut tx, id, &events, &standing).await?;
    tx.drop_application_draft(applicant, ready.round.id).await?;
    let act = Act::named("apply", actor, house.operation()).on("application", id).on("person", applicant);
    tx.commit(&act.on("round", ready.round.id)).await?;
    Ok(Applied { id, receipt: application.receipt, standing })
}

/// An application that may be handed in, as far as nobody else is concerned.
pub(crate) struct Ready {
    pub(crate) running: std::sync::Arc<Running>,
    round: Round,
    pub(crate) venue: Option<u16>,
    pub(crate) paper: Paper,
    pub(crate) eligible: Eligible,
    pub(crate) mark: Option<Vec<u8>>,
    household: Option<HouseholdId>,
    people: Vec<PersonId>,
    at: Timestamp,
}

impl Ready {
    fn application(
        &self,
        id: ApplicationId,
        receipt: String,
        applicant: PersonId,
        handed_by: HandedBy,
    ) -> KeptApplication {
        let named = self.running.blueprint.who.beneficiary == Beneficiary::Named;
        KeptApplication {
            id,
            round: self.round.id,
            programme: self.round.programme,
            year: self.round.year,
            version_no: self.round.version_no,
            venue: self.venue,
            receipt,
            applicant: Some(applicant),
            beneficiary: (!named).then_some(applicant),
            household: self.household,
            handed_by,
            judged: self.eligible.outcome,
            class: self.eligible.class.clone(),
            standing: Standing::asked(),
            entries: 0,
            applied_at: self.at,
            changed_at: self.at,
        }
    }
}

async fn ready(house: &House, tx: &mut Tx, applicant: PersonId, handing: &Handing) -> Result<Ready, ActError> {
    let at = house.now();
    let round = tx.round(handing.round).await?.round;
    round.takes(at).map_err(|refusal| ActError::refused(refusal.code()))?;
    let running = running(house, tx, round.programme, round.version_no).await?;
    judged(tx, (running, &round), applicant, handing, at).await
}

/// The same for one that came in before: under the version it was made under, for the day it came in.
pub(crate) async fn ready_again(
    house: &House,
    tx: &mut Tx,
    round: &Round,
    it: &KeptApplication,
    handing: &Handing,
) -> Result<Ready, ActError> {
    let applicant = it.applicant.ok_or(ActError::NotFound)?;
    let running = running(house, tx, it.programme, it.version_no).await?;
    judged(tx, (running, round), applicant, handing, it.applied_at).await
}

async fn judged(
    tx: &mut Tx,
    (running, round): (std::sync::Arc<Running>, &Round),
    applicant: PersonId,
    handing: &Handing,
    at: Timestamp,
) -> Result<Ready, ActError> {
    let venue = venue(round, handing.venue)?;
    let paper = whole(&running, &handing.paper, at)?;
    let asked = Asked { running: &running, round, venue, applicant, paper: &paper, at };
    let eligible = judge_application(tx, asked).await?;
    if matches!(eligible.outcome, Outcome::NotMet | Outcome::NotKnown) {
        return Err(ActError::Refused(eligible.reasons));
    }
    let mark = match told_by(&running, &paper) {
        Some(text) => Some(tx.mark(&text).await?),
        None => None,
    };
    let (household, people) = household(tx, applicant, at).await?;
    Ok(Ready { running, round: round.clone(), venue, paper, eligible, mark, household, people, at })
}

/// What tells the one it is for, or the group, from others.
fn told_by(running: &Running, paper: &Paper) -> Option<String> {
    match (running.policy.applicant, &paper.named) {
        (Applicant::Group | Applicant::Company, _) => Some(format!("group\n{}", paper.group)),
        (_, Some(named)) => named.told_by(),
        (_, None) => None,
    }
}

fn venue(round: &Round, wanted: Option<u16>) -> Result<Option<u16>, ActError> {
    match (round.venues.as_slice(), wanted) {
        ([], _) => Ok(None),
        ([only], None) => Ok(Some(only.no)),
        (_, Some(no)) if round.venue(no).is_some() => Ok(Some(no)),
        (_, Some(_) | None) => Err(ActError::refused_at("venue", "venue_missing")),
    }
}

/// What was filled in, with the answers to what is asked and nothing else.
///
/// # Errors
/// Every fault there is.
pub(crate) fn whole(running: &Running, paper: &Paper, at: Timestamp) -> Result<Paper, ActError> {
    let mut wrong = Vec::new();
    let answers = running.policy.form.hand_in(&paper.answers).unwrap_or_else(|(field, fault)| {
        wrong.push(Reason::of(fault.code()).with("field", field.0));
        tsunagari_programmes::Answers::default()
    });
    let named = match running.blueprint.who.beneficiary {
        Beneficiary::Applicant => None,
        Beneficiary::Named => {
            let named = paper.named.clone().unwrap_or_default();
            wrong.extend(faults_of_named(&named, at).map(|code| Reason::at("named", code)));
            Some(named)
        }
    };
    let grouped = matches!(running.policy.applicant, Applicant::Group);
    let company = matches!(running.policy.applicant, Applicant::Company);
    let group = paper.group.trim().to_owned();
    if (grouped || company) && group.is_empty() {
        wrong.push(Reason::at("group", "group_without_name"));
    } else if group.chars().count() > NAME {
        wrong.push(Reason::at("group", "field_too_long").with("most", NAME));
    }
    let members = if grouped { paper.members.clone() } else { Vec::new() };
    if grouped && members.is_empty() {
        wrong.push(Reason::at("members", "group_without_members"));
    } else if members.len() > MEMBERS {
        wrong.push(Reason::at("members", "group_too_large").with("most", MEMBERS));
    }
    for (no, member) in members.iter().enumerate() {
        wrong.extend(faults_of_named(member, at).map(|code| Reason::at("members", code).with("member", no + 1)));
    }
    if wrong.is_empty() {
        Ok(Paper { answers, named, group, members, sent_back: Vec::new() })
    } else {
        Err(ActError::Refused(wrong))
    }
}

/// What is wrong with somebody who was named, by its codes.
pub fn faults_of_named(it: &Named, at: Timestamp) -> impl Iterator<Item = &'static str> {
    let long = [&it.family, &it.given, &it.family_kana, &it.given_kana].iter().any(|part| part.chars().count() > NAME);
    let nameless = it.family.trim().is_empty() || it.given.trim().is_empty();
    let impossible = it.birth.is_some_and(|birth| plausible::birth(birth, at.jst_date()).is_err());
    let found = [
        (nameless, "named_without_name"),
        (long, "named_too_long"),
        (it.birth.is_none(), "named_without_birth"),
        (impossible, "named_impossible_birth"),
    ];
    found.into_iter().filter(|(wrong, _)| *wrong).map(|(_, code)| code)
}

/// The household somebody counts with today, and who belongs to it.
async fn household(
    reader: &mut Reader,
    of: PersonId,
    at: Timestamp,
) -> Result<(Option<HouseholdId>, Vec<PersonId>), ActError> {
    let day = at.jst_date();
    let record = reader.person_record(of).await?;
    let household = record.households.iter().find(|it| it.span.contains(day)).map(|it| it.household);
    let mut people = match household {
        Some(id) => reader.household_people(id, day).await?,
        None => Vec::new(),
    };
    if !people.contains(&of) {
        people.push(of);
    }
    Ok((household, people))
}

/// Behind the lock: what the ledger begins with.
async fn place(tx: &mut Tx, ready: &Ready, it: &KeptApplication) -> Result<Vec<Event>, ActError> {
    let policy = &ready.running.policy;
    let round = tx.lock_round(it.round).await?.round;
    round.takes(ready.at).map_err(|refusal| ActError::refused(refusal.code()))?;
    over_caps(tx, ready, it, 0).await?;
    let mut events = vec![Event::Applied];
    // What the staff has to decide about gets its place with the decision.
    if ready.eligible.outcome != Outcome::ForStaff {
        events.extend(choose(tx, policy, &round, ready.venue).await?);
    }
    Ok(events)
}

/// Counts what the caps count, behind the locks they need; `own` of what is counted is the application itself.
///
/// # Errors
/// Every cap that is reached, as `cap_…`.
pub(crate) async fn over_caps(tx: &mut Tx, ready: &Ready, it: &KeptApplication, own: u32) -> Result<(), ActError> {
    let caps = caps_of(&ready.running.policy);
    if caps.iter().any(|cap| cap.within != Within::Round) {
        tx.lock_programme(it.programme).await?;
    }
    let mut full = Vec::new();
    for cap in &caps {
        let there = counted(tx, *cap, ready, it).await?.saturating_sub(own);
        if cap.one_more(there).is_err() {
            full.push(Reason::of(cap.code()).with("most", cap.at_most));
        }
    }
    if full.is_empty() { Ok(()) } else { Err(ActError::Refused(full)) }
}

/// What follows from how the programme chooses, for somebody about whom nothing is left to decide.
pub(crate) async fn choose(
    tx: &mut Tx,
    policy: &Policy,
    round: &Round,
    venue: Option<u16>,
) -> Result<Option<Event>, ActError> {
    match policy.choosing.how {
        How::Draw | How::Review => return Ok(None),
        How::Open if round.capacity == Capacity::Open && round.venues.iter().all(|it| it.places.is_none()) => {
            return Ok(Some(Event::Enrolled));
        }
        How::Open | How::FirstCome => {}
    }
    let (all, there) = tx.places_of(round, venue).await?;
    let arrival = there.map_or_else(|| all.one_more(), |there| all.one_more_at(there));
    match arrival {
        Arrival::Place => Ok(Some(Event::Enrolled)),
        Arrival::Waits { order } => Ok(Some(Event::Queued { order })),
        Arrival::Full => Err(ActError::refused("round_full")),
    }
}

/// The caps of a programme; without any, nobody applies to a round twice.
fn caps_of(policy: &Policy) -> Vec<Cap> {
    if !policy.caps.is_empty() {
        return policy.caps.clone();
    }
    let per = match policy.applicant {
        Applicant::Oneself | Applicant::Parent | Applicant::Host => Per::Beneficiary,
        Applicant::Group | Applicant::Company => Per::Group,
    };
    vec![Cap { per, within: Within::Round, at_most: 1 }]
}

async fn counted(tx: &mut Tx, cap: Cap, ready: &Ready, it: &KeptApplication) -> Result<u32, ActError> {
    let applicant = it.applicant.ok_or(ActError::NotFound)?;
    let household = CountedBy::Household { household: ready.household, people: &ready.people };
    let by = match (cap.per, ready.mark.as_deref()) {
        (Per::Applicant, _) => CountedBy::Applicant(applicant),
        (Per::Beneficiary | Per::Group, Some(mark)) => CountedBy::Mark(mark),
        (Per::Beneficiary | Per::Group, None) => CountedBy::Beneficiary(applicant),
        (Per::Household, _) => household,
    };
    let looked: Looked = cap.within.looks(it.year);
    Ok(tx.applications_counted(it.programme, it.round, looked, by).await?)
}
