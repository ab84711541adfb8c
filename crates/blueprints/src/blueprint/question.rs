//! A question of a programme's form as a file writes it, and the field it becomes. Leaves reading answers to programmes.

use serde::{Deserialize, Serialize};
use tsunagari_programmes::{Asked, Field, FieldCode, FieldKind};

/// What a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Takes {
    Line,
    Lines,
    Number,
    Day,
    YesNo,
    One,
    Many,
    Place,
    Phone,
    PostalCode,
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its code.
    pub code: String,
    /// Its words.
    pub label: String,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its code.
    pub code: String,
    /// The question as it is asked.
    pub label: String,
    /// What helps to answer it.
    #[serde(default)]
    pub help: String,
    takes: Takes,
    /// What can be chosen.
    #[serde(default)]
    pub options: Vec<Choice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    least: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<i64>,
    /// Whether it may be left empty.
    #[serde(default)]
    pub may_be_empty: bool,
    /// Asked only where another question was answered so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    only_when: Option<Asked>,
}

const LINE: u32 = 100;
const LINES: u32 = 1_000;

impl Question {
    /// Whether it takes a number.
    pub fn takes_number(&self) -> bool {
        self.takes == Takes::Number
    }

    /// The field it becomes; what is wrong with it otherwise.
    pub(super) fn field(&self) -> Result<Field, &'static str> {
        let codes = || self.options.iter().map(|it| it.code.clone()).collect::<Vec<String>>();
        let most =
            |usual: u32| self.at_most.map_or(Ok(usual), |n| u32::try_from(n).map_err(|_| "at_most is no length"));
        let chooses = matches!(self.takes, Takes::One | Takes::Many);
        if chooses == self.options.is_empty() {
            return Err(if chooses { "has nothing to choose from" } else { "has options, but nothing is chosen" });
        }
        let kind = match self.takes {
            Takes::Line => FieldKind::Line { at_most: most(LINE)? },
            Takes::Lines => FieldKind::Lines { at_most: most(LINES)? },
            Takes::Number => match (self.least, self.at_most) {
                (Some(least), Some(most)) if least <= most => FieldKind::Number { least, most },
                _ => return Err("is a number without its bounds"),
            },
            Takes::Day => FieldKind::Day,
            Takes::YesNo => FieldKind::YesNo,
            Takes::One => FieldKind::One { options: codes() },
            Takes::Many => FieldKind::Many {
                at_most: most(u32::try_from(self.options.len()).unwrap_or(u32::MAX))?,
                options: codes(),
            },
            Takes::Place => FieldKind::Place,
            Takes::Phone => FieldKind::Phone,
            Takes::PostalCode => FieldKind::PostalCode,
        };
        let only_when = self.only_when.clone();
        Ok(Field { code: FieldCode(self.code.clone()), kind, required: !self.may_be_empty, only_when })
    }
}
