//! A blueprint as the sources lay a programme out on one sheet, with what follows from it: who, how, what, where, which questions,
//! and what a reader must know of the data. Used by the gallery and by the organisation's own programme. Leaves setting values
//! to `show`.

use askama::Template;
use tsunagari_blueprints::{Beneficiary, Benefit, Blueprint, Parameter, ParameterValue, Question, Values};
use tsunagari_i18n::Texts;
use tsunagari_programmes::{Capacity, Field, FieldKind, Policy, WaitingList};

use super::words::{self, code_of};
use crate::office::people::words::coded;

/// A line: its term and what is said; several things become a list.
struct Row {
    term: String,
    said: Vec<String>,
}

/// A part of the sheet.
struct Part {
    title: String,
    rows: Vec<Row>,
}

/// The sheet.
#[derive(Template)]
#[template(path = "office/programmes/sheet.html")]
pub(super) struct SheetView {
    parts: Vec<Part>,
}

impl askama::filters::HtmlSafe for SheetView {}

fn row(term: String, said: Vec<String>) -> Row {
    Row { term, said: said.into_iter().filter(|it| !it.trim().is_empty()).collect() }
}

impl SheetView {
    /// Of a blueprint under values; without the parts that need a policy where the values make none.
    pub(super) fn of(t: Texts, it: &Blueprint, values: &Values) -> Self {
        let policy = it.policy(values).ok();
        let mut parts = vec![said(t, it), who(t, it, values)];
        parts.extend(policy.as_ref().map(|policy| how(t, policy)));
        parts.push(gets(t, it, values));
        parts.extend(venues(t, it, values));
        parts.extend(policy.as_ref().and_then(|policy| form(t, it, policy)));
        parts.push(data(t, it));
        Self { parts }
    }
}

fn said(t: Texts, it: &Blueprint) -> Part {
    let sheet = &it.sheet;
    let one = |key: &str, text: &str| row(t.get(key), vec![text.to_owned()]);
    Part {
        title: t.get("programmes-sheet"),
        rows: vec![
            one("programmes-sheet-overview", &sheet.overview),
            one("programmes-sheet-run-by", &sheet.run_by),
            row(t.get("programmes-sheet-aims"), sheet.aims.clone()),
            row(t.get("programmes-sheet-content"), sheet.content.clone()),
            one("programmes-sheet-cost", &sheet.cost),
            one("programmes-sheet-goal", &sheet.goal),
        ],
    }
}

fn who(t: Texts, it: &Blueprint, values: &Values) -> Part {
    let who = &it.who;
    let condition = |it: &tsunagari_blueprints::WhoCondition| {
        let off = it.only_if.as_ref().is_some_and(|name| values.0.get(name) != Some(&ParameterValue::Flag(true)));
        match (off, &it.staff_decides) {
            (true, _) => t.one("programmes-condition-off", "words", it.words.clone()),
            (false, Some(_)) => t.one("programmes-condition-staff", "words", it.words.clone()),
            (false, None) => it.words.clone(),
        }
    };
    let mut conditions: Vec<String> = who.conditions.iter().map(condition).collect();
    if conditions.is_empty() {
        conditions.push(t.get("programmes-everybody"));
    }
    let named = match who.beneficiary {
        Beneficiary::Applicant => t.get("programmes-for-applicant"),
        Beneficiary::Named => t.get("programmes-for-named"),
    };
    let mut rows = vec![
        row(t.get("programmes-applicant"), vec![coded(t, "programmes-applicant", &code_of(who.applicant)), named]),
        row(t.get("programmes-conditions"), conditions),
        row(t.get("programmes-judged-on"), vec![coded(t, "programmes-judged-on", &code_of(who.judged_on))]),
    ];
    if !who.classes.is_empty() {
        rows.push(row(t.get("programmes-classes"), who.classes.iter().map(|it| it.words.clone()).collect()));
    }
    Part { title: t.get("programmes-who"), rows }
}

fn how(t: Texts, policy: &Policy) -> Part {
    let choosing = &policy.choosing;
    let places = match choosing.capacity {
        Capacity::Open => t.get("programmes-places-open"),
        Capacity::Places(n) => t.count("programmes-places-n", i64::from(n)),
    };
    let list = match choosing.waiting_list {
        WaitingList::None => t.get("round-list-none"),
        WaitingList::Endless => t.get("round-list-endless"),
        WaitingList::UpTo(n) => t.count("programmes-list-n", i64::from(n)),
    };
    let cap = |it: &tsunagari_programmes::Cap| {
        let words = [
            ("per", coded(t, "programmes-per", &code_of(it.per)).into()),
            ("within", coded(t, "programmes-within", &code_of(it.within)).into()),
            ("n", i64::from(it.at_most).into()),
        ];
        t.with("programmes-cap", &words)
    };
    let mut rows = vec![
        row(t.get("programmes-how"), vec![coded(t, "programmes-how", &code_of(choosing.how))]),
        row(t.get("round-places"), vec![places]),
        row(t.get("round-list"), vec![list]),
    ];
    if choosing.waiting_list != WaitingList::None {
        rows.push(row(t.get("programmes-offer"), vec![t.count("programmes-offer-n", choosing.offer_for.num_hours())]));
    }
    if !policy.caps.is_empty() {
        rows.push(row(t.get("programmes-caps"), policy.caps.iter().map(cap).collect()));
    }
    Part { title: t.get("programmes-chosen"), rows }
}

/// A benefit in words.
pub(super) fn benefit(t: Texts, of: &Blueprint, it: &Benefit, values: &Values) -> String {
    let mut words =
        t.two("programmes-benefit", "kind", coded(t, "benefit", &code_of(it.kind)), "name", it.name.clone());
    let yen = match &it.yen {
        Some(tsunagari_blueprints::Amount::Fixed(n)) => Some(i64::from(*n)),
        Some(tsunagari_blueprints::Amount::Named(text)) => {
            match values.0.get(text.trim_start_matches('{').trim_end_matches('}')) {
                Some(ParameterValue::Number(n)) => Some(*n),
                Some(_) | None => None,
            }
        }
        None => None,
    };
    if let Some(yen) = yen {
        words = format!("{words} {}", t.yen(yen));
    }
    if !it.only_for.is_empty() {
        let classes: Vec<&str> = it.only_for.iter().map(|code| words::class(of, code)).collect();
        words = t.two("programmes-benefit-only", "words", words, "classes", classes.join(&t.get("programmes-and")));
    }
    words
}

fn gets(t: Texts, it: &Blueprint, values: &Values) -> Part {
    let all = it.gets.iter().map(|one| benefit(t, it, one, values)).collect();
    Part { title: t.get("programmes-gets"), rows: vec![row(t.get("programmes-benefits"), all)] }
}

fn venues(t: Texts, it: &Blueprint, values: &Values) -> Option<Part> {
    let venues = it.venues_with(values).ok().filter(|all| !all.is_empty())?;
    let one = |it: &tsunagari_blueprints::VenuePlaces| {
        let mut parts = Vec::new();
        parts.extend(it.places.map(|n| t.count("programmes-places-n", i64::from(n))));
        parts.extend(it.times.map(|n| t.count("programmes-times-n", i64::from(n))));
        row(it.name.clone(), vec![parts.join(&t.get("programmes-and"))])
    };
    Some(Part { title: t.get("round-venues"), rows: venues.iter().map(one).collect() })
}

/// What a question takes.
const fn takes(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Line { .. } => "programmes-takes-line",
        FieldKind::Lines { .. } => "programmes-takes-lines",
        FieldKind::Number { .. } => "programmes-takes-number",
        FieldKind::Day => "programmes-takes-day",
        FieldKind::YesNo => "programmes-takes-yes-no",
        FieldKind::One { .. } => "programmes-takes-one",
        FieldKind::Many { .. } => "programmes-takes-many",
        FieldKind::Place => "programmes-takes-place",
        FieldKind::Phone => "programmes-takes-phone",
        FieldKind::PostalCode => "programmes-takes-postal-code",
    }
}

/// A question with what it takes and what can be chosen.
fn question(t: Texts, it: &Question, field: &Field) -> Vec<String> {
    let options: Vec<&str> = it.options.iter().map(|it| it.label.as_str()).collect();
    let empty = if it.may_be_empty { t.get("programmes-may-be-empty") } else { String::new() };
    let takes = t.get(takes(&field.kind));
    let takes = if options.is_empty() {
        takes
    } else {
        t.two("programmes-takes-of", "takes", takes, "options", options.join(&t.get("programmes-and")))
    };
    vec![takes, it.help.clone(), empty]
}

fn form(t: Texts, it: &Blueprint, policy: &Policy) -> Option<Part> {
    let all = it.form.iter().zip(&policy.form.0);
    let rows = all.map(|(one, field)| row(one.label.clone(), question(t, one, field))).collect::<Vec<_>>();
    (!rows.is_empty()).then(|| Part { title: t.get("programmes-questions"), rows })
}

fn data(t: Texts, it: &Blueprint) -> Part {
    let source =
        t.two("programmes-source-words", "document", it.source.document.clone(), "heading", it.source.heading.clone());
    let mut rows = vec![row(t.get("programmes-source"), vec![source])];
    for note in &it.notes {
        rows.push(row(coded(t, "programmes-note", &code_of(note.kind)), vec![note.text.clone()]));
    }
    Part { title: t.get("programmes-data"), rows }
}

/// A parameter with its value, as somebody reads it who cannot set it.
pub(super) struct Told {
    pub(super) label: String,
    pub(super) value: String,
    pub(super) note: String,
    pub(super) inferred: bool,
}

/// The parameters of a blueprint.
pub(super) fn told(t: Texts, parameters: &[Parameter], values: &Values) -> Vec<Told> {
    let one = |it: &Parameter| Told {
        label: it.label.clone(),
        value: values.0.get(&it.name).map(|value| words::value(t, value)).unwrap_or_default(),
        note: it.note.clone(),
        inferred: it.inferred,
    };
    parameters.iter().map(one).collect()
}
