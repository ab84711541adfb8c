//! Cases of a blueprint: a person in, verdict and reasons out. An official adds one without Rust: a table in a file of
//! `blueprints/cases/`. Leaves how a case is judged to programmes.

mod people;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{FiscalYear, Moment, MunicipalityCode, Timestamp};
use tsunagari_people::Policy as PeoplePolicy;
use tsunagari_programmes::{
    Answers, Arrival, Capacity, Form, Involved, Outcome, Parties, Places, Policy, classify, judge,
};
use tsunagari_rules::eval;

use crate::blueprint::{Beneficiary, ParameterValue, Values};
use crate::error::Text;
use crate::{Blueprint, BlueprintError};

pub use people::CasePerson;

/// A file of cases.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The blueprint's slug.
    pub blueprint: String,
    /// Its cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// What a case comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseVerdict {
    /// They may.
    Yes,
    /// They may not.
    No,
    /// Something must be said first.
    Asks,
    /// The staff decides.
    Staff,
    /// They may, and wait behind the places.
    Waits,
    /// They may, but no place is left.
    Full,
}

impl CaseVerdict {
    /// The public code, as files write it and as in the locale keys `verdict-…`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Asks => "asks",
            Self::Staff => "staff",
            Self::Waits => "waits",
            Self::Full => "full",
        }
    }
}

/// A case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The day of the application.
    pub on: NaiveDate,
    /// The day of the event, where there is one.
    #[serde(default)]
    pub event_on: Option<NaiveDate>,
    /// Values a town set over the defaults.
    #[serde(default)]
    pub set: BTreeMap<String, SetValue>,
    /// Who applies.
    #[serde(default)]
    applicant: CasePerson,
    /// The members of a group.
    #[serde(default)]
    group: Vec<CasePerson>,
    /// What was answered, as it is typed.
    #[serde(default)]
    answers: BTreeMap<String, Typed>,
    /// How many applications are there already that a cap counts.
    #[serde(default)]
    pub before: u32,
    /// Where it is held, of several places: a venue's code.
    #[serde(default)]
    pub at: Option<String>,
    /// How many places are taken.
    #[serde(default)]
    pub taken: u32,
    /// How many wait behind them.
    #[serde(default)]
    pub waiting: u32,
    /// What it comes to.
    pub verdict: CaseVerdict,
    /// The codes of the conditions or caps it comes to that by; empty for a yes.
    #[serde(default)]
    pub because: Vec<String>,
    /// The class of who may, where the blueprint has classes.
    #[serde(default)]
    pub class: Option<String>,
    /// What they get, where the case says it.
    #[serde(default)]
    gets: Option<Vec<String>>,
    /// Whether it is mainly for them, where the case says it.
    #[serde(default)]
    mainly: Option<bool>,
}

/// What a case came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Came {
    /// The verdict.
    pub verdict: CaseVerdict,
    /// By what.
    pub because: Vec<String>,
    /// The class.
    pub class: Option<String>,
    /// What they get.
    pub gets: Vec<String>,
    /// Whether it is mainly for them.
    pub mainly: bool,
}

/// A value that was set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum SetValue {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A code.
    Code(String),
    /// Several codes.
    Codes(Vec<String>),
}

/// What was typed or ticked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Typed {
    Number(i64),
    One(String),
    Many(Vec<String>),
}

impl SetValue {
    fn value(&self) -> ParameterValue {
        match self {
            Self::Flag(yes) => ParameterValue::Flag(*yes),
            Self::Number(n) => ParameterValue::Number(*n),
            Self::Code(code) => ParameterValue::Code(code.clone()),
            Self::Codes(codes) => ParameterValue::Codes(codes.clone()),
        }
    }
}

/// Reads a file of cases. `file` is its path under `blueprints/`.
///
/// # Errors
/// The first fault, with file, line, field and what to write instead.
pub fn load_cases(file: &str, text: &str) -> Result<CaseFile, BlueprintError> {
    Text { file, text }.read()
}

impl Case {
    /// Plays the case; nothing when it comes to what it says, otherwise what it came to.
    ///
    /// # Errors
    /// As [`Case::play`].
    pub fn differs(&self, blueprint: &Blueprint) -> Result<Option<Came>, String> {
        let came = self.play(blueprint)?;
        let same = (came.verdict, &came.because, &came.class) == (self.verdict, &self.because, &self.class)
            && self.gets.as_ref().is_none_or(|gets| *gets == came.gets)
            && self.mainly.is_none_or(|mainly| mainly == came.mainly);
        Ok((!same).then_some(came))
    }

    /// The same case in another town: whoever lived in the one lives in the other, and the other way round; so too of their
    /// prefectures.
    #[must_use]
    pub fn moved(self, from: &str, to: &str) -> Self {
        let prefecture = |code: &str| code.parse::<MunicipalityCode>().ok().map(|it| it.prefecture().to_string());
        let pairs = [(from.to_owned(), to.to_owned())].into_iter().chain(prefecture(from).zip(prefecture(to)));
        let pairs: Vec<(String, String)> = pairs.collect();
        let code = |it: &str| {
            let other = pairs.iter().find_map(|(a, b)| match it {
                it if it == a => Some(b.clone()),
                it if it == b => Some(a.clone()),
                _ => None,
            });
            other.unwrap_or_else(|| it.to_owned())
        };
        let typed = |it: Typed| match it {
            Typed::Number(n) => Typed::Number(n),
            Typed::One(text) => Typed::One(code(&text)),
            Typed::Many(texts) => Typed::Many(texts.iter().map(|it| code(it)).collect()),
        };
        Self {
            applicant: self.applicant.moved(&code),
            group: self.group.into_iter().map(|it| it.moved(&code)).collect(),
            answers: self.answers.into_iter().map(|(field, it)| (field, typed(it))).collect(),
            ..self
        }
    }

    /// The values it sets over the defaults.
    ///
    /// # Errors
    /// It names a parameter the blueprint does not have, or has as another sort.
    pub fn values(&self, blueprint: &Blueprint) -> Result<Values, String> {
        let mut values = Values::of(&blueprint.parameters);
        for (name, value) in &self.set {
            let known = values.0.get_mut(name).filter(|known| known.is_like(&value.value()));
            *known.ok_or_else(|| format!("{name} is no parameter of that sort"))? = value.value();
        }
        Ok(values)
    }

    /// Everybody it is about; of somebody of whom nothing is said nothing is known.
    pub fn involved(&self, blueprint: &Blueprint) -> Involved {
        let beneficiary = match blueprint.who.beneficiary {
            Beneficiary::Applicant => None,
            Beneficiary::Named => Some(CasePerson::default().record(self.on)),
        };
        let members = self.group.iter().flat_map(|it| std::iter::repeat_n(it, it.times.unwrap_or(1)));
        let group = members.map(|it| it.record(self.on)).collect();
        Involved { beneficiary, group, ..Involved::alone(self.applicant.record(self.on)) }
    }

    /// What the case comes to under a blueprint, and by what.
    ///
    /// # Errors
    /// The case names a parameter or a field the blueprint does not have, or an answer that is none; in words.
    pub fn play(&self, blueprint: &Blueprint) -> Result<Came, String> {
        let values = self.values(blueprint)?;
        let policy = blueprint.policy(&values).map_err(|error| error.to_string())?;
        let answers = self.answers(&policy.form)?;
        let year = FiscalYear::of(self.on);
        let no_event = "the programme is judged for the day of the event: say `event_on`";
        let at = policy.judged_on.moment(Timestamp::start_of(self.on), year, self.event_on).ok_or(no_event)?;
        let involved = self.involved(blueprint);
        let people = PeoplePolicy::default();
        let parties = involved.parties(&people, &answers);
        let places = self.places(blueprint, &values, &policy)?;
        let (verdict, because) = match self.verdict(&policy, &parties, &at) {
            (CaseVerdict::Yes, none) => (arrives(places), none),
            other => other,
        };
        let first = parties.beneficiary();
        let may = verdict == CaseVerdict::Yes;
        let class = classify(&policy.classes, first, &at).class.filter(|_| may).map(str::to_owned);
        let gets = if may { blueprint.gets_of(class.as_deref()) } else { Vec::new() };
        let gets = gets.into_iter().map(str::to_owned).collect();
        let mainly = policy.mainly_for.as_ref().is_some_and(|rule| eval(rule, first, &at).is_yes());
        Ok(Came { verdict, because, class, gets, mainly })
    }

    fn verdict(&self, policy: &Policy, parties: &dyn Parties, at: &Moment) -> (CaseVerdict, Vec<String>) {
        let judged = judge(&policy.conditions, parties, at);
        let by = |outcome| judged.that_are(outcome).map(|it| it.condition.code.clone()).collect::<Vec<String>>();
        match judged.outcome() {
            Outcome::NotMet => (CaseVerdict::No, by(Outcome::NotMet)),
            Outcome::NotKnown => (CaseVerdict::Asks, by(Outcome::NotKnown)),
            Outcome::ForStaff => (CaseVerdict::Staff, by(Outcome::ForStaff)),
            Outcome::Met => self.capped(policy),
        }
    }

    fn capped(&self, policy: &Policy) -> (CaseVerdict, Vec<String>) {
        let full =
            |cap: &tsunagari_programmes::Cap| Some(cap.one_more(self.before).err()?.0.reason().code().to_owned());
        let full: Vec<String> = policy.caps.iter().filter_map(full).collect();
        (if full.is_empty() { CaseVerdict::Yes } else { CaseVerdict::No }, full)
    }

    /// The places there: of the venue, or of the programme.
    fn places(&self, blueprint: &Blueprint, values: &Values, policy: &Policy) -> Result<Places, String> {
        let capacity = match &self.at {
            None => policy.choosing.capacity,
            Some(code) => {
                let venues = blueprint.venues_with(values).map_err(|error| error.to_string())?;
                let here = venues.iter().find(|it| it.code == *code).ok_or_else(|| format!("{code} is no venue"))?;
                here.places.map_or(Capacity::Open, Capacity::Places)
            }
        };
        let (taken, waiting) = (self.taken, self.waiting);
        Ok(Places { capacity, waiting_list: policy.choosing.waiting_list, taken, waiting, last_order: waiting })
    }

    /// What is answered, as the form reads it.
    ///
    /// # Errors
    /// A field the form does not have, or an answer that is none.
    pub fn answers(&self, form: &Form) -> Result<Answers, String> {
        let mut answers = Answers::default();
        for (code, typed) in &self.answers {
            let field = form.0.iter().find(|it| it.code.0 == *code).ok_or_else(|| format!("{code} is no field"))?;
            let typed = match typed {
                Typed::Number(n) => vec![n.to_string()],
                Typed::One(text) => vec![text.clone()],
                Typed::Many(texts) => texts.clone(),
            };
            let read = field.kind.read(&typed).map_err(|fault| format!("{code}: {fault}"))?;
            answers.0.extend(read.map(|answer| (field.code.clone(), answer)));
        }
        Ok(answers)
    }
}

/// What becomes of one more who may.
const fn arrives(places: Places) -> CaseVerdict {
    match places.one_more() {
        Arrival::Place => CaseVerdict::Yes,
        Arrival::Waits { .. } => CaseVerdict::Waits,
        Arrival::Full => CaseVerdict::Full,
    }
}

#[cfg(test)]
mod tests;
