//! What is paid in a season: decided, an account told, a list drawn up by one and released by another, carried out by the bank. Leaves what
//! else somebody gets to `season`.

use chrono::{Days, NaiveDate, NaiveTime};
use tsunagari_access::permission::{HandleApplications, ManageSettings, ReleasePayments};
use tsunagari_benefits::SaidAccount;
use tsunagari_benefits::account::AccountKind;
use tsunagari_benefits::payer::SaidPayer;
use tsunagari_benefits::payment::State;
use tsunagari_kernel::{ApplicationId, Timestamp, Yen, holiday};
use tsunagari_programmes::Round;

use super::Rehearsal;
use super::town::Town;
use crate::ActError;
use crate::decide_payments::{amounts_due, decide_payments};
use crate::end_transfers::carry_out_transfers;
use crate::keep_payer::keep_payer;
use crate::keep_payment_account::{accept_account_holder, keep_my_payment_account};
use crate::propose_transfers::propose_transfers;
use crate::release_transfers::{release_transfers, take_transfer_file};

/// What is paid where neither a rule nor a claim says how much.
const SOME: Yen = Yen(10_000);

/// Pays an application what it gets.
pub(super) async fn pay_out(
    town: &Town<'_>,
    round: &Round,
    id: ApplicationId,
    told: &mut Rehearsal,
) -> Result<(), ActError> {
    let by = town.granted::<HandleApplications>()?;
    let due = amounts_due(town.house, &by, round.id).await?;
    let theirs: Vec<_> = due.iter().filter(|it| it.who.application == id).collect();
    if theirs.is_empty() {
        return Ok(());
    }
    for it in &theirs {
        let above = it.yen.map(|most| (id, it.benefit, Yen(most.0.saturating_add(1))));
        if let Some(above) = above
            && decide_payments(town.house, &by, round.id, &[above]).await.is_ok()
        {
            told.wrong.push("more was decided than the rule comes to".to_owned());
        }
    }
    let which: Vec<_> = theirs.iter().map(|it| (id, it.benefit, it.yen.unwrap_or(SOME))).collect();
    decide_payments(town.house, &by, round.id, &which).await?;
    tell_account(town, id).await?;
    payer(town).await?;
    let today = town.house.clock.today();
    let Some(pay_on) = bank_day_after(today) else {
        told.wrong.push(format!("no day after {today} is known on which banks work"));
        return Ok(());
    };
    let list = propose_transfers(town.house, &by, pay_on).await?;
    if release_transfers(town.house, &town.granted::<ReleasePayments>()?, list).await.is_ok() {
        told.wrong.push("one person alone released a list of transfers".to_owned());
    }
    let other = town.granted_to_another::<ReleasePayments>()?;
    release_transfers(town.house, &other, list).await?;
    let file = take_transfer_file(town.house, &other, list).await?;
    if take_transfer_file(town.house, &other, list).await? != file {
        told.wrong.push("the same list makes two files".to_owned());
    }
    let now = town.house.now();
    town.calendar.set(Timestamp::at_jst(pay_on, NaiveTime::from_hms_opt(15, 0, 0).unwrap_or_default()));
    carry_out_transfers(town.house, &by, list).await?;
    town.calendar.set(now);
    let paid = town.house.org(town.org).read().await?.payments_of(id).await?;
    if paid.is_empty() || paid.iter().any(|it| it.payment.state() != State::Paid) {
        told.wrong.push("what was carried out is not paid".to_owned());
    }
    Ok(())
}

async fn tell_account(town: &Town<'_>, id: ApplicationId) -> Result<(), ActError> {
    let by = town.granted::<HandleApplications>()?;
    let mut reader = town.house.org(town.org).read().await?;
    let (payments, applicant) = (reader.payments_of(id).await?, reader.application(id).await?.applicant);
    drop(reader);
    let Some(person) = applicant else { return Ok(()) };
    let said = SaidAccount::Yucho { symbol: "10530".into(), number: "12345671".into(), holder: "REHEARSAL".into() };
    for payment in payments {
        keep_my_payment_account(town.house, &town.resident(person), payment.no, &said).await?;
        // Invented people have no reading to compare it with.
        accept_account_holder(town.house, &by, payment.no).await?;
    }
    Ok(())
}

async fn payer(town: &Town<'_>) -> Result<(), ActError> {
    if town.house.org(town.org).read().await?.payer().await?.0.is_some() {
        return Ok(());
    }
    let said = SaidPayer {
        code: "0012345678".into(),
        name: "REHEARSAL".into(),
        bank: "0167".into(),
        branch: "001".into(),
        kind: Some(AccountKind::Ordinary),
        number: "7654321".into(),
        ..SaidPayer::default()
    };
    keep_payer(town.house, &town.granted::<ManageSettings>()?, 0, &said).await
}

fn bank_day_after(today: NaiveDate) -> Option<NaiveDate> {
    let mut after = (1..=14).filter_map(|n| today.checked_add_days(Days::new(n)));
    after.find(|day| holiday::is_bank_day(*day) == Some(true))
}
