//! The facts a programme's own form adds to the rule language: what was answered to a field, by the kind of its answer. A field
//! of another kind, and one without an answer, is unknown. Leaves facts about people to people.

use std::collections::BTreeSet;

use tsunagari_kernel::{Moment, age};
use tsunagari_people::PersonFacts;
use tsunagari_rules::{Codes, FactCall, FactDef, FactKind, Facts, ParamDef, ParamKind, Value};

use crate::form::{Answer, Answers, FieldCode};

/// The open list of the codes of a form's fields.
pub const FIELDS: &str = "form_fields";
/// The open list of the codes that can be chosen in a form.
pub const OPTIONS: &str = "form_options";

const FIELD: ParamDef = ParamDef { name: "field", kind: ParamKind::Code(Codes::Open(FIELDS)) };

/// Every fact about answers. Open lists: [`FIELDS`], [`OPTIONS`].
pub static ANSWER_FACTS: &[FactDef] = &[
    FactDef::with_params("answer", FactKind::Choice(Codes::Open(OPTIONS)), &[FIELD]),
    FactDef::with_params("answers", FactKind::ChoiceSet(Codes::Open(OPTIONS)), &[FIELD]),
    FactDef::with_params("answered_yes", FactKind::Truth, &[FIELD]),
    FactDef::with_params("answered_number", FactKind::Number { unit: "count" }, &[FIELD]),
    FactDef::with_params("answered_day", FactKind::Date, &[FIELD]),
    FactDef::with_params("answered_age", FactKind::Number { unit: "age" }, &[FIELD]),
    FactDef::with_params("answered_municipality", FactKind::Choice(Codes::Open("municipalities")), &[FIELD]),
    FactDef::with_params("answered_prefecture", FactKind::Choice(Codes::Open("prefectures")), &[FIELD]),
];

/// Somebody an application is about: what is known of them, and what was answered.
pub struct PartyFacts<'a> {
    /// What is known of them; nothing for somebody the organisation does not know.
    pub person: Option<PersonFacts<'a>>,
    /// What was answered.
    pub answers: &'a Answers,
}

impl PartyFacts<'_> {
    fn answer(&self, call: &FactCall) -> Option<&Answer> {
        self.answers.get(&FieldCode(call.code(0)?.to_owned()))
    }

    /// The value of a fact about answers; nothing of another kind of answer.
    fn answered(&self, call: &FactCall, at: &Moment) -> Option<Value> {
        let number = |n: i32| Value::Number(i64::from(n));
        match (call.fact.name, self.answer(call)?) {
            ("answer", Answer::Codes(codes)) => codes.first().cloned().map(Value::Code),
            ("answered_yes", Answer::Yes(yes)) => Some(Value::Truth(*yes)),
            ("answered_number", Answer::Number(n)) => Some(Value::Number(*n)),
            ("answered_day", Answer::Day(day)) => Some(Value::Date(*day)),
            ("answered_age", Answer::Day(day)) => age::age_on(*day, at.date).map(number),
            // A prefecture alone does not say which municipality.
            ("answered_municipality", Answer::Place(place)) => {
                (!place.is_prefecture()).then(|| Value::Code(place.to_string()))
            }
            ("answered_prefecture", Answer::Place(place)) => Some(Value::Code(place.prefecture().to_string())),
            _ => None,
        }
    }
}

fn is_own(call: &FactCall) -> bool {
    ANSWER_FACTS.iter().any(|fact| fact.name == call.fact.name)
}

impl Facts for PartyFacts<'_> {
    fn value(&self, call: &FactCall, at: &Moment) -> Option<Value> {
        if is_own(call) { self.answered(call, at) } else { self.person.as_ref()?.value(call, at) }
    }

    fn set(&self, call: &FactCall, at: &Moment) -> Option<BTreeSet<String>> {
        match (call.fact.name, self.answer(call)) {
            ("answers", Some(Answer::Codes(codes))) => Some(codes.clone()),
            _ if is_own(call) => None,
            _ => self.person.as_ref()?.set(call, at),
        }
    }
}
