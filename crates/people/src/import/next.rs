//! What comes after high school, in the words schools use. To add a word: a line in `WORDS` (longer words first, because a
//! junior college's word contains the university's). Leaves dates to the act that makes the enrolment.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::names;

use super::{Place, usual};
use crate::{OccupationKind, SchoolKind};

/// The next step of a graduate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// The kind of school with the usual years of its course; none for work and for what is not decided.
    pub course: Option<(SchoolKind, u8)>,
    /// What they do instead of a school, when the list says it.
    #[serde(default)]
    pub does: Option<OccupationKind>,
    /// The school's or employer's name as written.
    pub name: String,
    /// Where it is.
    pub place: Option<Place>,
}

impl NextStep {
    /// The code of what they do then: `school_` with the kind of school's, or that of what they do instead.
    pub fn occupation(&self) -> Option<String> {
        let school = || self.course.map(|(kind, _)| format!("school_{}", kind.code()));
        self.does.map(|kind| kind.code().to_owned()).or_else(school)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    School(SchoolKind),
    NoSchool(OccupationKind),
}

const WORDS: &[(&str, Word)] = &[
    ("大学院", Word::School(SchoolKind::GraduateSchool)),
    ("短期大学", Word::School(SchoolKind::JuniorCollege)),
    ("短大", Word::School(SchoolKind::JuniorCollege)),
    ("高等専門学校", Word::School(SchoolKind::TechnicalCollege)),
    ("高専", Word::School(SchoolKind::TechnicalCollege)),
    ("専門学校", Word::School(SchoolKind::Vocational)),
    ("専修学校", Word::School(SchoolKind::Vocational)),
    ("各種学校", Word::School(SchoolKind::Vocational)),
    ("看護学校", Word::School(SchoolKind::Vocational)),
    ("専門学院", Word::School(SchoolKind::Vocational)),
    ("専門", Word::School(SchoolKind::Vocational)),
    ("専修", Word::School(SchoolKind::Vocational)),
    ("大学校", Word::School(SchoolKind::Other)),
    ("大学", Word::School(SchoolKind::University)),
    ("四大", Word::School(SchoolKind::University)),
    ("予備校", Word::NoSchool(OccupationKind::Other)),
    ("浪人", Word::NoSchool(OccupationKind::Other)),
    ("就職", Word::NoSchool(OccupationKind::Working)),
    ("就業", Word::NoSchool(OccupationKind::Working)),
    ("公務員", Word::NoSchool(OccupationKind::Working)),
    ("家事", Word::NoSchool(OccupationKind::Other)),
    ("未定", Word::NoSchool(OccupationKind::Other)),
    ("その他", Word::NoSchool(OccupationKind::Other)),
];

/// The first word that stands in a cell.
pub(super) fn word(cell: &str) -> Option<Word> {
    let cell = names::comparable(cell);
    WORDS.iter().find(|(word, _)| cell.contains(word)).map(|(_, it)| *it)
}

impl Word {
    /// The course it means.
    pub(super) fn course(self) -> Option<(SchoolKind, u8)> {
        match self {
            Self::School(kind) => Some(usual(kind)),
            Self::NoSchool(_) => None,
        }
    }

    /// What somebody does of whom it is said instead of a school.
    pub(super) fn does(self) -> Option<OccupationKind> {
        match self {
            Self::School(_) => None,
            Self::NoSchool(kind) => Some(kind),
        }
    }
}
