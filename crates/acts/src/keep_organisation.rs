//! The organisation's own settings are changed: what young people are asked for, when they are disturbed, how long an
//! approved message can be taken back. What decides reach holds from now on, unless the past is to be put right too
//! (docs/decisions/0012). Leaves code and kind (fixed at the founding) and staff, channels, wordings.

use chrono::NaiveTime;
use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_storage::directory::Organisation;

use crate::{ActError, House, Reason};

/// The shortest time an approved message must stay cancellable, in seconds; a demonstration may go down to ten.
pub const LEAST_CANCEL_SECONDS: i64 = 600;

/// What the form brings. Numbers arrive parsed; each keeps the name of its field for its refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationSettings {
    /// The official name.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// Who to ask: a line for letters and pages.
    pub contact: String,
    /// The accent colour's name.
    pub accent: String,
    /// Under this age a guardian must consent.
    pub guardian_age: i64,
    /// Days after which an unconfirmed contact point is stale.
    pub stale_after_days: i64,
    /// Whether a stale contact point still counts as reachable.
    pub stale: StaleContacts,
    /// The job-hunting window begins this many years before the last year of study …
    pub job_years_before_last: i64,
    /// … on the first of this month.
    pub job_month: i64,
    /// What it means for past days.
    pub past: PastDays,
    /// No messages from this time of day (JST) …
    pub quiet_from: NaiveTime,
    /// … to this one.
    pub quiet_until: NaiveTime,
    /// At most this many messages to a person …
    pub cap_messages: i64,
    /// … in this many days.
    pub cap_days: i64,
    /// How long an approved message can be cancelled, in seconds.
    pub cancel_seconds: i64,
    /// Who approves for an office of one.
    pub outside_approver: Option<String>,
}

/// What a stale contact point is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaleContacts {
    /// It counts, with a note.
    Count,
    /// It does not count.
    DoNotCount,
}

/// What a change of what decides reach means for past days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PastDays {
    /// They are counted by what was set on them.
    #[default]
    AsTheyWere,
    /// It was set wrongly: all of them are counted by what is set now.
    PutRight,
}

/// Keeps the settings.
///
/// # Errors
/// A reason at each field that is out of its bounds.
pub async fn keep_organisation(
    house: &House,
    by: &Granted<ManageSettings>,
    given: &OrganisationSettings,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let before = tx.organisation().await?;
    let wrong = faults(given, &before);
    if !wrong.is_empty() {
        tx.undo().await?;
        return Err(ActError::Refused(wrong));
    }
    let changed = Organisation {
        name: given.name.trim().to_owned(),
        kana: given.kana.trim().to_owned(),
        contact: given.contact.trim().to_owned(),
        accent: given.accent.clone(),
        guardian_age: given.guardian_age,
        stale_after_days: given.stale_after_days,
        stale_counts: given.stale == StaleContacts::Count,
        job_years_before_last: given.job_years_before_last,
        job_month: given.job_month,
        quiet_from_minute: minute(given.quiet_from),
        quiet_until_minute: minute(given.quiet_until),
        cap_messages: given.cap_messages,
        cap_days: given.cap_days,
        cancel_seconds: given.cancel_seconds,
        outside_approver: given.outside_approver.clone().filter(|text| !text.trim().is_empty()),
        ..before.clone()
    };
    let (was, is) = (before.policy(), changed.policy());
    let put_right = match given.past {
        PastDays::PutRight => tx.forget_past_policies().await? > 0 || was != is,
        PastDays::AsTheyWere => false,
    };
    if changed == before && !put_right {
        tx.undo().await?;
        return Ok(());
    }
    tx.keep_organisation(&changed).await?;
    let mut act = Act::named("keep_organisation", by.actor(), house.operation()).on("organisation", by.org());
    if put_right {
        act = act.counting("past_put_right", 1);
    } else if was != is {
        tx.end_policy(&was, house.now()).await?;
    }
    tx.commit(&counting_changes(act, &before, &changed)).await?;
    Ok(())
}

type Number = (&'static str, &'static str, fn(&Organisation) -> i64);

/// What decides who is reached and when somebody is written to, with the words of the record for what it was and is: an
/// auditor has to find why a number moved.
const NUMBERS: [Number; 8] = [
    ("guardian_age_before", "guardian_age", |it| it.guardian_age),
    ("stale_after_days_before", "stale_after_days", |it| it.stale_after_days),
    ("stale_counts_before", "stale_counts", |it| i64::from(it.stale_counts)),
    ("job_years_before", "job_years", |it| it.job_years_before_last),
    ("job_month_before", "job_month", |it| it.job_month),
    ("cap_messages_before", "cap_messages", |it| it.cap_messages),
    ("cap_days_before", "cap_days", |it| it.cap_days),
    ("cancel_seconds_before", "cancel_seconds", |it| it.cancel_seconds),
];

fn counting_changes(act: Act, before: &Organisation, after: &Organisation) -> Act {
    let changed = NUMBERS.iter().filter(|(_, _, number)| number(before) != number(after));
    changed.fold(act, |act, (was, is, number)| act.counting(was, number(before)).counting(is, number(after)))
}

fn minute(time: NaiveTime) -> i64 {
    use chrono::Timelike;
    i64::from(time.hour() * 60 + time.minute())
}

/// All that is out of its bounds.
pub fn faults(given: &OrganisationSettings, before: &Organisation) -> Vec<Reason> {
    let mut wrong = Vec::new();
    for (field, text, most) in [("name", &given.name, 60), ("kana", &given.kana, 60), ("contact", &given.contact, 200)]
    {
        if text.trim().is_empty() {
            wrong.push(Reason::at(field, "field_empty"));
        } else if text.chars().count() > most {
            wrong.push(Reason::at(field, "field_too_long").with("most", most));
        }
    }
    let least_cancel = if before.demo { 10 } else { LEAST_CANCEL_SECONDS };
    let bounds = [
        ("guardian_age", given.guardian_age, 0, 20),
        ("stale_after_days", given.stale_after_days, 30, 3_650),
        ("job_years_before_last", given.job_years_before_last, 0, 3),
        ("job_month", given.job_month, 1, 12),
        ("cap_messages", given.cap_messages, 1, 100),
        ("cap_days", given.cap_days, 1, 366),
    ];
    for (field, value, least, most) in bounds {
        if value < least || value > most {
            wrong.push(Reason::at(field, "number_out_of_range").with("least", least).with("most", most));
        }
    }
    if given.cancel_seconds < least_cancel || given.cancel_seconds > 7 * 24 * 3_600 {
        let reason = Reason::at("cancel_seconds", "cancel_out_of_range");
        wrong.push(reason.with("minutes", LEAST_CANCEL_SECONDS / 60).with("seconds", least_cancel));
    }
    if given.quiet_from == given.quiet_until {
        wrong.push(Reason::at("quiet_until", "quiet_hours_empty"));
    }
    wrong
}
