//! A round of a programme is prepared, changed, announced, called off (its applications with it) and finished. A draft can be anything; what is announced must
//! be whole, and its places are never fewer than are taken. Leaves applying to `apply`.

use tsunagari_access::permission::ManageProgrammes;
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_blueprints::catalogue_for;
use tsunagari_kernel::RoundId;
use tsunagari_programmes::{Capacity, Event, Round, RoundRefusal, Stage};
use tsunagari_rules::Rule;
use tsunagari_storage::Tx;
use tsunagari_storage::application_list::ApplicationFilter;

use crate::run_draw::prepare_at_announcing;
use crate::running_programme::running;
use crate::tell_step::take_step;
use crate::{ActError, House, Reason};

/// Where applications stand that are not over.
const OPEN: [&str; 6] = ["asked", "sent_back", "waiting", "offered", "chosen", "held"];
/// Applications called off at once.
const PAGE: i64 = 500;
/// The most characters of a title.
const TITLE: usize = 100;

/// A step of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundStep {
    /// Everybody sees it.
    Announce,
    /// It does not take place.
    CallOff,
    /// It is over.
    Finish,
}

/// Adds a round as a draft, under the newest version of its programme; its id is made here.
///
/// # Errors
/// `field_empty`, `field_too_long` at `title`; `round_ends_before`, `round_venue_too_large`; `rule_unfinished` at `also`;
/// `programme_put_away`; not found.
pub async fn add_round(house: &House, by: &Granted<ManageProgrammes>, given: &Round) -> Result<RoundId, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let programme = tx.programme(given.programme).await?;
    let id = RoundId::born(&house.chance, house.now());
    let round = Round { id, version_no: programme.version_no, stage: Stage::Draft, ..given.clone() };
    let mut wrong = faults(house, &mut tx, &round).await?;
    if programme.archived_at.is_some() {
        wrong.push(Reason::of("programme_put_away"));
    }
    if !wrong.is_empty() {
        tx.undo().await?;
        return Err(ActError::Refused(wrong));
    }
    tx.add_round(&round, by.user()).await?;
    let act = Act::named("add_round", by.actor(), house.operation()).on("round", id);
    tx.commit(&act.on("programme", round.programme)).await?;
    Ok(id)
}

/// Changes a round that still has the version it was opened with. A draft takes the newest version of its programme with it.
///
/// # Errors
/// As `add_round`; `round_over`, `round_called_off`; `round_places_taken` where fewer places are left than are taken,
/// `round_venue_in_use` where somebody applied for a venue that is left out; `Conflict`.
pub async fn keep_round(
    house: &House,
    by: &Granted<ManageProgrammes>,
    seen: i64,
    given: &Round,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.lock_round(given.id).await?.round;
    let newest = tx.programme(known.programme).await?.version_no;
    let version_no = if known.stage == Stage::Draft { newest } else { known.version_no };
    let round = Round { programme: known.programme, stage: known.stage, version_no, ..given.clone() };
    let mut wrong = faults(house, &mut tx, &round).await?;
    match known.stage {
        Stage::Draft => {}
        Stage::Announced => wrong.extend(taken(&mut tx, &known, &round).await?),
        Stage::Finished => wrong.push(Reason::of(RoundRefusal::Over.code())),
        Stage::CalledOff => wrong.push(Reason::of(RoundRefusal::CalledOff.code())),
    }
    if !wrong.is_empty() {
        tx.undo().await?;
        return Err(ActError::Refused(wrong));
    }
    tx.keep_round(&round, seen).await?;
    Ok(tx.commit(&Act::named("keep_round", by.actor(), house.operation()).on("round", round.id)).await?)
}

/// What of the places is taken already and would not be there any more.
async fn taken(tx: &mut Tx, known: &Round, round: &Round) -> Result<Vec<Reason>, ActError> {
    let mut wrong = Vec::new();
    let (all, _) = tx.places_of(round, None).await?;
    if let Capacity::Places(n) = round.capacity
        && n < all.taken
    {
        wrong.push(Reason::at("places", "round_places_taken").with("taken", all.taken));
    }
    for dropped in known.venues.iter().filter(|it| round.venue(it.no).is_none()) {
        let there = tx.applications_at(round.id, dropped.no).await?;
        if there > 0 {
            wrong.push(Reason::at("venues", "round_venue_in_use").with("name", dropped.name.as_str()).with("n", there));
        }
    }
    for venue in &round.venues {
        let (_, there) = tx.places_of(round, Some(venue.no)).await?;
        if let (Some(places), Some(n)) = (there, venue.places)
            && n < places.taken
        {
            wrong.push(Reason::at("venues", "round_places_taken").with("taken", places.taken));
        }
    }
    Ok(wrong)
}

async fn faults(house: &House, tx: &mut Tx, round: &Round) -> Result<Vec<Reason>, ActError> {
    let mut wrong = Vec::new();
    let title = round.title.trim();
    if title.is_empty() {
        wrong.push(Reason::at("title", "field_empty"));
    } else if title.chars().count() > TITLE {
        wrong.push(Reason::at("title", "field_too_long").with("most", TITLE));
    }
    if let Err(refusal) = round.is_whole() {
        wrong.push(Reason::at("closes", refusal.code()));
    }
    if round.venues.iter().any(|it| it.name.trim().is_empty()) {
        wrong.push(Reason::at("venues", "field_empty"));
    }
    if !round.also.is_empty() {
        let it = running(house, tx, round.programme, round.version_no).await?;
        if Rule::read(&round.also, &catalogue_for(&it.policy.form)).is_err() {
            wrong.push(Reason::at("also", "rule_unfinished"));
        }
    }
    Ok(wrong)
}

/// Calls off every application of a round that is not over, and has each applicant told; how many.
async fn call_off_all(house: &House, tx: &mut Tx, round: RoundId, by: Actor) -> Result<i64, ActError> {
    let open = ApplicationFilter { places: OPEN.map(str::to_owned).to_vec(), ..ApplicationFilter::default() };
    let (mut ended, mut after) = (0, None);
    loop {
        let page = tx.application_lines(round, &open, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(ended) };
        after = Some(last.application.id);
        for line in page {
            // What somebody came to or was given stays as it is.
            let moved = take_step(house, tx, line.application.id, &[Event::CancelledByOffice], &by).await?;
            ended += i64::from(moved.is_ok());
        }
    }
}

/// Takes a step with a round that still has the version that was seen.
///
/// # Errors
/// The step is refused (`round_…`, `draw_without_end`); `Conflict` when somebody changed it since; not found.
pub async fn step_round(
    house: &House,
    by: &Granted<ManageProgrammes>,
    id: RoundId,
    seen: i64,
    step: RoundStep,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let round = tx.lock_round(id).await?.round;
    let operation = house.operation();
    let (moved, act) = match step {
        RoundStep::Announce => (round.announce(house.now()), Act::named("announce_round", by.actor(), operation)),
        RoundStep::CallOff => (round.call_off(), Act::named("call_off_round", by.actor(), operation)),
        RoundStep::Finish => (round.finish(), Act::named("finish_round", by.actor(), operation)),
    };
    match moved {
        Ok(round) => {
            tx.keep_round(&round, seen).await?;
            let act = act.on("round", id);
            let act = match step {
                RoundStep::Announce => {
                    if let Err(refused) = prepare_at_announcing(house, &mut tx, &round, by.user()).await {
                        tx.undo().await?;
                        return Err(refused);
                    }
                    act
                }
                RoundStep::CallOff => act.counting("applications", call_off_all(house, &mut tx, id, by.actor()).await?),
                RoundStep::Finish => act,
            };
            Ok(tx.commit(&act).await?)
        }
        Err(refusal) => {
            tx.undo().await?;
            Err(ActError::refused(refusal.code()))
        }
    }
}
