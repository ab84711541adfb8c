//! Texts, dates, eras and numbers in the reader's language. Texts live in `locales/{ja,ja-easy,en}/*.ftl` (Fluent) and
//! are embedded at compile time; a new file needs no code. Leaves the choice of the locale to the page layer, and what is
//! said to the locale files. Every kind of thing that is written differently per locale has one method of [`Texts`].

pub mod arg;
mod bundles;
mod format;
pub mod keys;
pub mod locale;
mod texts;

pub use arg::Arg;
pub use keys::{missing_count, missing_keys};
pub use locale::Locale;
pub use texts::Texts;

#[cfg(test)]
mod tests;
