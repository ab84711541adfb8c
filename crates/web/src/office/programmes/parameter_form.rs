//! The values of a programme as fields of a form, and what was typed into them. Leaves whether they make a policy to the act.

use std::collections::BTreeMap;

use tsunagari_blueprints::{Parameter, ParameterValue, Values};
use tsunagari_i18n::Texts;
use tsunagari_kernel::era;
use tsunagari_people::SchoolKind;

use super::words::{code_of, code_words, place_code};
use crate::office::people::words::coded;
use crate::office::settings::{Wrong, number};
use crate::shell::components::{Choices, Field, FieldKind};

/// The kinds of school a list of codes can name.
const SCHOOL_KINDS: [SchoolKind; 8] = [
    SchoolKind::JuniorHigh,
    SchoolKind::HighSchool,
    SchoolKind::TechnicalCollege,
    SchoolKind::JuniorCollege,
    SchoolKind::Vocational,
    SchoolKind::University,
    SchoolKind::GraduateSchool,
    SchoolKind::Other,
];

/// What was typed, by field; a field of several check boxes has several.
pub(super) type Typed = BTreeMap<String, Vec<String>>;

/// From the pairs of a form.
pub(super) fn typed(pairs: Vec<(String, String)>) -> Typed {
    let mut all = Typed::new();
    for (name, value) in pairs {
        all.entry(name).or_default().push(value);
    }
    all
}

/// The first of what was typed into a field.
pub(super) fn first<'t>(typed: &'t Typed, field: &str) -> &'t str {
    typed.get(field).and_then(|all| all.first()).map_or("", String::as_str)
}

/// An input, whatever its look.
pub(super) enum Input {
    /// A line.
    Field(Field),
    /// Given answers.
    Choices(Choices),
}

/// The field of a parameter.
pub(super) fn field_of(name: &str) -> String {
    format!("p-{name}")
}

fn names_school_kinds(codes: &[String]) -> bool {
    !codes.is_empty() && codes.iter().all(|code| SCHOOL_KINDS.iter().any(|kind| code_of(kind) == *code))
}

/// What the fields show of values.
pub(super) fn shown(t: Texts, values: &Values) -> Typed {
    let one = |(name, value): (&String, &ParameterValue)| {
        let shown = match value {
            ParameterValue::Number(n) => vec![n.to_string()],
            ParameterValue::Flag(yes) => vec![if *yes { "yes".to_owned() } else { "no".to_owned() }],
            ParameterValue::Code(code) => vec![code_words(t, code)],
            ParameterValue::Codes(codes) if names_school_kinds(codes) => codes.clone(),
            ParameterValue::Codes(codes) => {
                vec![codes.iter().map(|code| code_words(t, code)).collect::<Vec<_>>().join(" ")]
            }
            ParameterValue::Day(day) => vec![day.to_string()],
        };
        (field_of(name), shown)
    };
    values.0.iter().map(one).collect()
}

/// The fields, with what is typed in them.
pub(super) fn settings(
    t: Texts,
    parameters: &[Parameter],
    values: &Values,
    typed: &Typed,
    wrong: &Wrong,
) -> Vec<Input> {
    let one = |it: &Parameter| {
        let name = field_of(&it.name);
        let value = values.0.get(&it.name)?;
        let note =
            if it.inferred { t.one("programmes-inferred-note", "note", it.note.clone()) } else { it.note.clone() };
        let text = |kind| {
            let field = Field::of(kind, t, &name, it.label.clone()).value(first(typed, &name)).error(wrong.at(&name));
            Input::Field(if note.is_empty() { field } else { field.hint(note.clone()) })
        };
        let input = match value {
            ParameterValue::Number(_) => text(FieldKind::Number),
            ParameterValue::Day(_) => text(FieldKind::Date),
            ParameterValue::Code(_) => text(FieldKind::Text),
            ParameterValue::Codes(codes) if !names_school_kinds(codes) => text(FieldKind::Text),
            ParameterValue::Flag(_) | ParameterValue::Codes(_) => {
                Input::Choices(choices(t, it, value, &note, typed).error(wrong.at(&name)))
            }
        };
        Some(input)
    };
    parameters.iter().filter_map(one).collect()
}

fn choices(t: Texts, it: &Parameter, value: &ParameterValue, note: &str, typed: &Typed) -> Choices {
    let name = field_of(&it.name);
    let mut choices = if matches!(value, ParameterValue::Flag(_)) {
        Choices::radio(t, &name, it.label.clone())
            .option("yes", t.get("programmes-yes"))
            .option("no", t.get("programmes-no"))
    } else {
        SCHOOL_KINDS.iter().map(code_of).fold(Choices::checkbox(t, &name, it.label.clone()), |choices, code| {
            let words = coded(t, "school-kind", &code);
            choices.option(code, words)
        })
    };
    if !note.is_empty() {
        choices = choices.hint(note);
    }
    typed.get(&name).into_iter().flatten().fold(choices, |choices, code| choices.chosen(code))
}

/// What was typed as values; what cannot be read is said at its field.
pub(super) fn read(t: Texts, known: &Values, typed: &Typed, wrong: &mut Wrong) -> Values {
    let mut values = Values::default();
    for (name, before) in &known.0 {
        let field = field_of(name);
        // A field that was not posted stays as it is, but for check boxes, of which the empty ones are never posted.
        let nothing = typed.get(&field).is_none();
        if nothing && !matches!(before, ParameterValue::Codes(codes) if names_school_kinds(codes)) {
            continue;
        }
        match read_one(t, before, typed.get(&field).map(Vec::as_slice).unwrap_or_default()) {
            Ok(value) => drop(values.0.insert(name.clone(), value)),
            Err(key) => wrong.unread(t, &field, key),
        }
    }
    values
}

/// The code of a place, of a kind of school by its words, or what was typed.
fn code(t: Texts, typed: &str) -> String {
    let kind = SCHOOL_KINDS.iter().map(code_of).find(|code| coded(t, "school-kind", code) == typed.trim());
    kind.unwrap_or_else(|| place_code(typed))
}

fn read_one(t: Texts, before: &ParameterValue, typed: &[String]) -> Result<ParameterValue, &'static str> {
    let text = typed.first().map(|it| it.trim()).unwrap_or_default();
    match before {
        ParameterValue::Number(_) => number(text).map(ParameterValue::Number).ok_or("programmes-value-number"),
        ParameterValue::Flag(_) => Ok(ParameterValue::Flag(text == "yes")),
        ParameterValue::Day(_) => {
            era::eras().read(text).map(|it| ParameterValue::Day(it.day)).map_err(|_| "programmes-value-day")
        }
        ParameterValue::Code(_) if text.is_empty() => Err("programmes-value-empty"),
        ParameterValue::Code(code_before) => {
            let was_place = tsunagari_kernel::MunicipalityCode::known(code_before).is_ok();
            let now = code(t, text);
            if was_place && tsunagari_kernel::MunicipalityCode::known(&now).is_err() {
                return Err("programmes-value-place");
            }
            Ok(ParameterValue::Code(now))
        }
        ParameterValue::Codes(_) => {
            let split = |it: &String| -> Vec<String> {
                let comma = |sign: char| sign.is_whitespace() || matches!(sign, ',' | '\u{3001}' | '\u{ff0c}');
                it.split(comma).filter(|part| !part.is_empty()).map(|part| code(t, part)).collect()
            };
            let codes: Vec<String> = typed.iter().flat_map(split).collect();
            if codes.is_empty() { Err("programmes-value-empty") } else { Ok(ParameterValue::Codes(codes)) }
        }
    }
}
