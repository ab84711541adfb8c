//! What the dashboard, the command line and the export show of an indicator: year by year the target, the published
//! figure where there is one, and a count made anew for the same moment beside it. A year that has not begun is blank;
//! nothing is ever zero for want of a number. Only reads; publishing is `publish_figure`.

use chrono::NaiveDate;
use tsunagari_figures::{Draft, Rate, Target, Told};
use tsunagari_kernel::{FiscalYear, Moment, OrgId, Timestamp};
use tsunagari_storage::figure::KeptFigure;
use tsunagari_storage::indicator::KeptIndicator;

use crate::compute_figure::{Computed, compute_figure};
use crate::recount_figures::{Recounts, count_past};
use crate::{ActError, House};

/// One fiscal year of an indicator.
#[derive(Debug, Clone)]
pub struct YearLine {
    /// Which.
    pub year: FiscalYear,
    /// What the plan promises; blank stays blank.
    pub target: Option<Target>,
    /// The last published figure of the year for the moment or one before it, also when it was published later: it is
    /// what stands for that year, and says when it was published.
    pub published: Option<KeptFigure>,
    /// Counted anew: for the published figure's own moment, else for the year's end or the as-of day; nothing for a year to
    /// come, nor for one whose end lies before anybody had agreed to anything here. Its `computed_at` says when.
    pub computed: Option<Draft>,
    /// The denominators of what is shown, as they were frozen with it.
    pub denominators: Vec<Told>,
}

/// A denominator's column beside the years. One whose name was another when a figure was frozen has a column for each name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The denominator's stable name.
    pub slug: String,
    /// Its name.
    pub name: String,
}

impl Column {
    fn of(it: &Told) -> Self {
        Self { slug: it.slug.clone(), name: it.name.clone() }
    }
}

impl YearLine {
    /// What is shown: the published figure before the computed one.
    pub fn shown(&self) -> Option<&Draft> {
        self.published.as_ref().map(|kept| kept.published.figure()).or(self.computed.as_ref())
    }

    /// The rate on one denominator.
    pub fn rate(&self, denominator: &str) -> Option<Rate> {
        self.shown()?.rate(denominator)
    }

    /// The rate that stands in a column.
    pub fn rate_in(&self, column: &Column) -> Option<Rate> {
        self.denominators.iter().find(|it| Column::of(it) == *column)?.rate
    }

    /// How the count made anew differs from what was published, in people; nothing where nothing was published.
    pub fn drift(&self) -> Option<i128> {
        Some(self.published.as_ref()?.published.drift(self.computed.as_ref()?.people))
    }
}

/// An indicator with its years.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The indicator.
    pub indicator: KeptIndicator,
    /// The moment asked for.
    pub at: Moment,
    /// Its years, oldest first.
    pub years: Vec<YearLine>,
    /// The year of the moment with its reasons, computed.
    pub now: Computed,
    /// The same figure as of the end of the fiscal year before, counted by the same rule: as of last March, also where a
    /// figure of another day of that year was published; nothing before anybody had agreed to anything here.
    pub last_march: Option<Draft>,
    /// Figures that were published and withdrawn, oldest publication first: they stand for no year and stay readable.
    pub withdrawn: Vec<KeptFigure>,
}

impl Dashboard {
    /// The columns of rates: the denominators of the definition, then those that only figures frozen before have.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        let today = self.indicator.definition.denominators_of(self.now.draft.fiscal_year, None);
        for column in today.iter().chain(self.years.iter().flat_map(|line| &line.denominators)).map(Column::of) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// When the oldest count of a past moment on it was made; nothing when all are of now.
    pub fn recounted_at(&self) -> Option<Timestamp> {
        let past = self.years.iter().filter_map(|line| line.computed.as_ref()).filter(|draft| draft.as_of != self.at);
        past.map(|draft| draft.computed_at).min()
    }
}

/// The moment a year is counted for, when it is over or begun: that of the published figure, else the year's end.
struct Line {
    year: FiscalYear,
    published: Option<KeptFigure>,
    moment: Option<Moment>,
}

/// Reads one indicator as of a day (today when none is named).
///
/// # Errors
/// The indicator is not there, its rule no longer reads, or storage's.
pub async fn read_dashboard(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    as_of: Option<NaiveDate>,
    recounts: Recounts,
) -> Result<Dashboard, ActError> {
    let at = as_of.map_or_else(|| Moment::now(&*house.clock), |day| Moment::as_of(day, &*house.clock));
    let this_year = FiscalYear::of(at.date);
    let now = compute_figure(house, org, indicator, this_year, at).await?;
    let mut years = Vec::new();
    let (lines, withdrawn) = lines(house, org, indicator, at).await?;
    for Line { year, published, moment } in lines {
        let computed = match moment {
            Some(moment) if moment == at && year == this_year => Some(now.draft.clone()),
            Some(moment) => {
                let counted = count_past(house, org, indicator, year, moment, recounts).await?;
                if published.is_some() { Some(counted) } else { on_record(house, org, counted).await? }
            }
            None => None,
        };
        let shown = published.as_ref().map(|kept| kept.published.figure()).or(computed.as_ref());
        let denominators = indicator.definition.denominators_of(year, shown);
        years.push(YearLine { year, target: indicator.definition.target(year), published, computed, denominators });
    }
    let (before, march) = last_march(at);
    let counted = years.iter().filter_map(|line| line.computed.as_ref());
    let last_march = match counted.into_iter().find(|draft| draft.fiscal_year == before && draft.as_of == march) {
        Some(counted) => Some(counted.clone()),
        None => on_record(house, org, count_past(house, org, indicator, before, march, recounts).await?).await?,
    };
    Ok(Dashboard { indicator: indicator.clone(), at, years, now, last_march, withdrawn })
}

/// Whether a count that came to nobody is one: before anybody had agreed to anything here nothing was counted, and a zero
/// would say that something was.
///
/// # Errors
/// Storage's.
pub async fn is_on_record(house: &House, org: OrgId, draft: &Draft) -> Result<bool, ActError> {
    if draft.people > 0 {
        return Ok(true);
    }
    let since = house.org(org).read().await?.first_agreement().await?;
    Ok(since.is_some_and(|since| since <= draft.as_of.instant))
}

async fn on_record(house: &House, org: OrgId, draft: Draft) -> Result<Option<Draft>, ActError> {
    Ok(is_on_record(house, org, &draft).await?.then_some(draft))
}

/// The moment at which a published figure's day is counted again: its end, or now while it lasts. Who left in the afternoon
/// is missing from a figure of the morning, and the recount says so.
pub(crate) fn of_day(day: NaiveDate, at: Moment) -> Moment {
    if day == at.date { at } else { Moment::end_of(day) }
}

/// The fiscal year before that of a moment, and its end.
fn last_march(at: Moment) -> (FiscalYear, Moment) {
    let before = FiscalYear::of(at.date).plus(-1);
    (before, Moment::end_of(before.last_day()))
}

/// What today's dashboard counts for another moment than now: its years, and last March.
pub(crate) async fn past_moments(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
) -> Result<Vec<(FiscalYear, Moment)>, ActError> {
    let at = Moment::now(&*house.clock);
    let (lines, _) = lines(house, org, indicator, at).await?;
    let past = lines.into_iter().filter_map(|line| Some((line.year, line.moment.filter(|moment| *moment != at)?)));
    let mut all: Vec<(FiscalYear, Moment)> = past.collect();
    if !all.contains(&last_march(at)) {
        all.push(last_march(at));
    }
    Ok(all)
}

/// The years, and the figures that were withdrawn.
async fn lines(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    at: Moment,
) -> Result<(Vec<Line>, Vec<KeptFigure>), ActError> {
    let this_year = FiscalYear::of(at.date);
    let mut reader = house.org(org).read().await?;
    let (withdrawn, figures): (Vec<_>, Vec<_>) =
        reader.figures_of(indicator.id).await?.into_iter().partition(|kept| kept.withdrawal.is_some());
    let plan = reader.organisation().await?.plan_slug;
    drop(reader);
    let mut named: Vec<FiscalYear> = indicator.definition.targets.keys().copied().collect();
    named.extend(figures.iter().map(|kept| kept.published.figure().fiscal_year));
    if !indicator.definition.targets.is_empty() {
        // A year whose target the plan leaves blank is a blank line, not a missing one.
        named.extend(plan.as_deref().map(years_of_plan).unwrap_or_default());
    }
    // Last March stands beside today, also where a plan began only now.
    named.extend([this_year.plus(-1), this_year]);
    let (first, last) =
        (named.iter().min().copied().unwrap_or(this_year), named.iter().max().copied().unwrap_or(this_year));
    let line = |year: FiscalYear| {
        let published = figures
            .iter()
            .rev()
            .find(|kept| kept.published.figure().fiscal_year == year && kept.published.figure().as_of.date <= at.date);
        let moment = match (published, year.cmp(&this_year)) {
            (Some(kept), _) => Some(of_day(kept.published.figure().as_of.date, at)),
            (None, std::cmp::Ordering::Greater) => None,
            (None, std::cmp::Ordering::Equal) => Some(at),
            (None, std::cmp::Ordering::Less) => Some(Moment::end_of(year.last_day())),
        };
        Line { year, published: published.cloned(), moment }
    };
    Ok(((first.0..=last.0).map(FiscalYear).map(line).collect(), withdrawn))
}

/// The first and last year of the plan a blueprint describes.
pub(crate) fn years_of_plan(slug: &str) -> Vec<FiscalYear> {
    match tsunagari_blueprints::plan_by_slug(slug) {
        Some(Ok(blueprint)) => blueprint.fiscal_years.map(FiscalYear).to_vec(),
        Some(Err(_)) | None => Vec::new(),
    }
}
