//! Imports from upload to undo on both databases: the list of a school as it is written, every verdict, a crash in the
//! middle, undoing to exactly what was, and what happens when people change in between.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

#[path = "../../../documents/examples/school_list.rs"]
mod school_list;

mod decided;
mod guardians;
mod left;
mod long;
mod occupations;
mod schools;
mod story;
mod stuck;
mod town;
mod verdicts;
