//! One file per act of the office, the resident or the machine; the only writers of the program. An act takes the
//! house and a proof of permission, decides with the domain crates inside one transaction, commits with its `Act` for
//! the audit record, and answers with a value or an `ActError`. No network call while a transaction is open.
//! To add one: a file named by its verb, a `pub mod` line here, its refusals in locales/*/refusals.ftl.

pub mod add_staff;
pub mod adopt_plan;
pub mod answer;
pub mod choose_password;
pub mod connect_line_channel;
pub mod found_organisation;
pub mod house;
pub mod keep_interest_kinds;
pub mod keep_line_channel;
pub mod keep_mail_channel;
pub mod keep_organisation;
pub mod keep_staff;
pub mod keep_team;
pub mod keep_wording;
pub mod line_gateway;
pub mod load_people;
pub mod mail_gateway;
pub mod read_audit;
pub mod record_mandate;
pub mod reset_second_factor;
pub mod set_up_channels;
pub mod set_webhook;
pub mod sign_in;
pub mod upload_media;

pub use answer::{ActError, Reason};
pub use house::House;
pub use line_gateway::LineGateway;
