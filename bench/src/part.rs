//! A part of the table. To add one: a file in `parts` with a type that implements `Part`, and a line in `parts::all`.
//! A part brings the town it needs (`Bench::town`, shared; `Bench::fresh`, its own), the server (`Town::serve`) and its
//! load, measures, and answers rows; it never fails because something was slow.

use anyhow::Result;
use async_trait::async_trait;

use crate::bench::Bench;
use crate::table::Figure;

/// A part.
#[async_trait]
pub trait Part: Send + Sync {
    /// What it is called on the command line.
    fn name(&self) -> &'static str;

    /// What it measures, in a line.
    fn about(&self) -> &'static str;

    /// Whether it runs only when it is named, because it takes long.
    fn is_long(&self) -> bool {
        false
    }

    /// Measures.
    ///
    /// # Errors
    /// Something did not work at all; then there are no rows.
    async fn run(&self, bench: &Bench) -> Result<Vec<Figure>>;
}
