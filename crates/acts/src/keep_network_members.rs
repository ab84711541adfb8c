//! Who belongs to a network is entered while an installation is set up. Membership has a beginning and an end, so what a
//! network sees of an earlier year is who belonged to it then. Leaves what it sees to `read_rollup`.

use chrono::NaiveDate;
use tsunagari_access::{Act, Machine};
use tsunagari_kernel::OrgId;

use crate::{ActError, House};

/// A body with the day it becomes a member.
pub type Membership = (OrgId, NaiveDate);

/// Keeps these members.
///
/// # Errors
/// `not_a_network`, or storage's.
pub async fn keep_network_members_at_setup(
    house: &House,
    by: &Machine,
    members: &[Membership],
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    if !crate::read_rollup::WITH_MEMBERS.contains(&tx.organisation().await?.kind.as_str()) {
        tx.undo().await?;
        return Err(ActError::refused("not_a_network"));
    }
    for (member, from) in members {
        tx.keep_network_member(*member, *from, None).await?;
    }
    let act = Act::named("keep_network_members", by.actor(), house.operation())
        .counting("members", i64::try_from(members.len()).unwrap_or(i64::MAX));
    Ok(tx.commit(&act).await?)
}
