//! A second person releases a list of transfers, and from then on its file may leave: byte for byte the same each time, each time on the
//! record. What was released is looked at once more: who lost their place since is paid nothing. Leaves carrying it out to the bank.

use tsunagari_access::permission::ReleasePayments;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::transfer_run::{State, release};
use tsunagari_programmes::Place;
use tsunagari_storage::Tx;

use crate::propose_transfers::TO_RELEASE;
use crate::transfer_file::{file_again, keys_of, list_of};
use crate::{ActError, House, Reason};

/// Releases it.
///
/// # Errors
/// `run_same_person`, `run_not_proposed`; `run_line_no_place` with the application's number; `run_lines_gone`; `transfer_…` where its day
/// is too near the past or the future now; not found.
pub async fn release_transfers(house: &House, by: &Granted<ReleasePayments>, no: u32) -> Result<(), ActError> {
    let here = house.org(by.org());
    let keys = keys_of(&here, no).await?;
    let mut tx = here.write().await?;
    let checked = async {
        let run = tx.transfer_run(no).await?;
        let to = release(run.state, run.proposed.0, by.user()).map_err(|why| ActError::refused(why.code()))?;
        file_again(&mut tx, &run, &keys).await?;
        let lines = tx.transfer_lines(no, &keys).await?;
        list_of(&run.payer, run.pay_on, &lines, house.clock.today())?;
        everybody_has_a_place(&mut tx, no).await?;
        tx.step_transfer_run(&run, to, Some(by.user()), house.now()).await?;
        tx.close_work(TO_RELEASE, &no.to_string(), by.user()).await?;
        Ok(())
    };
    if let Err(refused) = checked.await {
        tx.undo().await?;
        return Err(refused);
    }
    let act = Act::named("release_transfers", by.actor(), house.operation());
    Ok(tx.commit(&act.counting("transfer_run", i64::from(no))).await?)
}

async fn everybody_has_a_place(tx: &mut Tx, no: u32) -> Result<(), ActError> {
    for (payment, _) in tx.paid_by(no).await? {
        let payment = tx.payment(payment).await?;
        let application = tx.application(payment.application).await?;
        if application.standing.place != Place::Held {
            let reason = Reason::of("run_line_no_place").with("receipt", application.receipt);
            return Err(ActError::Refused(vec![reason]));
        }
    }
    Ok(())
}

/// The file for the bank.
///
/// # Errors
/// `run_not_released`; `run_lines_gone`; not found. Nothing is given out that is not on record.
pub async fn take_transfer_file(house: &House, by: &Granted<ReleasePayments>, no: u32) -> Result<Vec<u8>, ActError> {
    let here = house.org(by.org());
    let keys = keys_of(&here, no).await?;
    let mut tx = here.write().await?;
    let run = tx.transfer_run(no).await?;
    let file = match run.state {
        State::Released | State::CarriedOut => file_again(&mut tx, &run, &keys).await,
        State::Proposed | State::CalledOff => Err(ActError::refused("run_not_released")),
    };
    match file {
        Ok(bytes) => {
            let act = Act::named("take_transfer_file", by.actor(), house.operation());
            tx.commit(&act.counting("transfer_run", i64::from(no))).await?;
            Ok(bytes)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}
