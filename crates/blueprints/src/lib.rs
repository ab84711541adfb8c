//! Programmes and plans are data: reads a file of `blueprints/`, checks it and hands out what it says. A plan has indicators
//! with targets; a blueprint has who may take part, how they are chosen and what they get. The top of the domain. Leaves making
//! an organisation's programmes of it to acts, and words to the reader's language where they are not Japanese facts.
//! To add one: a file under `blueprints/` and its line in `embedded` (a test compares both).

mod blueprint;
mod case;
mod embedded;
mod error;
mod plan;

pub use blueprint::{
    Amount, Beneficiary, Benefit, BenefitKind, Blueprint, CapPlan, Choice, Choose, ClassPlan, JudgedOn, Kind, Paid,
    Parameter, ParameterValue, Question, Sheet, Values, Venue, VenuePlaces, Who, WhoCondition, catalogue_for,
    load_blueprint,
};
pub use case::{Came, Case, CaseFile, CaseVerdict, load_cases};
pub use embedded::{BLUEPRINTS, CASES, PLANS, blueprint_by_slug, blueprints, cases, plan_by_slug, plans};
pub use error::BlueprintError;
pub use plan::{
    ChannelOwner, Cohorts, Consent, DataNote, DenominatorPlan, IndicatorPlan, Line, NoteKind, Partner, Plan, Source,
    Year, general, load_plan,
};
