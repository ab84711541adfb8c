//! A place was offered to somebody who waited: they take it, or leave it to the next. Offers nobody answered run out and go on to the
//! next as well, every ten minutes. Leaves making offers to `fill_places`.

use async_trait::async_trait;
use chrono::TimeDelta;
use tsunagari_access::{Act, Machine, Resident};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{ApplicationId, OrgId};
use tsunagari_programmes::Event;

use crate::fill_places::fill_places;
use crate::running_programme::running;
use crate::tell_step::take_step;
use crate::{ActError, House};

/// The kind of the job that ends offers nobody answered.
pub const KIND: &str = "lapse_offers.1";
/// How often they are looked for.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// So many in one run.
const AT_ONCE: i64 = 500;

/// What somebody says to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferAnswer {
    /// They come.
    Take,
    /// They leave it to the next.
    Leave,
}

/// Answers the offer of one's own application.
///
/// # Errors
/// Not found for somebody else's; `ledger_not_offered`, `ledger_offer_is_over`.
pub async fn answer_offer(
    house: &House,
    by: &Resident,
    id: ApplicationId,
    answer: OfferAnswer,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let application = tx.application(id).await?;
    if application.applicant != Some(by.person()) {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    let round = tx.lock_round(application.round).await?.round;
    let running = running(house, &mut tx, application.programme, round.version_no).await?;
    let operation = house.operation();
    let (event, act) = match answer {
        OfferAnswer::Take => (Event::Accepted, Act::named("accept_offer", by.actor(), operation)),
        OfferAnswer::Leave => (Event::Declined, Act::named("decline_offer", by.actor(), operation)),
    };
    if let Err(refusal) = take_step(house, &mut tx, id, &[event], &by.actor()).await? {
        tx.undo().await?;
        return Err(ActError::refused(refusal.code()));
    }
    fill_places(house, &mut tx, &running.policy, &round).await?;
    Ok(tx.commit(&act.on("application", id)).await?)
}

/// Ends the offers whose time is over, and offers their places to the next; how many ended.
///
/// # Errors
/// Storage's.
pub async fn lapse_offers(house: &House, org: OrgId) -> Result<usize, ActError> {
    let by = Machine::working(org, "lapse_offers");
    let due = house.org(org).read().await?.offers_run_out(house.now(), AT_ONCE).await?;
    let mut ended = 0;
    for (id, round) in due {
        let mut tx = house.org(org).write().await?;
        let round = tx.lock_round(round).await?.round;
        // Answered since it was looked up: then it has not run out.
        if take_step(house, &mut tx, id, &[Event::Lapsed], &by.actor()).await?.is_err() {
            tx.undo().await?;
            continue;
        }
        let running = running(house, &mut tx, round.programme, round.version_no).await?;
        fill_places(house, &mut tx, &running.policy, &round).await?;
        tx.commit(&Act::named("lapse_offer", by.actor(), house.operation()).on("application", id)).await?;
        ended += 1;
    }
    Ok(ended)
}

/// The standing job: it stays in the queue.
pub struct LapseOffers(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for LapseOffers {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, _payload: &str) -> Result<(), JobError> {
        let again = self.0.real_clock.now().plus(PAUSE);
        match lapse_offers(&self.0, org).await {
            Ok(_) => Err(JobError::Later(again, "every ten minutes".into())),
            Err(error) => Err(JobError::Later(again, error.to_string())),
        }
    }
}
