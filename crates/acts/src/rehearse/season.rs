//! The season to its end: a crowd applies for the places there are, one gives theirs back and the next takes it; the day comes, some do
//! not; what the programme gives is given, and everything is completed.

use std::collections::BTreeSet;

use tsunagari_access::permission::HandleApplications;
use tsunagari_benefits::Place as Label;
use tsunagari_blueprints::{BenefitKind, Case};
use tsunagari_kernel::{ApplicationId, PersonId};
use tsunagari_programmes::draw::{read_list, sequence};
use tsunagari_programmes::{BenefitNo, Came, Capacity, How, Place, Round};

use super::Rehearsal;
use super::payout;
use super::play::{chosen, tried};
use super::town::Town;
use tsunagari_storage::application_list::ApplicationFilter;

use crate::ActError;
use crate::answer_offer::{OfferAnswer, answer_offer};
use crate::apply::Handing;
use crate::keep_parcel_address::keep_my_parcel_address;
use crate::move_parcel::{ParcelMove, move_parcel};
use crate::prepare_parcels::prepare_parcels;
use crate::record_participation::{Recorded, record_participation};
use crate::run_draw::{freeze_draw, run_draw};
use crate::withdraw_application::withdraw_application;

/// One in so many does not come.
const ABSENT: u64 = 5;

/// Somebody who has a place comes or not, is given what there is, and is done.
pub async fn go_through(
    town: &Town<'_>,
    round: &Round,
    id: ApplicationId,
    told: &mut Rehearsal,
) -> Result<(), ActError> {
    let by = town.granted::<HandleApplications>()?;
    let record = |what| record_participation(town.house, &by, id, what);
    let goes = !round.venues.is_empty();
    if goes {
        let stays_away = (told.came + told.absent) % ABSENT == ABSENT - 1;
        record(Recorded::Attendance(if stays_away { Came::No } else { Came::Yes })).await?;
        told.absent += u64::from(stays_away);
        told.came += u64::from(!stays_away);
        if stays_away {
            return Ok(());
        }
    }
    let class = town.house.org(town.org).read().await?.application(id).await?.class;
    for (no, benefit) in (1..).zip(&town.blueprint.gets) {
        let theirs =
            benefit.only_for.is_empty() || class.as_ref().is_some_and(|class| benefit.only_for.contains(class));
        match benefit.kind {
            _ if !theirs => continue,
            // These have lives of their own.
            BenefitKind::Parcel | BenefitKind::Reimbursement | BenefitKind::Grant => {}
            _ => drop(record(Recorded::Given(BenefitNo(no))).await?),
        }
        told.fulfilled += 1;
    }
    send_parcels(town, round, id, told).await?;
    payout::pay_out(town, round, id, told).await?;
    record(Recorded::Completed).await?;
    Ok(())
}

/// What goes by parcel is made ready, addressed by whoever applied, packed and handed over.
async fn send_parcels(town: &Town<'_>, round: &Round, id: ApplicationId, told: &mut Rehearsal) -> Result<(), ActError> {
    let by = town.granted::<HandleApplications>()?;
    prepare_parcels(town.house, &by, round.id).await?;
    let mut reader = town.house.org(town.org).read().await?;
    let (parcels, applicant) = (reader.parcels_of(id).await?, reader.application(id).await?.applicant);
    drop(reader);
    for parcel in parcels {
        let early = move_parcel(town.house, &by, parcel.no, ParcelMove::Pack).await;
        if !early.is_err_and(|it| matches!(it, ActError::Refused(_))) {
            told.wrong.push("a parcel without an address is packed".to_owned());
        }
        let to = Label {
            name: town.blueprint.organisation_name.clone(),
            phone: "090-0000-0001".into(),
            postal_code: "100-0001".into(),
            address: "1-2-3".into(),
            building: String::new(),
        };
        if let Some(person) = applicant {
            keep_my_parcel_address(town.house, &town.resident(person), parcel.no, &to).await?;
        }
        for what in [ParcelMove::Pack, ParcelMove::HandOver, ParcelMove::Deliver] {
            move_parcel(town.house, &by, parcel.no, what).await?;
        }
    }
    Ok(())
}

/// Many like the people of a case apply for one round.
pub async fn crowd(town: &Town<'_>, case: &Case, crowd: usize, told: &mut Rehearsal) -> Result<(), ActError> {
    town.turn_to(case.on);
    let values = case.values(town.blueprint).map_err(ActError::Broken)?;
    let policy = town.blueprint.policy(&values).map_err(|error| ActError::Broken(error.to_string()))?;
    let programme = town.programme(&values).await?;
    let round = town.round(programme, &policy, &values, case.event_on).await?;
    let venue = town.venue_no(case.at.as_deref());
    let by_draw = policy.choosing.how == How::Draw;
    let many = match policy.choosing.capacity {
        Capacity::Open => crowd,
        Capacity::Places(n) => crowd.max(usize::try_from(n).unwrap_or(usize::MAX).saturating_add(3).min(crowd * 4)),
    };
    let people = town.people(&case.involved(town.blueprint).applicant, many).await?;
    told.people += u64::try_from(many).unwrap_or(u64::MAX);
    let (mut holders, mut waiting) = (Vec::new(), Vec::new());
    for (n, person) in people.into_iter().enumerate() {
        let paper = town.paper(case, &policy, 1_000 + n).map_err(ActError::Broken)?;
        let Ok(applied) = tried(town, person, &Handing { round: round.id, venue, paper }, told).await? else {
            continue;
        };
        if chosen(town, &policy, &applied, told).await? {
            holders.push((person, applied.id));
        } else if matches!(applied.standing.place, Place::Waiting { .. }) {
            waiting.push((person, applied.id));
        }
    }
    if by_draw {
        (holders, waiting) = drawn(town, &round, told).await?;
    }
    let held = u32::try_from(holders.len()).unwrap_or(u32::MAX);
    let own = venue.and_then(|no| round.venue(no)).and_then(|it| it.places);
    let most = match (own, policy.choosing.capacity) {
        (Some(own), _) => Some(own),
        (None, Capacity::Places(n)) => Some(n),
        (None, Capacity::Open) => None,
    };
    let many = u32::try_from(many).unwrap_or(u32::MAX);
    let expected = most.map_or(many, |most| most.min(many));
    if held != expected {
        told.wrong.push(format!("{many} applied for {most:?} places, and {held} have one"));
    }
    give_back(town, &mut holders, &waiting, told).await?;
    for (_, id) in holders {
        go_through(town, &round, id, told).await?;
    }
    Ok(())
}

type Chosen = Vec<(PersonId, ApplicationId)>;

/// The period is over: the list is frozen and drawn, and the sequence is computed again as anybody could. Who won, and who waits.
async fn drawn(town: &Town<'_>, round: &Round, told: &mut Rehearsal) -> Result<(Chosen, Chosen), ActError> {
    if let Some(end) = round.closes {
        town.calendar.set(end);
    }
    let by = town.granted::<HandleApplications>()?;
    freeze_draw(town.house, &by, round.id).await?;
    let won = run_draw(town.house, &by, round.id, &[]).await?;
    told.chosen += u64::try_from(won).unwrap_or(u64::MAX);
    let mut reader = town.house.org(town.org).read().await?;
    let draw = reader.round_draw(round.id).await?.ok_or(ActError::NotFound)?;
    let lines = reader.application_lines(round.id, &ApplicationFilter::default(), None, i64::MAX).await?;
    let again = draw.frozen.as_ref().zip(draw.drawn.as_ref()).and_then(|(frozen, (key, _))| {
        let entrants = read_list(&frozen.list).ok()?;
        let order = sequence(&entrants, key);
        Some(order.into_iter().take(won).map(|place| entrants[place].receipt.clone()).collect::<BTreeSet<_>>())
    });
    let (mut holders, mut waiting) = (Chosen::new(), Vec::new());
    for it in lines.iter().map(|it| &it.application) {
        let Some(person) = it.applicant else { continue };
        match it.standing.place {
            Place::Held => holders.push((person, it.id)),
            Place::Waiting { order } => waiting.push((order, person, it.id)),
            Place::Asked | Place::SentBack | Place::Chosen | Place::Offered { .. } | Place::Over { .. } => {}
        }
    }
    let held = lines.iter().filter(|it| it.application.standing.place == Place::Held);
    if again != Some(held.map(|it| it.application.receipt.clone()).collect()) {
        told.wrong.push("the draw computed again chooses others".to_owned());
    }
    // Whoever was drawn next waits first.
    waiting.sort_unstable_by_key(|(order, _, _)| *order);
    Ok((holders, waiting.into_iter().map(|(_, person, id)| (person, id)).collect()))
}

/// The first gives their place back; whoever waits first is offered it and takes it.
async fn give_back(
    town: &Town<'_>,
    holders: &mut Vec<(PersonId, ApplicationId)>,
    waiting: &[(PersonId, ApplicationId)],
    told: &mut Rehearsal,
) -> Result<(), ActError> {
    let (Some((first, id)), Some((next, theirs))) = (holders.first().copied(), waiting.first().copied()) else {
        return Ok(());
    };
    withdraw_application(town.house, &town.resident(first), id).await?;
    holders.remove(0);
    match answer_offer(town.house, &town.resident(next), theirs, OfferAnswer::Take).await {
        Ok(()) => {
            told.chosen += 1;
            holders.push((next, theirs));
        }
        Err(ActError::Refused(reasons)) => {
            told.wrong.push(format!("who waits first was not offered the place: {reasons:?}"));
        }
        Err(other) => return Err(other),
    }
    Ok(())
}
