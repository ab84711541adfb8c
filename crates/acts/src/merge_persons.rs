//! Two entries of one person become one: everything of the one that goes moves to the one that stays, blanks are filled,
//! nothing written is overwritten. The record keeps what moved, so that it can be taken back (`unmerge_persons`).

use tsunagari_access::permission::MergePeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{MergeId, PersonId};
use tsunagari_people::merge::{Filled, MergePlan};
use tsunagari_people::{Aspect, Person};
use tsunagari_storage::erasure_request::PersonWork;
use tsunagari_storage::merge::{Carried, KeptMerge};

use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

fn filled(person: &Person, with: &[Filled]) -> Person {
    let mut person = person.clone();
    for it in with {
        match it {
            Filled::Kana(family, given) => {
                person.family_kana.clone_from(family);
                person.given_kana.clone_from(given);
            }
            Filled::Given(given) => person.given.clone_from(given),
            Filled::BirthDate(birth) => person.birth_date = Some(*birth),
            Filled::AddressProtected => person.address_protected = true,
        }
    }
    person
}

/// Merges `gone` into `kept`.
///
/// # Errors
/// `merge_same_person`, `merge_already_merged`, `merge_guardian`; not found.
pub async fn merge_persons(
    house: &House,
    by: &Granted<MergePeople>,
    kept: PersonId,
    gone: PersonId,
) -> Result<MergeId, ActError> {
    let now = house.now();
    let operation = house.operation();
    let user = by.user();
    let here = house.org(by.org());
    let keys = here.make_person_keys(&[kept, gone]).await?;
    let mut tx = here.write().await?;
    tx.lock_persons(&[kept, gone]).await?;
    let stays = tx.person_record(kept).await?;
    let goes = tx.person_record(gone).await?;
    let plan = match MergePlan::of(&stays, &goes) {
        Ok(plan) => plan,
        Err(refused) => {
            tx.undo().await?;
            return Err(ActError::Refused(vec![Reason::of(refused.code())]));
        }
    };
    tx.move_facts(gone, kept, &plan.moved, &keys).await?;
    tx.end_consents(kept, &plan.ends, now).await?;
    let wards = tx.move_wards(gone, kept).await?;
    let applied = tx.move_applications(gone, kept, None, &keys).await?;
    let applied_for = tx.move_beneficiaries(gone, kept, None).await?;
    // Who is signed in as the entry that goes signs in again, and is the one that stays.
    tx.end_sessions_of_person(gone, house.real_clock.now()).await?;
    let after = filled(&stays.person, &plan.filled);
    tx.keep_person(&after).await?;
    tx.keep_person(&Person { merged_into: Some(kept), ..goes.person.clone() }).await?;
    let id = MergeId::born(&house.chance, now);
    let carried = Carried { plan, wards, applied, applied_for };
    tx.add_merge(&KeptMerge { id, kept, gone, carried, by: user, at: now, undone_at: None }).await?;
    for person in [kept, gone] {
        tx.close_work(PersonWork::DoubtfulJoin.code(), &person.to_string(), user).await?;
    }
    let change = Change { person: kept, what: Aspect::Merge, before: Some(&stays.person), after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    let act = Act::named("merge_persons", by.actor(), operation).on("person", kept).on("person", gone).on("merge", id);
    tx.commit(&act).await?;
    Ok(id)
}
