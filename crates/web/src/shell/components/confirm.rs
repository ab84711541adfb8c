//! A form of one button that changes something: with the token, and a question asked before it is sent where scripts run.

use askama::Template;
use tsunagari_i18n::Texts;

/// A one-button form. Without scripts it posts at once, so acts that cannot be undone need a page of their own besides.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/components/confirm.html")]
pub struct ConfirmForm {
    t: Texts,
    csrf: String,
    /// Where it posts.
    pub action: String,
    /// On the button.
    pub button: String,
    /// `solid`, `outlined`, `text`, `danger`.
    pub look: &'static str,
    /// Asked before; empty asks nothing.
    pub question: String,
    /// Hidden fields.
    pub fields: Vec<(String, String)>,
}
super::html!(ConfirmForm);

impl ConfirmForm {
    /// A form for the session of this shell.
    pub fn of(shell: &crate::shell::Shell, action: impl Into<String>, button: impl Into<String>) -> Self {
        Self {
            t: shell.t,
            csrf: shell.csrf.clone(),
            action: action.into(),
            button: button.into(),
            look: "outlined",
            question: String::new(),
            fields: Vec::new(),
        }
    }

    /// With another look.
    #[must_use]
    pub fn look(mut self, look: &'static str) -> Self {
        self.look = look;
        self
    }

    /// With a question first.
    #[must_use]
    pub fn ask(mut self, question: impl Into<String>) -> Self {
        self.question = question.into();
        self
    }

    /// With a hidden field.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }
}
