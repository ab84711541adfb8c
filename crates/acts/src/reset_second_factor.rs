//! A colleague lost the telephone or the password: the second factor goes, sessions end, and a new invitation is made by
//! which they enrol again. An administrator cannot do it to themselves when nobody else could let them in again.

use tsunagari_access::permission::ManageStaff;
use tsunagari_access::{Act, Granted, Role};
use tsunagari_kernel::UserId;

use crate::add_staff::{Invitation, invite};
use crate::keep_staff::another_administrator;
use crate::{ActError, House};

/// Takes the factor away and makes the link.
///
/// # Errors
/// `last_administrator`, `staff_closed`; not found.
pub async fn reset_second_factor(house: &House, by: &Granted<ManageStaff>, id: UserId) -> Result<Invitation, ActError> {
    let now = house.real_clock.now();
    let mut tx = house.org(by.org()).write().await?;
    let staff = tx.staff_member(id).await?;
    if !staff.active {
        tx.undo().await?;
        return Err(ActError::refused("staff_closed"));
    }
    if staff.role == Role::Administrator && id == by.user() && !another_administrator(&mut tx, id).await? {
        tx.undo().await?;
        return Err(ActError::refused("last_administrator"));
    }
    tx.clear_totp(id, now).await?;
    let invitation = invite(house, &mut tx, id, now).await?;
    tx.commit(&Act::named("reset_second_factor", by.actor(), house.operation()).on("user", id)).await?;
    Ok(invitation)
}
