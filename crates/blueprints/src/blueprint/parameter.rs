//! What a town may set: a number, a yes or no, a code or several, a day. A text names a parameter in braces, and stands for the
//! rule it becomes. Leaves what the values are used for to `compile`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A parameter of a blueprint. Exactly one of the values is given: the default.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name in braces: lower-case, with underscores.
    pub name: String,
    /// What it is, for the one who sets it.
    pub label: String,
    /// A number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    /// Yes or no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flag: Option<bool>,
    /// A code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Several codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    codes: Option<Vec<String>>,
    /// A day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    day: Option<NaiveDate>,
    /// Whether the source only implies it, or does not say it at all.
    #[serde(default)]
    pub inferred: bool,
    /// What to know about it.
    #[serde(default)]
    pub note: String,
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterValue {
    /// A number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// A code.
    Code(String),
    /// Several codes.
    Codes(Vec<String>),
    /// A day.
    Day(NaiveDate),
}

impl Parameter {
    /// The default; nothing when none, or more than one, is given.
    pub fn default_value(&self) -> Option<ParameterValue> {
        let given = [
            self.number.map(ParameterValue::Number),
            self.flag.map(ParameterValue::Flag),
            self.code.clone().map(ParameterValue::Code),
            self.codes.clone().map(ParameterValue::Codes),
            self.day.map(ParameterValue::Day),
        ];
        let mut given = given.into_iter().flatten();
        given.next().filter(|_| given.next().is_none())
    }
}

impl Parameter {
    /// The same with another default.
    #[must_use]
    pub fn defaulting_to(self, value: &ParameterValue) -> Self {
        let none = Self { number: None, flag: None, code: None, codes: None, day: None, ..self };
        match value.clone() {
            ParameterValue::Number(n) => Self { number: Some(n), ..none },
            ParameterValue::Flag(yes) => Self { flag: Some(yes), ..none },
            ParameterValue::Code(code) => Self { code: Some(code), ..none },
            ParameterValue::Codes(codes) => Self { codes: Some(codes), ..none },
            ParameterValue::Day(day) => Self { day: Some(day), ..none },
        }
    }
}

impl ParameterValue {
    /// Whether another value is of the same sort.
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// As it stands in a rule; yes and no stand in none.
    fn in_rule(&self) -> Option<String> {
        let quoted = |code: &String| format!("\"{}\"", code.replace('"', ""));
        match self {
            Self::Number(n) => Some(n.to_string()),
            Self::Flag(_) => None,
            Self::Code(code) => Some(quoted(code)),
            Self::Codes(codes) => Some(format!("({})", codes.iter().map(quoted).collect::<Vec<_>>().join(", "))),
            Self::Day(day) => Some(day.to_string()),
        }
    }
}

/// A number that is written, or the name of a parameter in braces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Amount {
    /// Written.
    Fixed(u32),
    /// By a parameter.
    Named(String),
}

/// The values of a blueprint's parameters: the defaults, and what a town set over them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Values(pub BTreeMap<String, ParameterValue>);

impl Values {
    /// The defaults of these parameters.
    pub fn of(parameters: &[Parameter]) -> Self {
        Self(parameters.iter().filter_map(|it| Some((it.name.clone(), it.default_value()?))).collect())
    }

    /// A text with the values in the place of their names; the first name that has no value that can stand there.
    pub(super) fn put_into(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or_else(|| after.to_owned())?;
            let value = self.0.get(name).and_then(ParameterValue::in_rule).ok_or_else(|| name.to_owned())?;
            out.push_str(before);
            out.push_str(&value);
            rest = behind;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// An amount; the name that has no number.
    pub(super) fn amount(&self, amount: &Amount) -> Result<u32, String> {
        let text = match amount {
            Amount::Fixed(n) => return Ok(*n),
            Amount::Named(text) => text,
        };
        let name = text.strip_prefix('{').and_then(|it| it.strip_suffix('}')).ok_or_else(|| text.clone())?;
        match self.0.get(name) {
            Some(ParameterValue::Number(n)) => u32::try_from(*n).map_err(|_| name.to_owned()),
            Some(_) | None => Err(name.to_owned()),
        }
    }

    /// Whether a parameter is a yes; its name when it is no yes or no.
    pub(super) fn is_yes(&self, name: &str) -> Result<bool, String> {
        match self.0.get(name) {
            Some(ParameterValue::Flag(yes)) => Ok(*yes),
            Some(_) | None => Err(name.to_owned()),
        }
    }
}
