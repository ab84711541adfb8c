//! Opens an event people can join at: a graduation's QR slip, a festival's poster. Its printed code is random, short
//! enough to type, without letters that look alike.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Actor, Granted, Machine};
use tsunagari_kernel::{FiscalYear, JoinEventId, OrgId, SchoolId, Span, Timestamp};
use tsunagari_storage::join_event::JoinEvent;

use crate::typed_code::typed_code;
use crate::{ActError, House};

/// 31^9 codes cannot be tried out within the limits per address.
const LENGTH: usize = 9;

/// What the office fills in.
#[derive(Debug, Clone, Default)]
pub struct NewJoinEvent {
    /// Its name.
    pub name: String,
    /// Whose students it is for.
    pub school: Option<SchoolId>,
    /// Their graduation year.
    pub graduation: Option<FiscalYear>,
}

/// Opens it from now, without an end.
///
/// # Errors
/// `name_missing`, or storage's.
pub async fn open_join_event(
    house: &House,
    by: &Granted<EditPeople>,
    given: NewJoinEvent,
) -> Result<JoinEvent, ActError> {
    open(house, by.org(), by.actor(), given, Span::since(house.now())).await
}

/// Opens it while an installation is being set up.
///
/// # Errors
/// As `open_join_event`.
pub async fn open_join_event_at_setup(house: &House, by: &Machine, given: NewJoinEvent) -> Result<JoinEvent, ActError> {
    open(house, by.org(), by.actor(), given, Span::since(house.now())).await
}

/// An event of an installation's history, open while `during` lasted.
///
/// # Errors
/// As `open_join_event`.
pub async fn load_join_event(
    house: &House,
    by: &Machine,
    given: NewJoinEvent,
    during: Span<Timestamp>,
) -> Result<JoinEvent, ActError> {
    open(house, by.org(), by.actor(), given, during).await
}

async fn open(
    house: &House,
    org: OrgId,
    actor: Actor,
    given: NewJoinEvent,
    during: Span<Timestamp>,
) -> Result<JoinEvent, ActError> {
    let name = given.name.trim().to_owned();
    if name.is_empty() {
        return Err(ActError::refused_at("name", "name_missing"));
    }
    let now = house.now();
    let event = JoinEvent {
        id: JoinEventId::born(&house.chance, now),
        code: typed_code(&house.chance, LENGTH),
        name,
        school: given.school,
        graduation: given.graduation,
        opens_at: during.from,
        closes_at: during.until,
    };
    let mut tx = house.org(org).write().await?;
    tx.keep_join_event(&event, now).await?;
    tx.commit(&Act::named("open_join_event", actor, house.operation()).on("join_event", event.id)).await?;
    Ok(event)
}
