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

/// What is known of a day: what was done on it, or else what was begun first after it.
pub fn told_of(occupations: &[Occupation], day: NaiveDate) -> Option<&Occupation> {
    let later = || occupations.iter().filter(|it| it.span.from > day).min_by_key(|it| (it.span.from, it.id));
    current(occupations, day).or_else(later)
}

/// How long lasts what is told from a day on: until what is known to begin later.
pub fn lasting(occupations: &[Occupation], from: NaiveDate) -> Span<NaiveDate> {
    Span::until_next(from, occupations.iter().map(|it| it.span.from))
}

/// What is known when a day turns out otherwise: what was open ends there, and what had been told of that very day is gone.
pub fn until(occupations: &[Occupation], day: NaiveDate) -> Vec<Occupation> {
    let others = occupations.iter().filter(|it| it.span.from != day).cloned();
    others
        .map(|mut it| {
            if it.span.contains(day) {
                it.span = it.span.cut(day);
            }
            it
        })
        .collect()
}

/// The current occupation of a day: the latest started whose span contains it, then the larger id.
pub fn current(occupations: &[Occupation], day: NaiveDate) -> Option<&Occupation> {
    occupations.iter().filter(|it| it.span.contains(day)).max_by_key(|it| (it.span.from, it.id))
}
