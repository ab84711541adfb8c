//! A door is opened for a steward: a link that lets one phone see who is expected at a round and check them in, until the day after it is
//! held; and it is shut. The link is shown once. Leaves checking in to `check_in`.

use chrono::TimeDelta;
use tsunagari_access::permission::HandleApplications;
use tsunagari_access::session::{token_hash, token_text};
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_kernel::{LinkId, OrgId, RoundId, Timestamp};
use tsunagari_programmes::Round;
use tsunagari_storage::round_door::{Expected, RoundDoor};

use crate::{ActError, House, Reason};

/// The most characters of a name.
const NAME: usize = 60;

/// A door that is open, by its token: the proof of a steward.
#[derive(Debug, Clone)]
pub struct Steward {
    org: OrgId,
    door: RoundDoor,
}

impl Steward {
    /// Of which organisation.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The door.
    pub const fn door(&self) -> &RoundDoor {
        &self.door
    }

    /// Who acts, for the record: whoever opened the door answers for it.
    pub const fn actor(&self) -> Actor {
        Actor::Partner(self.door.made_by)
    }
}

/// Until when a door of a round is open: a day after the last of it, and never less than a day.
fn until(round: &Round, now: Timestamp) -> Timestamp {
    let last = round.venues.iter().filter_map(|it| it.ends.or(it.starts)).max().unwrap_or(now);
    last.max(now).plus(TimeDelta::days(1))
}

/// Opens one; the text of its token, which is kept nowhere.
///
/// # Errors
/// `field_empty`, `field_too_long` at `name`; not found.
pub async fn open_door(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
    name: &str,
) -> Result<String, ActError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(ActError::refused_at("name", "field_empty"));
    }
    if name.chars().count() > NAME {
        return Err(ActError::Refused(vec![Reason::at("name", "field_too_long").with("most", NAME)]));
    }
    let token = token_text(&house.chance.bytes());
    let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.round(round).await?.round;
    let now = house.now();
    let (id, made_by) = (LinkId::born(&house.chance, now), by.user());
    let door =
        RoundDoor { id, round, name: name.to_owned(), made_by, made_at: now, until: until(&known, now), ended: None };
    tx.add_round_door(&door, &hash).await?;
    tx.commit(&Act::named("open_door", by.actor(), house.operation()).on("round", round)).await?;
    Ok(token)
}

/// Shuts one.
///
/// # Errors
/// Not found, also for one that is shut.
pub async fn shut_door(house: &House, by: &Granted<HandleApplications>, id: LinkId) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    if !tx.end_round_door(id, house.now()).await? {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    Ok(tx.commit(&Act::named("shut_door", by.actor(), house.operation())).await?)
}

/// Who holds a token.
///
/// # Errors
/// Not found for a token of no door, or of one that is shut.
pub async fn steward(house: &House, org: OrgId, token_hash: &[u8; 32]) -> Result<Steward, ActError> {
    let door = house.org(org).read_by_key().await?.round_door(token_hash).await?;
    let door = door.filter(|it| it.is_open(house.now())).ok_or(ActError::NotFound)?;
    Ok(Steward { org, door })
}

/// Whom a steward expects.
///
/// # Errors
/// Storage's.
pub async fn expected(house: &House, by: &Steward) -> Result<(Round, Vec<Expected>), ActError> {
    let mut reader = house.org(by.org()).read_by_key().await?;
    let round = reader.round(by.door.round).await?.round;
    Ok((round, reader.expected(by.door.round).await?))
}
