//! The demonstration: six towns of Shimane with invented staff and people, LINE and mail simulated, in one process.
//! `place` is where it lives, `towns` what each begins with, `lines` their channels, `announce` what is printed,
//! `network` their secretariat, `history` what they look back on, `way_back` how bounces come home.
//! Everything is made from a seed; the towns and their numbers come from the shipped blueprints.

pub mod announce;
pub mod history;
pub mod lines;
pub mod menus;
pub mod network;
pub mod people;
pub mod place;
pub mod staff;
pub mod towns;
pub mod way_back;
pub mod words;
