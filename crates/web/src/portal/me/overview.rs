//! My page: everything the town knows of somebody, in their words, with what they can change. Leaves changing to
//! `change` and `contacts`, the words of what is stored to `facts`, the files to `data`.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Response;
use tsunagari_acts::reconfirm_consent::open_purposes;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Moment;
use tsunagari_people::{ContactKind, PersonRecord, ReachPolicy};
use tsunagari_storage::contact::Address;
use tsunagari_storage::erasure_case::{CaseState, ErasureCase};
use tsunagari_storage::purpose::{Labelled, Wording};

use crate::portal::me::contacts::{Way, ways};
use crate::portal::me::facts::{self, facts};
use crate::portal::me::news::News;
use crate::portal::me::standing::{Standing, named, standings, waiting};
use crate::portal::me::welcome::{add_friend, line_is_silent};
use crate::portal::toward::Toward;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::{Choices, ContactText, Facts};
use crate::shell::{AppError, Flash, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me", Needs::Resident, show)
}

#[derive(Template)]
#[template(path = "portal/me/overview.html")]
struct OverviewPage {
    shell: Shell,
    title: String,
    lead: String,
    offered: String,
    waits: String,
    reconfirm: String,
    silent: bool,
    add: String,
    facts: Facts,
    /// Whom to tell of what the office alone changes.
    tell: ContactText,
    ways: Vec<Way>,
    /// Why some of the ways are not shown whole, said once; empty when all are.
    masked: String,
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
    told: facts::Known,
    addresses: Vec<Address>,
    purposes: Vec<Labelled>,
    wordings: Vec<Wording>,
    kinds: Vec<Labelled>,
    erasure: Option<ErasureCase>,
    add: String,
    /// The address of what is on.
    offered: String,
    contact: String,
    policy: ReachPolicy,
    at: Moment,
}

impl OverviewPage {
    fn of(shell: Shell, known: Known) -> Self {
        let t = shell.t;
        let Known { record, policy, at, .. } = &known;
        let locale = t.locale().code();
        let standings = standings(t, record, policy, at, &known.purposes, &known.wordings);
        let chosen = record.interests.iter().filter(|interest| interest.span.contains(at.instant));
        let interests = Choices::checkbox(t, "interests", t.get("portal-me-interests-choose"));
        let interests =
            known.kinds.iter().fold(interests, |all, kind| all.option(kind.code.as_str(), kind.label(locale)));
        let language = Choices::select(t, "language", t.get("portal-me-language"));
        let language = tsunagari_i18n::Locale::ALL
            .into_iter()
            .fold(language, |all, each| all.option(each.code(), Texts::of(each).get("shell-language-name")));
        let ways = ways(t, &record.contact_points, &known.addresses, policy, at);
        Self {
            title: t.one("portal-me-title", "name", record.person.name()),
            lead: t.one("portal-me-lead", "town", shell.org.name.as_str()),
            offered: known.offered.clone(),
            waits: waiting(t, &standings),
            reconfirm: reconfirm(t, &known, &standings),
            silent: line_is_silent(record, policy, at),
            facts: facts(t, record, &known.told),
            masked: ways.iter().map(|it| it.masked.clone()).find(|it| !it.is_empty()).unwrap_or_default(),
            ways,
            tell: ContactText::of(&match known.contact.trim() {
                "" => t.get("portal-me-changed"),
                contact => t.one("portal-me-changed-contact", "contact", contact),
            }),
            has_line: record
                .contact_points
                .iter()
                .any(|point| point.kind == ContactKind::Line && point.kept.until.is_none()),
            standings,
            interests: chosen.fold(interests, |all, interest| all.chosen(&interest.code)),
            language: language.chosen(record.person.locale.code()),
            erasure: known.erasure.as_ref().map(|case| erasure_words(t, case, &shell.org.name)).unwrap_or_default(),
            may_ask: !known.erasure.as_ref().is_some_and(|case| case.state.is_open()),
            add: known.add,
            shell,
        }
    }
}

/// The question whether what a guardian agreed to shall go on; empty when there is none.
fn reconfirm(t: Texts, known: &Known, standings: &[Standing]) -> String {
    let open = open_purposes(&known.record, &known.policy, &known.at);
    let asked = standings.iter().filter(|it| open.iter().any(|purpose| purpose.code() == it.promise.code));
    let names = named(t, asked.map(|it| it.promise.label.as_str()));
    if open.is_empty() { String::new() } else { t.one("portal-me-reconfirm-text", "purposes", names) }
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

async fn known(visitor: &Visitor) -> Result<Known, AppError> {
    let at = Moment::now(&*visitor.town.house.clock);
    let here = visitor.town.here();
    let id = visitor.resident.person();
    let keys = here.person_keys(&[id]).await.map_err(unreadable)?;
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
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
        told: facts::Known {
            source: reader.person_source(id).await.map_err(unreadable)?,
            joins: reader.joins(id).await.map_err(unreadable)?,
            guardians,
        },
        addresses: reader.addresses_of(&keys, id).await.map_err(unreadable)?,
        purposes: reader.purposes().await.map_err(unreadable)?,
        wordings: reader.wordings_in_use(at.instant).await.map_err(unreadable)?,
        kinds: reader.interest_kinds().await.map_err(unreadable)?,
        erasure: reader.erasure_case_of(id).await.map_err(unreadable)?,
        add: String::new(),
        offered: visitor.town.at("/programmes"),
        contact: visitor.town.org.contact.clone(),
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

async fn show(
    Extension(visitor): Extension<Visitor>,
    Query(news): Query<News>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    // Who signed in to go somewhere goes on there.
    if let Some(toward) = Toward::remembered(&headers) {
        return Ok(go(&toward.path()));
    }
    let mut shell = visitor.shell();
    shell.path = "/me".into();
    let mut view = OverviewPage::of(shell, known(&visitor).await?);
    let told = news.told(visitor.town.t, &view.standings);
    view.shell.flash.extend(told.map(|text| Flash { tone: Tone::Success, text }));
    Ok(page(&view))
}

#[cfg(test)]
mod tests;
