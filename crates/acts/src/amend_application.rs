//! A resident mends their own application: after it was sent back, also when the period is over by then, or while nothing is decided
//! about it and the period lasts. It is judged again for the day it came in, caps are counted again, and where nothing is left to
//! decide it goes on as if it had just come in. Leaves filling it in to `fill_in`.

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::ApplicationId;
use tsunagari_kernel::Timestamp;
use tsunagari_programmes::{Event, Outcome, Place, Round, Standing};
use tsunagari_storage::application::{Amended, KeptApplication, NewPaper};

use crate::apply::{Handing, choose, over_caps, ready_again};
use crate::tell_step::take_step;
use crate::{ActError, House};

/// Whether somebody may mend their application now.
pub fn can_amend(it: &KeptApplication, round: &Round, now: Timestamp) -> bool {
    match it.standing.place {
        Place::SentBack => true,
        Place::Asked => round.takes(now).is_ok(),
        Place::Chosen | Place::Waiting { .. } | Place::Offered { .. } | Place::Held | Place::Over { .. } => false,
    }
}

/// Hands it in again.
///
/// # Errors
/// Not found for somebody else's; `ledger_decided` where it is too late; otherwise as `apply`.
pub async fn amend_application(
    house: &House,
    by: &Resident,
    id: ApplicationId,
    handing: &Handing,
) -> Result<Standing, ActError> {
    let here = house.org(by.org());
    let keys = here.make_person_keys(&[by.person()]).await?;
    let mut tx = here.write().await?;
    let it = tx.application(id).await?;
    if it.applicant != Some(by.person()) || it.round != handing.round {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    let round = tx.lock_round(it.round).await?.round;
    if !can_amend(&it, &round, house.now()) {
        tx.undo().await?;
        return Err(ActError::refused("ledger_decided"));
    }
    let done = async {
        let ready = ready_again(house, &mut tx, &round, &it, handing).await?;
        let (before, _) = tx.paper_with_mark(id, &keys).await?;
        let paper = tsunagari_programmes::Paper { sent_back: before.sent_back, ..ready.paper.clone() };
        tx.keep_paper(id, NewPaper { paper: &paper, mark: ready.mark.as_deref() }, &keys).await?;
        let amended =
            Amended { venue: ready.venue, judged: ready.eligible.outcome, class: ready.eligible.class.as_deref() };
        tx.amend_application(id, amended).await?;
        // It stands among those that are counted.
        over_caps(&mut tx, &ready, &it, 1).await?;
        let mut events = vec![Event::Amended];
        if ready.eligible.outcome != Outcome::ForStaff {
            events.extend(choose(&mut tx, &ready.running.policy, &round, ready.venue).await?);
        }
        let moved = take_step(house, &mut tx, id, &events, &by.actor()).await?;
        moved.map_err(|refusal| ActError::refused(refusal.code()))
    };
    match done.await {
        Ok(standing) => {
            tx.drop_application_draft(by.person(), round.id).await?;
            let act = Act::named("amend_application", by.actor(), house.operation()).on("application", id);
            tx.commit(&act.on("person", by.person())).await?;
            Ok(standing)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}
