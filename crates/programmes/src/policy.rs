//! What a programme does, compiled from its blueprint for one version: who applies for whom, the conditions and the day they are
//! judged for, how they are chosen, how often, and the form. Leaves the words and the sheet to the blueprint.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use tsunagari_rules::{Checked, Rule};

use crate::capacity::{Capacity, WaitingList};
use crate::caps::Cap;
use crate::class::Class;
use crate::eligibility::{Condition, Reference};
use crate::form::Form;

/// Who hands the application in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    /// The one it is for.
    Oneself,
    /// A parent or guardian in their own name, also for an adult student.
    Parent,
    /// Somebody for a group, with its members.
    Group,
    /// A company.
    Company,
    /// A resident who posts a wish.
    Host,
}

/// How the places are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// To everybody who may.
    Open,
    /// In the order in which they come.
    FirstCome,
    /// By a draw after the end of the period.
    Draw,
    /// By people who read the application.
    Review,
}

/// How somebody is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choosing {
    /// How.
    pub how: How,
    /// How many there are.
    pub capacity: Capacity,
    /// The list behind them.
    pub waiting_list: WaitingList,
    /// How long an offered place is kept.
    pub offer_for: TimeDelta,
}

/// What a programme does.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Who hands in.
    pub applicant: Applicant,
    /// The day it is judged for.
    pub judged_on: Reference,
    /// What must hold.
    pub conditions: Vec<Condition>,
    /// The classes of those who take part, the best first; empty where all are alike.
    pub classes: Vec<Class>,
    /// Whom it is mainly for: it excludes nobody, and goes before others where that is wanted.
    pub mainly_for: Option<Rule<Checked>>,
    /// How they are chosen.
    pub choosing: Choosing,
    /// How often.
    pub caps: Vec<Cap>,
    /// What is asked.
    pub form: Form,
}
