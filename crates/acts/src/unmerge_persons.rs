//! A merge is taken back: what moved and is still there moves back, blanks that were filled and not changed since become
//! blank again. What was added since stays with the entry that was kept.

use tsunagari_access::permission::MergePeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{MergeId, PersonId};
use tsunagari_people::merge::Filled;
use tsunagari_people::{Aspect, Person};

use crate::remember_change::{Change, remember};
use crate::{ActError, House};

fn blanked(person: &Person, which: &[Filled]) -> Person {
    let mut person = person.clone();
    for it in which {
        match it {
            Filled::Kana(..) => {
                person.family_kana.clear();
                person.given_kana.clear();
            }
            Filled::Given(_) => person.given.clear(),
            Filled::BirthDate(_) => person.birth_date = None,
            Filled::AddressProtected => {}
        }
    }
    person
}

/// The two entries a merge taken back leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// The one that was kept.
    pub kept: PersonId,
    /// The one that is there again.
    pub back: PersonId,
}

/// Takes a merge back.
///
/// # Errors
/// `merge_undone_already`, `merge_kept_was_merged`; not found.
pub async fn unmerge_persons(house: &House, by: &Granted<MergePeople>, id: MergeId) -> Result<Apart, ActError> {
    let now = house.now();
    let operation = house.operation();
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let seen = reader.merge(id).await?;
    drop(reader);
    let (kept, gone) = (seen.kept, seen.gone);
    let keys = here.make_person_keys(&[kept, gone]).await?;
    let mut tx = here.write().await?;
    tx.lock_persons(&[kept, gone]).await?;
    let merge = tx.merge(id).await?;
    let stays = tx.person_record(kept).await?;
    let wrong = if merge.undone_at.is_some() {
        Some("merge_undone_already")
    } else if stays.person.merged_into.is_some() {
        Some("merge_kept_was_merged")
    } else {
        None
    };
    if let Some(code) = wrong {
        tx.undo().await?;
        return Err(ActError::refused(code));
    }
    let plan = &merge.carried.plan;
    let goes = tx.person(gone).await?;
    // Alive again before facts return, so that look-ups find whose they are.
    tx.keep_person(&Person { merged_into: None, ..goes }).await?;
    tx.move_facts(kept, gone, &plan.back(&stays), &keys).await?;
    for person in [kept, gone] {
        tx.reopen_consents(person, &plan.ends, merge.at).await?;
    }
    tx.return_wards(kept, gone, &merge.carried.wards).await?;
    tx.move_applications(kept, gone, Some(&merge.carried.applied), &keys).await?;
    tx.move_beneficiaries(kept, gone, Some(&merge.carried.applied_for)).await?;
    let after = blanked(&stays.person, &plan.blanked(&stays.person));
    tx.keep_person(&after).await?;
    tx.mark_unmerged(id, now).await?;
    let change = Change { person: kept, what: Aspect::Unmerge, before: Some(&stays.person), after: Some(&after) };
    remember(&mut tx, operation, now, change).await?;
    let act =
        Act::named("unmerge_persons", by.actor(), operation).on("person", kept).on("person", gone).on("merge", id);
    tx.commit(&act).await?;
    Ok(Apart { kept, back: gone })
}
