//! One appointment as a calendar file (iCalendar, RFC 5545). Instants are written in UTC, which every calendar shows in its own zone.
//! Leaves who may have it to web.

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike};
use tsunagari_kernel::Timestamp;

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// What tells it from every other, also when it is taken in again.
    pub uid: String,
    /// What it is.
    pub title: String,
    /// Where it is; may be empty.
    pub place: String,
    /// Where more is told, and where it is held online.
    pub links: Vec<String>,
    /// When it begins.
    pub starts: Timestamp,
    /// When it ends, where that is known.
    pub ends: Option<Timestamp>,
    /// When it was last changed.
    pub changed: Timestamp,
}

/// The file.
pub fn render(it: &Appointment) -> Vec<u8> {
    let mut event = Event::new();
    event.uid(&it.uid).summary(&it.title).starts(utc(it.starts)).timestamp(utc(it.changed));
    if let Some(ends) = it.ends.filter(|ends| *ends > it.starts) {
        event.ends(utc(ends));
    }
    if !it.place.is_empty() {
        event.location(&it.place);
    }
    if !it.links.is_empty() {
        event.description(&it.links.join("\n"));
    }
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", "-//Tsunagari//Tsunagari//JA"));
    calendar.append_property(("CALSCALE", "GREGORIAN")).append_property(("METHOD", "PUBLISH"));
    calendar.push(event.done());
    calendar.to_string().into_bytes()
}

fn utc(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.micros()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<DateTime<Utc>>().unwrap().timestamp_micros())
    }

    fn appointment() -> Appointment {
        Appointment {
            uid: "k7p2mx9a@322041".into(),
            title: "帰省の集い; 春, 2026".into(),
            place: "公民館\nホール".into(),
            links: vec!["https://town.example/me".into(), "https://online.example/room".into()],
            starts: at("2026-05-01T01:00:00Z"),
            ends: Some(at("2026-05-01T03:00:00Z")),
            changed: at("2026-04-01T00:00:00Z"),
        }
    }

    #[test]
    fn lines_end_and_fold_as_the_standard_says() {
        let text = String::from_utf8(render(&Appointment { title: "集い".repeat(60), ..appointment() })).unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"), "{text}");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains(&"集い".repeat(60)));
    }

    #[test]
    fn what_means_something_in_the_format_is_escaped() {
        let text = String::from_utf8(render(&appointment())).unwrap().replace("\r\n ", "");
        for line in [
            "UID:k7p2mx9a@322041",
            "SUMMARY:帰省の集い\\; 春\\, 2026",
            "LOCATION:公民館\\nホール",
            "DTSTART:20260501T010000Z",
            "DTEND:20260501T030000Z",
            "DTSTAMP:20260401T000000Z",
        ] {
            assert!(text.lines().any(|it| it == line), "{line}: {text}");
        }
        let endless = Appointment { ends: None, ..appointment() };
        assert!(!String::from_utf8(render(&endless)).unwrap().contains("DTEND"));
    }
}
