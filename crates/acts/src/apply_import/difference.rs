//! From one state of a person to another, and a digest by which a state is known again: used to write a row's changes and
//! to take them back. Leaves what the states are to the caller. Touches only what an import can touch.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use tsunagari_kernel::ContactPointId;
use tsunagari_people::PersonRecord;
use tsunagari_storage::Tx;
use tsunagari_storage::person_key::PersonKeys;

use crate::ActError;

/// Writes what differs. Contact points only in `to` need their address.
pub(crate) async fn write(
    tx: &mut Tx,
    from: &PersonRecord,
    to: &PersonRecord,
    addresses: &HashMap<ContactPointId, String>,
    keys: &PersonKeys,
) -> Result<(), ActError> {
    let person = to.person.id;
    if from.person != to.person {
        tx.keep_person(&to.person).await?;
    }
    for it in from.enrolments.iter().filter(|it| !to.enrolments.contains(it)) {
        tx.remove_enrolment(person, it.id).await?;
    }
    for it in to.enrolments.iter().filter(|it| !from.enrolments.contains(it)) {
        tx.add_enrolment(person, it).await?;
    }
    for it in from.residences.iter().filter(|it| !to.residences.contains(it)) {
        tx.remove_residence(person, it.id).await?;
    }
    for it in to.residences.iter().filter(|it| !from.residences.contains(it)) {
        tx.add_residence(person, it).await?;
    }
    for it in from.occupations.iter().filter(|it| !to.occupations.contains(it)) {
        tx.remove_occupation(person, it.id).await?;
    }
    for it in to.occupations.iter().filter(|it| !from.occupations.contains(it)) {
        tx.add_occupation(person, it).await?;
    }
    for it in from.ties.iter().filter(|it| !to.ties.contains(it)) {
        tx.unenter_tie(person, it.id).await?;
    }
    for it in to.ties.iter().filter(|it| !from.ties.contains(it)) {
        tx.begin_tie(person, it).await?;
    }
    for it in from.contact_points.iter().filter(|it| to.contact_points.iter().all(|other| other.id != it.id)) {
        tx.unenter_contact(person, it.id).await?;
    }
    for it in to.contact_points.iter().filter(|it| from.contact_points.iter().all(|other| other.id != it.id)) {
        let clear =
            addresses.get(&it.id).ok_or_else(|| ActError::Broken("a contact point without an address".to_owned()))?;
        tx.add_contact(person, it, clear, keys).await?;
    }
    Ok(())
}

/// SHA-256 of the record, its facts in order of their ids.
pub(crate) fn digest(record: &PersonRecord) -> Result<String, ActError> {
    let mut it = record.clone();
    it.ties.sort_by_key(|x| x.id);
    it.households.sort_by_key(|x| (x.household, x.span.from));
    it.guardianships.sort_by_key(|x| x.id);
    it.enrolments.sort_by_key(|x| x.id);
    // A school that is known names its stays itself: called otherwise since, it changed nobody.
    for stay in it.enrolments.iter_mut().filter(|stay| stay.school.is_some()) {
        stay.school_name.clear();
    }
    it.residences.sort_by_key(|x| x.id);
    it.occupations.sort_by_key(|x| x.id);
    it.contact_points.sort_by_key(|x| x.id);
    it.consents.sort_by_key(|x| x.id);
    it.interests.sort_by(|a, b| (&a.code, a.span.from).cmp(&(&b.code, b.span.from)));
    let json = serde_json::to_vec(&it).map_err(|error| ActError::Broken(error.to_string()))?;
    Ok(Sha256::digest(&json).iter().map(|byte| format!("{byte:02x}")).collect())
}
