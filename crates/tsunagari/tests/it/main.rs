//! Stories at the HTTP door, on both databases; one binary so that it links once. To add one: a file and a line here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod authorisation;
mod kill_nine;
mod settings;
mod sign_in;
