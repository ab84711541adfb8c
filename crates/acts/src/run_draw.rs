//! A draw in three steps, so that anybody can check it: prepared while nobody can know who takes part (a seed is committed to, or public
//! draws are named; at the latest when the round is announced), frozen after the period (the list of receipt numbers and its hash are told), and run (the key is told and the places
//! are given; the others stand behind in the drawn order). Leaves the method to programmes' `draw`, offers to `fill_places`.

use std::collections::BTreeMap;

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{ApplicationId, Moment, RoundId, UserId};
use tsunagari_programmes::draw::{Entrant, Key, read_list, sequence};
use tsunagari_programmes::round_draw::{DrawRefusal, RoundDraw, Source};
use tsunagari_programmes::{Capacity, Event, How, Involved, Lot, Outcome, Per, Place, Round, Screening, Stage};
use tsunagari_rules::eval;
use tsunagari_storage::Tx;
use tsunagari_storage::application_list::{ApplicationFilter, ApplicationLine};

use crate::running_programme::{Running, running};
use crate::tell_step::take_step;
use crate::{ActError, House};

/// Applications read at once.
const PAGE: i64 = 1_000;
/// Letters of a unit in the list: enough that two are never the same.
const UNIT: usize = 16;

/// Prepares the draw of a round that has not closed: a seed of the program's own, or the public draws that were named. Of a draft,
/// which nobody has seen, it may be prepared anew.
///
/// # Errors
/// `not_by_draw`, `round_over`, `draw_prepared`; not found.
pub async fn prepare_draw(
    house: &House,
    by: &Granted<HandleApplications>,
    id: RoundId,
    named: &str,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let round = tx.lock_round(id).await?.round;
    let running = running(house, &mut tx, round.programme, round.version_no).await?;
    let now = house.now();
    let refused = if running.policy.choosing.how != How::Draw {
        Some("not_by_draw")
    } else if round.closes.is_none_or(|end| end <= now) {
        // Who takes part could be known by now.
        Some("round_over")
    } else if round.stage == Stage::Draft {
        None
    } else {
        tx.round_draw(id).await?.map(|_| DrawRefusal::Prepared.code())
    };
    if let Some(code) = refused {
        tx.undo().await?;
        return Err(ActError::refused(code));
    }
    tx.drop_round_draw(id).await?;
    prepare(house, &mut tx, id, named.trim(), by.user()).await?;
    Ok(tx.commit(&Act::named("prepare_draw", by.actor(), house.operation()).on("round", id)).await?)
}

/// Prepares the draw of a round that is being announced, where it is chosen by draw and nobody did: afterwards it would be too late.
///
/// # Errors
/// `draw_without_end`; storage's.
pub(crate) async fn prepare_at_announcing(
    house: &House,
    tx: &mut Tx,
    round: &Round,
    by: UserId,
) -> Result<(), ActError> {
    let running = running(house, tx, round.programme, round.version_no).await?;
    if running.policy.choosing.how != How::Draw {
        return Ok(());
    }
    if round.closes.is_none() {
        return Err(ActError::refused("draw_without_end"));
    }
    if tx.round_draw(round.id).await?.is_some() {
        return Ok(());
    }
    prepare(house, tx, round.id, "", by).await
}

async fn prepare(house: &House, tx: &mut Tx, id: RoundId, named: &str, by: UserId) -> Result<(), ActError> {
    let seed: String = house.chance.bytes::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
    let source = if named.is_empty() {
        Source::Seed { commitment: Key::commitment(&seed) }
    } else {
        Source::Public { named: named.to_owned() }
    };
    let draw = RoundDraw { round: id, source, prepared_at: house.now(), frozen: None, drawn: None };
    Ok(tx.add_round_draw(&draw, if named.is_empty() { &seed } else { "" }, by).await?)
}

/// Freezes who takes part, after the period; how many they are.
///
/// # Errors
/// `draw_not_prepared`, `draw_too_early`, `draw_undecided` with `n` whom the staff has not decided about, `draw_…`; not found.
pub async fn freeze_draw(house: &House, by: &Granted<HandleApplications>, id: RoundId) -> Result<usize, ActError> {
    let here = house.org(by.org());
    let mut tx = here.write().await?;
    let round = tx.lock_round(id).await?.round;
    let running = running(house, &mut tx, round.programme, round.version_no).await?;
    let now = house.now();
    let lines = asked(&mut tx, id).await?;
    let undecided = undecided(&mut tx, &lines).await?;
    let draw = tx.round_draw(id).await?;
    let refused = match &draw {
        None => Some(crate::Reason::of("draw_not_prepared")),
        Some(_) if round.closes.is_none_or(|end| now < end) => Some(crate::Reason::of("draw_too_early")),
        Some(_) if undecided > 0 => Some(crate::Reason::of("draw_undecided").with("n", undecided)),
        Some(_) => None,
    };
    let (draw, None) = (draw, refused.clone()) else {
        tx.undo().await?;
        return Err(ActError::Refused(refused.into_iter().collect()));
    };
    let entrants = entrants(&mut tx, &running, &round, &lines).await?;
    let places = match round.capacity {
        Capacity::Open => u32::MAX,
        Capacity::Places(n) => n,
    };
    match draw.ok_or(ActError::NotFound)?.freeze(&entrants, places, now) {
        Ok(frozen) => {
            tx.keep_round_draw(&frozen).await?;
            let act = Act::named("freeze_draw", by.actor(), house.operation()).on("round", id);
            let n = i64::try_from(entrants.len()).unwrap_or(i64::MAX);
            tx.commit(&act.counting("entrants", n)).await?;
            Ok(entrants.len())
        }
        Err(refusal) => {
            tx.undo().await?;
            Err(ActError::refused(refusal.code()))
        }
    }
}

/// Everybody of a round about whom nothing is decided, in the order in which they came.
async fn asked(tx: &mut Tx, round: RoundId) -> Result<Vec<ApplicationLine>, ActError> {
    let filter = ApplicationFilter { places: vec![Place::Asked.code().to_owned()], ..ApplicationFilter::default() };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = tx.application_lines(round, &filter, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(last.application.id);
        all.extend(page);
    }
}

/// How many the conditions left to the staff, who has not let them in.
async fn undecided(tx: &mut Tx, lines: &[ApplicationLine]) -> Result<usize, ActError> {
    let mut n = 0;
    for line in lines.iter().filter(|it| it.application.judged == Outcome::ForStaff) {
        let entries = tx.ledger_of(line.application.id).await?;
        let admitted = |event: &Event| matches!(event, Event::Screened { outcome: Screening::Admitted, .. });
        n += usize::from(!entries.iter().any(|it| admitted(&it.entry.event)));
    }
    Ok(n)
}

/// The list: a ticket each, those the programme is mainly for first, and one of a household or person alone.
async fn entrants(
    tx: &mut Tx,
    running: &Running,
    round: &Round,
    lines: &[ApplicationLine],
) -> Result<Vec<Entrant>, ActError> {
    let people = tx.organisation().await?.policy();
    let by_household = running.policy.caps.iter().any(|it| it.per == Per::Household);
    let mut entrants = Vec::with_capacity(lines.len());
    for line in lines {
        let it = &line.application;
        let Some(applicant) = it.applicant else { continue };
        let mainly = match &running.policy.mainly_for {
            None => true,
            Some(rule) => {
                let record = tx.person_record(applicant).await?;
                let at = Moment { instant: it.applied_at, date: it.applied_at.jst_date() };
                let at =
                    running.policy.judged_on.moment(it.applied_at, round.year, round.event_day(it.venue)).unwrap_or(at);
                let involved = Involved::alone(record);
                eval(rule, involved.parties(&people, &tsunagari_programmes::Answers::default()).beneficiary(), &at)
                    .is_yes()
            }
        };
        let unit = match it.household.filter(|_| by_household) {
            Some(household) => format!("household\n{household}"),
            None => format!("person\n{applicant}"),
        };
        let mark = tx.mark(&unit).await?;
        let unit: String =
            mark.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(UNIT).collect();
        entrants.push(Entrant { receipt: it.receipt.clone(), class: if mainly { 1 } else { 2 }, tickets: 1, unit });
    }
    Ok(entrants)
}

/// Runs a frozen draw with the seed that was committed to, or with the numbers of the public draws that were named. How many won.
///
/// # Errors
/// `draw_not_prepared`, `draw_…`; not found.
pub async fn run_draw(
    house: &House,
    by: &Granted<HandleApplications>,
    id: RoundId,
    numbers: &[Vec<u64>],
) -> Result<usize, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(id).await?;
    let Some(draw) = tx.round_draw(id).await? else {
        tx.undo().await?;
        return Err(ActError::refused("draw_not_prepared"));
    };
    let key = match &draw.source {
        Source::Seed { .. } => Key::Seed { seed: tx.seed_of(id).await? },
        Source::Public { .. } => Key::Public { sources: numbers.to_vec() },
    };
    let drawn = match draw.draw(key.clone(), house.now()) {
        Ok(drawn) => drawn,
        Err(refusal) => {
            tx.undo().await?;
            return Err(ActError::refused(refusal.code()));
        }
    };
    let frozen = drawn.frozen.clone().ok_or(ActError::NotFound)?;
    let entrants = read_list(&frozen.list).map_err(|line| ActError::Broken(format!("line {line} of a frozen list")))?;
    let receipts: BTreeMap<String, ApplicationId> =
        asked(&mut tx, id).await?.into_iter().map(|it| (it.application.receipt, it.application.id)).collect();
    let order = sequence(&entrants, &key);
    // Who took theirs back since it was frozen is passed by; the sequence stays as it is.
    let there = order
        .iter()
        .zip(1_u32..)
        .filter_map(|(place, rank)| Some((*receipts.get(&entrants.get(*place)?.receipt)?, rank)));
    let mut won = 0;
    for (application, rank) in there.collect::<Vec<_>>() {
        let first = u32::try_from(won).unwrap_or(u32::MAX) < frozen.places;
        let events: &[Event] = if first {
            &[Event::Drawn { lot: Lot::Won, rank }, Event::Enrolled]
        } else {
            &[Event::Drawn { lot: Lot::Behind, rank }]
        };
        let moved = take_step(house, &mut tx, application, events, &by.actor()).await?;
        moved.map_err(|refusal| ActError::Broken(format!("a draw is refused by a ledger: {refusal}")))?;
        won += usize::from(first);
    }
    tx.keep_round_draw(&drawn).await?;
    let act = Act::named("run_draw", by.actor(), house.operation()).on("round", id);
    tx.commit(&act.counting("won", i64::try_from(won).unwrap_or(i64::MAX))).await?;
    Ok(won)
}
