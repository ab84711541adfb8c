//! A town in a process: fixed clocks, seeded chance, both databases, the web side called in memory, simulators on
//! loopback. Leaves stories to `crates/tsunagari/tests/it` and storage's own tests to storage.

pub mod browser;
pub mod postgres;
pub mod town;

pub use browser::{Answer, Browser};
pub use town::{Office, Town};
pub use tsunagari_storage::testing::{BOTH, Kind};
