//! Background work: what a kind of job is (`Handler`), and the worker that claims, runs and ends jobs of every
//! organisation. The queue itself is storage's; acts implement the handlers; the binary registers them and wakes the
//! worker. To add a kind: a handler in acts, registered in the binary.

pub mod handler;
pub mod stopping;
pub mod worker;

pub use handler::{Handler, Handlers, JobError};
pub use stopping::{is_stopping, until_told};
pub use worker::{Waker, Worker};
