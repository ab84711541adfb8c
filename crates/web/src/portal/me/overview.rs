//! My page: everything the town knows of somebody, in their words, with what they can change. Leaves changing to
//! `change`, the files to `data`.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::reconfirm_consent::open_purposes;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{Moment, municipality};
use tsunagari_people::residence::Place;
use tsunagari_people::{
    Consent, ConsentState, ContactKind, ContactPoint, GivenBy, PersonRecord, PointState, Purpose, ReachPolicy,
};
use tsunagari_storage::contact::Address;
use tsunagari_storage::erasure_case::{CaseState, ErasureCase};
use tsunagari_storage::purpose::{Labelled, Wording};

use crate::portal::agree::{Promise, promises};
use crate::portal::me::welcome::{add_friend, line_is_silent, waits_for_guardian};
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, Facts};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me", Needs::Resident, show)
}

/// A contact point in words.
struct Way {
    kind: String,
    address: String,
    state: String,
    tone: Tone,
}

/// A purpose with where the person stands.
struct Standing {
    promise: Promise,
    words: String,
    given: bool,
    earlier: Vec<String>,
}

#[derive(Template)]
#[template(path = "portal/me/overview.html")]
struct OverviewPage {
    shell: Shell,
    title: String,
    lead: String,
    waits: bool,
    reconfirm: bool,
    silent: bool,
    add: String,
    facts: Facts,
    ways: Vec<Way>,
    has_line: bool,
    standings: Vec<Standing>,
    interests: Choices,
    language: Choices,
    erasure: String,
    may_ask: bool,
}

/// What the page is made from.
struct Known {
    record: PersonRecord,
    addresses: Vec<Address>,
    guardians: Vec<String>,
    purposes: Vec<Labelled>,
    wordings: Vec<Wording>,
    kinds: Vec<Labelled>,
    erasure: Option<ErasureCase>,
    add: String,
    policy: ReachPolicy,
    at: Moment,
}

impl OverviewPage {
    fn of(shell: Shell, known: Known) -> Self {
        let t = shell.t;
        let Known { record, policy, at, .. } = &known;
        let locale = t.locale().code();
        let chosen = record.interests.iter().filter(|interest| interest.span.contains(at.instant));
        let interests = Choices::checkbox(t, "interests", t.get("portal-me-interests"));
        let interests =
            known.kinds.iter().fold(interests, |all, kind| all.option(kind.code.as_str(), kind.label(locale)));
        let language = Choices::select(t, "language", t.get("portal-me-language"));
        let language = tsunagari_i18n::Locale::ALL
            .into_iter()
            .fold(language, |all, each| all.option(each.code(), Texts::of(each).get("shell-language-name")));
        Self {
            title: t.one("portal-me-title", "name", record.person.name()),
            lead: t.one("portal-me-lead", "town", shell.org.name.as_str()),
            waits: waits_for_guardian(record, policy, at),
            reconfirm: !open_purposes(record, policy, at).is_empty(),
            silent: line_is_silent(record, policy, at),
            facts: facts(t, &known),
            ways: ways(t, &known),
            has_line: record
                .contact_points
                .iter()
                .any(|point| point.kind == ContactKind::Line && point.kept.until.is_none()),
            standings: standings(t, &known),
            interests: chosen.fold(interests, |all, interest| all.chosen(&interest.code)),
            language: language.chosen(record.person.locale.code()),
            erasure: known.erasure.as_ref().map(|case| erasure_words(t, case, &shell.org.name)).unwrap_or_default(),
            may_ask: !known.erasure.as_ref().is_some_and(|case| case.state.is_open()),
            add: known.add,
            shell,
        }
    }
}

/// Where a request to be erased stands. Whoever was erased has no page any more.
fn erasure_words(t: Texts, case: &ErasureCase, town: &str) -> String {
    let since = t.date(case.decided_at.unwrap_or(case.since).jst_date());
    match case.state {
        CaseState::Asked => t.one("portal-me-erase-asked", "date", since),
        CaseState::Proposed => t.one("portal-me-erase-proposed", "date", since),
        CaseState::Refused => {
            let reason = t.get(format!("portal-erase-reason-{}", case.reason.replace('_', "-")));
            t.with(
                "portal-me-erase-refused",
                &[("date", since.into()), ("reason", reason.into()), ("town", town.into())],
            )
        }
        CaseState::Done => String::new(),
    }
}

fn facts(t: Texts, known: &Known) -> Facts {
    let person = &known.record.person;
    let span = |from: chrono::NaiveDate, until: Option<chrono::NaiveDate>| match until {
        None => t.one("portal-me-since", "from", t.date(from)),
        Some(until) => t.two("portal-me-span", "from", t.date(from), "until", t.date(until)),
    };
    let mut facts = Facts::default()
        .row(t.get("portal-me-name"), person.name())
        .row(t.get("portal-me-kana"), person.kana())
        .row(t.get("portal-me-birth"), person.birth_date.map(|born| t.date(born)).unwrap_or_default());
    for it in &known.record.enrolments {
        let kind = t.get(format!("portal-now-{}", it.kind.code().replace('_', "-")));
        let name = if it.school_name.is_empty() { kind } else { it.school_name.clone() };
        let place =
            it.place.and_then(|code| code.lookup()).map(|place| format!("・{}", place.full_name())).unwrap_or_default();
        let value = t.two("portal-me-school-value", "school", format!("{name}{place}"), "until", t.date(it.ends_on()));
        facts = facts.row(t.get("portal-me-school"), value);
    }
    for it in &known.record.residences {
        let place = match &it.place {
            Place::Municipality(code) | Place::Prefecture(code) => {
                code.lookup().map(municipality::Municipality::full_name).unwrap_or_default()
            }
            Place::Abroad(_) => t.get("portal-now-abroad"),
        };
        facts = facts.row(t.get("portal-me-lives"), format!("{place}　{}", span(it.span.from, it.span.until)));
    }
    for it in &known.record.ties {
        let kind = t.get(format!("portal-tie-{}", it.kind.code()));
        facts = facts.row(t.get("portal-me-tie"), format!("{kind}　{}", span(it.span.from, it.span.until)));
    }
    for guardian in &known.guardians {
        facts = facts.row(t.get("portal-me-guardian"), guardian.as_str());
    }
    facts.row(t.get("portal-me-joined"), t.date(person.created_at.jst_date()))
}

fn ways(t: Texts, known: &Known) -> Vec<Way> {
    let kept = known.record.contact_points.iter().filter(|point| point.kept.contains(known.at.instant));
    let way = |point: &ContactPoint| {
        let (state, tone) = match point.state(known.at.instant, known.policy.stale_after()) {
            PointState::Fresh => ("fresh", Tone::Success),
            PointState::Stale => ("stale", Tone::Warning),
            PointState::Unverified => ("unverified", Tone::Warning),
            PointState::NeverWorked => ("never", Tone::Warning),
            PointState::Broken(_) | PointState::Absent => ("broken", Tone::Error),
        };
        let clear =
            known.addresses.iter().find(|address| address.contact == point.id).map(|address| address.clear.to_string());
        Way {
            kind: t.get(format!("portal-me-contact-{}", point.kind.code())),
            // A LINE user id says nothing to anybody.
            address: if point.kind == ContactKind::Line { String::new() } else { clear.unwrap_or_default() },
            state: t.get(format!("portal-me-state-{state}")),
            tone,
        }
    };
    kept.map(way).collect()
}

fn standings(t: Texts, known: &Known) -> Vec<Standing> {
    let own = known.policy.own_consent(known.record.person.birth_date, &known.at);
    let standing = |promise: Promise| {
        let purpose = Purpose::of(promise.code.as_str());
        let all: Vec<&Consent> = known.record.consents.iter().filter(|consent| consent.purpose == purpose).collect();
        let open = all
            .iter()
            .filter(|consent| consent.span.contains(known.at.instant))
            .max_by_key(|consent| consent.given_by != GivenBy::Myself);
        let words = |key: &str, consent: &Consent| {
            t.two(key, "date", t.date(consent.span.from.jst_date()), "version", i64::from(consent.wording_version))
        };
        let state = ConsentState::of(&known.record.consents, &purpose, known.at.instant, own);
        let words = match (state, open) {
            (ConsentState::InForce, Some(consent)) if consent.given_by == GivenBy::Myself => {
                words("portal-me-consent-given", consent)
            }
            (ConsentState::InForce, Some(consent)) => words("portal-me-consent-guardian", consent),
            (ConsentState::GuardianNeeded, Some(consent)) => words("portal-me-consent-waits", consent),
            (ConsentState::InForce | ConsentState::GuardianNeeded, None) => String::new(),
            (ConsentState::Withdrawn | ConsentState::Never, _) => t.get("portal-me-consent-none"),
        };
        let ended = all.iter().filter_map(|consent| {
            Some((consent.span.from, consent.span.until.filter(|until| *until <= known.at.instant)?))
        });
        let earlier = ended.map(|(from, until)| {
            t.two("portal-me-consent-ended", "from", t.date_time(from), "until", t.date_time(until))
        });
        Standing { words, given: open.is_some(), earlier: earlier.collect(), promise }
    };
    promises(t, &known.purposes, &known.wordings, &[]).into_iter().map(standing).collect()
}

/// The news to show, by a code in the address.
#[derive(Deserialize)]
struct News {
    #[serde(default)]
    news: String,
}

async fn known(visitor: &Visitor) -> Result<Known, AppError> {
    let at = Moment::now(&*visitor.town.house.clock);
    let here = visitor.town.here();
    let id = visitor.resident.person();
    let keys = here.person_keys(&[id]).await.map_err(unreadable)?;
    let mut reader = here.read().await.map_err(unreadable)?;
    let record = reader.person_record(id).await.map_err(unreadable)?;
    let policy = tsunagari_acts::join::policy_of(&visitor.town.org);
    let acting = record
        .guardianships
        .iter()
        .filter(|it| it.in_force(record.person.birth_date, at.date))
        .map(|it| it.guardian)
        .collect::<Vec<_>>();
    let guardians =
        reader.person_records(&acting).await.map_err(unreadable)?.iter().map(|it| it.person.name()).collect();
    let mut known = Known {
        addresses: reader.addresses_of(&keys, id).await.map_err(unreadable)?,
        guardians,
        purposes: reader.purposes().await.map_err(unreadable)?,
        wordings: reader.wordings_in_use(at.instant).await.map_err(unreadable)?,
        kinds: reader.interest_kinds().await.map_err(unreadable)?,
        erasure: reader.erasure_case_of(id).await.map_err(unreadable)?,
        add: String::new(),
        record,
        policy,
        at,
    };
    drop(reader);
    if line_is_silent(&known.record, &known.policy, &known.at) {
        known.add = add_friend(visitor).await?;
    }
    Ok(known)
}

async fn show(Extension(visitor): Extension<Visitor>, Query(news): Query<News>) -> Result<Response, AppError> {
    let t = visitor.town.t;
    let mut shell = match news.news.as_str() {
        "saved" => visitor.shell_with(Tone::Success, t.get("portal-me-saved")),
        "withdrawn" => visitor.shell_with(Tone::Success, t.get("portal-me-withdrawn")),
        "given" => visitor.shell_with(Tone::Success, t.get("portal-me-given")),
        "mailed" => visitor.shell_with(Tone::Info, t.get("portal-mail-sent-lead")),
        _ => visitor.shell(),
    };
    shell.path = "/me".into();
    Ok(page(&OverviewPage::of(shell, known(&visitor).await?)))
}

#[cfg(test)]
mod tests;
