//! 就活期: the window in which students look for work, derived from an enrolment (product.md). From the first day of
//! `month` in the fiscal year `years_before_last` before the last year of study, never before the stay begins, until
//! graduation. Leaves which indicator counts it to `figures`.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{FiscalYear, Span};

use crate::Enrolment;

/// When job hunting begins. The default is 1 April of the last-but-one year of study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobHunting {
    /// Years before the last year of study.
    pub years_before_last: u8,
    /// The calendar month (1 to 12) of that fiscal year.
    pub month: u8,
}

impl Default for JobHunting {
    fn default() -> Self {
        Self { years_before_last: 1, month: 4 }
    }
}

impl JobHunting {
    /// The latest `end_fy` whose window has opened by a day: an enrolment is in its window on a day it contains exactly
    /// when its kind leads to work and `end_fy <= latest_end(day)`. SQL binds this year.
    pub fn latest_end(self, day: NaiveDate) -> FiscalYear {
        let year = FiscalYear::of(day);
        // Months of a fiscal year from April as 0.
        let since_april = |month: u32| (month + 8) % 12;
        let opened = since_april(day.month()) >= since_april(u32::from(self.month));
        year.plus(i32::from(self.years_before_last) - i32::from(!opened))
    }

    /// The window of an enrolment; `None` when its kind does not lead to work or it ends before the window opens.
    pub fn window(self, enrolment: &Enrolment) -> Option<Span<NaiveDate>> {
        if !enrolment.kind.leads_to_work() {
            return None;
        }
        let year = enrolment.end_fy.plus(-i32::from(self.years_before_last));
        let calendar = if self.month < 4 { year.0 + 1 } else { year.0 };
        let opens = NaiveDate::from_ymd_opt(calendar, u32::from(self.month), 1)?.max(enrolment.from_on);
        (opens < enrolment.ends_on()).then(|| Span::between(opens, enrolment.ends_on()))
    }

    /// Whether a day lies in the window of any enrolment; unknown when there is no enrolment at all.
    pub fn on(self, enrolments: &[Enrolment], day: NaiveDate) -> Option<bool> {
        let latest = self.latest_end(day);
        let open = |e: &Enrolment| e.kind.leads_to_work() && e.contains(day) && e.end_fy <= latest;
        (!enrolments.is_empty()).then(|| enrolments.iter().any(open))
    }
}

#[cfg(test)]
mod tests;
