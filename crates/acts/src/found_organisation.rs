//! A new organisation begins: its row and key, departments, first staff with their secrets, the purposes residents may
//! agree to with their wordings, and the kinds of interest. Used by the first start of an installation and by the demo.
//! Leaves later changes of each to their own acts.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::Timestamp;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::staff::Staff;
use tsunagari_storage::team::Team;

use crate::{ActError, House};

/// A member of staff with secrets.
#[derive(Debug, Clone)]
pub struct FirstStaff {
    /// Who.
    pub staff: Staff,
    /// The argon2id hash of the password.
    pub password_hash: String,
    /// The TOTP secret.
    pub totp: [u8; 20],
}

/// Everything an organisation begins with.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The organisation with its settings.
    pub organisation: Organisation,
    /// Departments, in order.
    pub teams: Vec<Team>,
    /// Staff.
    pub staff: Vec<FirstStaff>,
    /// Purposes, in order.
    pub purposes: Vec<Labelled>,
    /// Their wordings.
    pub wordings: Vec<Wording>,
    /// Kinds of interest, in order.
    pub interests: Vec<Labelled>,
}

/// Writes all of it in one transaction.
///
/// # Errors
/// `Conflict` when the code or a sign-in name is taken; storage's.
pub async fn found_organisation(house: &House, by: &Machine, founding: &Founding) -> Result<(), ActError> {
    let now: Timestamp = house.real_clock.now();
    let position = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    let mut tx = house.org(by.org()).write().await?;
    tx.found_organisation(&founding.organisation).await?;
    for (index, team) in founding.teams.iter().enumerate() {
        tx.keep_team(team, position(index)).await?;
    }
    for it in &founding.staff {
        tx.add_staff(&it.staff).await?;
        tx.set_password(it.staff.id, &it.password_hash, now).await?;
        tx.set_totp(it.staff.id, &it.totp, &[], now).await?;
    }
    for (index, it) in founding.purposes.iter().enumerate() {
        tx.keep_purpose(it, position(index)).await?;
    }
    for it in &founding.wordings {
        tx.add_wording(it).await?;
    }
    for (index, it) in founding.interests.iter().enumerate() {
        tx.keep_interest_kind(it, position(index)).await?;
    }
    let act = Act::named("found_organisation", by.actor(), house.operation())
        .on("organisation", by.org())
        .counting("staff", position(founding.staff.len()));
    Ok(tx.commit(&act).await?)
}
