//! A guardian consents for a minor through the link the minor asked for: the guardian becomes a person with a
//! guardianship, and the consents are given by them. Works until 00:00 in Japan of the 18th birthday (trust.md 6).
//! Leaves asking to `ask_guardian`, and the question after the set age to `reconfirm_consent`.

use std::collections::{BTreeSet, HashMap};

use tsunagari_access::Act;
use tsunagari_access::resident::ActingFor;
use tsunagari_access::session::token_hash;
use tsunagari_kernel::{ConsentId, GuardianshipId, Moment, OrgId, PersonId, Span, TieId, Timestamp, names};
use tsunagari_people::consent::OwnConsent;
use tsunagari_people::{Consent, ConsentState, GivenBy, Guardianship, Person, PersonRecord, Purpose, Tie, TieKind};
use tsunagari_storage::Reader;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::purpose::Wording;

use crate::ask_guardian::{CONTEXT, PURPOSE, Payload};
use crate::{ActError, House, Reason};

/// What the guardian's page shows.
pub struct Asked {
    /// Who asks.
    pub ward: Person,
    /// The purposes the minor agreed to that wait for a guardian; when none waits, all that stand.
    pub purposes: Vec<String>,
    /// All wordings in use.
    pub wordings: Vec<Wording>,
}

/// What a guardian posts.
#[derive(Debug, Clone, Default)]
pub struct GuardianAnswer {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// `mother`, `father`, `other`.
    pub relation: String,
    /// Codes of the purposes agreed to.
    pub agreed: Vec<String>,
}

/// The relations that can be chosen.
pub const RELATIONS: [&str; 3] = ["mother", "father", "other"];

/// The child a link is about, and when it was asked for.
async fn ward_of(house: &House, org: OrgId, token: &str) -> Result<(PersonRecord, Timestamp, [u8; 32]), ActError> {
    let hash = token_hash(token).ok_or_else(|| ActError::refused("link_spent"))?;
    let mut reader = house.org(org).read().await?;
    let link = reader
        .look_at_link(&hash, PURPOSE, house.real_clock.now())
        .await?
        .ok_or_else(|| ActError::refused("link_spent"))?;
    let json = reader.open_text(CONTEXT, &link.payload).await?;
    let payload: Payload = serde_json::from_str(&json).map_err(|error| ActError::Broken(error.to_string()))?;
    Ok((reader.person_record(payload.ward).await?, payload.asked_at, hash))
}

/// The right to act for a minor with this record, until 00:00 in Japan of the 18th birthday; nobody acts for whom no birth
/// date is known.
fn acting(org: OrgId, guardianship: GuardianshipId, ward: &Person, at: &Moment) -> Result<ActingFor, ActError> {
    let born = ward.birth_date.ok_or_else(|| ActError::refused("ward_is_adult"))?;
    ActingFor::allowed(org, guardianship, ward.id, born, at.instant).ok_or_else(|| ActError::refused("ward_is_adult"))
}

/// What a guardian is asked, without using the link. Whoever is of age by now is no more told of to anybody.
///
/// # Errors
/// `link_spent`, `guardian_consented_already`, `ward_is_adult`; storage's.
pub async fn look(house: &House, org: OrgId, token: &str) -> Result<Asked, ActError> {
    let at = Moment::now(&*house.clock);
    let (record, asked_at, _) = ward_of(house, org, token).await?;
    acting(org, GuardianshipId::born(&house.chance, at.instant), &record.person, &at)?;
    let wordings = house.org(org).read().await?.wordings_in_use(at.instant).await?;
    let purposes = asked_for(&record, &at);
    if purposes.is_empty() {
        // The child has left, or taken back what the link was handed over for.
        return Err(ActError::refused("link_spent"));
    }
    refuse_settled(&record, asked_at, &at)?;
    Ok(Asked { ward: record.person, purposes, wordings })
}

/// What the minor has agreed to and a guardian has not.
fn waiting(record: &PersonRecord, at: &Moment) -> BTreeSet<String> {
    let waits = |purpose: &Purpose| {
        let state = ConsentState::of(&record.consents, purpose, at.instant, OwnConsent::NeedsGuardian);
        state == ConsentState::GuardianNeeded
    };
    let standing = record.consents.iter().filter(|it| it.span.contains(at.instant) && waits(&it.purpose));
    standing.map(|consent| consent.purpose.code().to_owned()).collect()
}

/// What waits for a guardian; when nothing does, everything that stands, to be agreed to anew.
fn asked_for(record: &PersonRecord, at: &Moment) -> Vec<String> {
    let waiting = waiting(record, at);
    if !waiting.is_empty() {
        return waiting.into_iter().collect();
    }
    let standing = record.consents.iter().filter(|consent| consent.span.contains(at.instant));
    standing.map(|consent| consent.purpose.code().to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Since when nothing waits for a guardian because one has agreed; nothing where something waits or none has.
pub fn settled_since(record: &PersonRecord, at: &Moment) -> Option<Timestamp> {
    let guardians = record.consents.iter().filter(|it| it.span.contains(at.instant) && it.given_by != GivenBy::Myself);
    guardians.map(|it| it.span.from).max().filter(|_| waiting(record, at).is_empty())
}

/// A link handed over before a guardian agreed to everything asks nobody any more: what else was handed over lies about in
/// other mailboxes. One that was asked for since is meant.
fn refuse_settled(record: &PersonRecord, asked_at: Timestamp, at: &Moment) -> Result<(), ActError> {
    match settled_since(record, at) {
        Some(since) if asked_at < since => Err(ActError::refused("guardian_consented_already")),
        Some(_) | None => Ok(()),
    }
}

/// Consents.
///
/// # Errors
/// `link_spent`, `guardian_consented_already`, `name_missing`, `guardian_named_as_child`, `guardian_not_of_age`,
/// `relation_missing`, `consent_missing`, `ward_is_adult`; storage's.
pub async fn guardian_consents(
    house: &House,
    org: OrgId,
    token: &str,
    answer: &GuardianAnswer,
) -> Result<(), ActError> {
    let at = Moment::now(&*house.clock);
    let (seen, asked_at, hash) = ward_of(house, org, token).await?;
    check(answer, &seen.person, &agreed_to(&seen, asked_at, answer, &at)?)?;
    let here = house.org(org);
    let (child, newcomer) = (seen.person.id, PersonId::born(&house.chance, at.instant));
    let keys = here.make_person_keys(&[newcomer]).await?;
    let mut tx = here.write().await?;
    tx.lock_persons(&[child]).await?;
    if tx.use_link(&hash, PURPOSE, house.real_clock.now()).await?.is_none() {
        tx.undo().await?;
        return Err(ActError::refused("link_spent"));
    }
    // As it stands now: another parent may have answered, or the child left, since the page was read.
    let ward = tx.person_record(child).await?;
    let agreed = match agreed_to(&ward, asked_at, answer, &at) {
        Ok(agreed) if !agreed.is_empty() => agreed,
        Ok(_) => {
            tx.undo().await?;
            return Err(ActError::Conflict);
        }
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let known = match known_guardian(&mut tx, &ward, answer, &at).await {
        Ok(known) => known,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    let bond = known.clone().unwrap_or_else(|| Guardianship {
        id: GuardianshipId::born(&house.chance, at.instant),
        guardian: newcomer,
        span: Span::since(at.date),
    });
    let guardian = bond.guardian;
    let acting = match acting(org, bond.id, &ward.person, &at) {
        Ok(acting) => acting,
        Err(refused) => {
            tx.undo().await?;
            return Err(refused);
        }
    };
    if known.is_none() {
        let arrival = Arrival {
            record: guardian_record(house, guardian, answer, &ward.person, &at),
            source: "join".into(),
            addresses: HashMap::new(),
        };
        tx.insert_people(&[arrival], &keys).await?;
        tx.begin_guardianship(child, &bond, &format!("portal:{}", answer.relation)).await?;
    }
    for wording in first_of_each(tx.wordings_in_use(at.instant).await?, &agreed) {
        let consent = Consent {
            id: ConsentId::born(&house.chance, at.instant),
            purpose: Purpose::of(wording.purpose),
            wording_version: u32::try_from(wording.version).unwrap_or_default(),
            given_by: GivenBy::Guardian(Some(guardian)),
            span: Span::since(at.instant),
            ended: None,
        };
        tx.give_consent(child, &consent, "portal").await?;
    }
    let act = Act::named("guardian_consents", acting.actor(), house.operation())
        .on("person", child)
        .on("guardianship", bond.id);
    Ok(tx.commit(&act).await?)
}

/// What a guardian agrees to of what the child has asked for: nobody agrees for a child to anything else.
fn agreed_to(
    ward: &PersonRecord,
    asked_at: Timestamp,
    answer: &GuardianAnswer,
    at: &Moment,
) -> Result<Vec<String>, ActError> {
    let asked = asked_for(ward, at);
    if asked.is_empty() {
        return Err(ActError::refused("link_spent"));
    }
    refuse_settled(ward, asked_at, at)?;
    Ok(answer.agreed.iter().filter(|code| asked.contains(code)).cloned().collect())
}

/// The guardianship under which somebody of this name stands for the child already: a second link is the same parent's more
/// often than another's, and whoever holds it may consent either way.
async fn known_guardian(
    reader: &mut Reader,
    ward: &PersonRecord,
    answer: &GuardianAnswer,
    at: &Moment,
) -> Result<Option<Guardianship>, ActError> {
    let called = name_key(&answer.family, &answer.given);
    for bond in ward.guardianships.iter().filter(|it| it.span.contains(at.date)) {
        let guardian = reader.person(bond.guardian).await?;
        if name_key(&guardian.family, &guardian.given) == called {
            if guardian.is_known_minor(at.date) {
                return Err(ActError::refused_at("given", "guardian_not_of_age"));
            }
            return Ok(Some(bond.clone()));
        }
    }
    Ok(None)
}

fn name_key(family: &str, given: &str) -> String {
    names::comparable(&format!("{family}{given}"))
}

fn check(answer: &GuardianAnswer, ward: &Person, agreed: &[String]) -> Result<(), ActError> {
    let mut found = Vec::new();
    for (field, value) in [("family", &answer.family), ("given", &answer.given)] {
        let tidy = names::tidy(value);
        if tidy.is_empty() {
            found.push(Reason::at(field, "name_missing"));
        } else if tidy.chars().count() > 40 {
            found.push(Reason::at(field, "name_too_long"));
        }
    }
    // The child's own name is more often the child on the parent's page than a parent of the same name.
    if found.is_empty() && name_key(&answer.family, &answer.given) == name_key(&ward.family, &ward.given) {
        found.push(Reason::at("given", "guardian_named_as_child"));
    }
    if !RELATIONS.contains(&answer.relation.as_str()) {
        found.push(Reason::at("relation", "relation_missing"));
    }
    if agreed.is_empty() {
        found.push(Reason::at("agreed", "consent_missing"));
    }
    if found.is_empty() { Ok(()) } else { Err(ActError::Refused(found)) }
}

fn first_of_each(wordings: Vec<Wording>, agreed: &[String]) -> Vec<Wording> {
    let mut seen = BTreeSet::new();
    wordings
        .into_iter()
        .filter(|wording| agreed.contains(&wording.purpose) && seen.insert(wording.purpose.clone()))
        .collect()
}

fn guardian_record(house: &House, id: PersonId, answer: &GuardianAnswer, ward: &Person, at: &Moment) -> PersonRecord {
    let person = Person {
        id,
        family: names::tidy(&answer.family),
        given: names::tidy(&answer.given),
        family_kana: String::new(),
        given_kana: String::new(),
        birth_date: None,
        locale: ward.locale,
        address_protected: ward.address_protected,
        team: ward.team,
        merged_into: None,
        created_at: at.instant,
    };
    let tie = Tie {
        id: TieId::born(&house.chance, at.instant),
        kind: TieKind::Guardian,
        span: Span::since(at.date),
        ended: None,
    };
    PersonRecord { ties: vec![tie], ..PersonRecord::of(person) }
}
