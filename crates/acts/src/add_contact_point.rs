//! A proven address is added to who is signed in: an e-mail address whose link was opened, a LINE user who came back from
//! LINE Login. Leaves proving to `verify_email` and `sign_in_resident`.

use tsunagari_access::resident::SignInWay;
use tsunagari_access::{Act, Actor};
use tsunagari_kernel::{ContactPointId, Moment, OrgId, PersonId, ProviderId, Span};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{ContactKind, ContactPoint};

use crate::begin_join::LineProof;
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
    let at = Moment::now(&*house.clock);
    add(
        house,
        org,
        person,
        point(house, ContactKind::Email, None, Begins::Working, &at),
        email,
        SignInWay::EmailLink,
        &at,
    )
    .await
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
    let at = Moment::now(&*house.clock);
    let known = house
        .org(org)
        .read()
        .await?
        .persons_by_contact(ContactKind::Line, &proof.user_id, Some(proof.provider))
        .await?;
    if known.iter().any(|found| found.person != person) {
        return Err(ActError::refused("line_taken"));
    }
    let begins = if proof.friend { Begins::Working } else { Begins::Linked };
    let point = point(house, ContactKind::Line, Some(proof.provider), begins, &at);
    Ok(add(house, org, person, point, &proof.user_id, SignInWay::LineLogin, &at).await?.token)
}

/// Whether a new contact point receives messages from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    /// It does.
    Working,
    /// Not until the account is added.
    Linked,
}

fn point(house: &House, kind: ContactKind, provider: Option<ProviderId>, begins: Begins, at: &Moment) -> ContactPoint {
    let since = Span::since(at.instant);
    ContactPoint {
        id: ContactPointId::born(&house.chance, at.instant),
        kind,
        provider,
        kept: since,
        verified_at: Some(at.instant),
        working: match begins {
            Begins::Working => vec![Working { span: since, ended: None }],
            Begins::Linked => Vec::new(),
        },
        confirmed: Vec::new(),
    }
}

async fn add(
    house: &House,
    org: OrgId,
    person: PersonId,
    point: ContactPoint,
    clear: &str,
    way: SignInWay,
    at: &Moment,
) -> Result<Added, ActError> {
    let here = house.org(org);
    let keys = here.make_person_keys(&[person]).await?;
    let mut tx = here.write().await?;
    let contact = crate::join::add_contact(&mut tx, person, point, clear, &keys, at).await?;
    let token = crate::join::open_session(house, &mut tx, person, way).await?;
    tx.commit(&Act::named("add_contact_point", Actor::Resident(person), house.operation()).on("person", person))
        .await?;
    Ok(Added { contact, token })
}
