//! Settings of the organisation itself: name, guardians' age, when people are disturbed, how long a message can be taken back.

use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveTime;
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_acts::keep_organisation::{
    LEAST_CANCEL_SECONDS, OrganisationSettings, PastDays, StaleContacts, faults, keep_organisation,
};
use tsunagari_i18n::Texts;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::past_policy::PastPolicy;

use super::paper::{Paper, Part};
use super::{News, Wrong, framed, number, onward, settle, some};
use crate::office::desk::Desk;
use crate::office::policy_words::policy_words;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Choices, Facts, Field, FieldKind};
use crate::shell::{Accent, AppError, Shell, page, page_with_status};

const HERE: &str = "/office/settings/organisation";

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let needs = Needs::Permission(Code::ManageSettings);
    routes.get(HERE, needs, show).post(HERE, needs, keep)
}

/// The form as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Given {
    name: String,
    kana: String,
    contact: String,
    accent: String,
    guardian_age: String,
    stale_after_days: String,
    stale: String,
    job_years_before_last: String,
    job_month: String,
    past: String,
    quiet_from: String,
    quiet_until: String,
    cap_messages: String,
    cap_days: String,
    cancel_seconds: String,
    outside_approver: String,
}

impl Given {
    fn of(org: &Organisation) -> Self {
        let time = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let minutes = if org.cancel_seconds % 60 == 0 {
            (org.cancel_seconds / 60).to_string()
        } else {
            format!("{}s", org.cancel_seconds)
        };
        Self {
            name: org.name.clone(),
            kana: org.kana.clone(),
            contact: org.contact.clone(),
            accent: Accent::parse(&org.accent).code().into(),
            guardian_age: org.guardian_age.to_string(),
            stale_after_days: org.stale_after_days.to_string(),
            stale: if org.stale_counts { "count" } else { "not" }.into(),
            job_years_before_last: org.job_years_before_last.to_string(),
            job_month: org.job_month.to_string(),
            past: "as-they-were".into(),
            quiet_from: time(org.quiet_from_minute),
            quiet_until: time(org.quiet_until_minute),
            cap_messages: org.cap_messages.to_string(),
            cap_days: org.cap_days.to_string(),
            cancel_seconds: minutes,
            outside_approver: org.outside_approver.clone().unwrap_or_default(),
        }
    }

    /// What the act takes; what cannot be read is said at its field, together with what is out of its bounds elsewhere.
    fn read(&self, shell: &Shell, org: &Organisation) -> Result<OrganisationSettings, Wrong> {
        let mut wrong = Wrong::default();
        let mut whole = |field: &str, text: &str| {
            number(text).unwrap_or_else(|| {
                wrong.unread(shell.t, field, "refused-number-needed");
                0
            })
        };
        let guardian_age = whole("guardian_age", &self.guardian_age);
        let stale_after_days = whole("stale_after_days", &self.stale_after_days);
        let job_years_before_last = whole("job_years_before_last", &self.job_years_before_last);
        let job_month = whole("job_month", &self.job_month);
        let cap_messages = whole("cap_messages", &self.cap_messages);
        let cap_days = whole("cap_days", &self.cap_days);
        // A demonstration's window may be shorter than a minute: `10s`.
        let cancel_seconds = match self.cancel_seconds.trim().strip_suffix('s') {
            Some(seconds) => whole("cancel_seconds", seconds),
            None => whole("cancel_seconds", &self.cancel_seconds).saturating_mul(60),
        };
        let mut time = |field: &str, text: &str| {
            NaiveTime::parse_from_str(text.trim(), "%H:%M").unwrap_or_else(|_| {
                wrong.unread(shell.t, field, "refused-time-needed");
                NaiveTime::MIN
            })
        };
        let quiet_from = time("quiet_from", &self.quiet_from);
        let quiet_until = time("quiet_until", &self.quiet_until);
        let settings = OrganisationSettings {
            name: self.name.clone(),
            kana: self.kana.clone(),
            contact: self.contact.clone(),
            accent: Accent::parse(&self.accent).code().into(),
            guardian_age,
            stale_after_days,
            stale: if self.stale == "not" { StaleContacts::DoNotCount } else { StaleContacts::Count },
            job_years_before_last,
            job_month,
            past: if self.past == "put-right" { PastDays::PutRight } else { PastDays::AsTheyWere },
            quiet_from,
            quiet_until,
            cap_messages,
            cap_days,
            cancel_seconds,
            outside_approver: some(&self.outside_approver),
        };
        if wrong.none() {
            return Ok(settings);
        }
        let beside = sentences(shell.t, &faults(&settings, org));
        let unread: Vec<String> = wrong.0.iter().map(|(field, _)| field.clone()).collect();
        let hours = |field: &String| field.starts_with("quiet_") && unread.iter().any(|it| it.starts_with("quiet_"));
        wrong.0.extend(beside.into_iter().filter(|(field, _)| !unread.contains(field) && !hours(field)));
        Err(wrong)
    }
}

/// With what was set before, each line until when.
fn set_before(paper: Paper, t: Texts, before: &[PastPolicy]) -> Paper {
    if before.is_empty() {
        return paper;
    }
    let until = |it: &PastPolicy| t.one("settings-org-before-until", "when", t.date_time(it.until));
    let all = before.iter().fold(Facts::default(), |all, it| all.row(until(it), policy_words(t, &it.policy)));
    paper.part(Part::Heading(t.get("settings-org-before"))).part(Part::Facts(all))
}

fn form(shell: Shell, given: &Given, wrong: &Wrong, before: &[PastPolicy]) -> Paper {
    let t = shell.t;
    let label = |name: &str| t.get(format!("settings-org-{}", name.replace('_', "-")));
    let hint = |name: &str| t.get(format!("settings-org-{}.hint", name.replace('_', "-")));
    let line =
        |name: &str, value: &str| Field::text(t, name, label(name)).value(value).error(wrong.at(name)).required();
    let figure = |name: &str, value: &str| {
        Field::of(FieldKind::Number, t, name, label(name))
            .value(value)
            .error(wrong.at(name))
            .hint(hint(name))
            .required()
    };
    let accents = Accent::ALL.iter().fold(Choices::select(t, "accent", label("accent")), |choices, accent| {
        choices.option(accent.code(), t.get(format!("settings-accent-{}", accent.code())))
    });
    let stale = Choices::radio(t, "stale", label("stale"))
        .option_with("count", t.get("settings-org-stale-count"), t.get("settings-org-stale-count.hint"))
        .option_with("not", t.get("settings-org-stale-not"), t.get("settings-org-stale-not.hint"))
        .chosen(&given.stale);
    let past = ["as-they-were", "put-right"].iter().fold(Choices::radio(t, "past", label("past")), |choices, code| {
        let key = format!("settings-org-past-{code}");
        choices.option_with(*code, t.get(&key), t.get(format!("{key}.hint")))
    });
    let least = LEAST_CANCEL_SECONDS / 60;
    // Only the demo knows times shorter than a minute, and writes them its own way.
    let cancel = if given.cancel_seconds.ends_with('s') {
        t.count("settings-org-cancel-short", least)
    } else {
        t.count("settings-org-cancel-seconds.hint", least)
    };
    let young = Paper::of(shell, "settings-org", &[], HERE, wrong)
        .part(Part::Heading(t.get("settings-org-who")))
        .part(line("name", &given.name))
        .part(line("kana", &given.kana))
        .part(line("contact", &given.contact).hint(hint("contact")))
        .part(accents.chosen(&given.accent))
        .part(Part::Heading(t.get("settings-org-young")))
        .part(Part::Note(t.get("settings-org-young-note")))
        .part(figure("guardian_age", &given.guardian_age))
        .part(figure("stale_after_days", &given.stale_after_days))
        .part(stale)
        .part(figure("job_years_before_last", &given.job_years_before_last))
        .part(figure("job_month", &given.job_month))
        .part(past.chosen(&given.past));
    set_before(young, t, before)
        .part(Part::Heading(t.get("settings-org-calm")))
        .part(figure("quiet_from", &given.quiet_from))
        .part(figure("quiet_until", &given.quiet_until))
        .part(figure("cap_messages", &given.cap_messages))
        .part(figure("cap_days", &given.cap_days))
        .part(
            Field::text(t, "cancel_seconds", label("cancel_seconds"))
                .value(&given.cancel_seconds)
                .error(wrong.at("cancel_seconds"))
                .hint(cancel)
                .required(),
        )
        .part(
            Field::text(t, "outside_approver", label("outside_approver"))
                .value(&given.outside_approver)
                .hint(hint("outside_approver"))
                .error(wrong.at("outside_approver")),
        )
}

async fn show(Extension(desk): Extension<Desk>, Query(news): Query<News>) -> Result<Response, AppError> {
    let shell = framed(&desk, &news);
    let before = before(&desk).await?;
    Ok(page(&form(shell, &Given::of(&desk.org), &Wrong::default(), &before)))
}

async fn before(desk: &Desk) -> Result<Vec<PastPolicy>, AppError> {
    desk.here().read().await.map_err(unreadable)?.past_policies().await.map_err(unreadable)
}

async fn keep(Extension(desk): Extension<Desk>, Posted(given): Posted<Given>) -> Result<Response, AppError> {
    let by = desk.grant()?;
    let shell = desk.shell();
    let wrong = match given.read(&shell, &desk.org) {
        Err(wrong) => wrong,
        Ok(settings) => match settle(&desk, keep_organisation(&desk.house, &by, &settings).await)? {
            Ok(()) => return Ok(onward("/office/settings/organisation?done=saved")),
            Err(wrong) => wrong,
        },
    };
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &form(shell, &given, &wrong, &before(&desk).await?)))
}

#[cfg(test)]
mod tests {
    use tsunagari_kernel::Timestamp;
    use tsunagari_people::Policy;

    use super::*;
    use crate::shell::sample::{faults_of, office_shell};

    #[test]
    fn every_face_has_its_words() {
        let found = faults_of(office_shell, |shell| {
            let mut wrong = Wrong::default();
            wrong.unread(shell.t, "job_month", "refused-number-needed");
            wrong.unread(shell.t, "quiet_from", "refused-time-needed");
            let given = Given::default();
            let before = [PastPolicy { until: Timestamp::default(), policy: Policy::default() }];
            vec![form(shell.clone(), &given, &Wrong::default(), &[]), form(shell, &given, &wrong, &before)]
        });
        assert_eq!(found, Vec::<String>::new());
    }
}
