//! A person is entered by hand, from a paper slip: who they are, their tie, school, contact points, and the consents they
//! signed. Somebody who looks like a person already known is asked about first. Leaves lists to the import.

use std::collections::{BTreeSet, HashMap};

use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{
    ConsentId, ContactPointId, EnrolmentId, PersonId, SchoolId, Span, TieId, Timestamp, contact, era,
};
use tsunagari_people::contact_point::{ContactPoint, Working};
use tsunagari_people::{
    Consent, ContactKind, Enrolment, GivenBy, Person, PersonRecord, Purpose, SchoolKind, Tie, TieKind, plausible,
};
use tsunagari_storage::Tx;
use tsunagari_storage::person::Arrival;

use crate::keep_person::{PersonGiven, impossible, judged};
use crate::{ActError, House, Reason};

/// Whether the office has looked at the people who may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// Not yet.
    NotYet,
    /// Yes: it is another person.
    AnotherPerson,
}

/// Who signed the consents on the slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The person.
    ByThemselves,
    /// A guardian.
    ByGuardian,
}

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalGiven {
    /// Who.
    pub person: PersonGiven,
    /// What binds them.
    pub tie: TieKind,
    /// The high school, when known.
    pub school: Option<SchoolId>,
    /// The fiscal year of leaving it, as typed.
    pub cohort: String,
    /// E-mail address, empty when none.
    pub email: String,
    /// Telephone number, empty when none.
    pub phone: String,
    /// Purposes agreed to on the slip.
    pub purposes: BTreeSet<String>,
    /// By whom.
    pub signed: Signed,
    /// Whether people alike were looked at.
    pub looked: Looked,
}

struct Read {
    person: Person,
    enrolment: Option<Enrolment>,
    addresses: Vec<(ContactKind, String)>,
}

fn read(
    given: &ArrivalGiven,
    id: PersonId,
    house: &House,
    now: Timestamp,
    school: Option<String>,
) -> Result<Read, Vec<Reason>> {
    let blank = Person {
        id,
        family: String::new(),
        given: String::new(),
        family_kana: String::new(),
        given_kana: String::new(),
        birth_date: None,
        locale: given.person.locale,
        address_protected: false,
        team: None,
        merged_into: None,
        created_at: now,
    };
    let mut wrong = Vec::new();
    let person = judged(&given.person, blank, now.jst_date()).map_err(|mut reasons| wrong.append(&mut reasons)).ok();
    let cohort = match era::eras().read_fiscal_year(&given.cohort) {
        Ok(year) => Some(year),
        Err(era::DateError::Empty) => {
            if given.school.is_some() {
                wrong.push(Reason::at("cohort", "field_empty"));
            }
            None
        }
        Err(_) => {
            wrong.push(Reason::at("cohort", "year_unreadable"));
            None
        }
    };
    if let Some(year) = cohort {
        let birth = person.as_ref().and_then(|it| it.birth_date);
        let why = plausible::graduation(year, birth, now.jst_date()).err();
        wrong.extend(why.map(|why| impossible("cohort", why)));
    }
    let mut addresses = Vec::new();
    for (field, text, kind) in
        [("email", &given.email, ContactKind::Email), ("phone", &given.phone, ContactKind::Phone)]
    {
        if text.trim().is_empty() {
            continue;
        }
        let clear = if kind == ContactKind::Email { contact::email(text) } else { contact::phone(text) };
        match clear {
            Ok(clear) => addresses.push((kind, clear)),
            Err(_) => wrong.push(Reason::at(field, if kind == ContactKind::Email { "not_email" } else { "not_phone" })),
        }
    }
    let enrolment = cohort.map(|end| {
        let mut it = Enrolment::ending(
            EnrolmentId::born(&house.chance, now),
            SchoolKind::HighSchool,
            school.unwrap_or_default(),
            end,
            SchoolKind::HighSchool.usual_years(),
        );
        it.school = given.school;
        it
    });
    match person {
        Some(person) if wrong.is_empty() => Ok(Read { person, enrolment, addresses }),
        Some(_) | None => Err(wrong),
    }
}

/// A telephone number on a signed slip is taken as it stands; an e-mail address must be confirmed by its owner.
fn point(kind: ContactKind, house: &House, now: Timestamp) -> ContactPoint {
    let verified = kind == ContactKind::Phone;
    ContactPoint {
        id: ContactPointId::born(&house.chance, now),
        kind,
        provider: None,
        kept: Span::since(now),
        verified_at: verified.then_some(now),
        working: if verified { vec![Working { span: Span::since(now), ended: None }] } else { Vec::new() },
        confirmed: Vec::new(),
    }
}

fn consents(
    given: &ArrivalGiven,
    versions: &HashMap<String, u32>,
    house: &House,
    now: Timestamp,
) -> Result<Vec<Consent>, Reason> {
    let given_by = match given.signed {
        Signed::ByThemselves => GivenBy::Myself,
        Signed::ByGuardian => GivenBy::Guardian(None),
    };
    let one = |code: &String| {
        let version = versions.get(code).copied().ok_or_else(|| Reason::at("purposes", "choose_one"))?;
        Ok(Consent {
            id: ConsentId::born(&house.chance, now),
            purpose: Purpose::of(code.as_str()),
            wording_version: version,
            given_by,
            span: Span::since(now),
            ended: None,
        })
    };
    given.purposes.iter().map(one).collect()
}

/// Who looks like this person already.
async fn known_already(tx: &mut Tx, it: &Person) -> Result<Option<Reason>, ActError> {
    let alike = tx.persons_alike(&it.name_key(), &it.kana_key(), it.birth_date).await?;
    let who = alike.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let reason = || Reason::at("looked", "person_may_be_known").with("n", alike.len()).with("who", who);
    Ok((!alike.is_empty()).then(reason))
}

/// Enters the person.
///
/// # Errors
/// A reason at each wrong field; `person_may_be_known` (with `who`: ids, by comma) until the office has looked.
pub async fn add_person(house: &House, by: &Granted<EditPeople>, given: &ArrivalGiven) -> Result<PersonId, ActError> {
    let now = house.now();
    let operation = house.operation();
    let id = PersonId::born(&house.chance, now);
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let school = match given.school {
        Some(school) => Some(reader.school(school).await?.name),
        None => None,
    };
    let mut versions = HashMap::new();
    for wording in reader.wordings_in_use(now).await? {
        versions.insert(wording.purpose, u32::try_from(wording.version).unwrap_or(1));
    }
    let it = read(given, id, house, now, school).map_err(ActError::Refused)?;
    let consents = consents(given, &versions, house, now).map_err(|reason| ActError::Refused(vec![reason]))?;
    drop(reader);
    let keys = here.make_person_keys(&[id]).await?;
    let mut record = PersonRecord::of(it.person);
    record.ties.push(Tie {
        id: TieId::born(&house.chance, now),
        kind: given.tie,
        span: Span::since(now.jst_date()),
        ended: None,
    });
    record.enrolments.extend(it.enrolment);
    record.consents = consents;
    let mut addresses = HashMap::new();
    for (kind, clear) in it.addresses {
        let point = point(kind, house, now);
        addresses.insert(point.id, clear);
        record.contact_points.push(point);
    }
    let mut tx = here.write().await?;
    crate::add_staff::require_team(&mut tx, given.person.team).await?;
    if given.looked == Looked::NotYet {
        // Whoever enters the same person at the same moment waits here, and then sees this one.
        tx.lock_arrivals().await?;
        if let Some(known) = known_already(&mut tx, &record.person).await? {
            tx.undo().await?;
            return Err(ActError::Refused(vec![known]));
        }
    }
    tx.insert_people(&[Arrival { record, source: "paper".into(), addresses }], &keys).await?;
    tx.commit(&Act::named("add_person", by.actor(), operation).on("person", id)).await?;
    Ok(id)
}
