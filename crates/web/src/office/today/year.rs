//! How the fiscal year stands: the plan's first indicator counted at this moment, beside the target of the same year. One
//! count over the narrow rows of people, so that the page stays quick; what is behind the number is the page of reach.

use tsunagari_figures::{Bound, Target};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{FiscalYear, Moment, Timestamp};
use tsunagari_rules::{Checked, Rule};
use tsunagari_storage::Reader;
use tsunagari_storage::audience::Audience;

use crate::office::desk::Desk;
use crate::office::reach::panel::against;
use crate::sentences::unreadable;
use crate::shell::AppError;
use crate::shell::components::Kpi;

/// The year's figure under its heading.
pub(super) struct Year {
    pub(super) title: String,
    pub(super) figure: Kpi,
}

/// People counted, and when.
type Counted = (i64, Timestamp);

impl Year {
    /// The first indicator in the year of today; nothing without an indicator.
    pub(super) async fn of(reader: &mut Reader, desk: &Desk) -> Result<Option<Self>, AppError> {
        let Some(indicator) = reader.indicators().await.map_err(unreadable)?.into_iter().next() else {
            return Ok(None);
        };
        let (at, policy) = (Moment::now(&*desk.house.clock), desk.org.policy());
        let year = FiscalYear::of(at.date);
        let catalogue = reader.rule_catalogue().await.map_err(unreadable)?;
        // A rule that no longer reads is told by the page of reach, with its place.
        let counted = match Rule::<Checked>::read(&indicator.definition.numerator, &catalogue) {
            Ok(rule) => {
                let audience = Audience::of_rule(&rule, &at, &policy);
                Some((reader.count_audience(&audience).await.map_err(unreadable)?, at.instant))
            }
            Err(_) => None,
        };
        let target = indicator.definition.target(year);
        Ok(Some(Self::told(desk.t, year, &indicator.definition.name, target, counted)))
    }

    fn told(t: Texts, year: FiscalYear, name: &str, target: Option<Target>, counted: Option<Counted>) -> Self {
        let value = counted.map_or_else(|| t.blank(), |(people, _)| t.number(people));
        let target = target.map_or_else(|| t.get("reach-no-target"), |target| against(t, target));
        let when = counted.map_or_else(
            || t.get("today-not-counted"),
            |(_, at)| t.one("today-counted", "time", t.date_time_short(at)),
        );
        Self {
            title: t.one("today-year", "year", t.fiscal_year(year)),
            figure: Kpi::of(name, value, t.get("audience-unit"))
                .note(format!("{target} · {when}"))
                .href("/office/reach"),
        }
    }

    pub(super) fn sample(t: Texts) -> Self {
        let counted = Some((1_242, Timestamp::from_micros(1_773_619_500_000_000)));
        Self::told(
            t,
            FiscalYear(2025),
            "就活期に情報を届けられる学生数",
            Some(Target { people: 1457, bound: Bound::AtLeast }),
            counted,
        )
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn figure_and_target_are_of_one_year_and_the_moment_is_told() {
        let it = Year::sample(Texts::of(Locale::Ja));
        assert!(it.title.contains("令和7年度"), "{}", it.title);
        let shown = it.figure.to_string();
        for part in ["1,242", "目標 1,457人以上", "2026/03/16", "に数えた数"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
    }
}
