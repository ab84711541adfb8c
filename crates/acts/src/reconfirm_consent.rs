//! A resident who has reached the set age answers whether what a guardian agreed to shall go on: a guardian's consent
//! stays in force until then (trust.md 6). Yes gives the same purposes by themselves, no withdraws them. Leaves asking by
//! message to `ask_reconfirmation`.

use std::collections::BTreeSet;

use tsunagari_access::{Act, Resident};
use tsunagari_kernel::{ConsentId, Moment, Span};
use tsunagari_people::consent::{ConsentEnd, OwnConsent};
use tsunagari_people::{Consent, GivenBy, PersonRecord, Purpose, ReachPolicy};

use crate::withdraw_consent::wait_for_requests;
use crate::{ActError, House};

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconfirmed {
    /// It shall go on.
    GoOn,
    /// It shall end.
    Stop,
}

/// The purposes about which the question is open: a guardian's consent stands, the person's own now suffices and does
/// not stand beside it since the age was reached.
pub fn open_purposes(record: &PersonRecord, policy: &ReachPolicy, at: &Moment) -> BTreeSet<Purpose> {
    if policy.own_consent(record.person.birth_date, at) == OwnConsent::NeedsGuardian {
        return BTreeSet::new();
    }
    let of_age = record.person.birth_date.map(|born| {
        tsunagari_kernel::Timestamp::start_of(tsunagari_kernel::age::birthday(born, i32::from(policy.guardian_age)))
    });
    let standing = |consent: &&Consent| consent.span.contains(at.instant);
    let by_guardian =
        record.consents.iter().filter(standing).filter(|consent| matches!(consent.given_by, GivenBy::Guardian(_)));
    by_guardian
        .map(|consent| consent.purpose.clone())
        .filter(|purpose| {
            let own = record.consents.iter().filter(standing).filter(|consent| consent.given_by == GivenBy::Myself);
            !own.into_iter()
                .any(|consent| consent.purpose == *purpose && of_age.is_some_and(|of_age| consent.span.from >= of_age))
        })
        .collect()
}

/// Answers the question for every open purpose.
///
/// # Errors
/// Storage's.
pub async fn reconfirm_consent(house: &House, by: &Resident, answer: Reconfirmed) -> Result<(), ActError> {
    let at = Moment::now(&*house.clock);
    let mut tx = house.org(by.org()).write().await?;
    let policy = crate::join::policy_of(&tx.organisation().await?);
    let record = tx.person_record(by.person()).await?;
    let wordings = tx.wordings_in_use(at.instant).await?;
    for purpose in open_purposes(&record, &policy, &at) {
        tx.withdraw_consent(by.person(), &purpose, at.instant, end_of(answer)).await?;
        let version =
            wordings.iter().find(|wording| wording.purpose == purpose.code()).map_or(1, |wording| wording.version);
        if answer == Reconfirmed::GoOn {
            let consent = Consent {
                id: ConsentId::born(&house.chance, at.instant),
                purpose,
                wording_version: u32::try_from(version).unwrap_or(1),
                given_by: GivenBy::Myself,
                span: Span::since(at.instant),
                ended: None,
            };
            tx.give_consent(by.person(), &consent, "portal").await?;
        }
    }
    tx.end_asking(by.person(), at.instant).await?;
    tx.commit(&Act::named("reconfirm_consent", by.actor(), house.operation()).on("person", by.person())).await?;
    match answer {
        Reconfirmed::GoOn => Ok(()),
        Reconfirmed::Stop => wait_for_requests(house, by.org(), &[by.person()]).await,
    }
}

const fn end_of(answer: Reconfirmed) -> ConsentEnd {
    match answer {
        Reconfirmed::GoOn => ConsentEnd::Replaced,
        Reconfirmed::Stop => ConsentEnd::WithdrawnBySelf,
    }
}
