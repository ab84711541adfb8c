//! A proven address is added to who is signed in: an e-mail address whose link was opened, a LINE user who came back from
//! LINE Login. Leaves proving to `verify_email` and `sign_in_resident`.

use tsunagari_access::resident::SignInWay;
use tsunagari_access::{Act, Actor};
use tsunagari_kernel::{ContactPointId, Moment, OrgId, PersonId};
use tsunagari_people::ContactKind;

use crate::begin_join::LineProof;
use crate::join::Proven;
use crate::line_friendship::{Works, works_by_now};
use crate::{ActError, House};

/// A contact point added, or confirmed again.
pub(crate) struct Added {
    /// Which one.
    pub contact: ContactPointId,
    /// A fresh session's token.
    pub token: String,
}

/// Adds an e-mail address.
///
/// # Errors
/// Storage's.
pub(crate) async fn add_email(house: &House, org: OrgId, person: PersonId, email: &str) -> Result<Added, ActError> {
    add(house, org, person, Address::Email(email)).await
}

/// Adds a LINE user; a fresh session's token.
///
/// # Errors
/// `line_taken` when the LINE user is somebody else's; storage's.
pub(crate) async fn add_line(
    house: &House,
    org: OrgId,
    person: PersonId,
    proof: &LineProof,
) -> Result<String, ActError> {
    let known = house
        .org(org)
        .read()
        .await?
        .persons_by_contact(ContactKind::Line, &proof.user_id, Some(proof.provider))
        .await?;
    if known.iter().any(|found| found.person != person) {
        return Err(ActError::refused("line_taken"));
    }
    Ok(add(house, org, person, Address::Line(proof)).await?.token)
}

/// What was proven.
enum Address<'a> {
    Email(&'a str),
    Line(&'a LineProof),
}

async fn add(house: &House, org: OrgId, person: PersonId, address: Address<'_>) -> Result<Added, ActError> {
    let at = Moment::now(&*house.clock);
    let here = house.org(org);
    let keys = here.make_person_keys(&[person]).await?;
    let mut tx = here.write().await?;
    let (proven, way) = match address {
        Address::Email(email) => {
            (Proven::now(house, ContactKind::Email, None, email, Works::Yes, &at), SignInWay::EmailLink)
        }
        Address::Line(proof) => {
            let works = works_by_now(&mut tx, person, proof).await?;
            let provider = Some(proof.provider);
            (Proven::now(house, ContactKind::Line, provider, &proof.user_id, works, &at), SignInWay::LineLogin)
        }
    };
    let contact = crate::join::add_contact(&mut tx, person, proven, &keys, &at).await?;
    let token = crate::join::open_session(house, &mut tx, person, way).await?;
    tx.commit(&Act::named("add_contact_point", Actor::Resident(person), house.operation()).on("person", person))
        .await?;
    Ok(Added { contact, token })
}
