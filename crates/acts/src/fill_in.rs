//! A resident fills in an application, one question a screen: what was answered so far is kept with them, and found again on every
//! device they sign in with. When the form was changed meanwhile, answers that still fit stay. Keeping an answer is machinery, not an
//! act. Leaves handing in to `apply`.

use std::sync::Arc;

use tsunagari_access::Resident;
use tsunagari_kernel::{ApplicationId, RoundId};
use tsunagari_people::residence;
use tsunagari_programmes::{About, Applicant, FieldCode, Outcome, Paper, Round};
use tsunagari_storage::application_draft::ApplicationDraft;

use crate::amend_application::can_amend;
use crate::apply::whole;
use crate::judge_application::{Asked, Eligible, judge_application};
use crate::running_programme::{Running, running};
use crate::{ActError, House, Reason};

/// What somebody has filled in so far.
#[derive(Debug, Clone)]
pub struct Filling {
    /// The programme in the round's version.
    pub running: Arc<Running>,
    /// The round.
    pub round: Round,
    /// The answers so far; empty when nothing was answered yet.
    pub draft: ApplicationDraft,
    /// Fields whose answer did not fit any more after the form was changed.
    pub lost: Vec<FieldCode>,
    /// Whether the programme asks where they live and the town does not know it.
    pub asks_home: bool,
}

/// What they have filled in for a round that takes applications.
///
/// # Errors
/// `round_…` where it takes none now; not found, also for a draft nobody announced; storage's.
pub async fn filling(house: &House, by: &Resident, round: RoundId) -> Result<Filling, ActError> {
    let here = house.org(by.org());
    let keys = here.make_person_keys(&[by.person()]).await?;
    let now = house.now();
    let mut reader = here.read_by_key().await?;
    let round = reader.round(round).await?.round;
    if round.stage == tsunagari_programmes::Stage::Draft {
        return Err(ActError::NotFound);
    }
    let mut begun = reader.application_draft(by.person(), round.id, &keys).await?;
    match begun.as_ref().and_then(|it| it.amends) {
        Some(id) if can_amend(&reader.application(id).await?, &round, now) => {}
        _ => {
            round.takes(now).map_err(|refusal| ActError::refused(refusal.code()))?;
            // What it was to mend is decided meanwhile: the answers may serve for another.
            begun = begun.map(|it| ApplicationDraft { amends: None, ..it });
        }
    }
    let running = running(house, &mut reader, round.programme, round.version_no).await?;
    let empty = ApplicationDraft {
        version_no: round.version_no,
        paper: Paper::default(),
        venue: None,
        amends: None,
        begun_at: now,
    };
    let mut draft = begun.unwrap_or(empty);
    let mut lost = Vec::new();
    if draft.version_no != round.version_no {
        (draft.paper.answers, lost) = running.policy.form.carry_over(&draft.paper.answers);
        draft.version_no = round.version_no;
    }
    let person = reader.person_record(by.person()).await?;
    let asks_home = asks_home(&running) && residence::current(&person.residences, now.jst_date()).is_none();
    Ok(Filling { running, round, draft, lost, asks_home })
}

/// Takes up one's own application to mend it: its answers, unless mending it was begun before.
///
/// # Errors
/// Not found for somebody else's; `ledger_decided` where it is too late; storage's.
pub async fn take_up(house: &House, by: &Resident, id: ApplicationId) -> Result<RoundId, ActError> {
    let here = house.org(by.org());
    let keys = here.make_person_keys(&[by.person()]).await?;
    let mut reader = here.read_by_key().await?;
    let it = reader.application(id).await?;
    if it.applicant != Some(by.person()) {
        return Err(ActError::NotFound);
    }
    let round = reader.round(it.round).await?.round;
    if !can_amend(&it, &round, house.now()) {
        return Err(ActError::refused("ledger_decided"));
    }
    let begun = reader.application_draft(by.person(), round.id, &keys).await?;
    if begun.is_none_or(|draft| draft.amends != Some(id)) {
        let paper = reader.paper(id, &keys).await?.ok_or(ActError::NotFound)?;
        let draft = ApplicationDraft {
            version_no: it.version_no,
            paper,
            venue: it.venue,
            amends: Some(id),
            begun_at: house.now(),
        };
        drop(reader);
        here.write_by_key().await?.keep_application_draft(by.person(), round.id, &draft, &keys).await?;
    }
    Ok(round.id)
}

/// Whether a condition about the applicant asks where they live.
fn asks_home(running: &Running) -> bool {
    let parent = running.policy.applicant == Applicant::Parent;
    let theirs = |about| match about {
        About::Applicant => true,
        About::Guardian => parent,
        About::Beneficiary | About::Household => !parent,
        About::Group => false,
    };
    let asked = running.policy.conditions.iter().filter(|it| theirs(it.about));
    asked.flat_map(|it| it.rule.asked()).any(|fact| fact.starts_with("residence_"))
}

/// Keeps what was filled in.
///
/// # Errors
/// Storage's.
pub async fn keep_filling(house: &House, by: &Resident, it: &Filling) -> Result<(), ActError> {
    let here = house.org(by.org());
    let keys = here.make_person_keys(&[by.person()]).await?;
    let tx = here.write_by_key().await?;
    Ok(tx.keep_application_draft(by.person(), it.round.id, &it.draft, &keys).await?)
}

/// What handing it in now would come to, before places and caps: every reason against it, none where there is none.
///
/// # Errors
/// Storage's.
pub async fn look_over(
    house: &House,
    by: &Resident,
    it: &Filling,
) -> Result<(Option<Eligible>, Vec<Reason>), ActError> {
    let now = house.now();
    let paper = match whole(&it.running, &it.draft.paper, now) {
        Ok(paper) => paper,
        Err(ActError::Refused(reasons)) => return Ok((None, reasons)),
        Err(other) => return Err(other),
    };
    let mut reader = house.org(by.org()).read_by_key().await?;
    let venue = it.draft.venue;
    let asked = Asked { running: &it.running, round: &it.round, venue, applicant: by.person(), paper: &paper, at: now };
    match judge_application(&mut reader, asked).await {
        Ok(eligible) => {
            let open = matches!(eligible.outcome, Outcome::NotMet | Outcome::NotKnown);
            let reasons = if open { eligible.reasons.clone() } else { Vec::new() };
            Ok((Some(eligible), reasons))
        }
        Err(ActError::Refused(reasons)) => Ok((None, reasons)),
        Err(other) => Err(other),
    }
}
