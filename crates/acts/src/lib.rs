//! One file per act of the office, the resident or the machine; the only writers of the program. An act takes the
//! house and a proof of permission, decides with the domain crates inside one transaction, commits with its `Act` for
//! the audit record, and answers with a value or an `ActError`. No network call while a transaction is open.
//! To add one: a file named by its verb, a `pub mod` line here, its refusals in locales/*/refusals.ftl.

pub mod adopt_plan;
pub mod answer;
pub mod found_organisation;
pub mod house;
pub mod load_people;
pub mod line_gateway;
pub mod set_up_channels;
pub mod sign_in;

pub use answer::{ActError, Reason};
pub use house::House;
pub use line_gateway::LineGateway;
