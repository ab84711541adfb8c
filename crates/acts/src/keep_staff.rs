//! A colleague's name, role, department or access changes. The last administrator who can sign in stays one.
//! Changing role or access ends the colleague's sessions at once.

use chrono::NaiveDate;
use tsunagari_access::permission::ManageStaff;
use tsunagari_access::{Act, Granted, Role};
use tsunagari_kernel::{TeamId, UserId};
use tsunagari_storage::Tx;
use tsunagari_storage::staff::Staff;

use crate::add_staff::{name_faults, require_team, role_of};
use crate::{ActError, House};

/// Whether a colleague may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffAccess {
    /// Yes.
    Open,
    /// No; the row stays for the record.
    Closed,
}

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffChange {
    /// The name shown.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// The last day of a contractor.
    pub until: Option<NaiveDate>,
    /// The department.
    pub team: Option<TeamId>,
    /// Whether sign-in is allowed.
    pub access: StaffAccess,
}

/// Keeps the change.
///
/// # Errors
/// Reasons at the fields; `last_administrator`; not found.
pub async fn keep_staff(
    house: &House,
    by: &Granted<ManageStaff>,
    id: UserId,
    given: &StaffChange,
) -> Result<(), ActError> {
    let now = house.real_clock.now();
    let mut wrong = name_faults(&given.name);
    let role = match role_of(&given.role, given.until, now) {
        Ok(role) => role,
        Err(reason) => {
            wrong.push(reason);
            return Err(ActError::Refused(wrong));
        }
    };
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    let before = tx.staff_member(id).await?;
    require_team(&mut tx, given.team).await?;
    let active = given.access == StaffAccess::Open;
    let stays = active && role == Role::Administrator;
    if !stays && !another_administrator(&mut tx, id).await? && before.active && before.role == Role::Administrator {
        tx.undo().await?;
        return Err(ActError::refused_at(if active { "role" } else { "access" }, "last_administrator"));
    }
    tx.keep_staff(&Staff { name: given.name.trim().to_owned(), role, team: given.team, active, ..before }).await?;
    tx.commit(&Act::named("keep_staff", by.actor(), house.operation()).on("user", id)).await?;
    Ok(())
}

/// Whether somebody else can administer: active, with a password and a second factor.
pub(crate) async fn another_administrator(tx: &mut Tx, than: UserId) -> Result<bool, ActError> {
    let enrolled = tx.enrolled_staff().await?;
    let staff = tx.staff().await?;
    Ok(staff.iter().any(|it| it.id != than && it.active && it.role == Role::Administrator && enrolled.contains(&it.id)))
}
