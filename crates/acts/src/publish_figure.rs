//! Publishes a figure: freezes definition, hash, counts, denominators and the list of people behind it, those counted
//! and those not reached with their reasons, under its seal. What was published is never changed; a later one stands beside
//! it.

use chrono::NaiveDate;
use tsunagari_access::permission::PublishFigures;
use tsunagari_access::{Act, Actor, Granted, Machine};
use tsunagari_figures::seal::{Entry, Mark, Reading, Salt, Seal};
use tsunagari_kernel::{Chance, FigureId, FiscalYear, IndicatorId, Moment, OrgId, PersonId, Timestamp, UserId};
use tsunagari_storage::figure::{FigureMember, FrozenMember, KeptFigure};
use tsunagari_storage::figure_list::FigureQuestion;
use tsunagari_storage::indicator::KeptIndicator;

use crate::compute_figure::{compute_figure, purpose_of};
use crate::people_behind::{Behind, Group};
use crate::read_dashboard::is_on_record;
use crate::{ActError, House};

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 500;
/// How many people are read at a time.
const PAGE: u32 = 5_000;

/// Publishes the figure of a civil day.
///
/// # Errors
/// `figure_note_long`, `figure_as_of_in_future`, `figure_before_records` (nobody had agreed to anything by then), `figure_published_before` (of the same day and still standing), `figure_list_differs` (people changed while it was computed: try again), storage's.
pub async fn publish_figure(
    house: &House,
    by: &Granted<PublishFigures>,
    indicator: IndicatorId,
    day: NaiveDate,
    note: &str,
) -> Result<FigureId, ActError> {
    let at = Moment::as_of(day, &*house.clock);
    if note.trim().chars().count() > LONGEST_NOTE {
        return Err(ActError::refused_at("note", "figure_note_long"));
    }
    if day > house.clock.today() {
        return Err(ActError::refused_at("as_of", "figure_as_of_in_future"));
    }
    let standing = house.org(by.org()).read().await?.figures_of(indicator).await?;
    if standing.iter().any(|kept| kept.withdrawal.is_none() && kept.published.figure().as_of.date == day) {
        return Err(ActError::refused("figure_published_before"));
    }
    let signed = Signed { by: by.user(), at: house.now(), note: note.trim().to_owned() };
    publish(house, by.org(), by.actor(), indicator, at, signed).await
}

/// Who publishes, when, and what is written beside the figure.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who.
    pub by: UserId,
    /// When, in the programme's calendar.
    pub at: Timestamp,
    /// The note.
    pub note: String,
}

/// A figure of an earlier year, entered with an installation's history.
///
/// # Errors
/// As `publish_figure`.
pub async fn publish_figure_at_setup(
    house: &House,
    by: &Machine,
    indicator: IndicatorId,
    day: NaiveDate,
    signed: Signed,
) -> Result<FigureId, ActError> {
    publish(house, by.org(), by.actor(), indicator, Moment::end_of(day), signed).await
}

async fn publish(
    house: &House,
    org: OrgId,
    actor: Actor,
    indicator: IndicatorId,
    at: Moment,
    signed: Signed,
) -> Result<FigureId, ActError> {
    let here = house.org(org);
    let indicator = here.read().await?.indicator(indicator).await?;
    let computed = compute_figure(house, org, &indicator, FiscalYear::of(at.date), at).await?;
    if at.date < house.clock.today() && !is_on_record(house, org, &computed.draft).await? {
        return Err(ActError::refused("figure_before_records"));
    }
    let members = marked(&house.chance, members(house, org, &indicator, at).await?);
    let listed = members.iter().filter(|it| it.member.counted).count();
    let id = computed.draft.id;
    let mut draft = computed.draft;
    draft.computed_at = signed.at;
    let published = draft
        .publish(u64::try_from(listed).unwrap_or(u64::MAX), signed.by, signed.at)
        .map_err(|refused| ActError::refused(refused.1.code()))?;
    let kept =
        KeptFigure { published, reasons: computed.reasons, seal: seal(&members), note: signed.note, withdrawal: None };
    let mut tx = here.write().await?;
    tx.publish_figure(&kept, &members).await?;
    let act = Act::named("publish_figure", actor, house.operation()).on("figure", id).on("indicator", indicator.id);
    tx.commit(&act.counting("people", i64::try_from(listed).unwrap_or(i64::MAX))).await?;
    Ok(id)
}

/// Everybody the rule lets in or would let in but for reach.
async fn members(
    house: &House,
    org: OrgId,
    indicator: &KeptIndicator,
    at: Moment,
) -> Result<Vec<FigureMember>, ActError> {
    let mut reader = house.org(org).read().await?;
    let policy = reader.policy_at(at.instant).await?;
    let catalogue = reader.rule_catalogue().await?;
    let known = Behind::all(Group::Known).rule(indicator, &catalogue)?;
    let counted = Behind::all(Group::Reached).rule(indicator, &catalogue)?;
    let purpose = purpose_of(indicator);
    let question = FigureQuestion { known: &known, counted: &counted, purpose: &purpose, at: &at, policy: &policy };
    let mut members = Vec::new();
    let mut after: Option<PersonId> = None;
    loop {
        let page = reader.figure_list(&question, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(members) };
        after = last.person;
        members.extend(page);
    }
}

/// Everybody with a mark, in the order of the marks.
fn marked(chance: &Chance, members: Vec<FigureMember>) -> Vec<FrozenMember> {
    let mark = |member: FigureMember| {
        let (salt, person) = (Salt::born(chance), member.person?);
        Some(FrozenMember { mark: Mark::of(&salt, person), salt, member })
    };
    let mut marked: Vec<FrozenMember> = members.into_iter().filter_map(mark).collect();
    marked.sort_by(|a, b| a.mark.cmp(&b.mark));
    marked
}

fn seal(members: &[FrozenMember]) -> Seal {
    let mut reading = Reading::default();
    for FrozenMember { member, salt, mark } in members {
        let opening = member.person.map(|person| (salt.clone(), person));
        reading.next(&Entry { mark: mark.clone(), opening, counted: member.counted });
    }
    reading.seal()
}
