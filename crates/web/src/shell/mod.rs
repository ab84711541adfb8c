//! What every page shares: the frame around it ([`Shell`]), its parts ([`components`]), how it becomes a response ([`render`]),
//! what protects it ([`headers`], [`csrf`], [`cookies`]), and what is said when it cannot be shown ([`problem`]).

pub mod assets;
pub mod components;
pub mod context;
pub mod cookies;
pub mod csrf;
pub mod guide;
pub mod headers;
pub mod nav;
pub mod observe;
pub mod problem;
pub mod render;
pub mod room;
pub mod sample;

pub use context::{Accent, Flash, Org, Shell, Theme, Tone, User};
pub use nav::NavItem;
pub use problem::{AppError, Surface};
pub use render::{page, page_with_status};
pub use sample::Sample;

#[cfg(test)]
mod tests;
