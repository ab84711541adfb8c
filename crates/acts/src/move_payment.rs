//! A payment moves outside of a list: the amount is put right, the office paid it itself, the bank gave it back, it is tried again, given up,
//! taken up again. What was paid and came back is written in the application's ledger, and its applicant is told. Leaves lists to
//! `propose_transfers` and those after it.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::Payment;
use tsunagari_benefits::payment::Refusal;
use tsunagari_kernel::Yen;
use tsunagari_programmes::{Event, Notice, Place};
use tsunagari_storage::Tx;
use tsunagari_storage::payment::KeptPayment;

use crate::decide_payments::pays;
use crate::running_programme::running;
use crate::tell_step::{take_step, tell_applicant};
use crate::{ActError, House};

/// A move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentMove {
    /// The office paid it itself, without a bank.
    PayByHand,
    /// The bank gave it back.
    ComeBack,
    /// It is to be paid again.
    PayAgain,
    /// It is paid no more.
    GiveUp,
    /// It was given up by mistake.
    TakeUp,
}

impl PaymentMove {
    /// Every move.
    pub const ALL: [Self; 5] = [Self::PayByHand, Self::ComeBack, Self::PayAgain, Self::GiveUp, Self::TakeUp];

    /// The public code, as a button posts it and as in the locale keys `payment-do-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PayByHand => "pay-by-hand",
            Self::ComeBack => "come-back",
            Self::PayAgain => "pay-again",
            Self::GiveUp => "give-up",
            Self::TakeUp => "take-up",
        }
    }

    /// The payment after it.
    ///
    /// # Errors
    /// It is not its turn.
    pub fn of(self, it: Payment) -> Result<Payment, Refusal> {
        match self {
            Self::PayByHand => it.pay_by_hand(),
            Self::ComeBack => it.come_back(),
            Self::PayAgain => it.pay_again(),
            Self::GiveUp => it.give_up(),
            Self::TakeUp => it.take_up(),
        }
    }
}

/// Moves it; how it stands then.
///
/// # Errors
/// `payment_…` where it is not its turn; `ledger_…`; `Conflict`; not found.
pub async fn move_payment(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
    what: PaymentMove,
) -> Result<Payment, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let round = tx.payment(no).await?.round;
    tx.lock_round(round).await?;
    let before = tx.payment(no).await?;
    let done = async {
        let after = what.of(before.payment).map_err(|why| ActError::refused(why.code()))?;
        let given = match what {
            PaymentMove::PayByHand => {
                if tx.application(before.application).await?.standing.place != Place::Held {
                    return Err(ActError::refused("ledger_no_place"));
                }
                Some(was_paid(house, &mut tx, &before, by).await?.ok_or(ActError::refused("ledger_no_place"))?)
            }
            PaymentMove::ComeBack => came_back(house, &mut tx, &before, by).await.map(|()| before.given)?,
            PaymentMove::PayAgain | PaymentMove::GiveUp | PaymentMove::TakeUp => before.given,
        };
        tx.keep_payment(&before, after, given, house.now()).await?;
        Ok(after)
    };
    match done.await {
        Ok(after) => {
            let operation = house.operation();
            let act = match what {
                PaymentMove::PayByHand => Act::named("pay_by_hand", by.actor(), operation),
                PaymentMove::ComeBack => Act::named("return_payment", by.actor(), operation),
                PaymentMove::PayAgain => Act::named("pay_again", by.actor(), operation),
                PaymentMove::GiveUp => Act::named("give_up_payment", by.actor(), operation),
                PaymentMove::TakeUp => Act::named("take_up_payment", by.actor(), operation),
            };
            tx.commit(&act.on("application", before.application).counting("payment", i64::from(no))).await?;
            Ok(after)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}

/// Puts the amount right, as long as it stands in no list: at most what the rule came to is for whoever decides to keep.
///
/// # Errors
/// `payment_amount`, `payment_above_due`, `payment_listed_already`; `Conflict` where it is not the amount that was seen; not found.
pub async fn change_amount(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
    (seen, yen): (Yen, Yen),
) -> Result<(), ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let applicant = {
        let application = reader.payment(no).await?.application;
        reader.application(application).await?.applicant
    };
    drop(reader);
    let about: Vec<_> = applicant.into_iter().collect();
    let keys = here.person_keys(&about).await?;
    let mut tx = here.write().await?;
    let round = tx.payment(no).await?.round;
    tx.lock_round(round).await?;
    let before = tx.payment(no).await?;
    let application = tx.application(before.application).await?;
    let running = running(house, &mut tx, application.programme, application.version_no).await?;
    let paid = pays(&running)?.into_iter().find(|it| it.benefit == before.benefit);
    let readable = !about.is_empty() && paid.as_ref().is_some_and(|it| it.claims.is_some());
    let paper = if readable { tx.paper(before.application, &keys).await? } else { None };
    let most = paid.and_then(|it| it.due(paper.as_ref().map(|it| &it.answers)));
    let changed = match before.payment.with(yen) {
        _ if before.payment.yen() != seen => Err(ActError::Conflict),
        Ok(_) if most.is_some_and(|most| yen > most) => Err(ActError::refused("payment_above_due")),
        Ok(after) => Ok(after),
        Err(why) => Err(ActError::refused(why.code())),
    };
    match changed {
        Ok(after) => {
            tx.keep_payment(&before, after, before.given, house.now()).await?;
            let act = Act::named("change_amount", by.actor(), house.operation()).on("application", application.id);
            Ok(tx.commit(&act.counting("yen", yen.0)).await?)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}

/// It was paid: its number among what was given, and the applicant is told. Nothing where the application takes nothing any more,
/// though the money moved.
pub(crate) async fn was_paid(
    house: &House,
    tx: &mut Tx,
    it: &KeptPayment,
    by: &Granted<HandleApplications>,
) -> Result<Option<u16>, ActError> {
    let number = tx.application(it.application).await?.standing.next_of(it.benefit);
    let event = Event::Fulfilled { benefit: it.benefit, number };
    let written = take_step(house, tx, it.application, &[event], &by.actor()).await?.is_ok();
    if written {
        tell_applicant(house, tx, it.application, Notice::MoneyPaid).await?;
    }
    Ok(written.then_some(number))
}

async fn came_back(
    house: &House,
    tx: &mut Tx,
    it: &KeptPayment,
    by: &Granted<HandleApplications>,
) -> Result<(), ActError> {
    if let Some(number) = it.given {
        let event = Event::Returned { benefit: it.benefit, number };
        let moved = take_step(house, tx, it.application, &[event], &by.actor()).await?;
        moved.map_err(|refusal| ActError::refused(refusal.code()))?;
    }
    // The account is what was wrong, as far as anybody knows.
    tx.doubt_payment_account(it.no).await?;
    tell_applicant(house, tx, it.application, Notice::MoneyCameBack).await
}
