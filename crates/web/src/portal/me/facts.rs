//! What the town knows of somebody, line by line: names, schools, homes, ties, guardians, since when. Leaves consents to
//! `standing`, addresses to `contacts`, and everything to the last column to `data`.

use chrono::NaiveDate;
use tsunagari_i18n::Texts;
use tsunagari_kernel::{Timestamp, municipality};
use tsunagari_people::PersonRecord;
use tsunagari_people::residence::Place;

use crate::joined::joined;
use crate::shell::components::Facts;

/// What is told beside the record itself.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Where the person was first heard of (storage's `Arrival`).
    pub source: String,
    /// When they joined, oldest first.
    pub joins: Vec<Timestamp>,
    /// The names of those who act for them.
    pub guardians: Vec<String>,
}

/// The lines.
pub fn facts(t: Texts, record: &PersonRecord, known: &Known) -> Facts {
    let person = &record.person;
    let mut facts = Facts::default()
        .row(t.get("portal-me-name"), person.name())
        .row(t.get("portal-me-kana"), person.kana())
        .row(t.get("portal-me-birth"), person.birth_date.map(|born| t.day(born)).unwrap_or_default());
    let during = |what: String, from: NaiveDate, until: Option<NaiveDate>| {
        // The span ends with the first day after the last.
        let span = match until.and_then(|until| until.pred_opt()) {
            None => t.one("portal-me-since", "from", t.day(from)),
            Some(last) => t.two("portal-me-span", "from", t.day(from), "until", t.day(last)),
        };
        t.two("portal-me-during", "what", what, "span", span)
    };
    let first = record.enrolments.iter().map(|it| it.from_on).min();
    for it in &record.enrolments {
        let kind = t.get(format!("portal-now-{}", it.kind.code().replace('_', "-")));
        let name = if it.school_name.is_empty() { kind } else { it.school_name.clone() };
        let school = match it.place.and_then(|code| code.lookup()) {
            Some(place) => t.two("portal-me-school-place", "school", name, "place", place.full_name()),
            None => name,
        };
        // One that follows another says when it begins: they would read as two at a time.
        let value = if Some(it.from_on) == first {
            let last = it.ends_on().pred_opt().unwrap_or_else(|| it.ends_on());
            t.two("portal-me-school-value", "school", school, "until", t.day(last))
        } else {
            during(school, it.from_on, Some(it.ends_on()))
        };
        facts = facts.row(t.get("portal-me-school"), value);
    }
    for it in &record.occupations {
        let what = t.get(format!("portal-now-{}", it.kind.code()));
        facts = facts.row(t.get("portal-me-does"), during(what, it.span.from, it.span.until));
    }
    for it in &record.residences {
        let place = match &it.place {
            Place::Municipality(code) | Place::Prefecture(code) => {
                code.lookup().map(municipality::Municipality::full_name).unwrap_or_default()
            }
            Place::Abroad(_) => t.get("portal-now-abroad"),
        };
        facts = facts.row(t.get("portal-me-lives"), during(place, it.span.from, it.span.until));
    }
    for it in &record.ties {
        let kind = t.get(format!("portal-tie-{}", it.kind.code()));
        facts = facts.row(t.get("portal-me-tie"), during(kind, it.span.from, it.span.until));
    }
    for guardian in &known.guardians {
        facts = facts.row(t.get("portal-me-guardian"), guardian.as_str());
    }
    since_when(t, facts, record, known)
}

/// The day they joined, and, when their record began before, since when and from where.
fn since_when(t: Texts, facts: Facts, record: &PersonRecord, known: &Known) -> Facts {
    let begun = record.person.created_at.jst_date();
    let joined = joined_at(record, known).jst_date();
    let facts = facts.row(t.get("portal-me-joined"), t.day(joined));
    if begun >= joined {
        return facts;
    }
    let value = match t.find(format!("data-how-{}", known.source.replace('_', "-"))) {
        Some(how) => t.two("portal-me-known-value", "date", t.day(begun), "how", how),
        None => t.day(begun),
    };
    facts.row(t.get("portal-me-known"), value)
}

/// Whoever is here has joined: at the latest when they proved that an address is theirs.
fn joined_at(record: &PersonRecord, known: &Known) -> Timestamp {
    let proven = || record.contact_points.iter().filter_map(|point| point.verified_at).min();
    joined(record, &known.source, &known.joins).or_else(proven).unwrap_or(record.person.created_at)
}
