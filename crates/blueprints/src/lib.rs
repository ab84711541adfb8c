//! Programmes are data: reads a blueprint file, checks it and hands out its plan. The top of the domain. Leaves making an
//! organisation's programmes of it to acts, and its words to the reader's language where they are not Japanese facts.
//! To add a blueprint: a file under `blueprints/` and its line in `embedded::FILES` (a test compares both).

mod embedded;
mod error;
mod general;
mod load;
mod plan;

pub use embedded::{FILES, all, by_slug};
pub use error::BlueprintError;
pub use general::general;
pub use load::load;
pub use plan::{
    Blueprint, ChannelOwner, Cohorts, Consent, DataNote, DenominatorPlan, IndicatorPlan, Line, NoteKind, Partner,
    Source, Year,
};
