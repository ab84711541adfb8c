//! What happened to a person besides changes of what is recorded: entered, joined, matched with the row of a list, consents,
//! contact points and interests with their beginnings and ends. Read off the record itself, so that it tells the same as the parts
//! above it. Leaves changes of names, ties and stays to `card_parts::changes`.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_people::{GivenBy, PersonRecord};
use tsunagari_storage::person_history::Maker;
use tsunagari_storage::staff::Staff;

use super::card_parts::actor;
use super::words::{PeopleWords, coded};

/// From this long before somebody joined on, an entry was there already and was matched.
const BEFORE: TimeDelta = TimeDelta::minutes(1);

/// One event, for a line of the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    pub at: Timestamp,
    pub what: String,
    pub before: String,
    pub after: String,
    pub who: String,
}

/// Every event of a record; `joined`: when the person joined by themselves.
pub(super) fn events(words: &PeopleWords, it: &PersonRecord, joined: Option<Timestamp>) -> Vec<Event> {
    let mut all = beginning(words, it, joined);
    all.extend(consents(words, it));
    all.extend(contacts(words, it));
    all.extend(interests(words, it));
    all
}

/// The events with who made them, where the event itself does not say.
pub(super) fn made_by(t: Texts, mut all: Vec<Event>, makers: &[Maker], staff: &[Staff]) -> Vec<Event> {
    for event in all.iter_mut().filter(|it| it.who.is_empty()) {
        let maker = makers.iter().find(|it| it.from <= event.at && event.at <= it.until);
        event.who = maker.map(|it| actor(t, &it.by, staff)).unwrap_or_default();
    }
    all
}

fn event(at: Timestamp, what: String) -> Event {
    Event { at, what, before: String::new(), after: String::new(), who: String::new() }
}

fn beginning(words: &PeopleWords, it: &PersonRecord, joined: Option<Timestamp>) -> Vec<Event> {
    let t = words.t;
    let entered = it.person.created_at;
    let known = joined.is_none_or(|at| entered < at.minus(BEFORE));
    let entry = known.then(|| event(entered, t.get("people-past-entered")));
    let joining = joined.map(|at| Event {
        after: t.get(if known { "people-past-matched" } else { "people-past-new" }),
        who: coded(t, "consent-by", "self"),
        ..event(at, t.get("people-past-joined"))
    });
    entry.into_iter().chain(joining).collect()
}

fn consents(words: &PeopleWords, it: &PersonRecord) -> Vec<Event> {
    let t = words.t;
    let mut all = Vec::new();
    for consent in &it.consents {
        let purpose = words.purpose(consent.purpose.code());
        let by = match consent.given_by {
            GivenBy::Myself => "self",
            GivenBy::Guardian(_) => "guardian",
        };
        let given = event(consent.span.from, t.get("people-past-consent"));
        all.push(Event { after: purpose.clone(), who: coded(t, "consent-by", by), ..given });
        if let Some(until) = consent.span.until {
            let why = consent.ended.map(|end| coded(t, "consent-end", end.code())).unwrap_or_default();
            all.push(Event { before: purpose, after: why, ..event(until, t.get("people-past-consent-over")) });
        }
    }
    all
}

fn contacts(words: &PeopleWords, it: &PersonRecord) -> Vec<Event> {
    let t = words.t;
    let mut all = Vec::new();
    for point in &it.contact_points {
        let kind = coded(t, "contact-kind", point.kind.code());
        all.push(Event { after: kind.clone(), ..event(point.kept.from, t.get("people-past-contact")) });
        // What is verified as it is kept is one event.
        if let Some(at) = point.verified_at.filter(|at| *at > point.kept.from) {
            all.push(Event { after: kind.clone(), ..event(at, t.get("people-past-verified")) });
        }
        if let Some(until) = point.kept.until {
            all.push(Event { before: kind, ..event(until, t.get("people-past-contact-over")) });
        }
    }
    all
}

/// What was chosen, and dropped, at one instant is one event.
fn interests(words: &PeopleWords, it: &PersonRecord) -> Vec<Event> {
    let mut all: BTreeMap<Timestamp, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for interest in &it.interests {
        let name = words.interest(&interest.code);
        if let Some(until) = interest.span.until {
            all.entry(until).or_default().0.push(name.clone());
        }
        all.entry(interest.span.from).or_default().1.push(name);
    }
    let what = words.t.get("people-past-interests");
    let told = |(at, (dropped, chosen)): (Timestamp, (Vec<String>, Vec<String>))| Event {
        before: dropped.join("・"),
        after: chosen.join("・"),
        ..event(at, what.clone())
    };
    all.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::{Locale, Texts};

    use super::*;
    use crate::office::people::words;

    fn told(joined: Option<TimeDelta>) -> Vec<String> {
        let (words, record) = words::sample(Texts::of(Locale::Ja));
        let joined = joined.map(|after| record.person.created_at.plus(after));
        events(&words, &record, joined).into_iter().map(|it| format!("{} {}", it.what, it.after)).collect()
    }

    #[test]
    fn joining_consents_and_contact_points_are_events() {
        let all = told(Some(TimeDelta::days(30)));
        assert!(all.contains(&"記録の開始 ".to_owned()), "{all:?}");
        assert!(all.contains(&"本人の参加 登録済みの人と結び付けました".to_owned()), "{all:?}");
        assert!(all.iter().any(|it| it.starts_with("同意 ")), "{all:?}");
        assert!(all.iter().any(|it| it.starts_with("連絡先の登録 ")), "{all:?}");
    }

    #[test]
    fn somebody_new_is_entered_by_joining_and_a_list_alone_joins_nobody() {
        let all = told(Some(TimeDelta::seconds(1)));
        assert!(
            all.contains(&"本人の参加 新しい人として登録しました".to_owned())
                && !all.contains(&"記録の開始 ".to_owned())
        );
        assert!(!told(None).iter().any(|it| it.starts_with("本人の参加")));
    }
}
