//! An application's paper as one page of fields, and what was typed into them: the group and its members, whom it is for, the
//! blueprint's questions. Leaves what must be answered to the act, which says so at each field.

use tsunagari_acts::Reason;
use tsunagari_acts::running_programme::Running;
use tsunagari_blueprints::{Beneficiary, Question};
use tsunagari_i18n::Texts;
use tsunagari_kernel::era;
use tsunagari_kernel::municipality::MunicipalityCode;
use tsunagari_programmes::{Answers, Applicant, Field as Asked, FieldCode, FieldKind as Takes, Named, Paper};

use super::parameter_form::{Input, Typed, first};
use super::words::place_code;
use crate::office::settings::Wrong;
use crate::sentences::sentence;
use crate::shell::components::{Choices, Field, FieldKind};

/// Rows of members at first, and how many more each time.
const ROWS: usize = 5;
/// The most rows.
const MOST_ROWS: usize = 200;

/// The fields of somebody who is named.
pub(super) struct NamedFields {
    pub(super) legend: String,
    pub(super) fields: Vec<Field>,
}

/// The fields of a paper.
pub(super) struct PaperFields {
    pub(super) group: Option<Field>,
    pub(super) named: Option<NamedFields>,
    pub(super) members: Vec<NamedFields>,
    pub(super) rows: usize,
    pub(super) questions: Vec<Input>,
}

/// How many rows of members there are.
pub(super) fn rows(typed: &Typed) -> usize {
    first(typed, "rows").parse::<usize>().unwrap_or(ROWS).clamp(ROWS, MOST_ROWS)
}

/// So many with one more step of rows.
pub(super) fn more_rows(typed: &Typed) -> usize {
    (rows(typed) + ROWS).min(MOST_ROWS)
}

fn field_of(question: &str) -> String {
    format!("a-{question}")
}

fn named_fields(t: Texts, (begin, legend): (&str, String), typed: &Typed, wrong: &Wrong) -> NamedFields {
    let field = |part: &str, key: &str| {
        let name = format!("{begin}-{part}");
        Field::text(t, &name, t.get(key)).value(first(typed, &name)).error(wrong.at(&name))
    };
    NamedFields {
        legend,
        fields: vec![
            field("family", "application-family"),
            field("given", "application-given"),
            field("family-kana", "application-family-kana"),
            field("given-kana", "application-given-kana"),
            field("birth", "application-birth").hint(t.get("application-birth.hint")),
            field("lives", "application-lives").hint(t.get("application-lives.hint")),
        ],
    }
}

fn input(t: Texts, running: &Running, (question, asked): (&Question, &Asked), typed: &Typed, wrong: &Wrong) -> Input {
    let name = field_of(&question.code);
    let label_of = |code: &FieldCode| {
        let other = running.blueprint.form.iter().find(|it| it.code == code.0);
        other.map_or_else(|| code.0.clone(), |it| it.label.clone())
    };
    let only = asked.only_when.as_ref().map(|it| t.one("application-only-when", "question", label_of(&it.field)));
    let hints = [Some(question.help.clone()), only, (!asked.required).then(|| t.get("programmes-may-be-empty"))];
    let hint = hints.into_iter().flatten().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
    let value = first(typed, &name);
    let plain = |kind, most: Option<u32>| {
        let field = Field::of(kind, t, &name, question.label.clone()).value(value).error(wrong.at(&name));
        let field = if hint.is_empty() { field } else { field.hint(hint.clone()) };
        Input::Field(match most {
            Some(most) => field.max(most),
            None => field,
        })
    };
    let chosen = |choices: Choices| {
        let choices = if hint.is_empty() { choices } else { choices.hint(hint.clone()) };
        let all = typed.get(&name).into_iter().flatten();
        Input::Choices(all.fold(choices.error(wrong.at(&name)), |choices, code| choices.chosen(code)))
    };
    let options = |choices: Choices| {
        question.options.iter().fold(choices, |choices, it| choices.option(it.code.clone(), it.label.clone()))
    };
    match &asked.kind {
        Takes::Line { at_most } => plain(FieldKind::Text, Some(*at_most)),
        Takes::Lines { at_most } => plain(FieldKind::Area, Some(*at_most)),
        Takes::Number { .. } => plain(FieldKind::Number, None),
        Takes::Day | Takes::Place | Takes::PostalCode => plain(FieldKind::Text, None),
        Takes::Phone => plain(FieldKind::Tel, None),
        Takes::YesNo => chosen(
            Choices::radio(t, &name, question.label.clone())
                .option("yes", t.get("programmes-yes"))
                .option("no", t.get("programmes-no")),
        ),
        Takes::One { .. } => chosen(options(Choices::radio(t, &name, question.label.clone()))),
        Takes::Many { .. } => chosen(options(Choices::checkbox(t, &name, question.label.clone()))),
    }
}

impl PaperFields {
    /// The fields with what is typed in them.
    pub(super) fn of(t: Texts, running: &Running, typed: &Typed, wrong: &Wrong) -> Self {
        let policy = &running.policy;
        let (grouped, company) = (policy.applicant == Applicant::Group, policy.applicant == Applicant::Company);
        let group = Field::text(t, "group", t.get("application-group")).value(first(typed, "group"));
        let named = running.blueprint.who.beneficiary == Beneficiary::Named;
        let member = |n: usize| {
            let legend = t.count("application-member", n + 1);
            named_fields(t, (&format!("m{n}"), legend), typed, wrong)
        };
        let questions = running.blueprint.form.iter().zip(&policy.form.0);
        Self {
            group: (grouped || company).then(|| group.error(wrong.at("group"))),
            named: named.then(|| named_fields(t, ("n", t.get("application-for")), typed, wrong)),
            members: if grouped { (0..rows(typed)).map(member).collect() } else { Vec::new() },
            rows: rows(typed),
            questions: questions.map(|it| input(t, running, it, typed, wrong)).collect(),
        }
    }
}

fn named(t: Texts, begin: &str, typed: &Typed, wrong: &mut Wrong) -> Named {
    let text = |part: &str| first(typed, &format!("{begin}-{part}")).trim().to_owned();
    let birth = Some(text("birth")).filter(|it| !it.is_empty()).and_then(|it| {
        let read = era::eras().read(&it).ok().map(|it| it.day);
        if read.is_none() {
            wrong.unread(t, &format!("{begin}-birth"), "refused-answer-not-a-day");
        }
        read
    });
    let lives = Some(text("lives")).filter(|it| !it.is_empty()).and_then(|it| {
        let read = MunicipalityCode::known(&place_code(&it)).ok().map(|it| it.code);
        if read.is_none() {
            wrong.unread(t, &format!("{begin}-lives"), "refused-answer-not-a-place");
        }
        read
    });
    let (family, given) = (text("family"), text("given"));
    Named {
        family,
        given,
        family_kana: text("family-kana"),
        given_kana: text("given-kana"),
        birth,
        lives,
        ..Named::default()
    }
}

/// The paper that was typed; what cannot be read is said at its field.
pub(super) fn read(t: Texts, running: &Running, typed: &Typed, wrong: &mut Wrong) -> Paper {
    let mut answers = Answers::default();
    for asked in &running.policy.form.0 {
        let field = field_of(&asked.code.0);
        let mut texts = typed.get(&field).cloned().unwrap_or_default();
        if matches!(asked.kind, Takes::Place) {
            texts = texts.iter().map(|it| place_code(it)).collect();
        }
        match asked.kind.read(&texts) {
            Ok(Some(answer)) => drop(answers.0.insert(asked.code.clone(), answer)),
            Ok(None) => {}
            Err(fault) => wrong.0.push((field, sentence(t, &Reason::of(fault.code())))),
        }
    }
    let is_named = running.blueprint.who.beneficiary == Beneficiary::Named;
    let beneficiary = is_named.then(|| named(t, "n", typed, wrong));
    let grouped = running.policy.applicant == Applicant::Group;
    let all = if grouped { rows(typed) } else { 0 };
    let members = (0..all).map(|n| named(t, &format!("m{n}"), typed, wrong));
    let members = members.filter(|it| *it != Named::default()).collect();
    Paper { answers, named: beneficiary, group: first(typed, "group").to_owned(), members, sent_back: Vec::new() }
}

/// What an act says of a paper, at the fields of this page.
pub(super) fn refused(t: Texts, reasons: &[Reason]) -> Wrong {
    let one = |it: &Reason| {
        let value = |wanted: &str| it.values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
        let part = if it.code.ends_with("_birth") { "birth" } else { "family" };
        let member = value("member").and_then(|no| no.parse::<usize>().ok()).map_or(0, |no| no.saturating_sub(1));
        let field = match (it.field, value("field")) {
            (_, Some(question)) => field_of(question),
            (Some("named"), _) => format!("n-{part}"),
            (Some("members"), _) => format!("m{member}-{part}"),
            (Some(other), _) => other.to_owned(),
            (None, None) => String::new(),
        };
        (field, sentence(t, it))
    };
    Wrong(reasons.iter().map(one).collect())
}
