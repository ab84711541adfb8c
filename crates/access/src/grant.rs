//! The proof that an officer may do something now. An act takes `Granted<P>`; only `Officer::grant` makes one.

use std::fmt;
use std::marker::PhantomData;

use tsunagari_kernel::{OrgId, Timestamp, UserId};

use crate::actor::Actor;
use crate::permission::{Code, Permission};
use crate::role::Role;

/// Why a permission was not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No role of the officer holds the permission.
    #[error("not permitted: {}", .0.as_str())]
    NotPermitted(Code),
    /// A role would hold it, but it has ended.
    #[error("the role has ended: {}", .0.as_str())]
    RoleEnded(Code),
}

impl Refusal {
    /// The public reason code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotPermitted(_) => "not_permitted",
            Self::RoleEnded(_) => "role_ended",
        }
    }
}

/// A signed-in member of staff in one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    org: OrgId,
    user: UserId,
    roles: Vec<Role>,
}

impl Officer {
    /// As storage knows the user behind a live session.
    pub const fn of(org: OrgId, user: UserId, roles: Vec<Role>) -> Self {
        Self { org, user, roles }
    }

    /// The organisation.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The user.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The roles, ended ones included.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Whether a menu entry is shown; an act still needs `grant`.
    pub fn may(&self, code: Code, now: Timestamp) -> bool {
        self.judge(code, now).is_ok()
    }

    /// The proof for one permission.
    ///
    /// # Errors
    /// [`Refusal`] when no role in force holds it.
    pub fn grant<P: Permission>(&self, now: Timestamp) -> Result<Granted<P>, Refusal> {
        self.judge(P::CODE, now)?;
        Ok(Granted { org: self.org, user: self.user, at: now, permission: PhantomData })
    }

    fn judge(&self, code: Code, now: Timestamp) -> Result<(), Refusal> {
        let mut held = self.roles.iter().filter(|role| role.allows(code)).peekable();
        if held.peek().is_none() {
            return Err(Refusal::NotPermitted(code));
        }
        if held.any(|role| role.in_force(now)) { Ok(()) } else { Err(Refusal::RoleEnded(code)) }
    }
}

/// Proof that a user held permission `P` in an organisation at an instant. Not to be stored.
pub struct Granted<P: Permission> {
    org: OrgId,
    user: UserId,
    at: Timestamp,
    permission: PhantomData<P>,
}

impl<P: Permission> Granted<P> {
    /// The organisation it holds in, and no other.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// Who holds it.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// When it was granted.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The holder, for the audit record.
    pub const fn actor(&self) -> Actor {
        Actor::User(self.user)
    }
}

impl<P: Permission> fmt::Debug for Granted<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Granted({} to {})", P::CODE.as_str(), self.user)
    }
}
