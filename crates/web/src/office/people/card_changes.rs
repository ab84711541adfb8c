//! A change kept as JSON, told in words: only what differs between before and after, each part by its name where the
//! locale files have one. The same code means something else in another aspect, so each is worded by its own. What has no
//! words stands as it is, so that no change is ever hidden.

use serde_json::Value;
use tsunagari_kernel::FiscalYear;
use tsunagari_people::Aspect;

use super::words::PeopleWords;

/// Before and after, as the parts that differ; `what` is the code of the aspect the change is about.
pub(super) fn told(words: &PeopleWords, what: &str, before: Option<&str>, after: Option<&str>) -> (String, String) {
    let aspect = what.parse().ok();
    let read = |text: Option<&str>| text.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let (before, after) = (read(before), read(after));
    let (was, is) = (parts(before.as_ref()), parts(after.as_ref()));
    let differing = |one: &[(String, String)], other: &[(String, String)]| {
        one.iter()
            .filter(|part| !other.contains(part))
            .map(|(key, value)| said(words, aspect, key, value))
            .collect::<Vec<_>>()
            .join("、")
    };
    (differing(&was, &is), differing(&is, &was))
}

/// The leaves of a JSON value with the names leading to them; ids are left out.
fn parts(value: Option<&Value>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if let Some(value) = value {
        gather("", value, &mut out);
    }
    out
}

fn gather(name: &str, value: &Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, inner) in fields {
                // A stay names its school beside the id, a list's row has the id alone; a guardian is named on the card.
                let named = key == "school" && fields.contains_key("school_name");
                if !named && !matches!(key.as_str(), "id" | "created_at" | "guardian") {
                    gather(key, inner, out);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| gather(name, inner, out)),
        Value::String(text) => out.push((name.to_owned(), text.clone())),
        Value::Bool(flag) => out.push((name.to_owned(), flag.to_string())),
        Value::Number(n) => out.push((name.to_owned(), n.to_string())),
    }
}

/// The beginning of the keys of an aspect's kinds.
fn kinds(aspect: Aspect) -> Option<&'static str> {
    match aspect {
        Aspect::Tie => Some("tie"),
        Aspect::Enrolment => Some("school-kind"),
        Aspect::Occupation => Some("occupation"),
        Aspect::Outcome => Some("outcome-kind"),
        Aspect::Person
        | Aspect::Residence
        | Aspect::Guardianship
        | Aspect::Contact
        | Aspect::Consent
        | Aspect::Merge
        | Aspect::Unmerge
        | Aspect::Import
        | Aspect::ImportUndone => None,
    }
}

fn said(words: &PeopleWords, aspect: Option<Aspect>, key: &str, value: &str) -> String {
    let t = words.t;
    let named = |prefix: &str| t.find(format!("{prefix}-{}", key.replace('_', "-")));
    // A list's columns are called on the card as they are where the list is looked through.
    let name = named("people-part").or_else(|| named("import-part").filter(|_| aspect == Some(Aspect::Import)));
    let worded = |prefix: &str, code: &str| t.find(format!("{prefix}-{}", code.replace('_', "-")));
    let coded = |prefix: &str| worded(prefix, value);
    let value = match key {
        "kind" => aspect.and_then(kinds).and_then(coded),
        // What a list says of what comes after high school: a kind of school, or something else.
        "occupation" => match value.strip_prefix("school_") {
            Some(kind) => worded("school-kind", kind),
            None => coded("occupation"),
        },
        "school" => value.parse().ok().map(|id| {
            let name = words.school(Some(id));
            if name.is_empty() { t.get("people-school-removed") } else { name }
        }),
        "ended" => coded("tie-end"),
        "contact" => coded("contact-kind"),
        "why" => coded("contact-end"),
        "state" => coded("people-state"),
        "given_by" => coded("consent-by"),
        "purpose" => Some(words.purpose(value)),
        "wording_version" => value.parse::<i64>().ok().map(|n| t.count("people-wording-version", n)),
        "locale" => coded("person-locale"),
        "team" => value.parse().ok().map(|id| words.team(Some(id))),
        "municipality" | "prefecture" | "place" | "next_place" => {
            tsunagari_kernel::MunicipalityCode::parse(value).ok().map(super::words::place_name)
        }
        "graduation" | "graduation_year" | "start_fy" | "end_fy" => {
            value.parse().ok().map(|year| t.fiscal_year(FiscalYear(year)))
        }
        "address_protected" => Some(t.get(if value == "true" { "rule-value-yes" } else { "rule-value-no" })),
        // A span is kept with the first day after it; readers are told the last.
        "until" | "until_on" => {
            let until = value.parse::<chrono::NaiveDate>().ok();
            until.and_then(|until| until.pred_opt()).map(|last| t.date_short(last))
        }
        _ => value.parse::<chrono::NaiveDate>().ok().map(|day| t.date_short(day)),
    }
    .unwrap_or_else(|| value.to_owned());
    match name {
        Some(name) => t.two("people-part", "name", name, "value", value),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::{Locale, Texts};

    use super::*;

    #[test]
    fn an_end_is_told_by_its_last_day() {
        let words = PeopleWords::of(Texts::of(Locale::Ja), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let after = r#"{"kind":"origin","span":{"from":"2021-04-01","until":"2026-04-01"}}"#;
        let (_, is) = told(&words, "tie", None, Some(after));
        assert!(is.contains("2021/04/01") && is.contains("2026/03/31") && !is.contains("2026/04/01"), "{is}");
    }

    #[test]
    fn a_code_is_worded_by_what_it_is_of() {
        for locale in [Locale::Ja, Locale::En] {
            let t = Texts::of(locale);
            let words = PeopleWords::of(t, Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let part = |name: &str, value: &str| t.two("people-part", "name", t.get(name), "value", t.get(value));
            for (what, code, want) in [
                ("tie", "resident", "tie-resident"),
                ("enrolment", "other", "school-kind-other"),
                ("occupation", "other", "occupation-other"),
                ("occupation", "working", "occupation-working"),
            ] {
                let (_, is) = told(&words, what, None, Some(&format!(r#"{{"kind":"{code}"}}"#)));
                assert_eq!(is, part("people-part-kind", want), "{what}: {code}");
            }
            // A list tells what comes after high school by a field of its own.
            let (was, is) = told(
                &words,
                "import",
                Some(r#"{"occupation":"school_junior_college","next_place":"322041","email":""}"#),
                Some(r#"{"occupation":"working","next_place":"320005","email":""}"#),
            );
            assert!(was.contains(&part("import-part-occupation", "school-kind-junior-college")), "{was}");
            assert!(is.contains(&part("import-part-occupation", "occupation-working")), "{is}");
            assert!(was.contains("益田市") && is.contains("島根県") && !is.contains("320005"), "{was} {is}");
        }
    }

    #[test]
    fn nobody_reads_an_id() {
        let t = Texts::of(Locale::Ja);
        let id = tsunagari_kernel::SchoolId(uuid::Uuid::from_u128(7));
        let kind = tsunagari_people::SchoolKind::HighSchool;
        let school = tsunagari_people::School { id, name: "架空高校".into(), kind, municipality: None, years: 3 };
        let words = PeopleWords::of(t, vec![school], Vec::new(), Vec::new(), Vec::new());
        let listed = format!(r#"{{"school":"{id}"}}"#);
        assert_eq!(
            told(&words, "import", None, Some(&listed)).1,
            t.two("people-part", "name", t.get("import-part-school"), "value", "架空高校")
        );
        let gone = format!(r#"{{"school":"{}"}}"#, tsunagari_kernel::SchoolId(uuid::Uuid::from_u128(99)));
        let (_, is) = told(&words, "import", None, Some(&gone));
        assert!(is.contains(&t.get("people-school-removed")) && !is.contains("0063"), "{is}");
        let stays = format!(r#"{{"school":"{id}","school_name":"架空高校"}}"#);
        assert_eq!(told(&words, "enrolment", None, Some(&stays)).1.matches("架空高校").count(), 1);
        let guardian = format!(r#"{{"id":"{id}","guardian":"{id}","span":{{"from":"2026-03-16"}}}}"#);
        let (_, is) = told(&words, "guardianship", None, Some(&guardian));
        assert!(is.contains("2026/03/16") && !is.contains(&id.to_string()), "{is}");
    }

    #[test]
    fn a_fiscal_year_is_told_as_everywhere() {
        for locale in [Locale::Ja, Locale::En] {
            let t = Texts::of(locale);
            let words = PeopleWords::of(t, Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for (what, key) in [("import", "graduation_year"), ("enrolment", "end_fy"), ("enrolment", "start_fy")] {
                let (_, is) = told(&words, what, None, Some(&format!(r#"{{"{key}":2051}}"#)));
                assert!(is.contains(&t.fiscal_year(FiscalYear(2051))), "{key}: {is}");
            }
        }
    }

    #[test]
    fn only_what_differs_is_told() {
        let words = PeopleWords::of(Texts::of(Locale::Ja), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let before = r#"{"id":"x","family":"高橋","given":"花","address_protected":false}"#;
        let after = r#"{"id":"y","family":"髙橋","given":"花","address_protected":true}"#;
        let (was, is) = told(&words, "person", Some(before), Some(after));
        assert!(was.contains("高橋") && is.contains("髙橋") && is.contains("はい"), "{was} {is}");
        assert!(!was.contains('花') && !is.contains('y'));
    }
}
