//! The only SQL of the program: migrations, the store, readers and writers, one file per aggregate, rules to SQL.
//! Leaves every decision to the domain crates and every "who may" to acts.

pub mod audit;
pub mod audit_chain;
pub mod audit_view;
pub mod campaign;
pub mod campaign_result;
pub mod catalogue;
pub mod consent;
pub mod contact;
pub mod delivery;
pub mod demo_database;
pub mod dialect;
pub mod directory;
pub mod dispatch;
pub mod enrolment;
pub mod erasure_request;
pub mod error;
pub mod figure;
pub mod household;
pub mod indicator;
pub mod interest;
pub mod job;
pub mod join_draft;
pub mod join_event;
pub mod keyring;
pub mod line_channel;
pub mod line_follower;
pub mod line_inbound;
pub mod mail_channel;
pub mod media;
pub mod message_link;
pub mod migrate;
pub mod person;
pub mod person_key;
pub mod person_record;
pub mod purpose;
pub mod recipient;
pub mod residence;
pub mod school;
pub mod segment;
pub mod session;
pub mod sql;
pub mod staff;
pub mod store;
pub mod team;
pub mod tie;
pub mod wording_use;
#[cfg(feature = "testing")]
pub mod testing;
mod writer;

pub use dialect::Location;
pub use error::StorageError;
pub use keyring::{Key, Keyring};
pub use store::{OrgStore, Platform, Reader, Store, Tx};
