//! What came of it for somebody (成果): that they work in the town, moved here, changed to a job here. With the day and what shows it, once
//! for each person and kind. Leaves who recorded it to storage, and what it counts for to indicators.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::OutcomeId;

coded! {
    /// What it is.
    OutcomeKind {
        /// Took up work in the town.
        LocalEmployment = "local_employment",
        /// Took up work in the prefecture, coming from elsewhere.
        IjuTurnEmployment = "iju_turn_employment",
        /// Moved here.
        MoveIn = "move_in",
        /// Changed to a job here.
        JobChange = "job_change",
        /// Came back and works for an employer elsewhere.
        TeleworkReturn = "telework_return",
        /// Began a business here.
        Business = "business",
        /// Something else that shows.
        Other = "other",
    }
}

/// An outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its id.
    pub id: OutcomeId,
    /// What it is.
    pub kind: OutcomeKind,
    /// Since when.
    pub on: NaiveDate,
    /// What shows it, in the office's words.
    pub evidence: String,
}

impl Outcome {
    /// Whether it had come about by a day.
    pub fn by(&self, day: NaiveDate) -> bool {
        self.on <= day
    }
}
