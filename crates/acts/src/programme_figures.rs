//! What the rounds of a programme came to: counted from their ledgers, with who became reachable through it. Nothing is kept. Leaves showing it
//! to web.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use tsunagari_benefits::payment::State;
use tsunagari_kernel::{Moment, PersonId, ProgrammeId, Timestamp};
use tsunagari_people::{Purpose, reach};
use tsunagari_programmes::round_count::RoundCount;
use tsunagari_storage::Reader;
use tsunagari_storage::application_list::ApplicationFilter;
use tsunagari_storage::programme_round::KeptRound;

use crate::running_programme::running;
use crate::{ActError, House};

/// A round, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundFigures {
    /// The round.
    pub round: KeptRound,
    /// What it came to.
    pub count: RoundCount,
    /// Who applied and can be reached now, for whatever purpose, but could not at the moment before.
    pub became_reachable: u32,
}

/// What the rounds of a programme came to, the newest first.
///
/// # Errors
/// Not found; storage's.
pub async fn programme_figures(
    house: &House,
    reader: &mut Reader,
    id: ProgrammeId,
) -> Result<Vec<RoundFigures>, ActError> {
    let mut all = Vec::new();
    for round in reader.rounds_of(id).await? {
        let known = running(house, reader, id, round.round.version_no).await?;
        let worth = known.blueprint.worth(&known.values).map_err(|error| ActError::Broken(error.to_string()))?;
        let lines = reader.application_lines(round.round.id, &ApplicationFilter::default(), None, i64::MAX).await?;
        let applications = lines.iter().map(|it| (&it.application.standing, it.application.class.as_deref()));
        let mut count = RoundCount::of(applications, &worth);
        for (state, _, yen) in reader.payments_by_state(round.round.id).await? {
            // What was decided is promised until it is given up; what came back is not given.
            if state != State::GivenUp.code() {
                count.committed = count.committed.plus(yen).unwrap_or(count.committed);
            }
            if state == State::Paid.code() {
                count.given = count.given.plus(yen).unwrap_or(count.given);
            }
        }
        let applied = lines.iter().filter_map(|it| Some((it.application.applicant?, it.application.applied_at)));
        // Who applied twice became reachable by the first time, if at all.
        let mut first: BTreeMap<PersonId, Timestamp> = BTreeMap::new();
        for (person, at) in applied {
            first.entry(person).and_modify(|known| *known = (*known).min(at)).or_insert(at);
        }
        let became_reachable = became_reachable(house, reader, &first).await?;
        all.push(RoundFigures { round, count, became_reachable });
    }
    Ok(all)
}

async fn became_reachable(
    house: &House,
    reader: &mut Reader,
    applied: &BTreeMap<PersonId, Timestamp>,
) -> Result<u32, ActError> {
    let purposes: Vec<Purpose> = reader.purposes().await?.into_iter().map(|it| Purpose::of(it.code)).collect();
    let policy = reader.organisation().await?.policy();
    let moment = |instant: Timestamp| Moment { date: instant.jst_date(), instant };
    let now = moment(house.now());
    let people: Vec<PersonId> = applied.keys().copied().collect();
    let mut became = 0;
    for chunk in people.chunks(1_000) {
        for record in reader.person_records(chunk).await? {
            let Some(at) = applied.get(&record.person.id) else { continue };
            let before = moment(at.minus(TimeDelta::microseconds(1)));
            let reached = |at: &Moment| purposes.iter().any(|it| reach(&record, it, at, &policy.reach).is_reachable());
            became += u32::from(!reached(&before) && reached(&now));
        }
    }
    Ok(became)
}
