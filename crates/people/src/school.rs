//! Schools and their kinds, with the usual length of a course. Leaves who goes there to `enrolment`.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{MunicipalityCode, SchoolId};

coded! {
    /// The kind of a school in the Japanese system.
    SchoolKind {
        /// 中学校
        JuniorHigh = "junior_high",
        /// 高等学校 (and the upper part of 中等教育学校, 特別支援学校高等部)
        HighSchool = "high_school",
        /// 高等専門学校
        TechnicalCollege = "technical_college",
        /// 短期大学
        JuniorCollege = "junior_college",
        /// 専門学校
        Vocational = "vocational",
        /// 大学
        University = "university",
        /// 大学院
        GraduateSchool = "graduate_school",
        /// Anything else.
        Other = "other",
    }
}

impl SchoolKind {
    /// The usual years of a course.
    pub const fn usual_years(self) -> u8 {
        match self {
            Self::JuniorHigh | Self::HighSchool => 3,
            Self::TechnicalCollege => 5,
            Self::University => 4,
            Self::JuniorCollege | Self::Vocational | Self::GraduateSchool => 2,
            Self::Other => 1,
        }
    }

    /// Whether its students look for work in their last years (就活期).
    pub const fn leads_to_work(self) -> bool {
        match self {
            Self::TechnicalCollege
            | Self::JuniorCollege
            | Self::Vocational
            | Self::University
            | Self::GraduateSchool => true,
            Self::JuniorHigh | Self::HighSchool | Self::Other => false,
        }
    }
}

/// A school known to the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct School {
    /// Its id.
    pub id: SchoolId,
    /// Its name as written.
    pub name: String,
    /// Its kind.
    pub kind: SchoolKind,
    /// Where it is.
    pub municipality: Option<MunicipalityCode>,
    /// Years of its usual course.
    pub years: u8,
}
