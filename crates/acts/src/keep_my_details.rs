//! A resident changes what they want to hear about and the language they are written to in. Names and dates are changed
//! by the office, which sees the school's list beside them.

use std::collections::BTreeSet;

use tsunagari_access::{Act, Resident};
use tsunagari_people::{Aspect, Person, PersonLocale};

use crate::remember_change::{Change, remember};
use crate::{ActError, House};

/// Makes these the interests; codes nobody offers are left out.
///
/// # Errors
/// Storage's.
pub async fn keep_interests(house: &House, by: &Resident, codes: &[String]) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let offered: BTreeSet<String> = tx.interest_kinds().await?.into_iter().map(|it| it.code).collect();
    let wanted = codes.iter().filter(|code| offered.contains(*code)).cloned().collect();
    tx.set_interests(by.person(), &wanted, house.now()).await?;
    Ok(tx.commit(&Act::named("keep_interests", by.actor(), house.operation()).on("person", by.person())).await?)
}

/// Keeps the language.
///
/// # Errors
/// Storage's.
pub async fn keep_language(house: &House, by: &Resident, locale: PersonLocale) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let operation = house.operation();
    tx.lock_persons(&[by.person()]).await?;
    let before = tx.person(by.person()).await?;
    let after = Person { locale, ..before.clone() };
    if before != after {
        tx.keep_person(&after).await?;
        let change = Change { person: after.id, what: Aspect::Person, before: Some(&before), after: Some(&after) };
        remember(&mut tx, operation, house.now(), change).await?;
    }
    Ok(tx.commit(&Act::named("keep_language", by.actor(), operation).on("person", by.person())).await?)
}
