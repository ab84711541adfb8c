//! Staff looks at where a parcel goes to. Each look is on the record; where an address is protected it is not shown to anyone.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::PersonId;
use tsunagari_storage::parcel_paper::ParcelAddress;

use crate::{ActError, House};

/// Where a parcel goes to, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedAddress {
    /// Where to; nothing where nobody said so, or it is protected.
    pub address: Option<ParcelAddress>,
    /// Whether an address is protected: the parcel is handed over by the office itself.
    pub protected: bool,
}

/// Opens it.
///
/// # Errors
/// Not found; storage's.
pub async fn open_parcel_address(
    house: &House,
    by: &Granted<HandleApplications>,
    no: u32,
) -> Result<OpenedAddress, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let parcel = reader.parcel(no).await?;
    let application = reader.application(parcel.application).await?;
    drop(reader);
    let about: Vec<PersonId> = application.applicant.into_iter().chain(application.beneficiary).collect();
    let keys = here.person_keys(&about).await?;
    let mut tx = here.write().await?;
    let protected = !tx.protected_among(&about).await?.is_empty();
    let mut address = tx.parcel_addresses(&[no], &keys).await?.pop();
    address.take_if(|_| protected);
    let shown = i64::from(address.is_some());
    let act = Act::named("open_parcel_address", by.actor(), house.operation()).on("application", application.id);
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(OpenedAddress { address, protected })
}
