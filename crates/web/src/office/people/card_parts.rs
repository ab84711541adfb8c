//! The parts of a person's card as tables of words: ties, schools, places, guardians, contact points, consents, changes.
//! One builder per part, from the domain's record. Leaves reading and the page itself to `card`.

use chrono::NaiveDate;
use tsunagari_access::Actor;
use tsunagari_acts::take_back_tie_end::may_take_back;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{Moment, OutcomeId, PersonId, Timestamp};
use tsunagari_people::{ContactPoint, Enrolment, GivenBy, PersonRecord, PointState, ReachPolicy, plausible};
use tsunagari_storage::person_history::PersonChange;
use tsunagari_storage::staff::Staff;

use super::card_past::Event;
use super::words::{PeopleWords, card_href, coded, days, instants, place, place_name};
use crate::shell::components::Link;

/// A table of the card.
pub(super) struct Section {
    /// Anchor of the page.
    pub id: &'static str,
    /// Heading.
    pub title: String,
    /// Column names.
    pub heads: Vec<String>,
    /// Cells, and what can be done with the row.
    pub rows: Vec<(Vec<String>, Vec<Link>)>,
    /// What stands where there is nothing.
    pub nothing: String,
    /// What can be added.
    pub add: Option<Link>,
}

impl Section {
    fn of(t: Texts, id: &'static str, heads: &[&str]) -> Self {
        Self {
            id,
            title: t.get(format!("people-{id}")),
            heads: heads.iter().map(|key| t.get(format!("people-{key}"))).collect(),
            rows: Vec::new(),
            nothing: t.get(format!("people-{id}.nothing")),
            add: None,
        }
    }
}

/// What the reader may do on this card.
#[derive(Debug, Clone, Copy)]
pub(super) struct May {
    /// Change what is recorded.
    pub edit: bool,
    /// End ties.
    pub end: bool,
}

fn offer(allowed: bool, href: String, label: String) -> Option<Link> {
    allowed.then(|| Link::to(href, label))
}

pub(super) fn ties(t: Texts, it: &PersonRecord, may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "ties", &["kind", "days", "ended-why"]);
    for tie in &it.ties {
        let why = tie.ended.map(|end| coded(t, "tie-end", end.code())).unwrap_or_default();
        let cells = vec![coded(t, "tie", tie.kind.code()), days(t, tie.span), why];
        let end =
            offer(may.end && tie.span.until.is_none(), format!("{base}/ties/{}/end", tie.id), t.get("people-tie-end"));
        let back = may.end && may_take_back(tie);
        let go_on = offer(back, format!("{base}/ties/{}/go-on", tie.id), t.get("people-tie-go-on"));
        section.rows.push((cells, end.into_iter().chain(go_on).collect()));
    }
    section.add = offer(may.edit, format!("{base}/ties/add"), t.get("people-tie-add"));
    section
}

pub(super) fn enrolments(t: Texts, it: &PersonRecord, may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "enrolments", &["school-name", "kind", "days", "graduates"]);
    for stay in &it.enrolments {
        let span = tsunagari_kernel::Span { from: stay.from_on, until: Some(stay.ends_on()) };
        let place = stay.place.map(place_name).unwrap_or_default();
        let cells = vec![
            if place.is_empty() {
                stay.school_name.clone()
            } else {
                t.two("people-school-at", "school", stay.school_name.clone(), "place", place)
            },
            coded(t, "school-kind", stay.kind.code()),
            days(t, span),
            graduates(t, stay, it.person.birth_date),
        ];
        let edit = offer(may.edit, format!("{base}/enrolments/{}", stay.id), t.get("people-change"));
        section.rows.push((cells, edit.into_iter().collect()));
    }
    section.add = offer(may.edit, format!("{base}/enrolments/add"), t.get("people-enrolment-add"));
    section
}

/// The year a school is left; with the age where that is unusual.
fn graduates(t: Texts, stay: &Enrolment, birth: Option<NaiveDate>) -> String {
    let year = t.fiscal_year(stay.end_fy);
    match birth.and_then(|birth| plausible::unusual_age(stay, birth)) {
        Some(age) => t.two("people-graduates-at", "year", year, "age", age),
        None => year,
    }
}

pub(super) fn residences(t: Texts, it: &PersonRecord, may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "residences", &["place", "days"]);
    for stay in &it.residences {
        let cells = vec![place(t, &stay.place), days(t, stay.span)];
        let remove = offer(may.edit, format!("{base}/residences/{}", stay.id), t.get("people-take-out"));
        section.rows.push((cells, remove.into_iter().collect()));
    }
    section.add = offer(may.edit, format!("{base}/residences/add"), t.get("people-residence-add"));
    section
}

pub(super) fn occupations(t: Texts, it: &PersonRecord, may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "occupations", &["what", "days"]);
    for does in &it.occupations {
        let cells = vec![coded(t, "occupation", does.kind.code()), days(t, does.span)];
        let remove = offer(may.edit, format!("{base}/occupations/{}", does.id), t.get("people-take-out"));
        section.rows.push((cells, remove.into_iter().collect()));
    }
    section.add = offer(may.edit, format!("{base}/occupations/add"), t.get("people-occupation-add"));
    section
}

/// What came of it.
pub(super) fn outcomes(t: Texts, it: &PersonRecord, recorders: &[(OutcomeId, String)], may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "outcomes", &["what", "outcome-on", "outcome-evidence", "outcome-by"]);
    for outcome in &it.outcomes {
        let by = recorders.iter().find(|(id, _)| *id == outcome.id).map(|(_, by)| by.clone()).unwrap_or_default();
        let what = coded(t, "outcome-kind", outcome.kind.code());
        let cells = vec![what, t.date(outcome.on), outcome.evidence.clone(), by];
        let remove = offer(may.edit, format!("{base}/outcomes/{}", outcome.id), t.get("people-take-out"));
        section.rows.push((cells, remove.into_iter().collect()));
    }
    section.add = offer(may.edit, format!("{base}/outcomes/add"), t.get("people-outcome-add"));
    section
}

/// People around: guardians, children under guardianship, members of the household, each with a name.
pub(super) struct Around {
    /// Guardians with their names.
    pub guardians: Vec<(tsunagari_people::Guardianship, String)>,
    /// Children with their names.
    pub wards: Vec<(PersonId, tsunagari_people::Guardianship, String)>,
    /// The household's members with their names.
    pub household: Vec<(PersonId, String)>,
}

pub(super) fn family(t: Texts, it: &PersonRecord, around: &Around, at: &Moment, may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "family", &["relation", "name", "days"]);
    for (guardianship, name) in &around.guardians {
        let acts = guardianship.in_force(it.person.birth_date, at.date);
        let relation = if acts { t.get("people-guardian") } else { t.get("people-guardian-over") };
        let mut links = vec![Link::to(card_href(guardianship.guardian), t.get("people-open"))];
        links.extend(offer(
            may.edit && acts,
            format!("{base}/guardians/{}/end", guardianship.id),
            t.get("people-guardian-end"),
        ));
        section.rows.push((vec![relation, name.clone(), days(t, guardianship.span)], links));
    }
    for (child, guardianship, name) in &around.wards {
        let cells = vec![t.get("people-ward"), name.clone(), days(t, guardianship.span)];
        section.rows.push((cells, vec![Link::to(card_href(*child), t.get("people-open"))]));
    }
    for (person, name) in around.household.iter().filter(|(person, _)| *person != it.person.id) {
        let cells = vec![t.get("people-household-member"), name.clone(), String::new()];
        section.rows.push((cells, vec![Link::to(card_href(*person), t.get("people-open"))]));
    }
    section.add = offer(may.edit, format!("{base}/guardians/add"), t.get("people-guardian-add"));
    section
}

fn point_state(t: Texts, point: &ContactPoint, at: Timestamp, policy: &ReachPolicy) -> String {
    match point.state(at, policy.stale_after()) {
        PointState::Absent => t.get("people-point-absent"),
        PointState::Unverified => t.get("people-point-unverified"),
        PointState::NeverWorked => t.get("people-point-never-worked"),
        PointState::Broken(None) => t.get("people-point-broken"),
        PointState::Broken(Some(why)) => t.one("people-point-broken-why", "why", coded(t, "contact-end", why.code())),
        PointState::Stale => t.get("people-point-stale"),
        PointState::Fresh => t.get("people-point-fresh"),
    }
}

pub(super) fn contacts(t: Texts, it: &PersonRecord, at: &Moment, policy: &ReachPolicy, may: May) -> Section {
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "contacts", &["kind", "state", "verified", "kept"]);
    for point in &it.contact_points {
        let verified = point.verified_at.map(|when| t.date_short(when.jst_date())).unwrap_or_else(|| t.blank());
        let cells = vec![
            coded(t, "contact-kind", point.kind.code()),
            point_state(t, point, at.instant, policy),
            verified,
            instants(t, point.kept),
        ];
        let kept = point.kept.until.is_none();
        let change =
            offer(may.edit && kept, format!("{base}/contacts/{}/change", point.id), t.get("people-contact-change"));
        section.rows.push((cells, change.into_iter().collect()));
    }
    section.add = offer(may.edit, format!("{base}/contacts/add"), t.get("people-contact-add"));
    section
}

pub(super) fn consents(words: &PeopleWords, it: &PersonRecord, names: &[(uuid::Uuid, String)], may: May) -> Section {
    let t = words.t;
    let base = card_href(it.person.id);
    let mut section = Section::of(t, "consents", &["purpose", "wording", "given-by", "days", "ended-why"]);
    for consent in &it.consents {
        let by = match consent.given_by {
            GivenBy::Myself => coded(t, "consent-by", "self"),
            GivenBy::Guardian(guardian) => {
                let name = guardian
                    .and_then(|id| names.iter().find(|(known, _)| *known == id.0))
                    .map(|(_, name)| name.clone());
                let guardian = coded(t, "consent-by", "guardian");
                name.map_or(guardian.clone(), |name| t.two("people-guardian-named", "guardian", guardian, "name", name))
            }
        };
        let why = consent.ended.map(|end| coded(t, "consent-end", end.code())).unwrap_or_default();
        let version = t.count("people-wording-version", consent.wording_version);
        let withdraw = offer(
            may.edit && consent.span.until.is_none(),
            format!("{base}/consents/{}/withdraw", consent.purpose.code()),
            t.get("people-consent-withdraw"),
        );
        section.rows.push((
            vec![words.purpose(consent.purpose.code()), version, by, instants(t, consent.span), why],
            withdraw.into_iter().collect(),
        ));
    }
    section.add = offer(may.edit, format!("{base}/consents/add"), t.get("people-consent-add"));
    section
}

/// Who did something, by name where staff is known.
pub(super) fn actor(t: Texts, actor: &Actor, staff: &[Staff]) -> String {
    let user = |id| staff.iter().find(|it| it.id == id).map(|it| it.name.clone());
    let named = match actor {
        Actor::User(id) | Actor::Partner(id) => user(*id),
        Actor::Resident(_) | Actor::Guardian { .. } | Actor::Machine(_) => None,
    };
    named.unwrap_or_else(|| t.get(format!("actor-{}", actor.kind())))
}

/// Changes of what is recorded and what else happened, newest first, at most `most`.
pub(super) fn changes(
    words: &PeopleWords,
    it: &[PersonChange],
    past: Vec<Event>,
    staff: &[Staff],
    most: usize,
) -> Section {
    let t = words.t;
    let mut section = Section::of(t, "changes", &["when", "what", "before", "after", "who"]);
    let change = |change: &PersonChange| {
        let (before, after) =
            super::card_changes::told(words, &change.what, change.before.as_deref(), change.after.as_deref());
        let who = change.act.as_ref().map_or_else(|| t.get("actor-machine"), |(_, by)| actor(t, by, staff));
        let what =
            t.find(format!("people-what-{}", change.what.replace('_', "-"))).unwrap_or_else(|| change.what.clone());
        Event { at: change.at, what, before, after, who }
    };
    let mut all: Vec<Event> = it.iter().map(change).chain(past).collect();
    all.sort_by_key(|event| std::cmp::Reverse(event.at));
    for event in all.into_iter().take(most) {
        let cells = vec![t.date_time_short(event.at), event.what, event.before, event.after, event.who];
        section.rows.push((cells, Vec::new()));
    }
    section
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;
    use tsunagari_people::Aspect;

    use super::*;

    #[test]
    fn no_change_is_told_by_its_code() {
        for t in [Locale::Ja, Locale::En].map(Texts::of) {
            for aspect in Aspect::ALL {
                let key = format!("people-what-{}", aspect.code().replace('_', "-"));
                assert!(t.find(&key).is_some(), "{key} has no words in {:?}", t.locale());
            }
        }
    }
}
