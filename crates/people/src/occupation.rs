//! What somebody does besides school, in their own words: works, or something else. From which day until which. Leaves stays
//! at schools to `enrolment`, and the stage of life, which follows from those alone, to `life_stage`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{OccupationId, Span};

coded! {
    /// What it is.
    OccupationKind {
        /// 働く
        Working = "working",
        /// Not decided, or something else.
        Other = "other",
    }
}

/// Something told of a time outside school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupation {
    /// Its id.
    pub id: OccupationId,
    /// What it is.
    pub kind: OccupationKind,
    /// Days of doing it.
    pub span: Span<NaiveDate>,
}

/// The current occupation of a day: the latest started whose span contains it, then the larger id.
pub fn current(occupations: &[Occupation], day: NaiveDate) -> Option<&Occupation> {
    occupations.iter().filter(|it| it.span.contains(day)).max_by_key(|it| (it.span.from, it.id))
}
