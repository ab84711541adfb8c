//! Staff looks at a person's addresses. Each look is on the record; a protected postal address is not shown to anyone.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::PersonId;
use tsunagari_people::protection::tells_whereabouts;
use tsunagari_storage::contact::Address;

use crate::{ActError, House};

/// Opens the addresses of a person.
///
/// # Errors
/// Not found; storage's.
pub async fn open_contact_points(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
) -> Result<Vec<Address>, ActError> {
    let here = house.org(by.org());
    let keys = here.person_keys(&[person]).await?;
    let mut tx = here.write().await?;
    let protected = tx.person(person).await?.address_protected;
    let mut addresses = tx.addresses_of(&keys, person).await?;
    addresses.retain(|it| !(protected && tells_whereabouts(it.kind)));
    let shown = i64::try_from(addresses.len()).unwrap_or(i64::MAX);
    let act =
        Act::named("open_contact_points", by.actor(), house.operation()).on("person", person).counting("shown", shown);
    tx.commit(&act).await?;
    Ok(addresses)
}
