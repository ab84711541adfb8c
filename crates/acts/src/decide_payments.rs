//! The office decides how much is paid to whom: to each who has a place in a round, what the programme's rule comes to for what they claim,
//! or less. Each is told, and asked for an account. Reading claims is on the record. Leaves the rule to blueprints, and moving the money to
//! `propose_transfers`.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_benefits::Payment;
use tsunagari_blueprints::Paid;
use tsunagari_kernel::{ApplicationId, PersonId, RoundId, Yen};
use tsunagari_programmes::{BenefitNo, Notice};
use tsunagari_storage::Tx;
use tsunagari_storage::payment::Undecided;
use tsunagari_storage::person_key::PersonKeys;

use crate::running_programme::{Running, running};
use crate::tell_step::tell_applicant;
use crate::{ActError, House};

/// What somebody is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmountDue {
    /// Who.
    pub who: Undecided,
    /// For which benefit.
    pub benefit: BenefitNo,
    /// What it is called.
    pub name: String,
    /// How much the rule comes to, which is the most that can be decided; nothing where the staff decides it.
    pub yen: Option<Yen>,
}

/// What a programme pays, by its values.
///
/// # Errors
/// A blueprint that does not fit its values.
pub fn pays(running: &Running) -> Result<Vec<Paid>, ActError> {
    running.blueprint.pays(&running.values).map_err(|error| ActError::Broken(error.to_string()))
}

/// Who waits for a decision, with what the rule comes to for what they wrote.
///
/// # Errors
/// Not found; storage's.
pub async fn amounts_due(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
) -> Result<Vec<AmountDue>, ActError> {
    let keys = keys_of(house, by, round).await?;
    let mut tx = house.org(by.org()).write().await?;
    let due = due(house, &mut tx, round, &keys).await?;
    if due.is_empty() {
        tx.undo().await?;
        return Ok(due);
    }
    let shown = i64::try_from(due.len()).unwrap_or(i64::MAX);
    let act = Act::named("read_claims", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(due)
}

/// Decides them; how many.
///
/// # Errors
/// `payment_amount`, `payment_above_due` with the application's number; `Conflict` where somebody decided before, or a place is gone.
pub async fn decide_payments(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
    which: &[(ApplicationId, BenefitNo, Yen)],
) -> Result<usize, ActError> {
    if which.is_empty() {
        return Ok(0);
    }
    let keys = keys_of(house, by, round).await?;
    let mut tx = house.org(by.org()).write().await?;
    tx.lock_round(round).await?;
    let due = due(house, &mut tx, round, &keys).await?;
    let decided: Result<Vec<_>, ActError> = which.iter().map(|it| decided(&due, *it)).collect();
    let decided = match decided {
        Ok(decided) => decided,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    tx.add_payments(round, &decided, house.now()).await?;
    for (application, _, _) in &decided {
        tell_applicant(house, &mut tx, *application, Notice::AccountAsked).await?;
    }
    let n = i64::try_from(decided.len()).unwrap_or(i64::MAX);
    let act = Act::named("decide_payments", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("payments", n)).await?;
    Ok(decided.len())
}

fn decided(
    due: &[AmountDue],
    (application, benefit, yen): (ApplicationId, BenefitNo, Yen),
) -> Result<(ApplicationId, BenefitNo, Payment), ActError> {
    let known = due.iter().find(|it| it.who.application == application && it.benefit == benefit);
    let known = known.ok_or(ActError::Conflict)?;
    let refused = |code| ActError::Refused(vec![crate::Reason::of(code).with("receipt", known.who.receipt.clone())]);
    if known.yen.is_some_and(|most| yen > most) {
        return Err(refused("payment_above_due"));
    }
    let payment = Payment::of(yen).map_err(|why| refused(why.code()))?;
    Ok((application, benefit, payment))
}

/// The keys of everybody whose claim is to be read.
async fn keys_of(house: &House, by: &Granted<HandleApplications>, round: RoundId) -> Result<PersonKeys, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let known = reader.round(round).await?.round;
    let running = running(house, &mut reader, known.programme, known.version_no).await?;
    let mut people: Vec<PersonId> = Vec::new();
    for paid in pays(&running)? {
        people.extend(reader.without_payment(round, paid.benefit).await?.into_iter().filter_map(|it| it.applicant));
    }
    drop(reader);
    people.sort_unstable();
    people.dedup();
    Ok(here.person_keys(&people).await?)
}

async fn due(house: &House, tx: &mut Tx, round: RoundId, keys: &PersonKeys) -> Result<Vec<AmountDue>, ActError> {
    let known = tx.round(round).await?.round;
    let running = running(house, tx, known.programme, known.version_no).await?;
    let mut all = Vec::new();
    for paid in pays(&running)? {
        for who in tx.without_payment(round, paid.benefit).await? {
            if !paid.is_for(who.class.as_deref()) {
                continue;
            }
            let readable = paid.claims.is_some() && who.applicant.is_some_and(|it| keys.has(it));
            let paper = if readable { tx.paper(who.application, keys).await? } else { None };
            let yen = paid.due(paper.as_ref().map(|it| &it.answers));
            all.push(AmountDue { who, benefit: paid.benefit, name: paid.name.clone(), yen });
        }
    }
    Ok(all)
}
