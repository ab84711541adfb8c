//! What is true of each person for a span of time that holds now, as one narrow row of `person_state`: audiences are
//! counted over it (docs/decisions/0006). Here a row is made from a person's facts, written with new persons, and made
//! again when it is due (`settle_people`): a fact changed, which the triggers of the migration note, or time passed the
//! row's end. Leaves asking to `facts::state`; what a row does not hold for is asked of the facts, so that a row that is
//! due costs time, never truth.

use chrono::TimeDelta;
use tsunagari_kernel::{FiscalYear, Moment, PersonId, Timestamp};
use tsunagari_people::{
    ContactKind, ContactPoint, GivenBy, LifeStage, PersonRecord, PointState, Policy, Purpose, ReachReason, TieKind,
    Working, life_stage, residence,
};

use crate::args;
use crate::error::StorageError;
use crate::facts;
use crate::rule_sql::Compiler;
use crate::sql::Arg;
use crate::store::{OrgStore, Reader, Tx};

pub(crate) const TABLE: &str = "person_state";
pub(crate) const COLUMNS: &[&str] = &[
    "person_id",
    "from_at",
    "until_at",
    "merged_into",
    "birth_date",
    "locale",
    "cohort",
    "life_stage",
    "prefecture",
    "ties",
    "kept",
    "line_at",
    "email_at",
    "phone_at",
    "postal_at",
    "consents",
    "interests",
    "school_kind",
    "study_year",
    "work_end_fy",
    "enrolled",
    "high_school",
    "municipality",
    "signs",
    "begun",
];

/// Longer than anything is ever kept.
const LONG: TimeDelta = TimeDelta::days(400_000);

/// How many rows one transaction makes again.
const SOME: i64 = 500;

/// The bit of a kind of tie in column `ties`.
pub(crate) fn tie_bit(kind: TieKind) -> i64 {
    1 << TieKind::ALL.iter().position(|it| *it == kind).unwrap_or_default()
}

/// The bit of a kind of contact point in column `kept`.
pub(crate) fn kept_bit(kind: ContactKind) -> i64 {
    1 << ContactKind::ALL.iter().position(|it| *it == kind).unwrap_or_default()
}

/// The bit of a reason in column `signs` and in the number `facts::reasons` gives. Stored: the order of reasons is part of
/// the schema.
pub(crate) fn sign_bit(reason: ReachReason) -> i64 {
    1 << ReachReason::ALL.iter().position(|it| *it == reason).unwrap_or_default()
}

/// A member of the lists in columns `consents` (a purpose and who gave it) and `interests`: unlike any part of another.
pub(crate) fn listed(parts: &[&str]) -> String {
    format!(";{};", parts.join("\u{1f}"))
}

/// The instants around a moment at which something begins or ends.
struct Bounds {
    now: Timestamp,
    from: i64,
    until: i64,
}

impl Bounds {
    fn at(&mut self, point: Timestamp) {
        let point = (point.micros(), self.now.micros());
        if point.0 <= point.1 {
            self.from = self.from.max(point.0);
        } else {
            self.until = self.until.min(point.0);
        }
    }

    fn day(&mut self, day: chrono::NaiveDate) {
        self.at(Timestamp::start_of(day));
    }

    fn of(record: &PersonRecord, at: &Moment) -> Self {
        let mut it = Self { now: at.instant, from: i64::MIN, until: i64::MAX };
        // A study year is told anew every April.
        if record.enrolments.iter().any(|stay| stay.contains(at.date)) {
            let year = FiscalYear::of(at.date);
            it.day(year.first_day());
            it.day(year.plus(1).first_day());
        }
        for stay in &record.enrolments {
            it.day(stay.from_on);
            it.day(stay.until_on);
            stay.left_on.into_iter().for_each(|day| it.day(day));
        }
        for span in record.ties.iter().map(|x| x.span).chain(record.residences.iter().map(|x| x.span)) {
            it.day(span.from);
            span.until.into_iter().for_each(|day| it.day(day));
        }
        let points = record.contact_points.iter();
        let working = points.clone().flat_map(|point| &point.working).map(|x| x.span);
        let spans = record.consents.iter().map(|x| x.span).chain(record.interests.iter().map(|x| x.span));
        for span in spans.chain(points.clone().map(|point| point.kept)).chain(working) {
            it.at(span.from);
            span.until.into_iter().for_each(|until| it.at(until));
        }
        for point in points {
            point.verified_at.iter().chain(&point.confirmed).for_each(|instant| it.at(*instant));
        }
        it
    }
}

/// When a point that works at an instant was last verified or confirmed; `None` when it does not work.
fn last_seen(point: &ContactPoint, at: Timestamp) -> Option<Timestamp> {
    let verified = point.verified_at.filter(|verified| *verified <= at && point.kept.contains(at))?;
    let works = |it: &Working| it.span.contains(at);
    point
        .working
        .iter()
        .any(works)
        .then(|| point.confirmed.iter().copied().filter(|confirmed| *confirmed <= at).fold(verified, Timestamp::max))
}

/// What speaks against reaching a person, whatever the organisation has set and whatever the purpose: against the tie, and
/// against every kept contact point. Whether a point was heard of lately is told by its time.
fn signs(record: &PersonRecord, at: &Moment) -> i64 {
    let tie = if record.ties.iter().any(|tie| tie.span.contains(at.date)) {
        None
    } else if record.ties.iter().any(|tie| tie.span.from <= at.date) {
        Some(ReachReason::TieEnded)
    } else {
        Some(ReachReason::NoTie)
    };
    let states = || record.contact_points.iter().map(|point| (point.kind, point.state(at.instant, LONG)));
    let points = states().filter_map(|(kind, state)| ReachReason::of_point(kind, state));
    let none = states().all(|(_, state)| state == PointState::Absent).then_some(ReachReason::NoContactPoint);
    tie.into_iter().chain(points).chain(none).fold(0, |bits, reason| bits | sign_bit(reason))
}

fn joined(mut members: Vec<String>) -> String {
    members.sort();
    members.dedup();
    members.concat()
}

/// The row of a person, right at `at` and until the next of its bounds.
pub(crate) fn values(record: &PersonRecord, at: &Moment) -> Vec<Arg> {
    let (person, bounds) = (&record.person, Bounds::of(record, at));
    let (date, instant) = (at.date, at.instant);
    let high = life_stage::high_school(&record.enrolments);
    let current = life_stage::current(&record.enrolments, date);
    let at_work = record.enrolments.iter().filter(|stay| stay.kind.leads_to_work() && stay.contains(date));
    let place = residence::current(&record.residences, date).map(|stay| &stay.place);
    let ties = record.ties.iter().filter(|tie| tie.span.contains(date)).fold(0, |bits, tie| bits | tie_bit(tie.kind));
    let kept = record.contact_points.iter().filter(|point| point.kept.contains(instant));
    let seen = |kind: ContactKind| {
        let points = record.contact_points.iter().filter(|point| point.kind == kind);
        points.filter_map(|point| last_seen(point, instant)).max()
    };
    let consents = record.consents.iter().filter(|consent| consent.span.contains(instant));
    let interests = record.interests.iter().filter(|interest| interest.span.contains(instant));
    args![
        person.id,
        bounds.from,
        bounds.until,
        person.merged_into,
        person.birth_date,
        person.locale.code(),
        high.map(|stay| stay.end_fy),
        LifeStage::on(&record.enrolments, date).map(LifeStage::code),
        place.and_then(|place| place.prefecture()),
        ties,
        kept.fold(0, |bits, point| bits | kept_bit(point.kind)),
        seen(ContactKind::Line),
        seen(ContactKind::Email),
        seen(ContactKind::Phone),
        seen(ContactKind::Postal),
        joined(consents.map(|it| consent(it.purpose.code(), it.given_by)).collect()),
        joined(interests.map(|it| listed(&[&it.code])).collect()),
        current.map(|stay| stay.kind.code()),
        current.map(|stay| i64::from(stay.study_year(FiscalYear::of(date)))),
        at_work.map(|stay| stay.end_fy).min(),
        !record.enrolments.is_empty(),
        high.and_then(|stay| stay.school),
        place.and_then(|place| place.municipality()),
        signs(record, at),
        joined(
            record
                .consents
                .iter()
                .filter(|it| it.span.from <= instant)
                .map(|it| listed(&[it.purpose.code()]))
                .collect()
        ),
    ]
}

/// A consent in the list of column `consents`.
pub(crate) fn consent(purpose: &str, given_by: GivenBy) -> String {
    listed(&[purpose, given_by.code()])
}

/// How every consent to a purpose begins in that list, whoever gave it.
pub(crate) fn begins(purpose: &Purpose) -> String {
    format!(";{}\u{1f}", purpose.code())
}

impl Reader {
    /// How many rows that are right for now say something else than the facts do.
    pub(crate) async fn states_that_differ(&mut self) -> Result<i64, StorageError> {
        let (at, policy) = (Moment::now(self.clock()), Policy::default());
        let mut c = Compiler::after(vec![], &at, &policy);
        let (holds, differs) = (facts::state::holds(&mut c), facts::differs(&mut c));
        let it = c.done(String::new())?;
        let sql = format!(
            "SELECT count(*) AS n FROM person_state p WHERE p.org_id = $1 AND {holds} AND ({})",
            differs.join(" OR ")
        );
        self.count(&sql, it.args).await
    }
}

impl Tx {
    /// Makes the rows that are due again, at most so many; how many there were.
    async fn settle_some(&mut self) -> Result<usize, StorageError> {
        let at = Moment::now(self.clock());
        // Held from before the facts are read: whoever changes one from here on finds the row after this transaction.
        let sql = format!(
            "SELECT person_id FROM person_state WHERE org_id = $1 AND until_at <= $2 ORDER BY until_at, person_id LIMIT $3{}",
            self.for_update_skip_locked()
        );
        let due = self.rows(&sql, args![at.instant, SOME]).await?;
        let due = due.iter().map(|row| row.id("person_id")).collect::<Result<Vec<PersonId>, _>>()?;
        let rows = self.person_records(&due).await?.iter().map(|record| values(record, &at)).collect();
        let set: Vec<String> = COLUMNS.iter().skip(1).map(|column| format!("{column} = excluded.{column}")).collect();
        let again = format!("ON CONFLICT (org_id, person_id) DO UPDATE SET {}", set.join(", "));
        self.insert_many(TABLE, COLUMNS, rows, &again).await?;
        Ok(due.len())
    }
}

impl OrgStore {
    /// Makes every row again that is due, in short transactions; how many there were.
    ///
    /// # Errors
    /// No connection; what was made again stays.
    pub async fn settle_people(&self) -> Result<usize, StorageError> {
        let mut settled = 0;
        loop {
            let now = self.clock().now();
            let sql = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM person_state WHERE org_id = $1 AND until_at <= $2 LIMIT 1) x";
            // By the index: what was settled leaves rows behind that a look at the whole table would read.
            if self.read_by_key().await?.count(sql, args![now]).await? == 0 {
                return Ok(settled);
            }
            let mut tx = self.write().await?;
            let some = tx.settle_some().await?;
            tx.keep().await?;
            settled += some;
            if some == 0 {
                return Ok(settled);
            }
        }
    }
}
