//! A list of transfers is drawn up for a day: every payment that is decided, whose account is told and whose holder is settled, over all
//! programmes. Its lines are fixed with it; another person releases it (`release_transfers`). Leaves the file to `transfer_file`.

use chrono::NaiveDate;
use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::transfer_run::State;
use tsunagari_kernel::PersonId;
use tsunagari_storage::payment::{PaymentFilter, PaymentLine};
use tsunagari_storage::person_key::PersonKeys;
use tsunagari_storage::transfer_run::{TransferLine, TransferRun};
use tsunagari_storage::{Reader, Tx};

use crate::transfer_file::{file_of, list_of};
use crate::{ActError, House};

/// What waits for a second person, among the work of the office.
pub(crate) const TO_RELEASE: &str = "transfers_to_release";

/// The payments that are decided and in no list, ready or not, in the order of their numbers.
///
/// # Errors
/// Storage's.
pub async fn waiting_payments(reader: &mut Reader) -> Result<Vec<PaymentLine>, ActError> {
    let filter = PaymentFilter { round: None, states: &["decided"] };
    Ok(reader.payment_lines(filter, 0, i64::MAX).await?)
}

/// Draws it up; its number.
///
/// # Errors
/// `payer_missing`, `transfer_…` at `pay_on`; `Conflict` where an account was told a moment ago.
pub async fn propose_transfers(
    house: &House,
    by: &Granted<HandleApplications>,
    pay_on: NaiveDate,
) -> Result<u32, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let ready = waiting_payments(&mut reader).await?;
    drop(reader);
    let mut people: Vec<PersonId> = ready.iter().filter(|it| it.is_ready()).filter_map(|it| it.applicant).collect();
    people.sort_unstable();
    people.dedup();
    let keys = here.person_keys(&people).await?;
    let mut tx = here.write().await?;
    let drawn = draw_up(house, &mut tx, by, pay_on, &keys).await;
    match drawn {
        Ok(no) => {
            tx.add_work_item(TO_RELEASE, &no.to_string(), None, "", Some(pay_on)).await?;
            let act = Act::named("propose_transfers", by.actor(), house.operation());
            tx.commit(&act.counting("transfer_run", i64::from(no))).await?;
            Ok(no)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}

async fn draw_up(
    house: &House,
    tx: &mut Tx,
    by: &Granted<HandleApplications>,
    pay_on: NaiveDate,
    keys: &PersonKeys,
) -> Result<u32, ActError> {
    let payer = tx.payer().await?.0.ok_or(ActError::refused("payer_missing"))?;
    let no = tx.next_transfer_run().await?;
    let waiting = waiting_payments(tx).await?;
    let ready: Vec<&PaymentLine> = waiting.iter().filter(|it| it.is_ready()).collect();
    let mut lines = Vec::with_capacity(ready.len());
    for (at, it) in (1..).zip(&ready) {
        let (payment, person) = (&it.payment, it.applicant.ok_or(ActError::Conflict)?);
        let known = tx.payment_account(payment.no, keys).await?.ok_or(ActError::Conflict)?;
        lines.push(TransferLine {
            no: at,
            payment: payment.no,
            sending: payment.payment.sending(),
            yen: payment.payment.yen(),
            person,
            account: known.account,
        });
    }
    let list = list_of(&payer, pay_on, &lines, house.clock.today())?;
    let (_, digest) = file_of(&list, &payer);
    let run = TransferRun {
        no,
        state: State::Proposed,
        pay_on,
        payer,
        lines: u32::try_from(lines.len()).unwrap_or(u32::MAX),
        yen: list.total(),
        digest,
        proposed: (by.user(), house.now()),
        released: None,
        ended: None,
    };
    tx.add_transfer_run(&run, &lines, keys).await?;
    for it in ready {
        let listed = it.payment.payment.list().map_err(|why| ActError::refused(why.code()))?;
        tx.keep_payment(&it.payment, listed, it.payment.given, house.now()).await?;
    }
    Ok(no)
}
