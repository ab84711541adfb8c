//! Everything stored about a person in words: what `read_my_data` gives, table by table, for the person's own page and for
//! the office. Codes are said in the reader's language, ids stay in the file. Leaves reading and recording it to the act.
//! To add a column of codes: a line in `CODED`, its texts in every locale.

use serde_json::{Map, Value};
use tsunagari_acts::read_my_data::MyData;
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_storage::person_tables::{Given, HELD, OF_THE_REAL_CLOCK};
use tsunagari_storage::purpose::Labelled;
use tsunagari_storage::subject_access::Section;

use crate::shell::components::Facts;

/// One table in words.
pub struct Stored {
    /// What it is.
    pub title: String,
    /// How many rows.
    pub count: String,
    /// Of which clock its times are, where that is not the page's calendar; else empty.
    pub clock: String,
    /// The rows.
    pub rows: Vec<Facts>,
}

/// The organisation's own names of codes.
#[derive(Clone, Copy, Default)]
struct Labels<'d> {
    purposes: &'d [Labelled],
    interests: &'d [Labelled],
}

/// How a column of a table is given; what only the program's own words hold is plain text.
fn given(table: &str, column: &str) -> Given {
    let held = HELD.iter().find(|held| held.table == table);
    let names = held.is_some_and(|held| held.names.iter().any(|(name, _)| *name == column));
    let listed = held.and_then(|held| held.columns.iter().find(|(name, _)| *name == column)).map(|(_, given)| *given);
    if names { Given::Id } else { listed.unwrap_or(Given::Text) }
}

fn instant(t: Texts, text: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(text)
        .map_or_else(|_| text.to_owned(), |at| t.date_time(Timestamp::from_micros(at.timestamp_micros())))
}

/// Spans are kept with the first day after them; a reader is told the last one.
fn last_day(t: Texts, until: &str) -> String {
    let last = until.parse::<chrono::NaiveDate>().ok().and_then(|until| until.pred_opt());
    last.map_or_else(|| until.to_owned(), |last| t.day(last))
}

fn day(t: Texts, text: &str) -> String {
    text.parse::<chrono::NaiveDate>().map_or_else(|_| text.to_owned(), |it| t.day(it))
}

/// Columns that hold codes: of a table (of any, when none is named), and the beginning of their texts' keys.
const CODED: &[(&str, &str, &str)] = &[
    ("tie", "kind", "tie"),
    ("tie", "ended_reason", "tie-end"),
    ("enrolment", "kind", "school-kind"),
    ("occupation", "kind", "occupation"),
    ("outcome", "kind", "outcome-kind"),
    ("contact_point", "kind", "contact-kind"),
    ("contact_working", "kind", "contact-kind"),
    ("contact_working", "end_reason", "contact-end"),
    ("consent", "given_by", "data-given-by"),
    ("consent", "ended_how", "consent-end"),
    ("person", "locale", "person-locale"),
    ("delivery", "channel", "contact-kind"),
    ("delivery", "state", "data-delivery"),
    ("delivery", "reason", "data-why"),
    ("figure_member", "via", "contact-kind"),
    ("figure_member", "reasons", "reason"),
    ("import_row", "verdict", "data-verdict"),
    ("import_row", "decision", "data-decision"),
    ("one_time_link", "purpose", "data-link"),
    ("person_history", "what", "data-what"),
    ("session", "kind", "data-who"),
    ("erasure", "asked_by", "data-who"),
    ("erasure", "state", "data-erasure"),
    ("audit", "actor_kind", "data-who"),
    // In the office's words, also for those who read やさしい日本語: the record is the office's.
    ("audit", "act", "act"),
    ("application", "stands", "my-place"),
    ("application", "judged", "data-judged"),
    ("application", "handed_by", "data-handed"),
    ("application", "came", "data-came"),
    ("line_inbound", "kind", "data-said"),
    ("export_member", "kind", "data-list"),
    ("", "how", "data-how"),
    ("", "source", "data-how"),
];

/// A code in words; several of one cell are joined. One without words stays as it is stored: nothing is left out.
fn said(t: Texts, labels: Labels<'_>, table: &str, column: &str, text: &str) -> String {
    let labelled = match (table, column) {
        ("consent", "purpose") => Some(labels.purposes),
        ("interest", "code") => Some(labels.interests),
        _ => None,
    };
    if let Some(list) = labelled {
        let label = list.iter().find(|it| it.code == text);
        return label.map_or_else(|| text.to_owned(), |it| it.label(t.locale().code()).to_owned());
    }
    if let ("residence", "municipality" | "prefecture") = (table, column) {
        let place = tsunagari_kernel::municipality::all().iter().find(|it| it.code.to_string() == text);
        return place.map_or_else(|| text.to_owned(), |it| it.full_name());
    }
    let coded = |of: &&(&str, &str, &str)| (of.0 == table || of.0.is_empty()) && of.1 == column;
    let Some((_, _, prefix)) = CODED.iter().find(coded) else { return text.to_owned() };
    let one = |code: &str| t.find(format!("{prefix}-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned());
    let codes = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|code| !code.is_empty());
    codes.map(one).collect::<Vec<_>>().join("、")
}

fn words(t: Texts, labels: Labels<'_>, table: &str, column: &str, value: &Value) -> Option<String> {
    const FLAGS: [&str; 3] = ["address_protected", "following", "counted"];
    const DAYS: [&str; 3] = ["from_on", "left_on", "birth_date"];
    match (given(table, column), value) {
        (Given::Id | Given::Withheld(_), _) | (_, Value::Null) => None,
        (Given::Instant, Value::String(text)) => Some(instant(t, text)),
        (Given::Number, Value::Number(n)) if FLAGS.contains(&column) => {
            Some(t.get(if n.as_i64() == Some(0) { "data-no" } else { "data-yes" }))
        }
        (_, Value::String(text)) if column == "at" => Some(instant(t, text)),
        (_, Value::String(text)) if column == "until_on" => Some(last_day(t, text)),
        (_, Value::String(text)) if DAYS.contains(&column) => Some(day(t, text)),
        (_, Value::String(text)) => Some(said(t, labels, table, column, text)),
        (_, Value::Array(cells)) => {
            let cells: Vec<&str> = cells.iter().filter_map(Value::as_str).filter(|cell| !cell.is_empty()).collect();
            Some(cells.join("　"))
        }
        (_, other) => Some(other.to_string()),
    }
}

fn row(t: Texts, labels: Labels<'_>, table: &str, row: &Map<String, Value>) -> Facts {
    let told = row.iter().filter_map(|(column, value)| Some((column, words(t, labels, table, column, value)?)));
    told.fold(Facts::default(), |facts, (column, value)| {
        let column = column.replace('_', "-");
        // A column may mean more in one table than its name says everywhere.
        let own = t.find(format!("data-column-{}-{column}", table.replace('_', "-")));
        facts.row(own.unwrap_or_else(|| t.get(format!("data-column-{column}"))), value)
    })
}

/// Of which clock the times of a table of the real clock are. Some have their own words: the demo begins with rows on its
/// calendar, beside which LINE puts the machine's time.
fn clock_of(t: Texts, section: &Section) -> String {
    let own = t.find(format!("data-real-clock-{}", section.table.replace('_', "-")));
    own.unwrap_or_else(|| t.get("data-real-clock"))
}

/// Every table in words.
pub fn stored(t: Texts, data: &MyData) -> Vec<Stored> {
    let labels = Labels { purposes: &data.purposes, interests: &data.interests };
    let table = |section: &Section| Stored {
        title: t.get(format!("data-table-{}", section.table.replace('_', "-"))),
        count: t.count("data-rows", section.rows.len()),
        clock: if data.demo && OF_THE_REAL_CLOCK.contains(&section.table) {
            clock_of(t, section)
        } else {
            String::new()
        },
        rows: section
            .rows
            .iter()
            .map(|it| row(t, labels, section.table, it))
            .filter(|facts| !facts.rows.is_empty())
            .collect(),
    };
    data.sections.iter().map(table).collect()
}

/// Invented data with every table and column, so that the samples miss no word.
pub fn sample() -> MyData {
    let value = |given: Given| match given {
        Given::Text => Some(Value::from("x")),
        Given::Number => Some(Value::from(1)),
        Given::Instant => Some(Value::from("2026-03-16T03:00:00.000000Z")),
        Given::Id => Some(Value::from("00000000-0000-0000-0000-000000000000")),
        Given::Withheld(_) => None,
    };
    let mut sections: Vec<Section> = HELD
        .iter()
        .map(|held| {
            let mut row: Map<String, Value> = held
                .columns
                .iter()
                .filter_map(|(name, given)| Some(((*name).to_owned(), value(*given)?)))
                .chain(held.beside.iter().map(|(name, _)| ((*name).to_owned(), Value::from("x"))))
                .collect();
            if held.table == "contact_point" {
                row.insert("address".into(), Value::from("hana@example.jp"));
            }
            if held.table == "import_row" {
                row.insert("row".into(), serde_json::json!(["髙橋", "花"]));
            }
            Section { table: held.table, rows: vec![row] }
        })
        .collect();
    let mut said = Map::new();
    said.insert("at".into(), Value::from("2026-03-16T03:00:00.000000Z"));
    said.insert("kind".into(), Value::from("message"));
    said.insert("text".into(), Value::from("こんにちは"));
    sections.push(Section { table: "line_inbound", rows: vec![said] });
    MyData {
        organisation: ("322041".into(), "架空市".into()),
        demo: true,
        person: tsunagari_kernel::PersonId(uuid::Uuid::nil()),
        made_at: "2026-03-16T03:00:00.000000Z".into(),
        sections,
        purposes: Vec::new(),
        interests: Vec::new(),
        withheld: false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use tsunagari_i18n::Locale;
    use tsunagari_outreach::SkipReason;
    use tsunagari_people::{
        Aspect, ContactKind, EndReason, OccupationKind, OutcomeKind, ReachReason, SchoolKind, TieEnd, TieKind,
    };
    use tsunagari_storage::import_row::Decision;

    /// Every code a resident may find in a column.
    fn codes() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
        let kinds: Vec<&str> = ContactKind::ALL.iter().map(|it| it.code()).collect();
        let mut why: Vec<&str> = SkipReason::ALL.iter().map(|it| it.code()).collect();
        why.extend(["refused", "line_rejected", "mail_refused", "no_such_mailbox", "mail_unwritable", "decided_sent"]);
        why.extend(["decided_not_sent", "too_late", "consent_withdrawn", "mail_uncertain"]);
        let decisions = [Decision::Same, Decision::New, Decision::Join, Decision::LeaveOut];
        vec![
            ("tie", "kind", TieKind::ALL.iter().map(|it| it.code()).collect()),
            ("tie", "ended_reason", TieEnd::ALL.iter().map(|it| it.code()).collect()),
            ("enrolment", "kind", SchoolKind::ALL.iter().map(|it| it.code()).collect()),
            ("occupation", "kind", OccupationKind::CODES.to_vec()),
            ("outcome", "kind", OutcomeKind::CODES.to_vec()),
            ("contact_point", "kind", kinds.clone()),
            ("contact_working", "end_reason", EndReason::ALL.iter().map(|it| it.code()).collect()),
            ("consent", "given_by", vec!["self", "guardian"]),
            ("consent", "how", vec!["portal", "paper", "office", "import", "join", "line", "demo"]),
            ("delivery", "channel", kinds),
            ("delivery", "state", vec!["queued", "claimed", "retry", "sent", "failed", "unknown", "skipped"]),
            ("delivery", "reason", why),
            ("import_row", "verdict", vec!["new", "changed", "same", "doubtful", "wrong", "beside", "overtaken"]),
            ("import_row", "decision", decisions.map(Decision::code).to_vec()),
            ("figure_member", "reasons", ReachReason::ALL.iter().map(|it| it.code()).collect()),
            ("contact_confirmed", "how", vec!["sign_in", "office"]),
            ("session", "kind", vec!["resident"]),
            ("session", "how", vec!["line_login", "email_link", "signed_link"]),
            ("audit", "act", vec!["join", "read_my_data", "sign_in_resident"]),
            ("person_history", "what", Aspect::ALL.iter().map(|it| it.code()).collect()),
            ("erasure", "asked_by", vec!["resident", "office"]),
            ("erasure", "state", vec!["asked", "proposed", "done", "refused"]),
            ("one_time_link", "purpose", vec!["verify_email", "guardian_consent"]),
        ]
    }

    #[test]
    fn no_code_is_left_to_a_reader() {
        for locale in [Locale::Ja, Locale::JaEasy, Locale::En] {
            let t = Texts::of(locale);
            for (table, column, codes) in codes() {
                for code in codes {
                    let of = CODED.iter().find(|of| (of.0 == table || of.0.is_empty()) && of.1 == column).unwrap();
                    let words = t.find(format!("{}-{}", of.2, code.replace('_', "-")));
                    assert_eq!(
                        words,
                        Some(said(t, Labels::default(), table, column, code)),
                        "{locale:?} {table}.{column}: {code}"
                    );
                }
            }
        }
    }

    #[test]
    fn only_the_demo_says_which_times_are_of_the_machine() {
        let t = Texts::of(Locale::Ja);
        let noted = |data: &MyData| -> Vec<String> {
            stored(t, data).into_iter().filter(|it| !it.clock.is_empty()).map(|it| it.title).collect()
        };
        let titles = OF_THE_REAL_CLOCK.iter().map(|table| t.get(format!("data-table-{}", table.replace('_', "-"))));
        assert_eq!(noted(&sample()).into_iter().collect::<BTreeSet<_>>(), titles.collect());
        for told_by_line in ["line-inbound", "line-follower"] {
            assert!(noted(&sample()).contains(&t.get(format!("data-table-{told_by_line}"))), "{told_by_line}");
        }
        let follower = t.get("data-table-line-follower");
        let note = stored(t, &sample()).into_iter().find(|it| it.title == follower).unwrap().clock;
        assert!(note.contains("LINEから届いた") && note.contains("はじめから入っている"), "{note}");
        assert!(noted(&MyData { demo: false, ..sample() }).is_empty());
        assert!(sample().json()["of_the_real_clock"].is_array());
        assert!(MyData { demo: false, ..sample() }.json().get("of_the_real_clock").is_none());
    }

    #[test]
    fn a_span_is_told_by_its_last_day() {
        let t = Texts::of(Locale::Ja);
        let until = |table| words(t, Labels::default(), table, "until_on", &Value::from("2026-04-01")).unwrap();
        for table in ["tie", "enrolment", "occupation", "residence", "guardianship"] {
            assert_eq!(until(table), "令和8年3月31日", "{table}");
        }
        assert_eq!(
            words(t, Labels::default(), "enrolment", "left_on", &Value::from("2026-04-01")).unwrap(),
            "令和8年4月1日"
        );
    }

    #[test]
    fn several_reasons_of_one_cell_and_places_are_said_too() {
        let t = Texts::of(Locale::En);
        let both = said(t, Labels::default(), "figure_member", "reasons", "no_consent,line_blocked");
        assert_eq!(both, format!("{}、{}", t.get("reason-no-consent"), t.get("reason-line-blocked")));
        assert_eq!(said(t, Labels::default(), "residence", "municipality", "322041"), "島根県益田市");
        assert_eq!(said(t, Labels::default(), "person", "family", "no_consent"), "no_consent", "a name is no code");
        let named = |name: &str| {
            let [ja, easy, en] = [name; 3].map(String::from);
            [Labelled { code: "events".into(), ja, easy, en }]
        };
        let (purposes, interests) = (named("News of events"), named("Coming to events"));
        let labels = Labels { purposes: &purposes, interests: &interests };
        assert_eq!(said(t, labels, "consent", "purpose", "events"), "News of events");
        assert_eq!(said(t, labels, "interest", "code", "events"), "Coming to events");
        assert_eq!(said(t, labels, "interest", "code", "gone"), "gone");
    }
}
