//! Shared words of the domain, a closed list: ids and their beginnings, instants and civil dates, fiscal years and eras, ages and school
//! years, holidays, money, names and kana, contact addresses, municipality and country codes, spans, reasons. Pure: the clock and chance are
//! parameters (`Clock`, `Chance`), never ambient.

pub mod age;
pub mod chance;
pub mod cohort;
pub mod contact;
pub mod country;
pub mod era;
pub mod holiday;
pub mod id_beginning;
pub mod ids;
pub mod money;
pub mod municipality;
pub mod names;
pub mod reason;
pub mod span;
pub mod time;

pub use chance::Chance;
pub use id_beginning::IdBeginning;
pub use ids::*;
pub use money::Yen;
pub use municipality::MunicipalityCode;
pub use reason::Reason;
pub use span::Span;
pub use time::{Clock, FiscalYear, FixedClock, Moment, Timestamp};
