//! Random changes of entered people by the same writers the acts use, so that rows of `person_state` are asked that are
//! due, made again, or still right.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use tsunagari_access::Act;
use tsunagari_kernel::{Chance, OrgId};
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::{EndReason, TieEnd};
use tsunagari_storage::Tx;
use tsunagari_storage::person::Arrival;
use tsunagari_storage::testing::TestDb;

use crate::population::Population;

/// Changes a few people on every database alike; then, on a coin's word, makes their rows again.
pub async fn change(stores: &[TestDb], org: OrgId, population: &Population<'_>, act: &Act) {
    let seed = population.below(u64::MAX);
    let settles = population.below(2) == 0;
    for db in stores {
        let chance = Arc::new(Chance::seeded(seed));
        let here = db.store.org(org);
        let mut tx = here.write().await.unwrap();
        for arrival in population.arrivals.iter().take(8) {
            one(&mut tx, arrival, population, &chance).await;
        }
        tx.commit(act).await.unwrap();
        if settles {
            here.settle_people().await.unwrap();
            assert_eq!(here.settle_people().await.unwrap(), 0, "what was made again is not due");
        }
    }
}

async fn one(tx: &mut Tx, arrival: &Arrival, population: &Population<'_>, chance: &Chance) {
    let (record, id) = (&arrival.record, arrival.record.person.id);
    let moment = population.moments[usize::try_from(chance.below(3)).unwrap()];
    // Beside every instant of the population: a working interval begins once at an instant.
    let beside = moment.instant.minus(TimeDelta::microseconds(37));
    match chance.below(9) {
        0 => {
            tx.end_ties(id, moment.date, TieEnd::ALL[0]).await.unwrap();
        }
        1 => {
            tx.withdraw_consents(id, moment.instant, ConsentEnd::Left).await.unwrap();
        }
        2 => {
            tx.set_interests(id, &BTreeSet::from(["culture".to_owned()]), moment.instant).await.unwrap();
        }
        3 => {
            for point in &record.contact_points {
                tx.remove_contact(id, point.id, beside).await.unwrap();
            }
        }
        4 => {
            for point in &record.contact_points {
                tx.contact_fails(id, point.id, beside, EndReason::ALL[0]).await.unwrap();
            }
        }
        5 => {
            for point in &record.contact_points {
                tx.confirm_contact(id, point.id, moment.instant, "given").await.unwrap();
            }
        }
        6 => {
            for stay in &record.enrolments {
                tx.leave_school(id, stay.id, moment.date).await.unwrap();
            }
        }
        7 => {
            for stay in &record.residences {
                tx.remove_residence(id, stay.id).await.unwrap();
            }
        }
        _ => {
            let mut person = record.person.clone();
            person.birth_date = Some(moment.date);
            person.merged_into = None;
            tx.keep_person(&person).await.unwrap();
        }
    }
}
