//! A steward checks somebody in who has a place, or takes it back when it was the wrong one. A phone without a network sends it later,
//! saying how long ago it was; sent twice it counts once. Leaves who may to `open_door`.

use chrono::TimeDelta;
use tsunagari_access::Act;
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::{Came, Event, Standing};
use tsunagari_storage::Tx;

use crate::open_door::Steward;
use crate::tell_step::{take_step, take_step_at};
use crate::{ActError, House};

/// A phone may have been without a network for so long.
const AGO: TimeDelta = TimeDelta::days(1);

/// Checks them in; where they stand then. Who was checked in already stands as before.
///
/// # Errors
/// `ledger_…` where they have no place, or were recorded absent; not found for another round's.
pub async fn check_in(house: &House, by: &Steward, id: ApplicationId, ago: TimeDelta) -> Result<Standing, ActError> {
    let mut tx = house.org(by.org()).write_by_key().await?;
    let known = match of_this_round(&mut tx, by, id).await {
        Ok(known) => known,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    if known.standing.came == Some(Came::Yes) {
        tx.undo().await?;
        return Ok(known.standing);
    }
    let at = house.now().minus(ago.clamp(TimeDelta::zero(), AGO)).max(known.changed_at);
    let moved = take_step_at(house, &mut tx, id, &[Event::Attended], (&by.actor(), at)).await?;
    let act = Act::named("check_in", by.actor(), house.operation());
    ended(by, tx, moved, id, act).await
}

/// It was somebody else: the record is taken back.
///
/// # Errors
/// `ledger_nothing_to_correct` where nobody was checked in; not found for another round's.
pub async fn take_check_in_back(house: &House, by: &Steward, id: ApplicationId) -> Result<Standing, ActError> {
    let mut tx = house.org(by.org()).write_by_key().await?;
    if let Err(refused) = of_this_round(&mut tx, by, id).await {
        tx.undo().await?;
        return Err(refused);
    }
    let ledger = tx.ledger_of(id).await?;
    let annulled = |seq| ledger.iter().any(|it| it.entry.event == Event::Corrected { annuls: seq });
    let came = ledger.iter().rev().map(|it| &it.entry).find(|it| it.event == Event::Attended && !annulled(it.seq));
    let Some(annuls) = came.map(|it| it.seq) else {
        tx.undo().await?;
        return Err(ActError::refused("ledger_nothing_to_correct"));
    };
    let moved = take_step(house, &mut tx, id, &[Event::Corrected { annuls }], &by.actor()).await?;
    let act = Act::named("take_check_in_back", by.actor(), house.operation());
    ended(by, tx, moved, id, act).await
}

async fn of_this_round(
    tx: &mut Tx,
    by: &Steward,
    id: ApplicationId,
) -> Result<tsunagari_storage::application::KeptApplication, ActError> {
    let known = tx.application(id).await?;
    if known.round == by.door().round { Ok(known) } else { Err(ActError::NotFound) }
}

async fn ended(
    by: &Steward,
    tx: Tx,
    moved: Result<Standing, tsunagari_programmes::Refusal>,
    id: ApplicationId,
    act: Act,
) -> Result<Standing, ActError> {
    match moved {
        Ok(standing) => {
            tx.commit(&act.on("application", id).on("round", by.door().round)).await?;
            Ok(standing)
        }
        Err(refusal) => {
            tx.undo().await?;
            Err(ActError::refused(refusal.code()))
        }
    }
}
