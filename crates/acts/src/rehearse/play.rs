//! A case is played through the acts: whoever stands before it has applied already, then they apply, and what it comes to is compared with
//! what the case says. Whoever has a place goes through the rest of it. Leaves the crowd to `season`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_blueprints::{Case, CaseVerdict};
use tsunagari_kernel::PersonId;
use tsunagari_programmes::{How, Outcome, Place, Policy, Round, Screening};

use super::season::go_through;
use super::town::Town;
use super::{Played, Rehearsal};
use crate::apply::{Applied, Handing, apply};
use crate::screen_application::screen_application;
use crate::{ActError, Reason};

/// What is refused because it was left out: it is asked for before any condition is looked at.
const UNSAID: [&str; 2] = ["answer_missing", "named_without_birth"];

/// Whether a case is one of somebody who simply may.
pub fn is_plain(case: &Case) -> bool {
    case.verdict == CaseVerdict::Yes && case.set.is_empty() && case.before == 0 && case.taken == 0 && case.waiting == 0
}

/// What an application came to, as a case says it.
fn verdict(done: &Result<Applied, Vec<Reason>>, for_staff: bool) -> (CaseVerdict, Vec<String>) {
    let reasons = match done {
        Ok(applied) if matches!(applied.standing.place, Place::Waiting { .. }) => return (CaseVerdict::Waits, vec![]),
        Ok(_) if for_staff => return (CaseVerdict::Staff, vec![]),
        Ok(_) => return (CaseVerdict::Yes, vec![]),
        Err(reasons) => reasons,
    };
    let because = reasons.iter().map(|it| {
        let condition = it.values.iter().find(|(name, _)| *name == "condition");
        condition.map_or_else(|| it.code.to_owned(), |(_, code)| code.clone())
    });
    let asks = reasons.iter().all(|it| it.code == "condition_not_known" || UNSAID.contains(&it.code));
    let full = reasons.iter().any(|it| it.code == "round_full");
    match (full, asks) {
        (true, _) => (CaseVerdict::Full, vec![]),
        (false, true) => (CaseVerdict::Asks, because.collect()),
        (false, false) => (CaseVerdict::No, because.collect()),
    }
}

/// Applies; what the programme refuses with is no failure.
pub async fn tried(
    town: &Town<'_>,
    person: PersonId,
    handing: &Handing,
    told: &mut Rehearsal,
) -> Result<Result<Applied, Vec<Reason>>, ActError> {
    match apply(town.house, &town.resident(person), handing).await {
        Ok(applied) => {
            told.applications += 1;
            told.waited += u64::from(matches!(applied.standing.place, Place::Waiting { .. }));
            Ok(Ok(applied))
        }
        Err(ActError::Refused(reasons)) => {
            for reason in &reasons {
                let condition = reason.values.iter().find(|(name, _)| *name == "condition");
                told.refuse(condition.map_or(reason.code, |(_, code)| code.as_str()));
            }
            Ok(Err(reasons))
        }
        Err(other) => Err(other),
    }
}

/// Plays one.
pub async fn case(town: &Town<'_>, case: &Case, told: &mut Rehearsal) -> Result<Played, ActError> {
    let mut played =
        Played { name: case.name.clone(), said: case.verdict, came: None, because: Vec::new(), differs: None };
    match play(town, case, told).await? {
        Ok(came) => {
            played.differs = differs(case, &came);
            (played.came, played.because) = (Some(came.verdict), came.because);
        }
        Err(problem) => played.differs = Some(problem),
    }
    Ok(played)
}

/// What a case came to.
struct Came {
    verdict: CaseVerdict,
    because: Vec<String>,
    class: Option<String>,
}

/// How it differs from what the case says, in words.
fn differs(case: &Case, came: &Came) -> Option<String> {
    let (verdict, because) = (came.verdict, &came.because);
    // What the staff decides, and what is not answered, has no condition in its refusal.
    let unsaid = verdict == CaseVerdict::Staff || because.iter().all(|it| UNSAID.contains(&it.as_str()));
    let otherwise = !unsaid && !case.because.iter().all(|it| because.contains(it));
    if verdict != case.verdict || otherwise {
        return Some(format!("came to {verdict:?} by {because:?}, not to {:?} by {:?}", case.verdict, case.because));
    }
    (verdict == CaseVerdict::Yes && came.class != case.class)
        .then(|| format!("is in the class {:?}, not {:?}", came.class, case.class))
}

/// Plays one to its end; why it cannot be played, in words.
async fn play(town: &Town<'_>, case: &Case, told: &mut Rehearsal) -> Result<Result<Came, String>, ActError> {
    town.turn_to(case.on);
    let values = match case.values(town.blueprint) {
        Ok(values) => values,
        Err(problem) => return Ok(Err(problem)),
    };
    let policy = town.blueprint.policy(&values).map_err(|error| ActError::Broken(error.to_string()))?;
    let programme = town.programme(&values).await?;
    let round = town.round(programme, &policy, &values, case.event_on).await?;
    let venue = town.venue_no(case.at.as_deref());
    let handing = |n: usize| -> Result<Handing, String> {
        Ok(Handing { round: round.id, venue, paper: town.paper(case, &policy, n)? })
    };
    let handed = match handing(0) {
        Ok(handed) => handed,
        Err(problem) => return Ok(Err(problem)),
    };
    let like = case.involved(town.blueprint).applicant;
    let others = usize::try_from(case.taken + case.waiting).unwrap_or(0);
    let people = town.people(&like, others + 1).await?;
    told.people += u64::from(case.taken + case.waiting) + 1;
    let Some((person, others)) = people.split_last() else { return Ok(Err("nobody was invented".into())) };
    for (n, other) in others.iter().enumerate() {
        let theirs = handing(n + 1).map_err(ActError::Broken)?;
        if let Ok(applied) = tried(town, *other, &theirs, told).await? {
            chosen(town, &policy, &applied, told).await?;
        }
    }
    for _ in 0..case.before {
        if let Err(reasons) = tried(town, *person, &handed, told).await? {
            return Ok(Err(format!("one before it was refused: {reasons:?}")));
        }
    }
    let done = tried(town, *person, &handed, told).await?;
    let (for_staff, class) = match &done {
        Ok(applied) => {
            let it = town.house.org(town.org).read().await?.application(applied.id).await?;
            (it.judged == Outcome::ForStaff, it.class)
        }
        Err(_) => (false, None),
    };
    told.for_staff += u64::from(for_staff);
    let (mut verdict, because) = verdict(&done, for_staff);
    if let (Ok(applied), How::Review, CaseVerdict::Full | CaseVerdict::Waits) =
        (&done, policy.choosing.how, case.verdict)
    {
        verdict = reviewed(town, applied, told).await?;
    }
    let came = Came { verdict, because, class };
    if let (Ok(applied), CaseVerdict::Yes | CaseVerdict::Staff, None) = (&done, verdict, differs(case, &came)) {
        finish(town, &policy, &round, (applied, for_staff), told).await?;
    }
    Ok(Ok(came))
}

/// Where a review finds no place for somebody: on the list, or nowhere.
async fn reviewed(town: &Town<'_>, applied: &Applied, told: &mut Rehearsal) -> Result<CaseVerdict, ActError> {
    let by = town.granted::<HandleApplications>()?;
    match screen_application(town.house, &by, applied.id, Screening::Chosen, None).await {
        Ok(standing) if standing.place == Place::Held => Ok(CaseVerdict::Yes),
        Ok(_) => {
            told.waited += 1;
            Ok(CaseVerdict::Waits)
        }
        Err(ActError::Refused(_)) => {
            told.refuse("round_full");
            Ok(CaseVerdict::Full)
        }
        Err(other) => Err(other),
    }
}

/// Whoever is to be chosen by somebody is chosen.
pub async fn chosen(
    town: &Town<'_>,
    policy: &Policy,
    applied: &Applied,
    told: &mut Rehearsal,
) -> Result<bool, ActError> {
    let held = match (applied.standing.place, policy.choosing.how) {
        (Place::Asked, How::Review) => {
            let by = town.granted::<HandleApplications>()?;
            let screened = screen_application(town.house, &by, applied.id, Screening::Chosen, Some(80)).await;
            match screened {
                Ok(standing) => standing.place == Place::Held,
                Err(ActError::Refused(_)) => false,
                Err(other) => return Err(other),
            }
        }
        (place, How::Review | How::Draw | How::Open | How::FirstCome) => place == Place::Held,
    };
    told.chosen += u64::from(held);
    Ok(held)
}

/// The rest of an application that came in.
async fn finish(
    town: &Town<'_>,
    policy: &Policy,
    round: &Round,
    (applied, for_staff): (&Applied, bool),
    told: &mut Rehearsal,
) -> Result<(), ActError> {
    let held = if for_staff && policy.choosing.how != How::Review {
        let by = town.granted::<HandleApplications>()?;
        let standing = screen_application(town.house, &by, applied.id, Screening::Admitted, None).await?;
        told.chosen += u64::from(standing.place == Place::Held);
        standing.place == Place::Held
    } else {
        chosen(town, policy, applied, told).await?
    };
    if held {
        go_through(town, round, applied.id, told).await?;
    }
    Ok(())
}
