//! The day somebody joined by themselves, told apart from the day their record began: a list or the office may have entered
//! them long before. One answer for their own page and for the office's. Leaves the words to the pages.

use tsunagari_kernel::Timestamp;
use tsunagari_people::{ContactKind, PersonRecord};

/// When they joined; nothing for those only a list or the office entered. `joins` are the joinings on record, oldest first,
/// `source` is where the person was first heard of (storage's `Arrival`).
pub fn joined(record: &PersonRecord, source: &str, joins: &[Timestamp]) -> Option<Timestamp> {
    let begun = (source == "join").then_some(record.person.created_at);
    // Only the person can prove that a LINE account is theirs; an e-mail address the office may have made sure of.
    let line = record.contact_points.iter().filter(|point| point.kind == ContactKind::Line);
    joins.first().copied().or(begun).or_else(|| line.filter_map(|point| point.verified_at).min())
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::{Locale, Texts};

    use super::*;

    #[test]
    fn a_list_joins_nobody_and_the_first_joining_counts() {
        let (_, mut record) = crate::office::people::words::sample(Texts::of(Locale::Ja));
        let at = |days| record.person.created_at.plus(chrono::TimeDelta::days(days));
        let (first, again) = (at(30), at(60));
        assert_eq!(joined(&record, "import", &[]), None);
        assert_eq!(joined(&record, "import", &[first, again]), Some(first));
        assert_eq!(joined(&record, "join", &[]), Some(at(0)));
        record.contact_points[0].verified_at = Some(again);
        assert_eq!(joined(&record, "demo", &[]), Some(again));
        record.contact_points[0].kind = ContactKind::Email;
        assert_eq!(joined(&record, "office", &[]), None, "the office made sure of it");
    }
}
