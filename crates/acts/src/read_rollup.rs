//! What a network's secretariat or a prefecture sees of its members: their plans' targets and their **published** figures,
//! people added and never rates, and why people are not reached with small numbers protected. No name, no list and no
//! unpublished number of a member leaves here. Only bodies that are members on the day are read. Leaves the arithmetic
//! to figures, words to the pages.

use chrono::NaiveDate;
use tsunagari_access::Granted;
use tsunagari_access::permission::ViewFigures;
use tsunagari_figures::{Contribution, Draft, Rollup, Shown, Target, Told, protect_table};
use tsunagari_kernel::{FiscalYear, Moment, OrgId, Timestamp};
use tsunagari_storage::figure::KeptFigure;

use crate::{ActError, House};

/// The kinds of organisation that have members.
pub const WITH_MEMBERS: [&str; 2] = ["network", "prefecture"];

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub org: OrgId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What a member brings to a fiscal year.
#[derive(Debug, Clone)]
pub struct MemberYear {
    /// The member's position in `RollupOf::members`.
    pub member: usize,
    /// What its plan promises; blank stays blank.
    pub target: Option<Target>,
    /// The published figure; blank when nothing was published.
    pub figure: Option<Draft>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// What its publisher wrote beside it; empty for nothing.
    pub note: String,
    /// Its rates, each on its own denominator as it was frozen with the figure.
    pub rates: Vec<Told>,
}

impl MemberYear {
    /// People of the published figure.
    pub fn people(&self) -> Option<u64> {
        self.figure.as_ref().map(|figure| figure.people)
    }
}

/// A fiscal year of all members.
#[derive(Debug, Clone)]
pub struct RollupYear {
    /// Which.
    pub year: FiscalYear,
    /// One for each member that has the indicator, in the members' order.
    pub members: Vec<MemberYear>,
    /// The targets, added.
    pub target: Rollup<usize>,
    /// The published people, added: exact, because it is what is reported.
    pub people: Rollup<usize>,
}

/// Why people are not reached, by member: small numbers hidden, the rest rounded.
#[derive(Debug, Clone)]
pub struct ReasonTable {
    /// Of which fiscal year's published figures.
    pub year: FiscalYear,
    /// The rows: positions in `RollupOf::members`.
    pub members: Vec<usize>,
    /// The columns: reason codes.
    pub reasons: Vec<String>,
    /// The cells, row by row.
    pub cells: Vec<Vec<Shown>>,
}

/// One indicator of the members.
#[derive(Debug, Clone)]
pub struct IndicatorRollup {
    /// The stable name members share.
    pub slug: String,
    /// Its name, as the first member writes it.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Its years, the oldest first.
    pub years: Vec<RollupYear>,
    /// The reasons in the last year anybody published.
    pub reasons: Option<ReasonTable>,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct RollupOf {
    /// The moment asked for.
    pub at: Moment,
    /// The members, by code.
    pub members: Vec<Member>,
    /// The indicators, in the order of the first member that has each.
    pub indicators: Vec<IndicatorRollup>,
}

/// What one member lets be seen of one indicator.
struct Seen {
    member: usize,
    definition: tsunagari_figures::Indicator,
    years: Vec<FiscalYear>,
    figures: Vec<KeptFigure>,
}

/// Reads it for an officer of the network, as of a day (today when none is named).
///
/// # Errors
/// `not_a_network`, or storage's.
pub async fn read_rollup(
    house: &House,
    by: &Granted<ViewFigures>,
    as_of: Option<NaiveDate>,
) -> Result<RollupOf, ActError> {
    rollup_of(house, by.org(), as_of).await
}

/// The same for the operator's command line, who has the whole database in hand.
///
/// # Errors
/// As `read_rollup`.
pub async fn rollup_of(house: &House, network: OrgId, as_of: Option<NaiveDate>) -> Result<RollupOf, ActError> {
    let at = as_of.map_or_else(|| Moment::now(&*house.clock), |day| Moment::as_of(day, &*house.clock));
    let mut reader = house.org(network).read().await?;
    if !WITH_MEMBERS.contains(&reader.organisation().await?.kind.as_str()) {
        return Err(ActError::refused("not_a_network"));
    }
    let ids = reader.network_members(at.date).await?;
    drop(reader);
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let mut reader = house.org(id).read().await?;
        let organisation = reader.organisation().await?;
        let mut kept = Vec::new();
        for indicator in reader.indicators().await? {
            let figures = reader.figures_of(indicator.id).await?;
            kept.push((indicator.definition, figures));
        }
        let years = organisation.plan_slug.as_deref().map(crate::read_dashboard::years_of_plan).unwrap_or_default();
        found.push((Member { org: id, code: organisation.code, name: organisation.name }, years, kept));
    }
    found.sort_by(|a, b| a.0.code.cmp(&b.0.code));
    let (mut members, mut seen) = (Vec::with_capacity(found.len()), Vec::new());
    for (position, (member, years, kept)) in found.into_iter().enumerate() {
        members.push(member);
        for (definition, mut figures) in kept {
            // As the member's own dashboard: what stands for the day, also when it was published later, and says when.
            figures.retain(|it| it.withdrawal.is_none() && it.published.figure().as_of.date <= at.date);
            seen.push(Seen { member: position, definition, years: years.clone(), figures });
        }
    }
    let mut slugs: Vec<&str> = Vec::new();
    for it in &seen {
        if !slugs.contains(&it.definition.slug.as_str()) {
            slugs.push(&it.definition.slug);
        }
    }
    let of = |slug: &str| seen.iter().filter(|it| it.definition.slug == slug).collect::<Vec<_>>();
    let indicators = slugs.into_iter().map(|slug| indicator(&of(slug))).collect::<Result<_, _>>()?;
    Ok(RollupOf { at, members, indicators })
}

fn indicator(seen: &[&Seen]) -> Result<IndicatorRollup, ActError> {
    let first = seen.first().ok_or(ActError::NotFound)?;
    let mut named: Vec<FiscalYear> = Vec::new();
    for it in seen {
        named.extend(it.definition.targets.keys());
        named.extend(it.figures.iter().map(|kept| kept.published.figure().fiscal_year));
        if !it.definition.targets.is_empty() {
            named.extend(&it.years);
        }
    }
    let mut years = Vec::new();
    if let (Some(oldest), Some(latest)) = (named.iter().min(), named.iter().max()) {
        for number in oldest.0..=latest.0 {
            years.push(year(seen, FiscalYear(number))?);
        }
    }
    let last = years.iter().rev().find(|it| it.people.counted > 0).map(|it| it.year);
    Ok(IndicatorRollup {
        slug: first.definition.slug.clone(),
        name: first.definition.name.clone(),
        unit: first.definition.unit.clone(),
        years,
        reasons: last.map(|year| reason_table(seen, year)),
    })
}

impl Seen {
    fn published(&self, year: FiscalYear) -> Option<&KeptFigure> {
        self.figures.iter().rev().find(|kept| kept.published.figure().fiscal_year == year)
    }

    fn of(&self, year: FiscalYear) -> MemberYear {
        let kept = self.published(year);
        let figure = kept.map(|kept| kept.published.figure().clone());
        let mut rates = self.definition.denominators_of(year, figure.as_ref());
        if figure.is_none() {
            // What a member has not published is blank, its populations too.
            for it in &mut rates {
                (it.people, it.provenance, it.source) = (None, None, String::new());
            }
        }
        MemberYear {
            member: self.member,
            target: self.definition.target(year),
            rates,
            published_at: kept.map(|kept| kept.published.at()),
            note: kept.map(|kept| kept.note.clone()).unwrap_or_default(),
            figure,
        }
    }
}

fn year(seen: &[&Seen], year: FiscalYear) -> Result<RollupYear, ActError> {
    let members: Vec<MemberYear> = seen.iter().map(|it| it.of(year)).collect();
    let added = |people: fn(&MemberYear) -> Option<u64>| {
        Rollup::of(members.iter().map(|it| Contribution { body: it.member, people: people(it) }))
            .ok_or_else(|| ActError::Broken("the members' people are more than can be added".into()))
    };
    let (target, people) = (added(|it| it.target.map(|target| target.people))?, added(MemberYear::people)?);
    Ok(RollupYear { year, members, target, people })
}

fn reason_table(seen: &[&Seen], year: FiscalYear) -> ReasonTable {
    let published: Vec<(usize, &KeptFigure)> =
        seen.iter().filter_map(|it| Some((it.member, it.published(year)?))).collect();
    let mut reasons: Vec<String> = Vec::new();
    for (code, _) in published.iter().flat_map(|(_, kept)| &kept.reasons) {
        if !reasons.contains(code) {
            reasons.push(code.clone());
        }
    }
    let count = |kept: &KeptFigure, reason: &String| {
        kept.reasons.iter().find(|(code, _)| code == reason).map_or(0, |(_, people)| *people)
    };
    let rows: Vec<Vec<u64>> =
        published.iter().map(|(_, kept)| reasons.iter().map(|reason| count(kept, reason)).collect()).collect();
    ReasonTable {
        year,
        members: published.iter().map(|(member, _)| *member).collect(),
        cells: protect_table(&rows),
        reasons,
    }
}
