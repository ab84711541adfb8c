//! What is wrong with a form of the portal: every line names its field and the lines stand in the page's order. Leaves the
//! reasons to acts, the words of all others to `sentences`, showing them to the shell's components.

use tsunagari_acts::Reason;
use tsunagari_i18n::Texts;

use crate::sentences::sentence;

/// Wrong answers: field and sentence.
pub type Wrong = Vec<(String, String)>;

/// Reasons several fields of one form may have: said with the field's label, text `portal-wrong-<code>`.
const SHARED: &[&str] = &["name_missing", "kana_missing", "name_too_long", "not_kana"];

/// The sentences of reasons; `fields` are the page's, in its order, with their labels. What is at no field comes last.
pub fn wrong(t: Texts, reasons: &[Reason], fields: &[(&str, String)]) -> Wrong {
    let place = |reason: &Reason| fields.iter().position(|(name, _)| reason.field == Some(*name));
    let mut ordered: Vec<&Reason> = reasons.iter().collect();
    ordered.sort_by_key(|reason| place(reason).unwrap_or(fields.len()));
    let line = |reason: &Reason| {
        let text = match place(reason).filter(|_| SHARED.contains(&reason.code)).map(|n| &fields[n].1) {
            Some(label) => t.one(format!("portal-wrong-{}", reason.code.replace('_', "-")), "field", label.as_str()),
            None => sentence(t, reason),
        };
        (reason.field.unwrap_or_default().to_owned(), text)
    };
    ordered.into_iter().map(line).collect()
}

/// The sentence at a field.
pub fn at(wrong: &Wrong, field: &str) -> Option<String> {
    wrong.iter().find(|(name, _)| name == field).map(|(_, text)| text.clone())
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn every_line_names_its_field_in_the_pages_order() {
        let reasons: Vec<Reason> =
            [("given", "name_missing"), ("agreed", "consent_missing"), ("family", "name_missing")]
                .map(|(field, code)| Reason::at(field, code))
                .into();
        for locale in Locale::ALL {
            let t = Texts::of(locale);
            let fields = ["agreed", "family", "given"].map(|name| (name, format!("<{name}>")));
            let lines = wrong(t, &reasons, &fields);
            let names: Vec<&str> = lines.iter().map(|(name, _)| name.as_str()).collect();
            assert_eq!(names, ["agreed", "family", "given"]);
            assert!(lines[1].1.contains("<family>") && lines[2].1.contains("<given>"), "{lines:?}");
        }
    }

    #[test]
    fn what_several_fields_may_have_is_said_with_the_label_everywhere() {
        for (locale, code) in Locale::ALL.into_iter().flat_map(|locale| SHARED.iter().map(move |code| (locale, *code)))
        {
            let lines = wrong(Texts::of(locale), &[Reason::at("family", code)], &[("family", "<family>".to_owned())]);
            assert!(lines[0].1.contains("<family>"), "{lines:?}");
        }
    }
}
