//! Dates, fiscal years, amounts, shares and spans as text. The words stand in `locales/*/format.ftl`; here is only which to
//! choose and with what. Leaves calculating eras and years for data to the kernel.

use chrono::{Datelike, NaiveDate, Timelike};
use tsunagari_kernel::era::{Era, eras};
use tsunagari_kernel::{FiscalYear, Timestamp, Yen};

use crate::{Arg, Texts};

impl Texts {
    /// A whole number grouped by thousands: `1,457`.
    pub fn number(self, n: impl Into<Arg>) -> String {
        match n.into() {
            Arg::Number(n) => Yen(n).to_string(),
            Arg::Words(words) => words,
        }
    }

    /// An amount with its unit: `28,000円`, `¥28,000`.
    pub fn yen(self, amount: impl Into<Arg>) -> String {
        self.one("format-yen", "amount", self.number(amount))
    }

    /// A share in percent with one decimal, rounded half up: `35.0%`; a dash when the whole is zero.
    pub fn rate(self, part: impl Into<Arg>, whole: impl Into<Arg>) -> String {
        let (Arg::Number(part), Arg::Number(whole)) = (part.into(), whole.into()) else { return self.blank() };
        if whole <= 0 {
            return self.blank();
        }
        let (part, whole) = (i128::from(part), i128::from(whole));
        let tenths = (part * 2000 + whole).div_euclid(2 * whole);
        let sign = if tenths < 0 { "-" } else { "" };
        format!("{sign}{}.{}%", tenths.abs() / 10, tenths.abs() % 10)
    }

    /// What stands where there is no value. A blank is never a zero.
    pub fn blank(self) -> String {
        self.get("format-blank")
    }

    /// A date with weekday: `令和8年3月16日（月）`; `16 March 2026`.
    pub fn date(self, day: impl std::borrow::Borrow<NaiveDate>) -> String {
        let day = *day.borrow();
        let weekday = self.get(format!("weekday-{}", day.weekday().num_days_from_monday()));
        self.dated("format-date", day, &weekday)
    }

    /// A date in words without its weekday, for what is long past or stands in brackets: `令和8年3月16日`.
    pub fn day(self, day: impl std::borrow::Borrow<NaiveDate>) -> String {
        self.dated("format-day", *day.borrow(), "")
    }

    /// A date for tables, sortable by eye: `2026/03/16` in Japanese, `16 Mar 2026` in English.
    pub fn date_short(self, day: impl std::borrow::Borrow<NaiveDate>) -> String {
        self.dated("format-date-short", *day.borrow(), "")
    }

    fn dated(self, key: &str, day: NaiveDate, weekday: &str) -> String {
        let month = self.get(format!("month-{}", day.month()));
        self.with(
            key,
            &[
                ("era_year", self.era_year(day).into()),
                ("year", day.year().to_string().into()),
                ("month", day.month().to_string().into()),
                ("month2", format!("{:02}", day.month()).into()),
                ("month_name", month.into()),
                ("day", day.day().to_string().into()),
                ("day2", format!("{:02}", day.day()).into()),
                ("weekday", weekday.into()),
            ],
        )
    }

    /// The year as it is called on a day: `令和8年`, `平成元年`; the western year before the first era of the kernel's table.
    fn era_year(self, day: NaiveDate) -> String {
        match eras().of(day) {
            Some((era, year)) => {
                self.with("format-era-year", &[("era", self.era(era).into()), ("year", self.year_in_era(year).into())])
            }
            None => self.one("format-western-year", "year", day.year().to_string()),
        }
    }

    /// An era as this language writes it; its texts are keyed by the initial, `era-r` for 令和. One that is newer than this
    /// program is called as its table calls it.
    fn era(self, era: &Era) -> String {
        self.find(format!("era-{}", era.initial.to_ascii_lowercase())).unwrap_or_else(|| era.name.clone())
    }

    fn year_in_era(self, year: i32) -> String {
        if year == 1 { self.get("format-first-year") } else { year.to_string() }
    }

    /// A fiscal year: `令和7年度`, `FY2025 (Reiwa 7)`; the western year before the first era.
    pub fn fiscal_year(self, year: impl std::borrow::Borrow<FiscalYear>) -> String {
        let year = *year.borrow();
        let western = year.0.to_string();
        let Some((era, in_era)) = eras().of_fiscal_year(year) else {
            return self.one("format-western-fiscal-year", "year", western);
        };
        self.with(
            "format-fiscal-year",
            &[("era", self.era(era).into()), ("year", self.year_in_era(in_era).into()), ("western", western.into())],
        )
    }

    /// A fiscal year as columns are headed: `R7`; the western year before Reiwa.
    pub fn fiscal_year_short(self, year: impl std::borrow::Borrow<FiscalYear>) -> String {
        let year = *year.borrow();
        match eras().of_fiscal_year(year).filter(|_| year.reiwa().is_some()) {
            Some((era, in_era)) => format!("{}{in_era}", era.initial),
            None => year.0.to_string(),
        }
    }

    /// The time of day in Japan: `18:05`.
    pub fn time(self, at: impl std::borrow::Borrow<Timestamp>) -> String {
        let time = at.borrow().jst_time();
        format!("{}:{:02}", time.hour(), time.minute())
    }

    /// Date and time of day in Japan: `令和8年3月16日（月）18:05`.
    pub fn date_time(self, at: impl std::borrow::Borrow<Timestamp>) -> String {
        let at = *at.borrow();
        self.with("format-date-time", &[("date", self.date(at.jst_date()).into()), ("time", self.time(at).into())])
    }

    /// Date and time for tables: `2026/03/16 18:05`.
    pub fn date_time_short(self, at: impl std::borrow::Borrow<Timestamp>) -> String {
        let at = *at.borrow();
        format!("{} {}", self.date_short(at.jst_date()), self.time(at))
    }

    /// How long ago or ahead: `5分前`, `in 2 hours`; from a week on the date.
    pub fn relative(self, at: impl std::borrow::Borrow<Timestamp>, now: impl std::borrow::Borrow<Timestamp>) -> String {
        let (at, now) = (*at.borrow(), *now.borrow());
        let seconds = now.since(at).num_seconds();
        let side = if seconds >= 0 { "past" } else { "future" };
        match seconds.abs() {
            0..60 => self.get("relative-now"),
            s @ 60..3600 => self.count(format!("relative-minutes-{side}"), s / 60),
            s @ 3600..86_400 => self.count(format!("relative-hours-{side}"), s / 3600),
            s @ 86_400..604_800 => self.count(format!("relative-days-{side}"), s / 86_400),
            _ => self.date(at.jst_date()),
        }
    }
}
