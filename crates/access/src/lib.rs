//! Who may do what, and proof of it: permissions as types, roles, sessions, sign-in secrets, the audit chain.
//! Leaves storing and cookies to storage and web. Pure: instants, salts and tokens are parameters.

pub mod actor;
pub mod audit;
pub mod grant;
pub mod password;
pub mod permission;
pub mod resident;
pub mod role;
pub mod session;
pub mod throttle;
pub mod totp;

pub use actor::{Act, ActCode, Actor, Machine, OperationId};
pub use audit::{AuditEntry, ChainHash};
pub use grant::{Granted, Officer, Refusal};
pub use permission::{Code, Permission};
pub use resident::{ActingFor, Resident, SignInWay};
pub use role::Role;
pub use session::{Session, Subject};

#[cfg(test)]
mod tests;
