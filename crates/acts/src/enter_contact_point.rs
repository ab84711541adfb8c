//! The office enters a contact point somebody gave on paper or by telephone. A telephone number or a postal address is taken
//! as it stands; an e-mail address waits for its owner's proof, because a slip of the pen sends to a stranger. LINE is only
//! ever linked by its owner. Leaves what the person adds to `add_contact_point`, what becomes of a point to `keep_contact_point`.

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{ContactPointId, PersonId, Span, contact};
use tsunagari_people::contact_point::Working;
use tsunagari_people::{Aspect, ContactKind, ContactPoint};

use crate::keep_contact_point::{PointTold, require_living};
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// The most characters of a postal address.
const LONGEST_ADDRESS: usize = 200;

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointGiven {
    /// The kind; never LINE.
    pub kind: ContactKind,
    /// The address as typed; of a letter without its postal code.
    pub address: String,
    /// The postal code as typed, for a postal address; may be empty.
    pub postal_code: String,
}

/// The address in the one form it is kept.
fn read(given: &PointGiven) -> Result<String, Reason> {
    let wrong = |error: contact::AddressError| match error {
        contact::AddressError::Empty => Reason::at("address", "field_empty"),
        contact::AddressError::NotEmail => Reason::at("address", "not_email"),
        contact::AddressError::NotPhone => Reason::at("address", "not_phone"),
        contact::AddressError::NotPostalCode => Reason::at("postal_code", "not_postal_code"),
    };
    match given.kind {
        ContactKind::Email => contact::email(&given.address).map_err(wrong),
        ContactKind::Phone => contact::phone(&given.address).map_err(wrong),
        ContactKind::Line => Err(Reason::at("kind", "choose_one")),
        ContactKind::Postal => {
            let text = given.address.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() {
                return Err(Reason::at("address", "field_empty"));
            }
            if text.chars().count() > LONGEST_ADDRESS {
                return Err(Reason::at("address", "field_too_long").with("most", LONGEST_ADDRESS));
            }
            match contact::postal_code(&given.postal_code) {
                Ok(code) => Ok(format!("{code} {text}")),
                Err(contact::AddressError::Empty) => Ok(text),
                Err(error) => Err(wrong(error)),
            }
        }
    }
}

/// Enters a contact point.
///
/// # Errors
/// `field_empty`, `not_email`, `not_phone`, `not_postal_code`, `field_too_long`, `choose_one`, `contact_there_already`,
/// `person_merged`; not found.
pub async fn enter_contact_point(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    given: &PointGiven,
) -> Result<ContactPointId, ActError> {
    let clear = read(given).map_err(|reason| ActError::Refused(vec![reason]))?;
    let (now, operation) = (house.now(), house.operation());
    let here = house.org(by.org());
    // Looked up first: a key is made only for who is here.
    require_living(&here.read().await?.person(person).await?)?;
    let keys = here.make_person_keys(&[person]).await?;
    let mut tx = here.write().await?;
    let known = tx.persons_by_contact(given.kind, &clear, None).await?;
    if known.iter().any(|found| found.person == person) {
        tx.undo().await?;
        return Err(ActError::refused_at("address", "contact_there_already"));
    }
    let proven = given.kind != ContactKind::Email;
    let point = ContactPoint {
        id: ContactPointId::born(&house.chance, now),
        kind: given.kind,
        provider: None,
        kept: Span::since(now),
        verified_at: proven.then_some(now),
        working: if proven { vec![Working { span: Span::since(now), ended: None }] } else { Vec::new() },
        confirmed: Vec::new(),
    };
    tx.add_contact(person, &point, &clear, &keys).await?;
    let told = PointTold { contact: given.kind, state: "added", why: None };
    remember(&mut tx, operation, now, Change { person, what: Aspect::Contact, before: None, after: Some(&told) })
        .await?;
    let act = Act::named("enter_contact_point", by.actor(), operation).on("person", person).on("contact", point.id);
    tx.commit(&act).await?;
    Ok(point.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(kind: ContactKind, address: &str, postal_code: &str) -> PointGiven {
        PointGiven { kind, address: address.into(), postal_code: postal_code.into() }
    }

    #[test]
    fn each_kind_is_read_in_its_own_form() {
        assert_eq!(read(&given(ContactKind::Email, " Hana@Example.JP ", "")).unwrap(), "hana@example.jp");
        assert_eq!(read(&given(ContactKind::Phone, "０９０-1234-5678", "")).unwrap(), "+819012345678");
        let letter = given(ContactKind::Postal, "島根県益田市　常盤町1-1", "６９８ー８６５０");
        assert_eq!(read(&letter).unwrap(), "698-8650 島根県益田市 常盤町1-1");
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        let code = |it: &PointGiven| read(it).map_err(|reason| (reason.field, reason.code)).unwrap_err();
        assert_eq!(code(&given(ContactKind::Email, "hana@", "")), (Some("address"), "not_email"));
        assert_eq!(code(&given(ContactKind::Phone, "12", "")), (Some("address"), "not_phone"));
        assert_eq!(code(&given(ContactKind::Postal, "益田市", "12")), (Some("postal_code"), "not_postal_code"));
        assert_eq!(code(&given(ContactKind::Postal, " ", "")), (Some("address"), "field_empty"));
        assert_eq!(code(&given(ContactKind::Line, "U1", "")), (Some("kind"), "choose_one"));
    }
}
