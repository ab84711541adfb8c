//! The rows of an audience built by clicking: selects of facts by subject, operators that fit, and inputs for values. Leaves
//! what a row means to the rules.

use tsunagari_i18n::Texts;
use tsunagari_rules::{Catalogue, Clause, ClauseError, Codes, FactDef, FactKind, Group, ParamKind, Sense, Words};

use super::draft::LONG_LIST;
use crate::rule_words::RuleWords;
use crate::shell::components::Choice;

/// Facts by subject, in the order people look for them; what stands nowhere comes last.
const SUBJECTS: &[(&str, &[&str])] = &[
    ("school", &["life_stage", "cohort", "cohort_age", "high_school", "school_kind", "study_year", "job_hunting"]),
    ("home", &["residence_prefecture", "residence_municipality", "residence_abroad"]),
    ("tie", &["tie", "had_tie", "interest"]),
    ("reach", &["reachable", "reachable_by", "consent", "reason", "has_contact"]),
    ("person", &["age", "birth_date", "locale", "guardian_known"]),
];

/// A list longer than this gets a box to look for a value in, where the browser can.
pub(super) const SIEVED_FROM: usize = 12;

/// A select of a row.
pub(super) struct Select {
    pub name: String,
    pub label: String,
    /// (subject, answers); one group without a subject for plain selects.
    pub groups: Vec<(String, Vec<Choice>)>,
    /// Choosing changes the row's shape.
    pub reshapes: bool,
}

/// How the values of a row are given.
pub(super) enum Values {
    /// None are asked.
    None,
    /// One of a list.
    One(Select),
    /// Several of a list.
    Many(String, Vec<Choice>),
    /// Typed: name, texts (one or two), what to write.
    Typed(String, Vec<String>, String),
}

/// One row.
pub(super) struct Row {
    pub key: String,
    pub was: String,
    pub selects: Vec<Select>,
    pub values: Values,
    pub error: Option<String>,
    pub remove: String,
}

/// Rows of which any must hold.
pub(super) struct Alternatives {
    pub rows: Vec<Row>,
    pub alternative: String,
}

/// The facts of a catalogue in that order.
pub(super) fn subjects(catalogue: &Catalogue) -> Vec<&'static str> {
    let named = || SUBJECTS.iter().flat_map(|(_, names)| names.iter().copied());
    let known = named().filter(|name| catalogue.fact(name).is_some());
    known.chain(catalogue.facts().map(|fact| fact.name).filter(|name| !named().any(|it| it == *name))).collect()
}

fn choice(value: &str, label: String, chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label, hint: String::new(), chosen }
}

fn plain(name: String, label: String, choices: Vec<Choice>, reshapes: bool) -> Select {
    Select { name, label, groups: vec![(String::new(), choices)], reshapes }
}

fn facts(t: Texts, catalogue: &Catalogue, name: String, chosen: &str) -> Select {
    let one = |def: &FactDef| choice(def.name, t.get(def.label_key()), def.name == chosen);
    let mut groups: Vec<(String, Vec<Choice>)> = Vec::new();
    for (subject, names) in SUBJECTS {
        let known = names.iter().filter_map(|name| catalogue.fact(name)).map(one).collect();
        groups.push((t.get(format!("audience-subject-{subject}")), known));
    }
    let stands = |name: &str| SUBJECTS.iter().any(|(_, names)| names.contains(&name));
    let rest: Vec<Choice> = catalogue.facts().filter(|def| !stands(def.name)).map(one).collect();
    if !rest.is_empty() {
        groups.push((t.get("audience-subject-other"), rest));
    }
    Select { name, label: t.get("audience-fact"), groups, reshapes: true }
}

fn operator_key(op: &str, kind: FactKind) -> String {
    let word = match op {
        "" => "holds",
        "=" => "equal",
        "!=" => "not-equal",
        "<" => "less",
        "<=" => "at-most",
        ">" => "greater",
        ">=" => "at-least",
        "in" => "in",
        "not in" => "not-in",
        "has" => "has",
        "has any" => "has-any",
        "has all" => "has-all",
        "is known" => "is-known",
        "is unknown" => "is-unknown",
        _ => "between",
    };
    if matches!(kind, FactKind::Date) { format!("audience-op-{word}-day") } else { format!("audience-op-{word}") }
}

fn operator(t: Texts, op: &str, kind: FactKind) -> String {
    let key = operator_key(op, kind);
    t.find(&key).unwrap_or_else(|| t.get(key.trim_end_matches("-day")))
}

fn codes(words: &RuleWords, catalogue: &Catalogue, list: Codes, chosen: &[String]) -> Vec<Choice> {
    let mut all: Vec<Choice> = catalogue
        .codes(list)
        .into_iter()
        .map(|code| choice(code, words.code(list, code), chosen.iter().any(|it| it == code)))
        .collect();
    // A code that is gone stays visible, so that it can be taken out.
    let gone: Vec<Choice> = chosen
        .iter()
        .filter(|code| !catalogue.knows(list, code))
        .map(|code| choice(code, code.clone(), true))
        .collect();
    all.extend(gone);
    all
}

fn values(t: Texts, words: &RuleWords, catalogue: &Catalogue, key: &str, it: &Clause, kind: FactKind) -> Values {
    if matches!(it.op.as_str(), "" | "is known" | "is unknown") {
        return Values::None;
    }
    let name = format!("{key}.value");
    match kind {
        FactKind::Choice(list) | FactKind::ChoiceSet(list) if catalogue.codes(list).len() <= LONG_LIST => {
            let mut choices = codes(words, catalogue, list, &it.values);
            if matches!(it.op.as_str(), "=" | "!=" | "has") {
                Values::One(plain(name, t.get("audience-value"), choices, false))
            } else {
                if choices.len() > SIEVED_FROM {
                    // What is ticked stands on top of a list that scrolls, so that it is seen.
                    choices.sort_by_key(|it| !it.chosen);
                }
                Values::Many(name, choices)
            }
        }
        FactKind::Choice(list) | FactKind::ChoiceSet(list) => {
            let said = it.values.iter().map(|code| words.code(list, code)).collect::<Vec<_>>().join("、");
            Values::Typed(name, vec![said], t.get("audience-value-places"))
        }
        FactKind::Number { .. } | FactKind::Date | FactKind::Text | FactKind::Truth => {
            let many = matches!(it.op.as_str(), "in" | "not in");
            let mut texts = if many { vec![it.values.join("、")] } else { it.values.clone() };
            texts.resize(if it.op == "between" { 2 } else { 1 }, String::new());
            let hint = match kind {
                FactKind::Date => "audience-value-day",
                FactKind::Number { unit: "year" } => "audience-value-year",
                FactKind::Number { .. } => "audience-value-number",
                FactKind::Truth | FactKind::Text | FactKind::Choice(_) | FactKind::ChoiceSet(_) => {
                    "audience-value-text"
                }
            };
            Values::Typed(name, texts, t.get(hint))
        }
    }
}

fn row(t: Texts, words: &RuleWords, catalogue: &Catalogue, at: (usize, usize), it: &Clause) -> Row {
    let key = format!("{}.{}", at.0, at.1);
    let mut selects = vec![facts(t, catalogue, format!("{key}.fact"), &it.fact)];
    let mut given = Values::None;
    if let Some(def) = catalogue.fact(&it.fact) {
        for (index, param) in def.params.iter().enumerate() {
            let chosen = it.args.get(index).cloned().unwrap_or_default();
            let ParamKind::Code(list) = param.kind else { continue };
            let label = t.get(format!("audience-param-{}", param.name));
            selects.push(plain(format!("{key}.arg{index}"), label, codes(words, catalogue, list, &[chosen]), false));
        }
        let operators = def.kind.operators();
        let choices = operators.iter().map(|op| choice(op, operator(t, op, def.kind), *op == it.op)).collect();
        selects.push(plain(format!("{key}.op"), t.get("audience-op"), choices, true));
        given = values(t, words, catalogue, &key, it, def.kind);
    }
    let senses = vec![
        choice("", t.get("audience-sense-holds"), it.sense == Sense::Holds),
        choice("not", t.get("audience-sense-not"), it.sense == Sense::HoldsNot),
    ];
    selects.push(plain(format!("{key}.sense"), t.get("audience-sense"), senses, false));
    Row { was: it.fact.clone(), selects, values: given, error: None, remove: format!("remove:{}:{}", at.0, at.1), key }
}

/// The rows of a draft, with the sentence at the row that is refused.
pub(super) fn boxes(
    t: Texts,
    words: &RuleWords,
    catalogue: &Catalogue,
    groups: &[Group],
    wrong: Option<&ClauseError>,
) -> Vec<Alternatives> {
    let one = |(g, group): (usize, &Group)| Alternatives {
        rows: group
            .any_of
            .iter()
            .enumerate()
            .map(|(c, clause)| {
                let mut row = row(t, words, catalogue, (g, c), clause);
                row.error =
                    wrong.filter(|wrong| (wrong.group, wrong.clause) == (g, c)).map(|wrong| said(t, words, wrong));
                row
            })
            .collect(),
        alternative: format!("alternative:{g}"),
    };
    groups.iter().enumerate().map(one).collect()
}

/// The sentence of a refused row: without a position, which a form does not have.
fn said(t: Texts, words: &RuleWords, wrong: &ClauseError) -> String {
    use tsunagari_rules::ErrorCode;
    let error = &wrong.error;
    match error.code {
        ErrorCode::WrongValue | ErrorCode::Empty if error.found.is_empty() => t.get("audience-choose-value"),
        _ => {
            let args = [
                ("found", tsunagari_rules::Said::Text(error.found.clone())),
                ("expected", tsunagari_rules::Said::Text(error.expected.join(", "))),
            ];
            words.message(&error.code.key(), &args)
        }
    }
}
