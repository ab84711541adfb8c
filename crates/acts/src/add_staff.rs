//! A colleague is invited: a row without secrets, and a one-time link by which they choose a password and enrol a second
//! factor themselves (`choose_password`). Nobody else ever knows either.

use chrono::{NaiveDate, TimeDelta};
use tsunagari_access::permission::ManageStaff;
use tsunagari_access::session::{token_hash, token_text};
use tsunagari_access::{Act, Granted, Role};
use tsunagari_kernel::{LinkId, TeamId, Timestamp, UserId};
use tsunagari_storage::session::OneTimeLink;
use tsunagari_storage::staff::Staff;
use tsunagari_storage::{StorageError, Tx};

use crate::{ActError, House, Reason};

/// The purpose of an invitation's link.
pub const INVITATION: &str = "staff_invitation";
/// How long an invitation can be used.
pub const INVITATION_LIFE: TimeDelta = TimeDelta::days(7);

/// Who a colleague is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffGiven {
    /// The sign-in name, usually the office's mail address.
    pub login: String,
    /// The name shown.
    pub name: String,
    /// The role's code.
    pub role: String,
    /// The last day of a contractor.
    pub until: Option<NaiveDate>,
    /// The department.
    pub team: Option<TeamId>,
}

/// An invitation to hand over.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// For whom.
    pub user: UserId,
    /// The secret part of the link; shown once.
    pub token: String,
    /// Until when it can be used (real time).
    pub expires_at: Timestamp,
}

/// Adds the colleague and makes the link.
///
/// # Errors
/// Reasons at the fields; `login_taken` when the name is in use on this installation.
pub async fn add_staff(house: &House, by: &Granted<ManageStaff>, given: &StaffGiven) -> Result<Invitation, ActError> {
    let now = house.real_clock.now();
    let login = given.login.trim().to_lowercase();
    let mut wrong = name_faults(&given.name);
    wrong.extend(login_fault(&login));
    let role = role_of(&given.role, given.until, now);
    if let Err(reason) = &role {
        wrong.push(reason.clone());
    }
    let Ok(role) = role else { return Err(ActError::Refused(wrong)) };
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let id = UserId::born(&house.chance, now);
    let staff = Staff { id, login, name: given.name.trim().to_owned(), role, team: given.team, active: true };
    let mut tx = house.org(by.org()).write().await?;
    require_team(&mut tx, given.team).await?;
    match tx.add_staff(&staff).await {
        Ok(()) => {}
        Err(StorageError::Duplicate(_)) => return Err(ActError::refused_at("login", "login_taken")),
        Err(other) => return Err(other.into()),
    }
    let invitation = invite(house, &mut tx, id, now).await?;
    tx.commit(&Act::named("add_staff", by.actor(), house.operation()).on("user", id)).await?;
    Ok(invitation)
}

/// What is wrong with a sign-in name.
pub(crate) fn login_fault(login: &str) -> Option<Reason> {
    let fit = |c: char| c.is_ascii_alphanumeric() || "@._+-".contains(c);
    if login.is_empty() {
        Some(Reason::at("login", "field_empty"))
    } else if !(3..=100).contains(&login.len()) || !login.chars().all(fit) {
        Some(Reason::at("login", "login_unfit"))
    } else {
        None
    }
}

/// What is wrong with a shown name.
pub(crate) fn name_faults(name: &str) -> Vec<Reason> {
    match name.trim().chars().count() {
        0 => vec![Reason::at("name", "field_empty")],
        1..=60 => Vec::new(),
        _ => vec![Reason::at("name", "field_too_long").with("most", 60)],
    }
}

/// The role a form asks for; a contractor's last day is inclusive in the form and exclusive in the role.
pub(crate) fn role_of(code: &str, until: Option<NaiveDate>, now: Timestamp) -> Result<Role, Reason> {
    let end = until.and_then(|day| day.succ_opt()).map(Timestamp::start_of);
    if code == "contractor" {
        match end {
            None => return Err(Reason::at("until", "contractor_needs_end")),
            Some(end) if end <= now => return Err(Reason::at("until", "day_is_past")),
            Some(_) => {}
        }
    }
    Role::from_parts(code, end).ok_or_else(|| Reason::at("role", "choose_one"))
}

pub(crate) async fn require_team(tx: &mut Tx, team: Option<TeamId>) -> Result<(), ActError> {
    let Some(team) = team else { return Ok(()) };
    let known = tx.teams().await?.iter().any(|it| it.id == team);
    if known { Ok(()) } else { Err(ActError::refused_at("team", "choose_one")) }
}

/// Makes an invitation's link; earlier unused ones of the same user end.
pub(crate) async fn invite(house: &House, tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Invitation, ActError> {
    let token = token_text(&house.chance.bytes());
    let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
    let expires_at = now.plus(INVITATION_LIFE);
    let link = OneTimeLink {
        id: LinkId::born(&house.chance, now),
        purpose: INVITATION.into(),
        user: Some(user),
        person: None,
        payload: "{}".into(),
        expires_at,
    };
    tx.void_links_of_user(user, INVITATION, now).await?;
    tx.keep_link(&hash, &link, now).await?;
    Ok(Invitation { user, token, expires_at })
}
