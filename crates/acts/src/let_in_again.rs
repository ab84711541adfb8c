//! Whoever runs the server lets a member of staff in again who lost password, telephone and recovery codes, when nobody in
//! the office can: the second factor goes, sessions end, and a new invitation is made. The office's own way is
//! `reset_second_factor`.

use tsunagari_access::{Act, Machine};

use crate::add_staff::{Invitation, invite};
use crate::{ActError, House};

/// Takes the factor away and makes the link.
///
/// # Errors
/// `NotFound` when this organisation has no active member of staff with this sign-in name; storage's.
pub async fn let_in_again(house: &House, by: &Machine, login: &str) -> Result<Invitation, ActError> {
    let login = login.trim().to_lowercase();
    let now = house.real_clock.now();
    let mut tx = house.org(by.org()).write().await?;
    let staff = tx.staff().await?.into_iter().find(|it| it.active && it.login == login);
    let Some(staff) = staff else {
        tx.undo().await?;
        return Err(ActError::NotFound);
    };
    tx.clear_totp(staff.id, now).await?;
    let invitation = invite(house, &mut tx, staff.id, now).await?;
    tx.commit(&Act::named("reset_second_factor", by.actor(), house.operation()).on("user", staff.id)).await?;
    Ok(invitation)
}
