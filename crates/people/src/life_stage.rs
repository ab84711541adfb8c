//! Where a person stands in life on a day, derived from the enrolments. Leaves the words to the locale files.

use chrono::NaiveDate;
use tsunagari_kernel::FiscalYear;

use crate::{Enrolment, SchoolKind};

coded! {
    /// The stage of life on a day. The number is the study year.
    LifeStage {
        /// In or after junior high school, nothing further known.
        BeforeHigh = "before_high",
        /// 高1
        High1 = "high_1",
        /// 高2
        High2 = "high_2",
        /// 高3
        High3 = "high_3",
        /// 高4 of a four-year (evening, correspondence) course
        High4 = "high_4",
        /// 高専1
        Technical1 = "technical_1",
        /// 高専2
        Technical2 = "technical_2",
        /// 高専3
        Technical3 = "technical_3",
        /// 高専4
        Technical4 = "technical_4",
        /// 高専5
        Technical5 = "technical_5",
        /// 短大1
        JuniorCollege1 = "junior_college_1",
        /// 短大2
        JuniorCollege2 = "junior_college_2",
        /// 短大3
        JuniorCollege3 = "junior_college_3",
        /// 専門1
        Vocational1 = "vocational_1",
        /// 専門2
        Vocational2 = "vocational_2",
        /// 専門3
        Vocational3 = "vocational_3",
        /// 専門4
        Vocational4 = "vocational_4",
        /// 大1
        University1 = "university_1",
        /// 大2
        University2 = "university_2",
        /// 大3
        University3 = "university_3",
        /// 大4
        University4 = "university_4",
        /// 大5 of a six-year course
        University5 = "university_5",
        /// 大6 of a six-year course
        University6 = "university_6",
        /// 院1
        Graduate1 = "graduate_1",
        /// 院2
        Graduate2 = "graduate_2",
        /// 院3
        Graduate3 = "graduate_3",
        /// 院4
        Graduate4 = "graduate_4",
        /// 院5
        Graduate5 = "graduate_5",
        /// At a school of another kind.
        OtherSchool = "other_school",
        /// 社会人: school is over, as far as is known.
        AfterSchool = "after_school",
    }
}

impl LifeStage {
    /// The stages of a kind of school by study year; a year beyond the last counts as the last.
    pub const fn of_kind(kind: SchoolKind) -> &'static [Self] {
        match kind {
            SchoolKind::JuniorHigh => &[Self::BeforeHigh],
            SchoolKind::HighSchool => &[Self::High1, Self::High2, Self::High3, Self::High4],
            SchoolKind::TechnicalCollege => {
                &[Self::Technical1, Self::Technical2, Self::Technical3, Self::Technical4, Self::Technical5]
            }
            SchoolKind::JuniorCollege => &[Self::JuniorCollege1, Self::JuniorCollege2, Self::JuniorCollege3],
            SchoolKind::Vocational => &[Self::Vocational1, Self::Vocational2, Self::Vocational3, Self::Vocational4],
            SchoolKind::University => &[
                Self::University1,
                Self::University2,
                Self::University3,
                Self::University4,
                Self::University5,
                Self::University6,
            ],
            SchoolKind::GraduateSchool => {
                &[Self::Graduate1, Self::Graduate2, Self::Graduate3, Self::Graduate4, Self::Graduate5]
            }
            SchoolKind::Other => &[Self::OtherSchool],
        }
    }

    /// The stage of an enrolment in a fiscal year.
    pub fn of_enrolment(enrolment: &Enrolment, year: FiscalYear) -> Self {
        let stages = Self::of_kind(enrolment.kind);
        let index = usize::from(enrolment.study_year(year)) - 1;
        stages.get(index).or(stages.last()).copied().unwrap_or(Self::OtherSchool)
    }

    /// The stage on a day: of the current enrolment (the latest started that contains the day); otherwise after school
    /// when a stay at any school above junior high has ended by the day; otherwise before high school when a stay at
    /// junior high has ended by the day; otherwise unknown.
    pub fn on(enrolments: &[Enrolment], day: NaiveDate) -> Option<Self> {
        if let Some(current) = current(enrolments, day) {
            return Some(Self::of_enrolment(current, FiscalYear::of(day)));
        }
        let ended =
            |above: bool| enrolments.iter().any(|e| e.ended_by(day) && (e.kind != SchoolKind::JuniorHigh) == above);
        if ended(true) {
            Some(Self::AfterSchool)
        } else if ended(false) {
            Some(Self::BeforeHigh)
        } else {
            None
        }
    }
}

/// The current enrolment of a day: the latest started that contains it, then the larger id.
pub fn current(enrolments: &[Enrolment], day: NaiveDate) -> Option<&Enrolment> {
    enrolments.iter().filter(|e| e.contains(day)).max_by(|a, b| a.by_start(b))
}

/// The enrolment that gives the cohort: among stays at a high school the one with the latest expected end.
pub fn high_school(enrolments: &[Enrolment]) -> Option<&Enrolment> {
    enrolments.iter().filter(|e| e.kind == SchoolKind::HighSchool).max_by(|a, b| a.by_end(b))
}

#[cfg(test)]
mod tests;
