//! A stay at a school: from when until when, and the study year on any day. Years are counted back from the expected
//! graduation, so that a repeat or a leave (`pause_years`) moves the last year and nothing else. Leaves the names of
//! the stages to `life_stage` and the window of job hunting to `job_hunting`.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{EnrolmentId, FiscalYear, MunicipalityCode, SchoolId};

use crate::SchoolKind;

/// A stay at a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// The school, when the organisation keeps it.
    pub school: Option<SchoolId>,
    /// The school's name as written.
    pub school_name: String,
    /// The kind of school.
    pub kind: SchoolKind,
    /// Where the school is.
    pub place: Option<MunicipalityCode>,
    /// Years of the course, at least 1.
    pub years: u8,
    /// The fiscal year of entry.
    pub start_fy: FiscalYear,
    /// The fiscal year at whose end the course is expected to end: `start_fy + years − 1 + pause_years`.
    pub end_fy: FiscalYear,
    /// Years repeated or on leave.
    pub pause_years: u8,
    /// The first day.
    pub from_on: NaiveDate,
    /// The first day after the expected graduation: 1 April following `end_fy`.
    pub until_on: NaiveDate,
    /// The first day no longer enrolled, when the person left before.
    pub left_on: Option<NaiveDate>,
}

impl Enrolment {
    /// A stay from 1 April of a fiscal year for a whole course with so many years repeated or on leave.
    pub fn starting(
        id: EnrolmentId,
        kind: SchoolKind,
        school_name: impl Into<String>,
        start_fy: FiscalYear,
        years: u8,
        pause_years: u8,
    ) -> Self {
        let years = years.max(1);
        let end_fy = start_fy.plus(i32::from(years) - 1 + i32::from(pause_years));
        Self {
            id,
            school: None,
            school_name: school_name.into(),
            kind,
            place: None,
            years,
            start_fy,
            end_fy,
            pause_years,
            from_on: start_fy.first_day(),
            until_on: end_fy.plus(1).first_day(),
            left_on: None,
        }
    }

    /// The same course ending in March of a fiscal year.
    pub fn ending(
        id: EnrolmentId,
        kind: SchoolKind,
        school_name: impl Into<String>,
        end_fy: FiscalYear,
        years: u8,
    ) -> Self {
        let years = years.max(1);
        Self::starting(id, kind, school_name, end_fy.plus(1 - i32::from(years)), years, 0)
    }

    /// The first day outside: the earlier of leaving and expected graduation.
    pub fn ends_on(&self) -> NaiveDate {
        self.left_on.map_or(self.until_on, |left| left.min(self.until_on))
    }

    /// Whether a day lies inside: `from_on <= day < ends_on()`.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from_on <= day && day < self.ends_on()
    }

    /// Whether it had begun and was over on a day.
    pub fn ended_by(&self, day: NaiveDate) -> bool {
        self.from_on <= day && self.ends_on() <= day
    }

    /// The study year in a fiscal year: `years − (end_fy − year)`, held within 1 and `years`.
    pub fn study_year(&self, year: FiscalYear) -> u8 {
        let back = i32::from(self.years) - (self.end_fy.0 - year.0);
        u8::try_from(back.clamp(1, i32::from(self.years.max(1)))).unwrap_or(self.years)
    }

    /// The order in which the current one of several is chosen: the latest started, then the larger id.
    pub(crate) fn by_start(&self, other: &Self) -> Ordering {
        (self.from_on, self.id).cmp(&(other.from_on, other.id))
    }

    /// The order in which the high school of several is chosen: the latest expected end, then the latest started, then the larger id.
    pub(crate) fn by_end(&self, other: &Self) -> Ordering {
        (self.end_fy, self.from_on, self.id).cmp(&(other.end_fy, other.from_on, other.id))
    }
}
