//! Whoever applied says which account a payment goes to, or the staff does for them, from paper. It is sealed for the applicant; its holder's
//! name is compared with theirs, and where it is another somebody looks before any money moves. Once it stands in a list nothing changes
//! any more. Leaves what an account is to benefits.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Actor, Granted, Resident};
use tsunagari_benefits::{Account, BankKana, SaidAccount};
use tsunagari_kernel::{OrgId, PersonId};
use tsunagari_people::Person;
use tsunagari_storage::parcel_paper::SaidBy;
use tsunagari_storage::payment_account::{HolderCheck, PaymentAccount};

use crate::{ActError, House, Reason};

/// Who says it.
struct Says {
    org: OrgId,
    /// For whom it must be, where it is the applicant.
    person: Option<PersonId>,
    actor: Actor,
    said_by: SaidBy,
}

/// The applicant says which account it goes to.
///
/// # Errors
/// `bank_…`, `branch_…`, `account_…`, `yucho_…` at their fields; `payment_listed_already`; not found, also for somebody else's.
pub async fn keep_my_payment_account(
    house: &House,
    by: &Resident,
    no: u32,
    said: &SaidAccount,
) -> Result<(), ActError> {
    let says = Says { org: by.org(), person: Some(by.person()), actor: by.actor(), said_by: SaidBy::Applicant };
    keep(house, no, says, said).await
}

/// The staff says it for them.
///
/// # Errors
/// As `keep_my_payment_account`.
pub async fn keep_payment_account(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
    said: &SaidAccount,
) -> Result<(), ActError> {
    keep(house, no, Says { org: by.org(), person: None, actor: by.actor(), said_by: SaidBy::Staff }, said).await
}

/// An officer looked at a holder of another name, and it is right (a parent's account, a group's).
///
/// # Errors
/// `payment_holder_settled`: there is nothing to settle; not found.
pub async fn accept_account_holder(house: &House, by: &Granted<HandleApplications>, no: u32) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let application = tx.payment(no).await?.application;
    if !tx.accept_account_holder(no).await? {
        tx.undo().await?;
        return Err(ActError::refused("payment_holder_settled"));
    }
    let act = Act::named("accept_account_holder", by.actor(), house.operation()).on("application", application);
    Ok(tx.commit(&act.counting("payment", i64::from(no))).await?)
}

/// Whether the holder is who applied, as far as the bank's signs tell.
fn compared(person: &Person, account: &Account) -> HolderCheck {
    match BankKana::parse(&person.kana()) {
        Ok(name) if name.is_same(&account.holder) => HolderCheck::Same,
        Ok(_) | Err(_) => HolderCheck::Differs,
    }
}

async fn keep(house: &House, no: u32, says: Says, said: &SaidAccount) -> Result<(), ActError> {
    let at_fields = |faults: Vec<(&'static str, &'static str)>| {
        ActError::Refused(faults.into_iter().map(|(field, code)| Reason::at(field, code)).collect())
    };
    let account = said.account().map_err(at_fields)?;
    let here = house.org(says.org);
    let mut reader = here.read().await?;
    let known = reader.payment(no).await?;
    let applicant = reader.application(known.application).await?.applicant.ok_or(ActError::NotFound)?;
    drop(reader);
    if says.person.is_some_and(|it| it != applicant) {
        return Err(ActError::NotFound);
    }
    let keys = here.make_person_keys(&[applicant]).await?;
    let mut tx = here.write().await?;
    tx.lock_round(known.round).await?;
    let payment = tx.payment(no).await?;
    let application = tx.application(payment.application).await?;
    let refused = if application.applicant != Some(applicant) {
        Some(ActError::Conflict)
    } else if !payment.payment.takes_account() {
        Some(ActError::refused("payment_listed_already"))
    } else {
        None
    };
    if let Some(refused) = refused {
        tx.undo().await?;
        return Err(refused);
    }
    let holder = compared(&tx.person(applicant).await?, &account);
    let it = PaymentAccount {
        payment: no,
        person: applicant,
        account,
        said_by: says.said_by,
        holder,
        told_at: house.now(),
        doubted: false,
    };
    tx.keep_payment_account(&it, &keys).await?;
    let act = Act::named("keep_payment_account", says.actor, house.operation()).on("application", application.id);
    Ok(tx.commit(&act.on("person", applicant)).await?)
}
