//! A page that is one form: heading, explanation, parts one below the other, one button. What most settings are.

use askama::Template;

use super::{Wrong, crumbs};
use crate::office::audiences::fact_list::FactList;
use crate::office::audiences::marked::Marked;
use crate::shell::Shell;
use crate::shell::components::{
    Banner, Choices, ConfirmForm, Crumbs, ErrorSummary, Facts, Field, FileDrop, Link, Steps,
};

/// One part of the form.
#[derive(Debug, Clone)]
pub enum Part {
    /// A line or box.
    Field(Box<Field>),
    /// A question with given answers.
    Choices(Choices),
    /// A file.
    File(FileDrop),
    /// A heading between parts.
    Heading(String),
    /// A paragraph between parts.
    Note(String),
    /// A banner between parts.
    Banner(Banner),
    /// Known things in words.
    Facts(Facts),
    /// Not shown.
    Hidden(&'static str, String),
    /// A button that asks something of the form without keeping it.
    Press(Press),
    /// A rule marked where it is none.
    Marked(Marked),
    /// What may be written in a rule.
    RuleFacts(FactList),
    /// Parts most offices never open.
    Folded(String, Vec<Field>),
    /// What belongs together, side by side where there is room: its name, its fields.
    Group(String, Vec<Cell>),
}

/// A button that asks something of the form without keeping it, also while the form is not whole.
#[derive(Debug, Clone)]
pub struct Press {
    /// What it asks about.
    pub about: Option<Choices>,
    /// Its words.
    pub label: String,
    /// What it posts as `do`.
    pub value: &'static str,
    /// The field the answer stands at: where the page opens again.
    pub at: &'static str,
}

/// One field of a group.
#[derive(Debug, Clone)]
pub enum Cell {
    /// A line or box.
    Field(Box<Field>),
    /// A question with given answers.
    Choices(Choices),
}

impl From<Field> for Cell {
    fn from(field: Field) -> Self {
        Self::Field(Box::new(field))
    }
}
impl From<Choices> for Cell {
    fn from(choices: Choices) -> Self {
        Self::Choices(choices)
    }
}

impl From<Field> for Part {
    fn from(field: Field) -> Self {
        Self::Field(Box::new(field))
    }
}
impl From<Choices> for Part {
    fn from(choices: Choices) -> Self {
        Self::Choices(choices)
    }
}
impl From<Banner> for Part {
    fn from(banner: Banner) -> Self {
        Self::Banner(banner)
    }
}

/// A page that is one form.
#[derive(Template)]
#[template(path = "office/settings/paper.html")]
pub struct Paper {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    lead: String,
    steps: Option<Steps>,
    errors: ErrorSummary,
    action: String,
    parts: Vec<Part>,
    button: String,
    after: Vec<(String, ConfirmForm)>,
    links: Vec<Link>,
    below: Vec<(String, Vec<Link>)>,
}

impl Paper {
    /// A form with the title and explanation of a key (`KEY` and `KEY.lead`), posting to an address.
    pub fn of(shell: Shell, key: &str, way: &[(&str, &str)], action: impl Into<String>, wrong: &Wrong) -> Self {
        let t = shell.t;
        Self {
            crumbs: crumbs(t, way),
            title: t.get(key),
            lead: t.get(format!("{key}.lead")),
            steps: None,
            errors: wrong.summary(t),
            action: action.into(),
            parts: Vec::new(),
            button: t.get("settings-save"),
            after: Vec::new(),
            links: Vec::new(),
            below: Vec::new(),
            shell,
        }
    }

    /// With one more part.
    #[must_use]
    pub fn part(mut self, part: impl Into<Part>) -> Self {
        self.parts.push(part.into());
        self
    }

    /// With another button.
    #[must_use]
    pub fn button(mut self, words: String) -> Self {
        self.button = words;
        self
    }

    /// With another title.
    #[must_use]
    pub fn titled(mut self, title: String) -> Self {
        self.title = title;
        self
    }

    /// With the step of a longer way (from 0).
    #[must_use]
    pub fn step(mut self, steps: Steps) -> Self {
        self.steps = Some(steps);
        self
    }

    /// With something else that can be done here, each a form of one button below.
    #[must_use]
    pub fn after(mut self, words: String, form: ConfirmForm) -> Self {
        self.after.push((words, form));
        self
    }

    /// With a link beside the button.
    #[must_use]
    pub fn link(mut self, href: &str, words: String) -> Self {
        self.links.push(Link::to(href, words));
        self
    }

    /// With ways onward of their own below the form, under a heading.
    #[must_use]
    pub fn below(mut self, heading: String, links: Vec<Link>) -> Self {
        self.below.push((heading, links));
        self
    }

    /// Whether Enter in a field must still mean to keep: the first button of a form is what it presses.
    fn has_presses(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Press(..)))
    }

    fn sends_file(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::File(_)))
    }
}
