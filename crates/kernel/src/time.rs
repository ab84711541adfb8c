//! Instants, the clock as a parameter, the moment a question is asked for, and the Japanese fiscal year.
//! JST is UTC+9 without summer time (formats.md 7). Leaves eras to `era`, ages to `age`, school years to `cohort`.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

const JST_OFFSET_MICROS: i64 = 9 * 3600 * 1_000_000;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The instant at which a civil day begins in Japan.
    pub fn start_of(day: NaiveDate) -> Self {
        let utc = day.and_time(NaiveTime::MIN).and_utc().timestamp_micros();
        Self(utc - JST_OFFSET_MICROS)
    }

    /// An instant from a civil date and time of day in Japan.
    pub fn at_jst(day: NaiveDate, time: NaiveTime) -> Self {
        Self(day.and_time(time).and_utc().timestamp_micros() - JST_OFFSET_MICROS)
    }

    /// The civil day in Japan.
    pub fn jst_date(self) -> NaiveDate {
        self.jst().date_naive()
    }

    /// The time of day in Japan.
    pub fn jst_time(self) -> NaiveTime {
        self.jst().time()
    }

    fn jst(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.saturating_add(JST_OFFSET_MICROS)).unwrap_or_default()
    }

    /// This instant moved by a span; saturates.
    pub fn plus(self, span: TimeDelta) -> Self {
        Self(self.0.saturating_add(span.num_microseconds().unwrap_or(i64::MAX)))
    }

    /// This instant moved back by a span; saturates.
    pub fn minus(self, span: TimeDelta) -> Self {
        Self(self.0.saturating_sub(span.num_microseconds().unwrap_or(i64::MAX)))
    }

    /// The span since an earlier instant (negative when `earlier` is later).
    pub fn since(self, earlier: Self) -> TimeDelta {
        TimeDelta::microseconds(self.0.saturating_sub(earlier.0))
    }

    /// RFC 3339 in UTC, for logs and JSON.
    pub fn rfc3339(self) -> String {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    }
}

/// Where the time comes from. Domain code never asks the system.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;

    /// The civil day in Japan now.
    fn today(&self) -> NaiveDate {
        self.now().jst_date()
    }
}

/// A clock that stands still until it is moved: tests, rehearsals.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at this instant.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.micros()))
    }

    /// Moves the clock by a span.
    pub fn advance(&self, span: TimeDelta) {
        self.0.fetch_add(span.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }

    /// Sets the clock.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The moment a question is asked *for*: a civil day and the instant at which instants are judged. Facts that are days
/// are judged on `date`; facts that are instants at `instant`. For today the instant is now; for a past day its last microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The civil day in Japan.
    pub date: NaiveDate,
    /// The instant.
    pub instant: Timestamp,
}

impl Moment {
    /// Now.
    pub fn now(clock: &dyn Clock) -> Self {
        let instant = clock.now();
        Self { date: instant.jst_date(), instant }
    }

    /// The end of a civil day in Japan.
    pub fn end_of(date: NaiveDate) -> Self {
        let next = date.checked_add_days(Days::new(1)).unwrap_or(date);
        Self { date, instant: Timestamp(Timestamp::start_of(next).micros() - 1) }
    }

    /// The end of `date`, but never later than now: the moment for an as-of question.
    pub fn as_of(date: NaiveDate, clock: &dyn Clock) -> Self {
        let now = Self::now(clock);
        if date >= now.date { now } else { Self::end_of(date) }
    }
}

/// A Japanese fiscal year, April to March, named by the western year in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FiscalYear(pub i32);

impl FiscalYear {
    /// The fiscal year a civil day belongs to.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.year() - i32::from(day.month() < 4))
    }

    /// 1 April, the first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0, 4, 1).unwrap_or(NaiveDate::MIN)
    }

    /// 31 March of the following year, the last day.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.0 + 1, 3, 31).unwrap_or(NaiveDate::MAX)
    }

    /// The year of Reiwa this fiscal year is called by (R7 = 2025); `None` before Reiwa.
    pub fn reiwa(self) -> Option<i32> {
        (self.0 >= 2019).then_some(self.0 - 2018)
    }

    /// This fiscal year moved by whole years.
    pub fn plus(self, years: i32) -> Self {
        Self(self.0 + years)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_japan_begins_at_fifteen_utc() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
        let start = Timestamp::start_of(day);
        assert_eq!(start.rfc3339(), "2026-03-15T15:00:00.000000Z");
        assert_eq!(start.jst_date(), day);
        assert_eq!(Moment::end_of(day).instant.jst_date(), day);
        assert_eq!(Timestamp::from_micros(start.micros() - 1).jst_date(), day.pred_opt().unwrap());
    }

    #[test]
    fn fiscal_year_turns_on_the_first_of_april() {
        let ymd = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(FiscalYear::of(ymd(2026, 3, 31)), FiscalYear(2025));
        assert_eq!(FiscalYear::of(ymd(2026, 4, 1)), FiscalYear(2026));
        assert_eq!(FiscalYear(2025).reiwa(), Some(7));
        assert_eq!(FiscalYear(2019).reiwa(), Some(1));
    }
}
