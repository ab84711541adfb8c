//! Forgetting and protection over whole stories on both databases: erased by two people with nothing left, held against a
//! restored backup, asked again on the birthday, protected wherever a person is shown.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

#[path = "../messages/clock.rs"]
#[allow(dead_code, reason = "the clock of the tests of messages; not all of it is used here")]
mod clock;
mod erasing;
mod media;
mod minors;
mod protected;
#[path = "../messages/town.rs"]
#[allow(dead_code, reason = "the town of the tests of messages; not all of it is used here")]
mod town;
