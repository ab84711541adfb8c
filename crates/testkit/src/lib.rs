//! A town in a process: fixed clock, seeded chance, builders, both databases.

pub mod postgres;
