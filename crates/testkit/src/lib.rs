//! A town in a process: fixed clocks, seeded chance, both databases, the web side called in memory, simulators on
//! loopback. Leaves stories to `crates/tsunagari/tests/it` and storage's own tests to storage.

pub mod browser;
pub mod crawl;
pub mod followers;
pub mod lived;
pub mod markup;
mod parcels;
mod payments;
pub mod postgres;
pub mod town;

pub use browser::{Answer, Browser};
pub use crawl::Found;
pub use lived::{Joining, Lived, Officer, ROUND};
pub use parcels::parcels_for_everybody;
pub use payments::{PAYER, bank_day, payments_for_everybody};
pub use town::{Office, Town};
pub use tsunagari_load as load;
pub use tsunagari_storage::testing::{BOTH, Kind};
