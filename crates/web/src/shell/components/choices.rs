//! A question with given answers: radio buttons, check boxes or a select. Large targets (44 px). Leaves checking to the page.

use askama::Template;
use tsunagari_i18n::Texts;

/// How answers are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoicesKind {
    /// Exactly one, all visible.
    Radio,
    /// Any number.
    Checkbox,
    /// Exactly one of many, folded.
    Select,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Posted value.
    pub value: String,
    /// The words.
    pub label: String,
    /// More words below; may be empty.
    pub hint: String,
    /// Chosen now.
    pub chosen: bool,
}

/// A question with given answers.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/choices.html")]
pub struct Choices {
    t: Texts,
    /// How.
    pub kind: ChoicesKind,
    /// Name in the posted form.
    pub name: String,
    /// The question.
    pub legend: String,
    /// The answers.
    pub options: Vec<Choice>,
    /// Support text.
    pub hint: Option<String>,
    /// What is wrong and what to do.
    pub error: Option<String>,
    /// Must be answered.
    pub required: bool,
}
super::html!(Choices);

impl Choices {
    /// A question of a kind.
    pub fn of(kind: ChoicesKind, t: Texts, name: &str, legend: impl Into<String>) -> Self {
        Self {
            t,
            kind,
            name: name.to_owned(),
            legend: legend.into(),
            options: Vec::new(),
            hint: None,
            error: None,
            required: false,
        }
    }

    /// Radio buttons.
    pub fn radio(t: Texts, name: &str, legend: impl Into<String>) -> Self {
        Self::of(ChoicesKind::Radio, t, name, legend)
    }

    /// Check boxes.
    pub fn checkbox(t: Texts, name: &str, legend: impl Into<String>) -> Self {
        Self::of(ChoicesKind::Checkbox, t, name, legend)
    }

    /// A select.
    pub fn select(t: Texts, name: &str, legend: impl Into<String>) -> Self {
        Self::of(ChoicesKind::Select, t, name, legend)
    }

    /// With one more answer.
    #[must_use]
    pub fn option(self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.option_with(value, label, "")
    }

    /// With one more answer that needs explaining.
    #[must_use]
    pub fn option_with(mut self, value: impl Into<String>, label: impl Into<String>, hint: impl Into<String>) -> Self {
        self.options.push(Choice { value: value.into(), label: label.into(), hint: hint.into(), chosen: false });
        self
    }

    /// With this answer chosen (call after the options; again for several check boxes).
    #[must_use]
    pub fn chosen(mut self, value: &str) -> Self {
        for option in &mut self.options {
            if option.value == value {
                option.chosen = true;
            }
        }
        self
    }

    /// With support text.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what is wrong, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Must be answered.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn is_select(&self) -> bool {
        self.kind == ChoicesKind::Select
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            ChoicesKind::Radio => "radio",
            ChoicesKind::Checkbox | ChoicesKind::Select => "checkbox",
        }
    }

    /// Check boxes cannot be required one by one: the browser would demand all.
    fn requires_each(&self) -> bool {
        self.required && self.kind == ChoicesKind::Radio
    }
}
