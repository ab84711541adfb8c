//! A programme's form: its fields in order, what a typed answer is read as, and what becomes of answers when the form changes.
//! One field is one question of a screen. Leaves words to the blueprint, days and addresses to the kernel, files to storage.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{MunicipalityCode, Reason, contact, era, municipality};
use unicode_normalization::UnicodeNormalization;

/// The code of a field, in the blueprint: lower-case, with underscores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldCode(pub String);

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FieldKind {
    /// One line of at most so many characters.
    Line {
        /// Characters.
        at_most: u32,
    },
    /// Several lines of at most so many characters.
    Lines {
        /// Characters.
        at_most: u32,
    },
    /// A whole number within both bounds.
    Number {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A day, in any way of writing one.
    Day,
    /// Yes or no.
    YesNo,
    /// One of these codes.
    One {
        /// The codes.
        options: Vec<String>,
    },
    /// Any of these codes, at most so many.
    Many {
        /// The codes.
        options: Vec<String>,
        /// How many.
        at_most: u32,
    },
    /// A municipality or a prefecture, by its code.
    Place,
    /// A telephone number.
    Phone,
    /// A postal code.
    PostalCode,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its code.
    pub code: FieldCode,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it may be left empty.
    pub required: bool,
    /// Asked only where another field was answered so.
    pub only_when: Option<Asked>,
}

/// An answer another field hangs on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The other field; it stands before.
    pub field: FieldCode,
    /// What was answered: one of its codes, or `yes` or `no`.
    pub is: Vec<String>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Words, a telephone number, a postal code.
    Text(String),
    /// A number.
    Number(i64),
    /// A day.
    Day(NaiveDate),
    /// Yes or no.
    Yes(bool),
    /// Codes: one or several.
    Codes(BTreeSet<String>),
    /// A place.
    Place(MunicipalityCode),
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum Fault {
    /// Nothing was answered.
    Missing,
    /// Too many characters.
    TooLong,
    /// No whole number.
    NotANumber,
    /// Outside of the bounds.
    OutOfBounds,
    /// No day.
    NotADay,
    /// None of what is offered.
    NotOffered,
    /// More than may be chosen.
    TooMany,
    /// No place that is known.
    NotAPlace,
    /// No telephone number.
    NotAPhone,
    /// No postal code.
    NotAPostalCode,
}

impl Fault {
    /// The public code, as in the locale keys `reason-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "answer_missing",
            Self::TooLong => "answer_too_long",
            Self::NotANumber => "answer_not_a_number",
            Self::OutOfBounds => "answer_out_of_bounds",
            Self::NotADay => "answer_not_a_day",
            Self::NotOffered => "answer_not_offered",
            Self::TooMany => "answer_too_many",
            Self::NotAPlace => "answer_not_a_place",
            Self::NotAPhone => "answer_not_a_phone",
            Self::NotAPostalCode => "answer_not_a_postal_code",
        }
    }

    /// The reason as it is stored and translated.
    pub const fn reason(self) -> Reason {
        Reason::of(self.code())
    }
}

impl FieldKind {
    /// Reads what was typed or ticked; nothing where everything is empty.
    ///
    /// # Errors
    /// It is no such answer.
    pub fn read(&self, typed: &[String]) -> Result<Option<Answer>, Fault> {
        let given: Vec<&str> = typed.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
        let Some(first) = given.first().copied() else { return Ok(None) };
        let text = |most: u32| {
            let long = first.chars().count() > most as usize;
            if long { Err(Fault::TooLong) } else { Ok(Answer::Text(first.to_owned())) }
        };
        let answer = match self {
            Self::Line { at_most } | Self::Lines { at_most } => text(*at_most)?,
            Self::Number { least, most } => number(first, *least, *most)?,
            Self::Day => Answer::Day(era::eras().read(first).map_err(|_| Fault::NotADay)?.day),
            Self::YesNo => match first {
                "yes" => Answer::Yes(true),
                "no" => Answer::Yes(false),
                _ => return Err(Fault::NotOffered),
            },
            Self::One { options } => codes(&given, options, 1)?,
            Self::Many { options, at_most } => codes(&given, options, *at_most)?,
            Self::Place => Answer::Place(place(first)?),
            Self::Phone => Answer::Text(contact::phone(first).map_err(|_| Fault::NotAPhone)?),
            Self::PostalCode => Answer::Text(contact::postal_code(first).map_err(|_| Fault::NotAPostalCode)?),
        };
        Ok(Some(answer))
    }

    /// An answer it takes, invented: for rehearsals and samples.
    pub fn example(&self) -> Option<Answer> {
        let typed = match self {
            Self::Line { .. } | Self::Lines { .. } => "example".to_owned(),
            Self::Number { least, .. } => least.to_string(),
            Self::Day => "2006-04-02".to_owned(),
            Self::YesNo => "yes".to_owned(),
            Self::One { options } | Self::Many { options, .. } => options.first()?.clone(),
            Self::Place => "322041".to_owned(),
            Self::Phone => "0856-00-0000".to_owned(),
            Self::PostalCode => "698-0000".to_owned(),
        };
        self.read(&[typed]).ok().flatten()
    }

    /// Whether an answer may tell where somebody is to be found. Words may: what they say nobody knows.
    pub const fn tells_whereabouts(&self) -> bool {
        match self {
            Self::Line { .. } | Self::Lines { .. } | Self::Place | Self::PostalCode => true,
            Self::Number { .. } | Self::Day | Self::YesNo | Self::One { .. } | Self::Many { .. } | Self::Phone => false,
        }
    }

    /// Whether an answer could have been given to this field: after the form changed, it may not.
    pub fn takes(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Line { at_most } | Self::Lines { at_most }, Answer::Text(text)) => {
                text.chars().count() <= *at_most as usize
            }
            (Self::Number { least, most }, Answer::Number(n)) => (least..=most).contains(&n),
            (Self::Day, Answer::Day(_)) | (Self::YesNo, Answer::Yes(_)) | (Self::Place, Answer::Place(_)) => true,
            (Self::One { options }, Answer::Codes(codes)) => {
                codes.len() == 1 && codes.iter().all(|it| options.contains(it))
            }
            (Self::Many { options, at_most }, Answer::Codes(codes)) => {
                codes.len() <= *at_most as usize && codes.iter().all(|it| options.contains(it))
            }
            (Self::Phone, Answer::Text(text)) => contact::phone(text).is_ok(),
            (Self::PostalCode, Answer::Text(text)) => contact::postal_code(text).is_ok(),
            _ => false,
        }
    }
}

/// A place by its code or by its name as it is said, where only one bears it.
fn place(text: &str) -> Result<MunicipalityCode, Fault> {
    match (MunicipalityCode::known(text), municipality::named(text).as_slice()) {
        (Ok(known), _) => Ok(known.code),
        (Err(_), [one]) => Ok(one.code),
        (Err(_), _) => Err(Fault::NotAPlace),
    }
}

/// Digits may be typed in full width, and grouped.
fn number(text: &str, least: i64, most: i64) -> Result<Answer, Fault> {
    let plain: String = text.nfkc().filter(|sign| *sign != ',').collect();
    let n: i64 = plain.parse().map_err(|_| Fault::NotANumber)?;
    if (least..=most).contains(&n) { Ok(Answer::Number(n)) } else { Err(Fault::OutOfBounds) }
}

fn codes(given: &[&str], options: &[String], at_most: u32) -> Result<Answer, Fault> {
    let chosen: BTreeSet<String> = given.iter().map(|it| (*it).to_owned()).collect();
    if chosen.iter().any(|it| !options.contains(it)) {
        return Err(Fault::NotOffered);
    }
    if chosen.len() > at_most as usize { Err(Fault::TooMany) } else { Ok(Answer::Codes(chosen)) }
}

/// The answers of an application, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<FieldCode, Answer>);

impl Answers {
    /// The answer to a field.
    pub fn get(&self, field: &FieldCode) -> Option<&Answer> {
        self.0.get(field)
    }
}

/// A form: its fields in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Form(pub Vec<Field>);

impl Form {
    /// The fields that are asked, given what was answered so far.
    pub fn asked<'f>(&'f self, answers: &'f Answers) -> impl Iterator<Item = &'f Field> {
        self.0.iter().filter(|field| field.only_when.as_ref().is_none_or(|it| holds(it, answers)))
    }

    /// The next field without an answer that must have one.
    pub fn next<'f>(&'f self, answers: &'f Answers) -> Option<&'f Field> {
        self.asked(answers).find(|field| field.required && answers.get(&field.code).is_none())
    }

    /// What is handed in: the answers to what is asked, and nothing else.
    ///
    /// # Errors
    /// The first field whose answer is missing, or is none of it.
    pub fn hand_in(&self, answers: &Answers) -> Result<Answers, (FieldCode, Fault)> {
        let mut kept = BTreeMap::new();
        for field in self.asked(answers) {
            match answers.get(&field.code) {
                Some(answer) if field.kind.takes(answer) => drop(kept.insert(field.code.clone(), answer.clone())),
                Some(_) => return Err((field.code.clone(), Fault::NotOffered)),
                None if field.required => return Err((field.code.clone(), Fault::Missing)),
                None => {}
            }
        }
        Ok(Answers(kept))
    }

    /// Answers to an older form, under this one: those that still fit, and the fields whose answer does not any more.
    pub fn carry_over(&self, answers: &Answers) -> (Answers, Vec<FieldCode>) {
        let field = |code: &FieldCode| self.0.iter().find(|it| it.code == *code);
        let (mut kept, mut lost) = (BTreeMap::new(), Vec::new());
        for (code, answer) in &answers.0 {
            match field(code) {
                Some(it) if it.kind.takes(answer) => drop(kept.insert(code.clone(), answer.clone())),
                Some(_) | None => lost.push(code.clone()),
            }
        }
        (Answers(kept), lost)
    }
}

fn holds(asked: &Asked, answers: &Answers) -> bool {
    match answers.get(&asked.field) {
        Some(Answer::Yes(yes)) => asked.is.iter().any(|it| it == if *yes { "yes" } else { "no" }),
        Some(Answer::Codes(codes)) => asked.is.iter().any(|it| codes.contains(it)),
        Some(Answer::Text(_) | Answer::Number(_) | Answer::Day(_) | Answer::Place(_)) | None => false,
    }
}

#[cfg(test)]
mod tests;
