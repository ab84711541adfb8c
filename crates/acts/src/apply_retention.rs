//! What has been kept long enough goes, every day and class by class; each class is an act of its own in the audit record.
//! Erasures are made whole on the same occasion, and the office is told of mandates that end. The classes and periods stand in storage's `retention`. Leaves setting a
//! period to `keep_retention`.

use async_trait::async_trait;
use chrono::{NaiveTime, TimeDelta};
use tsunagari_access::{Act, Machine};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{OrgId, Timestamp};
use tsunagari_storage::retention::{CLASSES, Class, Timed};

use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "retention.1";
/// When it runs, in Japan: before anybody works, after the night's backup.
const AT: (u32, u32) = (3, 40);

/// The instant before which something of a class is old.
fn old_before(house: &House, class: &Class, days: i64) -> Timestamp {
    let now = match class.timed {
        Timed::Real => house.real_clock.now(),
        Timed::Calendar => house.now(),
    };
    now.minus(TimeDelta::days(days))
}

/// A class with its period and how much would go today.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The class.
    pub class: &'static Class,
    /// Its period in days.
    pub days: i64,
    /// What would go if it ran now.
    pub old: i64,
}

/// Every class with what would go: changes nothing.
///
/// # Errors
/// Storage's.
pub async fn preview(house: &House, org: OrgId) -> Result<Vec<Standing>, ActError> {
    let mut reader = house.org(org).read().await?;
    let days = reader.retention_days().await?;
    let mut all = Vec::with_capacity(CLASSES.len());
    for class in CLASSES {
        let days = days.get(class.code).copied().unwrap_or(class.days);
        all.push(Standing { class, days, old: reader.old_of(class, old_before(house, class, days)).await? });
    }
    Ok(all)
}

/// Lets go of everything old of one organisation; rows by class.
///
/// # Errors
/// Storage's; classes before the failing one are done.
pub async fn apply_retention(house: &House, org: OrgId) -> Result<Vec<(&'static str, u64)>, ActError> {
    let here = house.org(org);
    let by = Machine::working(org, "apply_retention");
    let days = here.read().await?.retention_days().await?;
    let mut done = Vec::new();
    for class in CLASSES {
        let before = old_before(house, class, days.get(class.code).copied().unwrap_or(class.days));
        let mut rows = 0;
        loop {
            // Most days there is nothing: the writer is not asked for.
            if here.read().await?.old_of(class, before).await? == 0 {
                break;
            }
            let mut tx = here.write().await?;
            let gone = tx.let_go(class, before).await?;
            let act = Act::named("apply_retention", by.actor(), house.operation());
            tx.commit(&act.counting(class.code, i64::try_from(gone.rows).unwrap_or(i64::MAX))).await?;
            rows += gone.rows;
            remove_files(house, &gone.files).await;
            if gone.rows == 0 {
                break;
            }
        }
        if rows > 0 {
            done.push((class.code, rows));
        }
    }
    Ok(done)
}

/// Files whose row no longer names them. One that cannot be removed is said; its row is empty already.
async fn remove_files(house: &House, files: &[String]) {
    for file in files.iter().filter(|file| !file.is_empty()) {
        if let Err(error) = tokio::fs::remove_file(house.files.join(file)).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a file past its period could not be removed");
        }
    }
}

/// Puts the daily job in the queue of every organisation that has none, and gives up files whose reading was cut off: they
/// wait for no job.
///
/// # Errors
/// Storage's.
pub async fn schedule(house: &House) -> Result<(), ActError> {
    for organisation in house.store.platform().await?.organisations().await? {
        crate::discard_import::discard_cut_off(house, organisation.id).await?;
        let by = Machine::working(organisation.id, "schedule");
        let here = house.org(organisation.id);
        let now = house.real_clock.now();
        for (kind, run_at) in [
            (KIND, next_run(now)),
            (crate::recount_figures::KIND, crate::recount_figures::next_run(now)),
            (crate::ask_reconfirmation::KIND, now),
            (crate::answer_offer::KIND, now),
            (crate::remind_participants::KIND, now),
        ] {
            if here.read().await?.has_job(kind).await? {
                continue;
            }
            let mut tx = here.write().await?;
            tx.enqueue(kind, "{}", run_at, Some(kind)).await?;
            tx.commit(&Act::named("schedule", by.actor(), house.operation())).await?;
        }
    }
    Ok(())
}

/// The next time of day at which it runs, after an instant.
fn next_run(now: Timestamp) -> Timestamp {
    next(now, NaiveTime::from_hms_opt(AT.0, AT.1, 0).unwrap_or_default())
}

/// The next instant after another at which it is a time of day in Japan.
pub(crate) fn next(now: Timestamp, time: NaiveTime) -> Timestamp {
    let today = Timestamp::at_jst(now.jst_date(), time);
    if today > now { today } else { today.plus(TimeDelta::days(1)) }
}

/// The daily job: it stays in the queue and runs again the next day.
pub struct Retention(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for Retention {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, _: &str) -> Result<(), JobError> {
        let now = self.0.real_clock.now();
        let soon = |error: ActError| JobError::Later(now.plus(TimeDelta::minutes(10)), error.to_string());
        crate::reapply_erasures::reapply_erasures(&self.0, org).await.map_err(soon)?;
        apply_retention(&self.0, org).await.map_err(soon)?;
        crate::renew_mandate::tell_of_ending(&self.0, org).await.map_err(soon)?;
        Err(JobError::Later(next_run(now), "daily".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_once_a_day_in_the_early_morning_of_japan() {
        let at = |text: &str| Timestamp::at_jst(text[..10].parse().unwrap(), text[11..].parse().unwrap());
        assert_eq!(next_run(at("2026-03-16 03:39:59")), at("2026-03-16 03:40:00"));
        assert_eq!(next_run(at("2026-03-16 03:40:00")), at("2026-03-17 03:40:00"));
        assert_eq!(next_run(at("2026-12-31 23:00:00")), at("2027-01-01 03:40:00"));
    }
}
