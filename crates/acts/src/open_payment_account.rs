//! Staff looks at the account a payment goes to. Each look is on the record.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_storage::payment_account::PaymentAccount;

use crate::{ActError, House};

/// Opens it; nothing where nobody told it, or they were erased.
///
/// # Errors
/// Not found; storage's.
pub async fn open_payment_account(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
) -> Result<Option<PaymentAccount>, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let application = reader.payment(no).await?.application;
    let applicant = reader.application(application).await?.applicant;
    drop(reader);
    let about: Vec<_> = applicant.into_iter().collect();
    let keys = here.person_keys(&about).await?;
    let mut tx = here.write().await?;
    let account = tx.payment_account(no, &keys).await?;
    let shown = i64::from(account.is_some());
    let act = Act::named("open_payment_account", by.actor(), house.operation()).on("application", application);
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(account)
}
