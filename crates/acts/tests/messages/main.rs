//! Messages from draft to settled, against the real LINE and mail simulators on both databases: exactly once under faults,
//! nothing after a withdrawal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod alone;
mod bounce;
mod calling_off;
mod clock;
mod faults;
mod mail_server;
mod mandate;
mod merged;
mod month;
mod pace;
mod restored;
mod steps;
mod stopped;
mod story;
mod town;
mod trying;
mod waiting;
mod withdrawal;
mod written_for;
