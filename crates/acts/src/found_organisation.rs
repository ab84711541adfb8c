//! A new organisation begins: its row and key, departments, first staff with their secrets, the purposes residents may
//! agree to with their wordings, and the kinds of interest. Used by the first start of an installation and by the demo.
//! Leaves later changes of each to their own acts.

use tsunagari_access::{Act, Machine};
use tsunagari_kernel::Timestamp;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::staff::Staff;
use tsunagari_storage::team::Team;
use tsunagari_storage::{StorageError, Tx};

use crate::add_staff::{Invitation, invite, login_fault, name_faults};
use crate::{ActError, House, Reason};

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
/// `organisation_exists` when the code is taken, `Conflict` when a sign-in name is; storage's.
pub async fn found_organisation(house: &House, by: &Machine, founding: &Founding) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    write(house, &mut tx, founding).await?;
    Ok(tx.commit(&act(house, by, founding.staff.len())).await?)
}

/// Writes all of it with an administrator who has no secrets yet, and makes the link by which they choose a password and
/// enrol their second factor: the first start of a real town. Nobody else ever knows either.
///
/// # Errors
/// Reasons at `name` and `login`; `organisation_exists`, `login_taken`; storage's. Nothing was written then.
pub async fn found_with_administrator(
    house: &House,
    by: &Machine,
    founding: &Founding,
    administrator: &Staff,
) -> Result<Invitation, ActError> {
    let mut wrong = name_faults(&administrator.name);
    wrong.extend(login_fault(&administrator.login));
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    write(house, &mut tx, founding).await?;
    match tx.add_staff(administrator).await {
        Ok(()) => {}
        Err(StorageError::Duplicate(_)) => return Err(ActError::refused_at("login", "login_taken")),
        Err(other) => return Err(other.into()),
    }
    let invitation = invite(house, &mut tx, administrator.id, house.real_clock.now()).await?;
    tx.commit(&act(house, by, founding.staff.len() + 1)).await?;
    Ok(invitation)
}

fn act(house: &House, by: &Machine, staff: usize) -> Act {
    Act::named("found_organisation", by.actor(), house.operation())
        .on("organisation", by.org())
        .counting("staff", position(staff))
}

fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

async fn write(house: &House, tx: &mut Tx, founding: &Founding) -> Result<(), ActError> {
    let now: Timestamp = house.real_clock.now();
    match tx.found_organisation(&founding.organisation).await {
        Ok(()) => {}
        Err(StorageError::Duplicate(_)) => {
            let code = founding.organisation.code.as_str();
            return Err(ActError::Refused(vec![Reason::at("code", "organisation_exists").with("code", code)]));
        }
        Err(other) => return Err(other.into()),
    }
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
    Ok(())
}
