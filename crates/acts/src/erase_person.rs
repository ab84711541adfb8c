//! Somebody is erased, by two people: one officer proposes it, another decides. Rows, sealed texts and queued bodies go in
//! one transaction, then the key is shredded and the erasure logged beside the keys, where a restored database is held
//! against it. Messages on their way and imports at work are waited for. What happens to which table stands in storage.
//! Leaves asking to `request_erasure`, and what was interrupted or restored to `reapply_erasures`.

use tsunagari_access::permission::{DecideErasures, EditPeople};
use tsunagari_access::{Act, Actor, Granted};
use tsunagari_kernel::{ErasureId, OrgId, PersonId, UserId};
use tsunagari_storage::OrgStore;
use tsunagari_storage::erasure::{Holdings, Leaving};
use tsunagari_storage::erasure_case::{AskedBy, CaseState, ErasureCase};
use tsunagari_storage::erasure_request::PersonWork;

use crate::{ActError, House};

/// Why somebody is to be erased.
pub const GROUNDS: [&str; 3] = ["asked", "no_longer_needed", "entered_by_mistake"];
/// What the item of work notes when the office itself proposes it.
pub const PROPOSED: &str = "proposed";
/// Why somebody is not erased.
pub const KEEP_REASONS: [&str; 4] = ["legal_retention", "dispute", "not_identified", "taken_back"];

/// What the decision is made on.
#[derive(Debug, Clone)]
pub struct Prospect {
    /// Who goes.
    pub leaving: Leaving,
    /// What there is.
    pub holdings: Holdings,
    /// The latest case, open or decided.
    pub case: Option<ErasureCase>,
}

/// Looks at what an erasure would concern.
///
/// # Errors
/// Not found; storage's.
pub async fn prospect(here: &OrgStore, person: PersonId) -> Result<Prospect, ActError> {
    let mut reader = here.read().await?;
    let leaving = reader.leaving(person).await?;
    let holdings = reader.holdings(&leaving.all()).await?;
    let root = leaving.entries.first().copied().unwrap_or(person);
    let mut case = reader.erasure_case_of(person).await?;
    if case.is_none() && root != person {
        case = reader.erasure_case_of(root).await?;
    }
    Ok(Prospect { leaving, holdings, case })
}

/// Proposes to erase a person, or takes up what the person asked for.
///
/// # Errors
/// `erasure_ground_missing`, `erasure_proposed_already`; not found; storage's.
pub async fn propose_erasure(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    ground: &str,
) -> Result<ErasureId, ActError> {
    if !GROUNDS.contains(&ground) {
        return Err(ActError::refused_at("ground", "erasure_ground_missing"));
    }
    let now = house.now();
    let mut tx = house.org(by.org()).write().await?;
    tx.person(person).await?;
    let before = tx.erasure_case_of(person).await?.filter(|case| case.state.is_open());
    if before.as_ref().is_some_and(|case| case.state == CaseState::Proposed) {
        tx.undo().await?;
        return Err(ActError::refused("erasure_proposed_already"));
    }
    let fresh = ErasureCase {
        id: ErasureId::born(&house.chance, now),
        person,
        asked_by: AskedBy::Office,
        state: CaseState::Proposed,
        reason: ground.to_owned(),
        proposed_by: Some(by.user()),
        since: now,
        decided_by: None,
        decided_at: None,
    };
    let case = match before {
        Some(asked) => ErasureCase { id: asked.id, asked_by: asked.asked_by, ..fresh },
        None => fresh,
    };
    tx.keep_erasure_case(&case).await?;
    tx.ask_office(PersonWork::Erasure, person, PROPOSED, None, now).await?;
    let act = Act::named("propose_erasure", by.actor(), house.operation()).on("person", person).on("erasure", case.id);
    tx.commit(&act).await?;
    Ok(case.id)
}

/// Decides not to erase: the person sees the reason on their page.
///
/// # Errors
/// `erasure_reason_missing`, `erasure_decided_already`; not found; storage's.
pub async fn refuse_erasure(
    house: &House,
    by: &Granted<DecideErasures>,
    id: ErasureId,
    reason: &str,
) -> Result<(), ActError> {
    if !KEEP_REASONS.contains(&reason) {
        return Err(ActError::refused_at("reason", "erasure_reason_missing"));
    }
    let mut tx = house.org(by.org()).write().await?;
    let case = tx.erasure_case(id).await?;
    if !case.state.is_open() {
        tx.undo().await?;
        return Err(ActError::refused("erasure_decided_already"));
    }
    let person = case.person;
    let case = decided(case, CaseState::Refused, by.user(), house);
    tx.keep_erasure_case(&ErasureCase { reason: reason.to_owned(), ..case }).await?;
    tx.close_work(PersonWork::Erasure.code(), &person.to_string(), by.user()).await?;
    let act = Act::named("refuse_erasure", by.actor(), house.operation()).on("person", person).on("erasure", id);
    Ok(tx.commit(&act).await?)
}

fn decided(case: ErasureCase, state: CaseState, by: UserId, house: &House) -> ErasureCase {
    ErasureCase { state, decided_by: Some(by), decided_at: Some(house.now()), ..case }
}

/// Decides to erase, and erases.
///
/// # Errors
/// `erasure_not_proposed`, `erasure_same_officer`, `erasure_decided_already`, `erasure_message_open`, `erasure_import_open`; storage's.
pub async fn decide_erasure(house: &House, by: &Granted<DecideErasures>, id: ErasureId) -> Result<(), ActError> {
    let here = house.org(by.org());
    let case = here.read().await?.erasure_case(id).await?;
    let wrong = match case.state {
        CaseState::Done | CaseState::Refused => Some("erasure_decided_already"),
        CaseState::Asked => Some("erasure_not_proposed"),
        CaseState::Proposed if !two_people(&case, by.user()) => Some("erasure_same_officer"),
        CaseState::Proposed => None,
    };
    if let Some(code) = wrong {
        return Err(ActError::refused(code));
    }
    let entries = here.read().await?.leaving(case.person).await?.all();
    let allowed = crate::line_access::allowed(house, by.org(), &entries).await;
    let closing = Closing { case, by: by.user() };
    erase(house, &here, Erasing { person: closing.case.person, actor: by.actor(), closing: Some(closing) }).await?;
    // Only now: an erasure that was refused leaves the person as they were, at LINE too.
    crate::line_access::end_for_erased(house, by.org(), &allowed).await;
    Ok(())
}

/// Whether somebody else proposed it.
fn two_people(case: &ErasureCase, deciding: UserId) -> bool {
    case.proposed_by.is_some_and(|proposed| proposed != deciding)
}

pub(crate) struct Closing {
    case: ErasureCase,
    by: UserId,
}

/// One erasing: with a case it waits for what is open, without one (a restored database) it does not.
pub(crate) struct Erasing {
    pub person: PersonId,
    pub actor: Actor,
    pub closing: Option<Closing>,
}

/// Erases in the database, then beside it.
pub(crate) async fn erase(house: &House, here: &OrgStore, it: Erasing) -> Result<(), ActError> {
    let leaving = here.read().await?.leaving(it.person).await?;
    let persons = leaving.all();
    let needles = here.needles(&persons).await?;
    let traces = here.read().await?.traces(&needles).await?;
    let mut tx = here.write().await?;
    if let Some(closing) = &it.closing
        && tx.erasure_case(closing.case.id).await?.state != CaseState::Proposed
    {
        // Somebody decided otherwise in the meantime.
        tx.undo().await?;
        return Err(ActError::refused("erasure_decided_already"));
    }
    let holdings = tx.holdings(&persons).await?;
    let wrong = match (&it.closing, holdings.open_messages, holdings.open_imports) {
        (None, ..) | (Some(_), 0, 0) => None,
        (Some(_), 0, _) => Some("erasure_import_open"),
        (Some(_), ..) => Some("erasure_message_open"),
    };
    if let Some(code) = wrong {
        tx.undo().await?;
        return Err(ActError::refused(code));
    }
    tx.erase_persons(&persons, &traces, house.now()).await?;
    let act = match it.closing {
        None => Act::named("reapply_erasure", it.actor, house.operation()).on("person", it.person),
        Some(closing) => {
            let case = closing.case.id;
            tx.keep_erasure_case(&decided(closing.case, CaseState::Done, closing.by, house)).await?;
            Act::named("erase_person", it.actor, house.operation()).on("person", it.person).on("erasure", case)
        }
    };
    let count = i64::try_from(persons.len()).unwrap_or(i64::MAX);
    tx.commit(&act.counting("entries", count)).await?;
    // A crash before this leaves the database erased and the keys there: `reapply_erasures` goes on from that.
    Ok(here.seal_erasure(&persons).await?)
}

/// Everybody of an organisation whose erasure is to be decided, and the latest decided ones.
///
/// # Errors
/// Storage's.
pub async fn cases(house: &House, org: OrgId) -> Result<Vec<ErasureCase>, ActError> {
    Ok(house.org(org).read().await?.erasure_cases(100).await?)
}
