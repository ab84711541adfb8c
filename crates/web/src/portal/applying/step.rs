//! The steps on the way to an application, in their order, and which of them is still open.

use tsunagari_acts::fill_in::Filling;
use tsunagari_blueprints::Beneficiary;
use tsunagari_programmes::{Applicant, FieldCode};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// At which venue.
    Venue,
    /// Where they live, which the town does not know.
    Home,
    /// Whom it is for.
    Whom,
    /// The group or company.
    Group,
    /// A question of the programme.
    Field(FieldCode),
}

impl Step {
    /// Its part of the address.
    pub fn code(&self) -> String {
        match self {
            Self::Venue => "venue".into(),
            Self::Home => "home".into(),
            Self::Whom => "whom".into(),
            Self::Group => "group".into(),
            Self::Field(field) => format!("q-{}", field.0),
        }
    }

    /// Whether it is answered as far as it must be.
    fn is_done(&self, it: &Filling) -> bool {
        let paper = &it.draft.paper;
        match self {
            Self::Venue => it.draft.venue.is_some_and(|no| it.round.venue(no).is_some()),
            Self::Home => !it.asks_home,
            Self::Whom => paper.named.is_some(),
            Self::Group => !paper.group.is_empty() && (!is_group(it) || !paper.members.is_empty()),
            Self::Field(code) => {
                let field = it.running.policy.form.0.iter().find(|field| field.code == *code);
                paper.answers.get(code).is_some() || field.is_some_and(|field| !field.required)
            }
        }
    }
}

/// Whether a group applies, with its members.
pub fn is_group(it: &Filling) -> bool {
    it.running.policy.applicant == Applicant::Group
}

/// The steps that are asked, given what was answered so far.
pub fn steps(it: &Filling) -> Vec<Step> {
    let mut steps = Vec::new();
    if it.round.venues.len() > 1 {
        steps.push(Step::Venue);
    }
    if it.asks_home {
        steps.push(Step::Home);
    }
    if it.running.blueprint.who.beneficiary == Beneficiary::Named {
        steps.push(Step::Whom);
    }
    if matches!(it.running.policy.applicant, Applicant::Group | Applicant::Company) {
        steps.push(Step::Group);
    }
    let fields = it.running.policy.form.asked(&it.draft.paper.answers);
    steps.extend(fields.map(|field| Step::Field(field.code.clone())));
    steps
}

/// The step of an address, where it is asked.
pub fn named(it: &Filling, code: &str) -> Option<Step> {
    steps(it).into_iter().find(|step| step.code() == code)
}

/// The first that must still be answered; nothing when all are.
pub fn open(it: &Filling) -> Option<Step> {
    steps(it).into_iter().find(|step| !step.is_done(it))
}

/// Where it goes on after a step.
pub fn after(it: &Filling, step: &Step) -> String {
    let steps = steps(it);
    let at = steps.iter().position(|each| each == step).map_or(0, |n| n + 1);
    path(it, steps.get(at))
}

/// Where one comes from at a step: the one before, or the round's page.
pub fn before(it: &Filling, step: &Step) -> Option<Step> {
    let steps = steps(it);
    let at = steps.iter().position(|each| each == step)?;
    steps.get(at.checked_sub(1)?).cloned()
}

/// The address of a step; of the last look without one.
pub fn path(it: &Filling, step: Option<&Step>) -> String {
    let code = step.map_or_else(|| "check".to_owned(), Step::code);
    format!("/me/apply/{}/{code}", it.round.id)
}
