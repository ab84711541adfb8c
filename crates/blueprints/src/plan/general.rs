//! Indicators without a plan: what an organisation counts while nobody has set it targets. Leaves targets and populations to
//! plans, which take the same slugs over.

use serde::Deserialize;
use tsunagari_figures::Indicator;

use crate::IndicatorPlan;

const TEXT: &str = include_str!("general.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct General {
    indicators: Vec<IndicatorPlan>,
}

/// The indicators, in order.
///
/// # Errors
/// The shipped file is broken; a test keeps it whole.
pub fn general() -> Result<Vec<Indicator>, toml::de::Error> {
    let General { indicators } = toml::from_str(TEXT)?;
    Ok(indicators.iter().map(IndicatorPlan::indicator).collect())
}

#[cfg(test)]
mod tests {
    use tsunagari_people::FACTS;
    use tsunagari_rules::{Catalogue, Rule};

    use super::*;

    #[test]
    fn they_read_have_no_target_and_every_plan_goes_on_with_them() {
        let catalogue = Catalogue::of(&[FACTS]).unwrap().with_codes("purposes", ["info"]);
        let general = general().unwrap();
        for indicator in &general {
            Rule::read(&indicator.numerator, &catalogue).unwrap();
            assert!(indicator.targets.is_empty() && indicator.denominators.is_empty());
        }
        for plan in crate::plans().unwrap() {
            let slugs: Vec<String> = plan.figures().into_iter().map(|it| it.slug).collect();
            assert!(general.iter().all(|it| slugs.contains(&it.slug)), "{}: {slugs:?}", plan.slug);
        }
    }
}
