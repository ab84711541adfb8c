//! The HTTP surfaces: portal, office, hooks, shell. Server-rendered pages, each a typed template with sample values that are
//! rendered in every locale by a test. Leaves every decision to acts and domain crates. A page is a struct with
//! `#[derive(Template)]` holding a [`shell::Shell`]; its template extends `shell/{portal,office,plain}.html`.

pub mod shell;
