//! The owner of an address the office asked about (`ask_to_confirm`) opens the link: the mailbox and what only they and the
//! office know, the birth date or else the name, prove together that the address is theirs. The link alone would open a
//! page to whoever has a mistyped mailbox (decision 14). Five wrong answers end the link.

use tsunagari_access::resident::SignInWay;
use tsunagari_access::session::token_hash;
use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{OrgId, Timestamp, era, names};
use tsunagari_people::{ContactKind, Person, PersonRecord};
use tsunagari_storage::Reader;
use tsunagari_storage::contact::Found;

use crate::ask_to_confirm::{LIFE, unfit};
use crate::begin_join::hex;
use crate::line_friendship::Works;
use crate::sign_in_resident::{Entered, enter_if};
use crate::verify_email::{CONTEXT, Goal, PURPOSE, Payload, read_payload};
use crate::{ActError, House};

/// Wrong answers a link stands.
const MOST_TRIES: i64 = 5;

/// What is asked beside the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The birth date.
    BirthDate,
    /// The whole name, where no birth date is known.
    Name,
}

impl Asks {
    const fn of(person: &Person) -> Self {
        if person.birth_date.is_some() { Self::BirthDate } else { Self::Name }
    }

    /// The name of its field.
    pub const fn field(self) -> &'static str {
        match self {
            Self::BirthDate => "birth",
            Self::Name => "name",
        }
    }
}

/// Whether a letter sent before still opens a page: not for an address that nobody would be asked about now, nor for
/// somebody protected since, whose mailbox others of the house may read.
fn still(goal: Goal, record: &PersonRecord, at: Timestamp) -> bool {
    let Goal::Confirm { contact, protected } = goal else { return false };
    let point = record.contact_points.iter().find(|it| it.id == contact);
    point.is_some_and(|it| unfit(it, at).is_none()) && (protected || !record.person.address_protected)
}

/// Whose contact point a link is about, as long as it may be asked about: also after a merge.
async fn owner(reader: &mut Reader, payload: &Payload, at: Timestamp) -> Result<(Found, Person), ActError> {
    let spent = || ActError::refused("link_spent");
    let found = reader.persons_by_contact(ContactKind::Email, &payload.email, None).await?;
    let meant = |it: &Found| matches!(payload.goal, Goal::Confirm { contact, .. } if contact == it.contact);
    let found = found.into_iter().find(meant).ok_or_else(spent)?;
    let record = reader.person_record(found.person).await?;
    if still(payload.goal, &record, at) { Ok((found, record.person)) } else { Err(spent()) }
}

/// What the link's page asks.
pub(crate) async fn asked(reader: &mut Reader, payload: &Payload, at: Timestamp) -> Result<Asks, ActError> {
    Ok(Asks::of(&owner(reader, payload, at).await?.1))
}

fn proves(person: &Person, told: &str) -> bool {
    match person.birth_date {
        Some(born) => era::eras().read(told).is_ok_and(|read| read.day == born),
        None => {
            let said = names::comparable(told);
            let kana = person.kana_key();
            !said.is_empty() && (said == person.name_key() || !kana.is_empty() && names::comparable_kana(told) == kana)
        }
    }
}

/// Confirms the address and signs its owner in.
///
/// # Errors
/// `link_spent`, also when the address was proven, taken out or found dead meanwhile, or its owner protected; `confirm_not_matching` at the field; storage's.
pub async fn confirm_address(house: &House, org: OrgId, token: &str, told: &str) -> Result<Entered, ActError> {
    let spent = || ActError::refused("link_spent");
    let hash = token_hash(token).ok_or_else(spent)?;
    let (now, here) = (house.real_clock.now(), house.org(org));
    let mut reader = here.read_by_key().await?;
    let link = reader.look_at_link(&hash, PURPOSE, now).await?.ok_or_else(spent)?;
    let payload = read_payload(&reader.open_text(CONTEXT, &link.payload).await?)?;
    let (found, person) = owner(&mut reader, &payload, house.now()).await?;
    drop(reader);
    // Counted before it is looked at: answers sent at once are counted one by one all the same.
    let tries = here.count_step(&format!("confirm-tries:{}", hex(&hash[..12])), now.minus(LIFE), now).await?;
    let right = tries <= MOST_TRIES && proves(&person, told);
    if !right && tries < MOST_TRIES {
        return Err(ActError::refused_at(Asks::of(&person).field(), "confirm_not_matching"));
    }
    let mut tx = here.write_by_key().await?;
    let used = tx.use_link(&hash, PURPOSE, now).await?;
    tx.commit(&Act::named("use_mail_link", Machine::working(org, "portal").actor(), house.operation())).await?;
    if used.is_none() || !right {
        return Err(spent());
    }
    let (at, proven) = (house.now(), (SignInWay::EmailLink, Works::Yes));
    let entered = enter_if(house, org, found, proven, |record| still(payload.goal, record, at)).await?;
    Ok(entered.map_or(Entered::Unknown, Entered::SignedIn))
}
