//! What a request body must fulfil: the embedded specification first (`spec`), then the limits only the documentation states (the other
//! files). Texts follow the reference's error tables. To add a rule, find the object's file and push to the [`Report`].

pub mod action;
pub mod explain;
pub mod flex;
pub mod length;
pub mod message;
pub mod richmenu;
pub mod spec;
pub mod template;

use serde_json::Value;

/// One entry of `details`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Detail {
    /// What is wrong.
    pub message: String,
    /// Path of the property, such as `messages[0].text`.
    pub property: String,
}

/// What was found wrong with a body.
#[derive(Debug, Default)]
pub struct Report {
    /// Findings in the order of the body.
    pub details: Vec<Detail>,
}

impl Report {
    /// Adds a finding.
    pub fn say(&mut self, property: impl Into<String>, message: impl Into<String>) {
        self.details.push(Detail { message: message.into(), property: property.into() });
    }

    /// Adds a finding when a text is longer than `max` by `count`.
    pub fn at_most(&mut self, owner: &Value, path: &str, name: &str, count: fn(&str) -> usize, max: usize) {
        if let Some(text) = owner.get(name).and_then(Value::as_str)
            && count(text) > max
        {
            self.say(format!("{path}.{name}"), format!("Length must be between 0 and {max}"));
        }
    }

    /// Adds a finding when a required text is missing or empty.
    pub fn required(&mut self, owner: &Value, path: &str, name: &str) {
        if owner.get(name).and_then(Value::as_str).is_none_or(str::is_empty) {
            self.say(format!("{path}.{name}"), "May not be empty");
        }
    }

    /// Adds a finding when an array's size is out of range.
    pub fn sized(&mut self, owner: &Value, path: &str, name: &str, min: usize, max: usize) {
        if let Some(items) = owner.get(name).and_then(Value::as_array)
            && !(min..=max).contains(&items.len())
        {
            self.say(format!("{path}.{name}"), format!("Size must be between {min} and {max}"));
        }
    }
}

/// Items of an array property with their paths.
pub fn items<'a>(owner: &'a Value, path: &str, name: &str) -> Vec<(String, &'a Value)> {
    let list = owner.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().enumerate().map(|(i, item)| (format!("{path}.{name}[{i}]"), item)).collect()
}
