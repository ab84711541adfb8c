//! When somebody leaves or is erased, what they allowed our LINE Login channel ends at LINE too, as LINE asks of services
//! (`POST /user/v1/deauthorize`). For that the access token of the last LINE Login is kept sealed under the person's key; it
//! lives 30 days at LINE, after which there is nothing left to end. Leaves logging in to `sign_in_resident`.

use async_trait::async_trait;
use chrono::TimeDelta;
use tsunagari_access::{Act, Actor, Machine};
use tsunagari_channels::Secret;
use tsunagari_channels::line::Fault;
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{ChannelId, OrgId, PersonId, Timestamp};
use tsunagari_people::ContactKind;
use tsunagari_storage::{OrgStore, Tx};

use crate::begin_join::LineProof;
use crate::jobs::{about, person_in};
use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "end_line_access.1";
/// How long LINE keeps an access token of LINE Login.
const LIFE: TimeDelta = TimeDelta::days(30);

/// Keeps what a LINE Login brought for whoever the LINE user is. Signing in does not fail for it.
pub(crate) async fn keep(house: &House, org: OrgId, proof: &LineProof) {
    if let Err(error) = try_keep(house, org, proof).await {
        tracing::warn!(%error, "access given by LINE Login was not kept; it cannot be ended when they leave");
    }
}

async fn try_keep(house: &House, org: OrgId, proof: &LineProof) -> Result<(), ActError> {
    let Some(access) = &proof.access else { return Ok(()) };
    let here = house.org(org);
    let found =
        here.read_by_key().await?.person_by_contact(ContactKind::Line, &proof.user_id, Some(proof.provider)).await?;
    let Some(found) = found else { return Ok(()) };
    let keys = here.make_person_keys(&[found.person]).await?;
    let mut tx = here.write_by_key().await?;
    let until = house.real_clock.now().plus(LIFE);
    tx.keep_line_access(found.person, access.channel, access.token(), until, &keys).await?;
    let act = Act::named("keep_line_access", Actor::Resident(found.person), house.operation());
    Ok(tx.commit(&act.on("person", found.person)).await?)
}

/// Puts ending it in the queue: LINE may not answer just now.
///
/// # Errors
/// Storage's.
pub(crate) async fn end_soon(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), ActError> {
    Ok(tx.enqueue(KIND, &about(person), now, None).await?)
}

/// What somebody allowed, taken out of the database: an erasure forgets it there, and LINE is told afterwards.
pub(crate) type Allowed = Vec<(ChannelId, Secret)>;

/// What these entries of one person allowed. It does not fail: whoever is to be erased is erased all the same.
pub(crate) async fn allowed(house: &House, org: OrgId, persons: &[PersonId]) -> Allowed {
    match try_allowed(house, org, persons).await {
        Ok(allowed) => allowed,
        Err(error) => {
            tracing::warn!(%error, "access given by LINE Login could not be read; it ends at LINE by itself");
            Vec::new()
        }
    }
}

async fn try_allowed(house: &House, org: OrgId, persons: &[PersonId]) -> Result<Allowed, ActError> {
    let here = house.org(org);
    let keys = here.person_keys(persons).await?;
    let mut reader = here.read_by_key().await?;
    let mut allowed = Vec::new();
    for person in persons.iter().filter(|person| keys.has(**person)) {
        let kept = reader.line_access(*person, &keys, house.real_clock.now()).await?;
        allowed.extend(kept.into_iter().map(|(channel, token)| (channel, Secret::of(token.to_string()))));
    }
    Ok(allowed)
}

/// Ends it now, as well as LINE lets us: an erasure does not wait for LINE, and keeps nothing to try it again with.
pub(crate) async fn end_for_erased(house: &House, org: OrgId, allowed: &Allowed) {
    if let Err(error) = tell_line(house, &house.org(org), allowed).await {
        tracing::warn!(%error, "access given by LINE Login could not be ended at LINE");
    }
}

async fn tell_line(house: &House, here: &OrgStore, allowed: &Allowed) -> Result<(), ActError> {
    for (channel, token) in allowed {
        let open = house.line.open(here, *channel).await?;
        let done = open.api.deauthorize(&open.token, token).await;
        match done.map_err(|error| error.fault) {
            // A token LINE does not know any more allows nothing.
            Ok(_) | Err(Fault::Rejected { .. }) => {}
            Err(fault) => return Err(ActError::refused(crate::line_gateway::line_reason(&fault))),
        }
    }
    Ok(())
}

async fn end(house: &House, org: OrgId, person: PersonId) -> Result<(), ActError> {
    let here = house.org(org);
    let allowed = try_allowed(house, org, &[person]).await?;
    if allowed.is_empty() {
        return Ok(());
    }
    tell_line(house, &here, &allowed).await?;
    let mut tx = here.write_by_key().await?;
    tx.forget_line_access(person).await?;
    let act = Act::named("end_line_access", Machine::working(org, "end_line_access").actor(), house.operation());
    Ok(tx.commit(&act.on("person", person)).await?)
}

/// The handler of the job.
pub struct EndLineAccess(
    /// The house it works in.
    pub House,
);

#[async_trait]
impl Handler for EndLineAccess {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        match end(&self.0, org, person_in(payload)?).await {
            Ok(()) | Err(ActError::NotFound) => Ok(()),
            Err(error) => Err(JobError::Retry(error.to_string())),
        }
    }
}
