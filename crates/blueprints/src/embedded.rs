//! The files shipped with the program, as text inside the binary. Leaves reading them to `plan`, `blueprint` and `case`.

use crate::{Blueprint, BlueprintError, CaseFile, Plan, load_blueprint, load_cases, load_plan};

macro_rules! shipped {
    ($($file:literal),+ $(,)?) => { &[$(($file, include_str!(concat!("../../../blueprints/", $file)))),+] };
}

/// Path under `blueprints/` and text of every shipped plan.
pub const PLANS: &[(&str, &str)] = shipped![
    "shimane/matsue.toml",
    "shimane/izumo.toml",
    "shimane/masuda.toml",
    "shimane/unnan.toml",
    "shimane/kawamoto.toml",
    "shimane/tsuwano.toml",
];

/// Path under `blueprints/` and text of every shipped blueprint of a programme.
pub const BLUEPRINTS: &[(&str, &str)] = shipped![
    "shimane/matsue-send-off.toml",
    "shimane/matsue-exchange.toml",
    "shimane/matsue-student-projects.toml",
    "shimane/masuda-bus-tour.toml",
    "shimane/izumo-exchange.toml",
    "shimane/izumo-company-visits.toml",
    "shimane/izumo-visiting-lessons.toml",
    "shimane/izumo-student-registration.toml",
    "shimane/izumo-student-desk.toml",
    "shimane/masuda-internship.toml",
    "shimane/masuda-home-programmes.toml",
    "shimane/masuda-city-gatherings.toml",
    "shimane/matsue-internship.toml",
    "shimane/matsue-career.toml",
    "shimane/matsue-lines.toml",
    "shimane/unnan-alumni-high-school.toml",
    "shimane/unnan-alumni-special.toml",
    "shimane/unnan-city-gatherings.toml",
    "shimane/unnan-from-afar.toml",
    "shimane/unnan-graduate-survey.toml",
    "shimane/kawamoto-reunions.toml",
    "shimane/kawamoto-helpers.toml",
    "shimane/kawamoto-school-years.toml",
    "shimane/kawamoto-dream-grant.toml",
    "shimane/kawamoto-internship.toml",
    "shimane/tsuwano-visits.toml",
    "shimane/tsuwano-seminars.toml",
    "catalogue/jimoto-tochigi.toml",
    "catalogue/miyazutto.toml",
    "catalogue/kumaraba.toml",
    "catalogue/modokago.toml",
    "catalogue/nanbu-yell.toml",
    "catalogue/yuzawa-shiokuri.toml",
    "catalogue/morioka-yell.toml",
    "catalogue/hitachinaka-nemophila.toml",
    "catalogue/gonohe-world-cafe.toml",
    "catalogue/itoigawa-wakachi.toml",
    "catalogue/hida-hidasuke.toml",
    "catalogue/tottori-choensai.toml",
    "catalogue/toyama-im-your-home.toml",
    "catalogue/neo-kenjinkai.toml",
    "catalogue/tottori-welkani.toml",
    "catalogue/tottori-welkani-planners.toml",
    "catalogue/tottori-welkani-concierges.toml",
    "tottori/plane-tour.toml",
    "tottori/capital-students.toml",
    "tottori/job-seminars.toml",
    "tottori/career-fairs.toml",
    "tottori/side-jobs.toml",
    "tottori/shared-desk.toml",
    "network/ekkyo-stay.toml",
    "network/ekkyo-online.toml",
    "network/small-school-summit.toml",
    "network/ekkyo-exchange.toml",
    "unnan/challenge.toml",
    "unnan/regional-college.toml",
    "unnan/round-table.toml",
    "unnan/company-challenge.toml",
];

/// Path under `blueprints/` and text of every shipped file of cases.
pub const CASES: &[(&str, &str)] = shipped![
    "cases/matsue-send-off.toml",
    "cases/matsue-exchange.toml",
    "cases/matsue-student-projects.toml",
    "cases/masuda-bus-tour.toml",
    "cases/izumo-exchange.toml",
    "cases/izumo-company-visits.toml",
    "cases/izumo-visiting-lessons.toml",
    "cases/izumo-student-registration.toml",
    "cases/izumo-student-desk.toml",
    "cases/masuda-internship.toml",
    "cases/masuda-home-programmes.toml",
    "cases/masuda-city-gatherings.toml",
    "cases/matsue-internship.toml",
    "cases/matsue-career.toml",
    "cases/matsue-lines.toml",
    "cases/unnan-alumni-high-school.toml",
    "cases/unnan-alumni-special.toml",
    "cases/unnan-city-gatherings.toml",
    "cases/unnan-from-afar.toml",
    "cases/unnan-graduate-survey.toml",
    "cases/kawamoto-reunions.toml",
    "cases/kawamoto-helpers.toml",
    "cases/kawamoto-school-years.toml",
    "cases/kawamoto-dream-grant.toml",
    "cases/kawamoto-internship.toml",
    "cases/tsuwano-visits.toml",
    "cases/tsuwano-seminars.toml",
    "cases/jimoto-tochigi.toml",
    "cases/miyazutto.toml",
    "cases/kumaraba.toml",
    "cases/modokago.toml",
    "cases/nanbu-yell.toml",
    "cases/yuzawa-shiokuri.toml",
    "cases/morioka-yell.toml",
    "cases/hitachinaka-nemophila.toml",
    "cases/gonohe-world-cafe.toml",
    "cases/itoigawa-wakachi.toml",
    "cases/hida-hidasuke.toml",
    "cases/tottori-choensai.toml",
    "cases/toyama-im-your-home.toml",
    "cases/neo-kenjinkai.toml",
    "cases/tottori-welkani.toml",
    "cases/tottori-welkani-planners.toml",
    "cases/tottori-welkani-concierges.toml",
    "cases/plane-tour.toml",
    "cases/capital-students.toml",
    "cases/job-seminars.toml",
    "cases/career-fairs.toml",
    "cases/side-jobs.toml",
    "cases/shared-desk.toml",
    "cases/ekkyo-stay.toml",
    "cases/ekkyo-online.toml",
    "cases/small-school-summit.toml",
    "cases/ekkyo-exchange.toml",
    "cases/challenge.toml",
    "cases/regional-college.toml",
    "cases/round-table.toml",
    "cases/company-challenge.toml",
];

/// Every shipped plan.
///
/// # Errors
/// The first file that is broken; a test keeps the shipped ones whole.
pub fn plans() -> Result<Vec<Plan>, BlueprintError> {
    PLANS.iter().map(|(file, text)| load_plan(file, text)).collect()
}

/// The shipped plan of this slug, if there is one.
pub fn plan_by_slug(slug: &str) -> Option<Result<Plan, BlueprintError>> {
    named(PLANS, slug).map(|(file, text)| load_plan(file, text))
}

/// Every shipped blueprint.
///
/// # Errors
/// As [`plans`].
pub fn blueprints() -> Result<Vec<Blueprint>, BlueprintError> {
    BLUEPRINTS.iter().map(|(file, text)| load_blueprint(file, text)).collect()
}

/// The shipped blueprint of this slug, if there is one.
pub fn blueprint_by_slug(slug: &str) -> Option<Result<Blueprint, BlueprintError>> {
    named(BLUEPRINTS, slug).map(|(file, text)| load_blueprint(file, text))
}

/// Every shipped file of cases.
///
/// # Errors
/// As [`plans`].
pub fn cases() -> Result<Vec<CaseFile>, BlueprintError> {
    CASES.iter().map(|(file, text)| load_cases(file, text)).collect()
}

fn named<'f>(files: &'f [(&'f str, &'f str)], slug: &str) -> Option<&'f (&'f str, &'f str)> {
    files.iter().find(|(file, _)| file.strip_suffix(".toml") == Some(slug))
}
