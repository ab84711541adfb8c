//! A list of transfers ends: the bank carried it out, and what it held is paid; or it goes to no bank, and what it held waits for the next
//! one. Leaves what the bank gives back to `move_payment`.

use tsunagari_access::permission::{HandleApplications, ReleasePayments};
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_benefits::payment::State as PaymentState;
use tsunagari_benefits::transfer_run::{State, call_off, carry_out};
use tsunagari_kernel::{OrgId, UserId};

use crate::move_payment::was_paid;
use crate::propose_transfers::TO_RELEASE;
use crate::{ActError, House};

/// The bank carried it out; how many are paid now.
///
/// # Errors
/// `run_not_released`, `run_before_its_day`; not found.
pub async fn carry_out_transfers(house: &House, by: &Granted<HandleApplications>, no: u32) -> Result<usize, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let done = async {
        let run = tx.transfer_run(no).await?;
        let to = carry_out(run.state, run.pay_on, house.clock.today());
        let to = to.map_err(|why| ActError::refused(why.code()))?;
        let mut paid = 0;
        for (payment, _) in tx.paid_by(no).await? {
            let before = tx.payment(payment).await?;
            let after = before.payment.pay().map_err(|why| ActError::refused(why.code()))?;
            let given = was_paid(house, &mut tx, &before, by).await?;
            tx.keep_payment(&before, after, given, house.now()).await?;
            paid += 1;
        }
        tx.step_transfer_run(&run, to, None, house.now()).await?;
        Ok(paid)
    };
    match done.await {
        Ok(paid) => {
            let act = Act::named("carry_out_transfers", by.actor(), house.operation());
            tx.commit(&act.counting("transfer_run", i64::from(no))).await?;
            Ok(paid)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}

/// Who calls a list off.
#[derive(Debug)]
pub enum CallsOff<'a> {
    /// Whoever draws lists up: what nobody released yet.
    Office(&'a Granted<HandleApplications>),
    /// Whoever releases them: also what was released, and did not go to the bank after all.
    Releaser(&'a Granted<ReleasePayments>),
}

impl CallsOff<'_> {
    fn who(&self) -> (OrgId, Actor, UserId) {
        match self {
            Self::Office(by) => (by.org(), by.actor(), by.user()),
            Self::Releaser(by) => (by.org(), by.actor(), by.user()),
        }
    }
}

/// Calls it off.
///
/// # Errors
/// `run_over`; `run_released_already` where it is not for them; not found.
pub async fn call_off_transfers(house: &House, by: &CallsOff<'_>, no: u32) -> Result<(), ActError> {
    let (org, actor, user) = by.who();
    let mut tx = house.org(org).write().await?;
    let done = async {
        let run = tx.transfer_run(no).await?;
        if run.state == State::Released && matches!(by, CallsOff::Office(_)) {
            return Err(ActError::refused("run_released_already"));
        }
        let to = call_off(run.state).map_err(|why| ActError::refused(why.code()))?;
        for (payment, _) in tx.paid_by(no).await? {
            let before = tx.payment(payment).await?;
            if before.payment.state() == PaymentState::Listed {
                let after = before.payment.unlist().map_err(|why| ActError::refused(why.code()))?;
                tx.keep_payment(&before, after, before.given, house.now()).await?;
            }
        }
        tx.close_work(TO_RELEASE, &no.to_string(), user).await?;
        Ok(tx.step_transfer_run(&run, to, None, house.now()).await?)
    };
    if let Err(refused) = done.await {
        tx.undo().await?;
        return Err(refused);
    }
    let act = Act::named("call_off_transfers", actor, house.operation());
    Ok(tx.commit(&act.counting("transfer_run", i64::from(no))).await?)
}
