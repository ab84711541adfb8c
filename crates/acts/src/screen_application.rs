//! The staff decides about an application: lets in what the conditions left to them, chooses, or does not
//! choose. Whoever is chosen gets a place in the same step, while there is one. Leaves reading it to web and draws to `run_draw`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Actor, Granted, OperationId};
use tsunagari_kernel::ApplicationId;
use tsunagari_programmes::{Arrival, Event, How, Policy, Round, Screening, Standing};
use tsunagari_storage::Tx;

use crate::apply::choose;
use crate::running_programme::running;
use crate::tell_step::take_step;
use crate::{ActError, House};

/// Decides about one application, with its points where it was scored.
///
/// # Errors
/// `round_full` where there is neither a place nor a list; `ledger_…` where it is decided already; not found.
pub async fn screen_application(
    house: &House,
    by: &Granted<HandleApplications>,
    id: ApplicationId,
    outcome: Screening,
    points: Option<i64>,
) -> Result<Standing, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let application = tx.application(id).await?;
    let round = tx.lock_round(application.round).await?.round;
    let running = running(house, &mut tx, application.programme, application.version_no).await?;
    let screened = Event::Screened { outcome, points };
    let events = match outcome {
        Screening::NotChosen => Ok(vec![screened]),
        // Only with words of what is to be mended: `send_application_back`.
        Screening::SentBack => Err(ActError::refused("sent_back_without_words")),
        Screening::Admitted => choose(&mut tx, &running.policy, &round, application.venue)
            .await
            .map(|next| std::iter::once(screened).chain(next).collect()),
        Screening::Chosen => chosen(&mut tx, &running.policy, &round, application.venue, screened).await,
    };
    let moved = match events {
        Ok(events) => {
            let moved = take_step(house, &mut tx, id, &events, &by.actor()).await?;
            moved.map_err(|refusal| ActError::refused(refusal.code()))
        }
        Err(refused) => Err(refused),
    };
    match moved {
        Ok(standing) => {
            tx.commit(&act(outcome, by.actor(), house.operation()).on("application", id)).await?;
            Ok(standing)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}

/// Somebody is to have a place: they get it, or stand on the list behind.
async fn chosen(
    tx: &mut Tx,
    policy: &Policy,
    round: &Round,
    venue: Option<u16>,
    screened: Event,
) -> Result<Vec<Event>, ActError> {
    match policy.choosing.how {
        How::Open | How::FirstCome | How::Draw => return Err(ActError::refused("not_by_review")),
        How::Review => {}
    }
    let (all, there) = tx.places_of(round, venue).await?;
    match there.map_or_else(|| all.one_more(), |there| all.one_more_at(there)) {
        Arrival::Place => Ok(vec![screened, Event::Enrolled]),
        Arrival::Waits { order } => Ok(vec![Event::Queued { order }]),
        Arrival::Full => Err(ActError::refused("round_full")),
    }
}

const fn act(outcome: Screening, by: Actor, operation: OperationId) -> Act {
    match outcome {
        Screening::Admitted => Act::named("admit_application", by, operation),
        Screening::Chosen => Act::named("choose_application", by, operation),
        Screening::SentBack | Screening::NotChosen => Act::named("not_choose_application", by, operation),
    }
}
