//! Publishes a figure: freezes definition, hash, counts, denominators and the list of people behind it, those counted
//! and those not reached with their reasons. What was published is never changed; a later one stands beside it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use tsunagari_access::permission::PublishFigures;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{FigureId, FiscalYear, IndicatorId, Moment, PersonId};
use tsunagari_people::{PersonFact, PersonFacts, Reach, reach};
use tsunagari_rules::{FactCall, Facts, Value, Verdict, eval};
use tsunagari_storage::figure::{FigureMember, KeptFigure};

use crate::compute_figure::{compute_figure, purpose_of, read_rule};
use crate::{ActError, House};

/// How many people are read at a time.
const PAGE: u32 = 1_000;

/// Publishes the figure of a civil day.
///
/// # Errors
/// `figure_as_of_in_future`, `figure_list_differs` (people changed while it was computed: try again), storage's.
pub async fn publish_figure(
    house: &House,
    by: &Granted<PublishFigures>,
    indicator: IndicatorId,
    day: NaiveDate,
    note: &str,
) -> Result<FigureId, ActError> {
    if day > house.clock.today() {
        return Err(ActError::refused_at("as_of", "figure_as_of_in_future"));
    }
    let here = house.org(by.org());
    let indicator = here.read().await?.indicator(indicator).await?;
    let at = Moment::as_of(day, &*house.clock);
    let computed = compute_figure(house, by.org(), &indicator, FiscalYear::of(day), at).await?;
    let members = members(house, by, &indicator, at).await?;
    let listed = members.iter().filter(|member| member.counted).count();
    let id = computed.draft.id;
    let published = computed
        .draft
        .publish(u64::try_from(listed).unwrap_or(u64::MAX), by.user(), house.now())
        .map_err(|refused| ActError::refused(refused.1.code()))?;
    let kept = KeptFigure {
        published,
        reasons: computed.reasons,
        list_hash: list_hash(&members),
        note: note.trim().to_owned(),
        withdrawn_at: None,
    };
    let mut tx = here.write().await?;
    tx.publish_figure(&kept, &members).await?;
    let act =
        Act::named("publish_figure", by.actor(), house.operation()).on("figure", id).on("indicator", indicator.id);
    tx.commit(&act.counting("people", i64::try_from(listed).unwrap_or(i64::MAX))).await?;
    Ok(id)
}

/// Everybody the rule lets in or would let in but for reach, judged in memory as eval does.
async fn members(
    house: &House,
    by: &Granted<PublishFigures>,
    indicator: &tsunagari_storage::indicator::KeptIndicator,
    at: Moment,
) -> Result<Vec<FigureMember>, ActError> {
    let mut reader = house.org(by.org()).read().await?;
    let policy = reader.organisation().await?.policy();
    let catalogue = reader.rule_catalogue().await?;
    let rule = read_rule(&indicator.definition.numerator, &catalogue)?;
    let purpose = purpose_of(indicator);
    let everyone = read_rule("everyone", &catalogue)?;
    let all = tsunagari_storage::audience::Audience::of_rule(&everyone, &at, &policy);
    let mut members = Vec::new();
    let mut after: Option<PersonId> = None;
    loop {
        let ids = reader.audience_members(&all, after, PAGE).await?;
        let Some(last) = ids.last() else { return Ok(members) };
        after = Some(*last);
        for record in reader.person_records(&ids).await? {
            let facts = PersonFacts { record: &record, policy: &policy };
            let counted = eval(&rule, &facts, &at) == Verdict::Yes;
            let (via, reasons) = match reach(&record, &purpose, &at, &policy.reach) {
                Reach::Reachable { via, .. } => {
                    (via.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(" "), Vec::new())
                }
                Reach::NotReachable(reasons) => {
                    (String::new(), reasons.iter().map(|reason| reason.code().to_owned()).collect())
                }
            };
            if counted || eval(&rule, &ButForReach(facts), &at) == Verdict::Yes {
                members.push(FigureMember { person: Some(record.person.id), counted, via, reasons });
            }
        }
    }
}

/// A person as if reached: tells who belongs to the population of a rule.
struct ButForReach<'r>(PersonFacts<'r>);

impl Facts for ButForReach<'_> {
    fn value(&self, call: &FactCall, at: &Moment) -> Option<Value> {
        match PersonFact::of(call)? {
            PersonFact::Reachable(_) | PersonFact::ReachableBy(..) => Some(Value::Truth(true)),
            other => self.0.scalar(&other, at),
        }
    }

    fn set(&self, call: &FactCall, at: &Moment) -> Option<BTreeSet<String>> {
        self.0.set(call, at)
    }
}

fn list_hash(members: &[FigureMember]) -> String {
    let mut hash = Sha256::new();
    for member in members.iter().filter(|member| member.counted) {
        hash.update(member.person.map_or([0; 16], |person| *person.0.as_bytes()));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
