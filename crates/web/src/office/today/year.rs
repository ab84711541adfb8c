//! How the fiscal year stands: the plan's first indicator, its target and the figure published last. Nothing is computed
//! here; the page of reach counts anew.

use chrono::NaiveDate;
use tsunagari_i18n::Texts;
use tsunagari_kernel::FiscalYear;
use tsunagari_storage::Reader;
use tsunagari_storage::figure::KeptFigure;

use crate::sentences::unreadable;
use crate::shell::AppError;
use crate::shell::components::Kpi;

/// The year's figure under its heading.
pub(super) struct Year {
    pub(super) title: String,
    pub(super) figure: Kpi,
}

impl Year {
    /// The first indicator's year of a day; nothing without an indicator.
    pub(super) async fn of(reader: &mut Reader, t: Texts, today: NaiveDate) -> Result<Option<Self>, AppError> {
        let Some(indicator) = reader.indicators().await.map_err(unreadable)?.into_iter().next() else {
            return Ok(None);
        };
        let year = FiscalYear::of(today);
        let figures = reader.figures_of(indicator.id).await.map_err(unreadable)?;
        let last = figures.iter().rfind(|kept| kept.withdrawn_at.is_none());
        let target = indicator.definition.target(year).map(|target| target.people);
        Ok(Some(Self::told(t, year, &indicator.definition.name, target, last)))
    }

    fn told(t: Texts, year: FiscalYear, name: &str, target: Option<u64>, last: Option<&KeptFigure>) -> Self {
        let figure = last.map(|kept| kept.published.figure());
        let value = figure.map_or_else(|| t.blank(), |figure| t.number(people(figure.people)));
        let target =
            target.map_or_else(|| t.get("today-no-target"), |n| t.one("today-target", "people", t.number(people(n))));
        let as_of = figure.map_or_else(
            || t.get("today-not-published"),
            |figure| {
                let (year, day) = (t.fiscal_year(figure.fiscal_year), t.date_short(figure.as_of.date));
                t.with("today-published", &[("year", year.into()), ("day", day.into())])
            },
        );
        Self {
            title: t.one("today-year", "year", t.fiscal_year(year)),
            figure: Kpi::of(name, value, t.get("audience-unit"))
                .note(format!("{target} · {as_of}"))
                .href("/office/reach"),
        }
    }

    pub(super) fn sample(t: Texts) -> Self {
        Self::told(t, FiscalYear(2025), "就活期に情報を届けられる学生数", Some(1457), None)
    }
}

fn people(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
