//! A programme as data: what a blueprint's file may say. Unknown fields are errors. Numbers and codes that a town may set are
//! parameters; rules and amounts name them in braces. Leaves making a policy of it to `compile`.

mod compile;
mod money;
mod parameter;
mod question;
mod venue;

use serde::{Deserialize, Serialize};
use tsunagari_programmes::{About, Applicant, How, Per, Share, Within};

use crate::error::Text;
use crate::{BlueprintError, DataNote, Source};

pub use compile::catalogue_for;
pub use money::Paid;
pub use parameter::{Amount, Parameter, ParameterValue, Values};
pub use question::{Choice, Question};
pub use venue::{Venue, VenuePlaces};

/// What sort of programme it is: how the gallery is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// News, coupons and content for those who registered.
    Membership,
    /// A parcel from home.
    Parcel,
    /// Money for something that was spent.
    Subsidy,
    /// An event with places.
    Event,
    /// A wish that others help with.
    Quest,
    /// A community or those who run things.
    Community,
    /// Messages and photos that are shown.
    Display,
    /// Work experience, a tour of companies.
    Placement,
    /// A desk with hours.
    Desk,
    /// An accompanied project of somebody's own.
    Challenge,
    /// Questions to those it asks for their answers alone.
    Survey,
}

impl Kind {
    /// Its code, as files write it.
    pub fn code(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(code)) => code,
            Ok(_) | Err(_) => String::new(),
        }
    }
}

/// A whole blueprint file.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Blueprint {
    /// Stable name, the file's path without `.toml`.
    pub slug: String,
    /// What sort of programme it is.
    pub kind: Kind,
    /// Municipality code, six digits.
    pub organisation: String,
    /// The organisation's name.
    pub organisation_name: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub source: Source,
    /// What its sheet says.
    pub sheet: Sheet,
    /// What a town may set.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Who may take part.
    pub who: Who,
    /// How they are chosen.
    pub choose: Choose,
    /// Where it is held, where that is said.
    #[serde(default)]
    pub venues: Vec<Venue>,
    /// What they are asked, in order.
    #[serde(default)]
    pub form: Vec<Question>,
    /// What they get.
    pub gets: Vec<Benefit>,
    /// What a reader must know about the data.
    #[serde(default)]
    pub notes: Vec<DataNote>,
}

/// The programme's sheet, as the sources lay one out; in own words.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// 概要.
    pub overview: String,
    /// 実施体制; empty when nothing is said.
    #[serde(default)]
    pub run_by: String,
    /// 目的.
    #[serde(default)]
    pub aims: Vec<String>,
    /// 事業内容.
    #[serde(default)]
    pub content: Vec<String>,
    /// 事業費; empty when nothing is said.
    #[serde(default)]
    pub cost: String,
    /// 目標値; empty when nothing is said.
    #[serde(default)]
    pub goal: String,
}

/// Whether the one it is for is the one who applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Beneficiary {
    /// It is.
    Applicant,
    /// The applicant names them.
    Named,
}

/// Who may take part.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// Who hands in.
    pub applicant: Applicant,
    /// Whom it is for.
    pub beneficiary: Beneficiary,
    /// The day the conditions are judged for.
    pub judged_on: JudgedOn,
    /// What must hold, all of it; empty for everybody.
    #[serde(default)]
    pub conditions: Vec<WhoCondition>,
    /// Classes with different benefits, the best first.
    #[serde(default)]
    pub classes: Vec<ClassPlan>,
    /// Whom it is mainly for, without excluding anybody, in the rule language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mainly_for: Option<String>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClassPlan {
    /// Its code.
    pub code: String,
    /// Who is in it, in the rule language.
    pub rule: String,
    /// Who is in it, as they read it.
    pub words: String,
}

/// The day conditions are judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JudgedOn {
    /// The day of the application.
    ApplicationDay,
    /// The last day of the fiscal year.
    FiscalYearEnd,
    /// The day of the event.
    EventDay,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WhoCondition {
    /// What refusals are counted by.
    pub code: String,
    /// Whom it is about.
    pub about: About,
    /// What must hold, in the rule language, with parameters in braces.
    pub rule: String,
    /// The condition as an applicant reads it.
    pub words: String,
    /// Where the rule does not let somebody in but this does, the staff decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_decides: Option<String>,
    /// Of how many of a household or group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Amount>,
    /// Of which share of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// Holds only where this parameter, a yes or no, is yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<String>,
}

/// How they are chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// How.
    pub how: How,
    /// How many places; without it as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Amount>,
    /// How long the list behind the places is; 0 is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_list: Option<Amount>,
    /// For how many hours an offered place is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_hours: Option<Amount>,
    /// How often.
    #[serde(default)]
    pub caps: Vec<CapPlan>,
}

/// A cap.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CapPlan {
    /// Who is counted together.
    pub per: Per,
    /// Over which time.
    pub within: Within,
    /// How many.
    pub at_most: Amount,
}

/// What sort of benefit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BenefitKind {
    /// News and content of the chosen kind.
    News,
    /// A place at an event.
    Seat,
    /// A parcel.
    Parcel,
    /// Money back for what was spent.
    Reimbursement,
    /// Money for what is to be done.
    Grant,
    /// A coupon.
    Coupon,
    /// Points or another body's coin.
    Points,
    /// A prize of a draw.
    Prize,
    /// A certificate.
    Certificate,
    /// A message or photo on show.
    Display,
    /// A place with a company.
    Placement,
    /// Somebody who accompanies.
    Companion,
}

/// A benefit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// What sort.
    pub kind: BenefitKind,
    /// What it is.
    pub name: String,
    /// The classes that get it; all of them where none is named.
    #[serde(default)]
    pub only_for: Vec<String>,
    /// What it is worth, in yen, where that is said; of what is claimed, the most that is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yen: Option<Amount>,
    /// The question in which the applicant claims how much it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<String>,
    /// Of what is claimed, this share is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
}

/// Reads and checks a blueprint. `file` is its path under `blueprints/`, which must be its slug with `.toml`.
///
/// # Errors
/// The first fault, with file, line, field and what to write instead.
pub fn load_blueprint(file: &str, text: &str) -> Result<Blueprint, BlueprintError> {
    let text = Text { file, text };
    let blueprint: Blueprint = text.read()?;
    text.named(&blueprint.slug)?;
    compile::check(text, &blueprint)?;
    money::check(text, &blueprint)?;
    venue::check(text, &blueprint)?;
    Ok(blueprint)
}

#[cfg(test)]
mod tests;
