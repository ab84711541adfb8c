//! Shared words of the domain, a closed list: ids, instants and civil dates, fiscal years and eras, money, names and
//! kana, municipality codes. Pure: the clock and chance are parameters (`Clock`, `Chance`), never ambient.

pub mod chance;
pub mod ids;
pub mod money;
pub mod time;

pub use chance::Chance;
pub use ids::*;
pub use money::Yen;
pub use time::{Clock, FiscalYear, FixedClock, Moment, Timestamp};
