//! A parcel moves through its life: packed from the shelf, handed over to the carrier, arrived or come back, sent again, given up; and a
//! move that was a mistake is taken back. What was handed over and came back is written in the application's ledger, and its applicant is
//! told. Leaves which moves there are to benefits.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::Parcel;
use tsunagari_benefits::parcel::{Refusal, State};
use tsunagari_benefits::stock::take_one_of_each;
use tsunagari_programmes::{Event, Notice, Place, Seq, Standing};
use tsunagari_storage::Tx;
use tsunagari_storage::application::KeptApplication;
use tsunagari_storage::parcel::KeptParcel;

use crate::tell_step::{take_step, tell_applicant};
use crate::{ActError, House, Reason};

/// A move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParcelMove {
    /// It is packed.
    Pack,
    /// The carrier gets it, or whoever comes for it.
    HandOver,
    /// It arrived.
    Deliver,
    /// It came back.
    ComeBack,
    /// It is to be sent again.
    SendAgain,
    /// It is sent no more.
    GiveUp,
    /// The last move was a mistake.
    TakeBack,
}

impl ParcelMove {
    /// Every move, in the order of a parcel's life.
    pub const ALL: [Self; 7] =
        [Self::Pack, Self::HandOver, Self::Deliver, Self::ComeBack, Self::SendAgain, Self::GiveUp, Self::TakeBack];

    /// The public code, as a button posts it and as in the locale keys `parcel-do-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::HandOver => "hand-over",
            Self::Deliver => "deliver",
            Self::ComeBack => "come-back",
            Self::SendAgain => "send-again",
            Self::GiveUp => "give-up",
            Self::TakeBack => "take-back",
        }
    }

    /// The parcel after it.
    ///
    /// # Errors
    /// It is not its turn.
    pub fn of(self, it: &Parcel) -> Result<Parcel, Refusal> {
        match self {
            Self::Pack => it.pack(),
            Self::HandOver => it.hand_over(),
            Self::Deliver => it.deliver(),
            Self::ComeBack => it.come_back(),
            Self::SendAgain => it.send_again(),
            Self::GiveUp => it.give_up(),
            Self::TakeBack => it.take_back(),
        }
    }
}

/// Moves it; how it stands then.
///
/// # Errors
/// `parcel_…` where it is not its turn, `parcel_no_address`, `stock_…` with the good; `ledger_…`; `Conflict`; not found.
pub async fn move_parcel(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
    what: ParcelMove,
) -> Result<Parcel, ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let round = tx.parcel(no).await?.round;
    tx.lock_round(round).await?;
    let before = tx.parcel(no).await?;
    let done = async {
        let after = what.of(&before.parcel).map_err(refused)?;
        let application = tx.application(before.application).await?;
        let given = match what {
            ParcelMove::Pack => packed(house, &mut tx, &before, &application).await.map(|()| before.given)?,
            ParcelMove::HandOver => Some(handed_over(house, &mut tx, &before, &application, by).await?),
            ParcelMove::ComeBack => came_back(house, &mut tx, &before, by).await.map(|()| before.given)?,
            ParcelMove::TakeBack => taken_back(house, &mut tx, &before, &application.standing, by).await?,
            ParcelMove::GiveUp => unpacked(&mut tx, &before).await.map(|()| before.given)?,
            ParcelMove::SendAgain => None,
            ParcelMove::Deliver => before.given,
        };
        tx.keep_parcel(&before, &after, given, house.now()).await?;
        Ok(after)
    };
    match done.await {
        Ok(after) => {
            let operation = house.operation();
            let act = match what {
                ParcelMove::Pack => Act::named("pack_parcel", by.actor(), operation),
                ParcelMove::HandOver => Act::named("hand_over_parcel", by.actor(), operation),
                ParcelMove::Deliver => Act::named("deliver_parcel", by.actor(), operation),
                ParcelMove::ComeBack => Act::named("return_parcel", by.actor(), operation),
                ParcelMove::SendAgain => Act::named("send_parcel_again", by.actor(), operation),
                ParcelMove::GiveUp => Act::named("give_up_parcel", by.actor(), operation),
                ParcelMove::TakeBack => Act::named("take_parcel_back", by.actor(), operation),
            };
            tx.commit(&act.on("application", before.application).counting("parcel", i64::from(no))).await?;
            Ok(after)
        }
        Err(refused) => {
            tx.undo().await?;
            Err(refused)
        }
    }
}

fn refused(why: Refusal) -> ActError {
    ActError::refused(why.code())
}

/// Whether the office hands it over itself, because an address is protected.
async fn by_hand(tx: &mut Tx, it: &KeptApplication) -> Result<bool, ActError> {
    let about: Vec<_> = it.applicant.into_iter().chain(it.beneficiary).collect();
    Ok(!tx.protected_among(&about).await?.is_empty())
}

/// It goes to somebody who has a place and said where to, and takes one of every good.
async fn packed(house: &House, tx: &mut Tx, it: &KeptParcel, application: &KeptApplication) -> Result<(), ActError> {
    if application.standing.place != Place::Held {
        return Err(ActError::refused("ledger_no_place"));
    }
    if !tx.parcel_address_holds(it.no).await? && !by_hand(tx, application).await? {
        return Err(ActError::refused("parcel_no_address"));
    }
    let shelf = tx.parcel_shelf(it.round).await?;
    let (shipping, _) = tx.round_shipping(it.round).await?;
    let arrives = shipping.good_until(house.now().jst_date());
    let lots = take_one_of_each(&shelf, arrives)
        .map_err(|(good, why)| ActError::Refused(vec![Reason::of(why.code()).with("good", good)]))?;
    Ok(tx.add_parcel_content((it.round, it.no, it.parcel.sending()), &lots).await?)
}

/// Its number among what was given.
async fn handed_over(
    house: &House,
    tx: &mut Tx,
    it: &KeptParcel,
    application: &KeptApplication,
    by: &Granted<HandleApplications>,
) -> Result<u16, ActError> {
    let number = application.standing.next_of(it.benefit);
    step(house, tx, it, Event::Fulfilled { benefit: it.benefit, number }, by).await?;
    if !by_hand(tx, application).await? {
        tell_applicant(house, tx, it.application, Notice::Sent).await?;
    }
    Ok(number)
}

async fn came_back(
    house: &House,
    tx: &mut Tx,
    it: &KeptParcel,
    by: &Granted<HandleApplications>,
) -> Result<(), ActError> {
    if let Some(number) = it.given {
        step(house, tx, it, Event::Returned { benefit: it.benefit, number }, by).await?;
    }
    // Where it went to is what was wrong, as far as anybody knows.
    tx.doubt_parcel_address(it.no).await?;
    tell_applicant(house, tx, it.application, Notice::CameBack).await
}

/// Its number among what was given, as it stands again.
async fn taken_back(
    house: &House,
    tx: &mut Tx,
    it: &KeptParcel,
    standing: &Standing,
    by: &Granted<HandleApplications>,
) -> Result<Option<u16>, ActError> {
    let (benefit, number) = (it.benefit, it.given);
    let event = match (it.parcel.state(), number) {
        (State::HandedOver { .. }, Some(number)) => Event::Fulfilled { benefit, number },
        (State::Returned { .. }, Some(number)) => Event::Returned { benefit, number },
        (State::Packed, _) => return unpacked(tx, it).await.map(|()| number),
        _ => return Ok(number),
    };
    // The ledger may have it corrected already.
    let given = standing.given.get(&benefit);
    let counts = number.is_some_and(|n| match event {
        Event::Returned { .. } => given.is_some_and(|it| it.returned.contains(&n)),
        _ => given.is_some_and(|it| it.numbers.contains(&n)),
    });
    if counts {
        let annuls = seq_of(tx, it, &event).await?;
        step(house, tx, it, Event::Corrected { annuls }, by).await?;
    }
    Ok(if matches!(event, Event::Returned { .. }) { number } else { None })
}

/// What was in it is on the shelf again, unless it left.
async fn unpacked(tx: &mut Tx, it: &KeptParcel) -> Result<(), ActError> {
    if matches!(it.parcel.state(), State::Packed) {
        tx.drop_parcel_content(it.no, it.parcel.sending()).await?;
    }
    Ok(())
}

/// The entry that says so, the last of them.
async fn seq_of(tx: &mut Tx, it: &KeptParcel, event: &Event) -> Result<Seq, ActError> {
    let ledger = tx.ledger_of(it.application).await?;
    let last = ledger.iter().rev().find(|kept| kept.entry.event == *event);
    last.map(|kept| kept.entry.seq).ok_or(ActError::refused("ledger_nothing_to_correct"))
}

async fn step(
    house: &House,
    tx: &mut Tx,
    it: &KeptParcel,
    event: Event,
    by: &Granted<HandleApplications>,
) -> Result<(), ActError> {
    let moved = take_step(house, tx, it.application, &[event], &by.actor()).await?;
    moved.map(drop).map_err(|refusal| ActError::refused(refusal.code()))
}
