//! The office enters a consent signed on paper: to which version of which wording, by whom, on which day. Leaves consents
//! given in the portal to `give_consent` and `guardian_consents`, withdrawing to `record_withdrawal`.

use chrono::NaiveDate;
use serde::Serialize;
use tsunagari_access::permission::EditPeople;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::{ConsentId, PersonId, Span, Timestamp, age};
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::{Aspect, Consent, GivenBy, PersonRecord, Purpose};

use crate::keep_contact_point::require_living;
use crate::keep_person::read_day_past;
use crate::remember_change::{Change, remember};
use crate::{ActError, House, Reason};

/// What the paper says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperConsent {
    /// The purpose's code.
    pub purpose: String,
    /// The version of the wording printed on it.
    pub version: i64,
    /// Who signed: the person, or a guardian (one of those kept, or one not kept).
    pub signed: GivenBy,
    /// The day of the signature as typed; empty: today.
    pub on: String,
}

/// A consent as the person's history keeps it.
#[derive(Serialize)]
pub(crate) struct ConsentTold {
    pub purpose: String,
    pub wording_version: Option<u32>,
    pub given_by: Option<&'static str>,
    pub state: &'static str,
    pub from: NaiveDate,
}

/// Why the paper cannot be entered, given what is known of the person.
fn judged(record: &PersonRecord, given: &PaperConsent, on: NaiveDate, from: Timestamp) -> Option<Reason> {
    let adult = record.person.birth_date.is_some_and(|birth| age::is_at_least(birth, age::ADULT, on));
    let of_purpose = || record.consents.iter().filter(|it| it.purpose.code() == given.purpose);
    let guardian = match given.signed {
        GivenBy::Myself => None,
        GivenBy::Guardian(who) => Some(who),
    };
    let withdrawn = of_purpose().any(|it| {
        let by_somebody = it.ended.is_some_and(|end| match end {
            ConsentEnd::WithdrawnBySelf
            | ConsentEnd::WithdrawnByGuardian
            | ConsentEnd::WithdrawnByOffice
            | ConsentEnd::Left => true,
            ConsentEnd::Replaced | ConsentEnd::Undone => false,
        });
        by_somebody && it.span.until.is_some_and(|until| until > from)
    });
    let there = of_purpose().any(|it| {
        let newer = it.span.from >= from || i64::from(it.wording_version) == given.version;
        it.span.until.is_none() && it.given_by.code() == given.signed.code() && newer
    });
    if guardian.is_some() && adult {
        Some(Reason::at("signed", "guardian_of_adult"))
    } else if guardian.flatten().is_some_and(|who| !record.guardianships.iter().any(|it| it.guardian == who)) {
        Some(Reason::at("signed", "choose_one"))
    } else if withdrawn {
        Some(Reason::at("on", "consent_withdrawn_since"))
    } else if there {
        Some(Reason::at("wording", "consent_there_already"))
    } else {
        None
    }
}

/// Enters the consent.
///
/// # Errors
/// `choose_one`, `date_unreadable`, `day_to_come`, `wording_not_yet_in_use`, `guardian_is_minor`, `guardian_of_adult`, `consent_withdrawn_since`,
/// `consent_there_already`, `person_merged`; not found.
pub async fn record_consent(
    house: &House,
    by: &Granted<EditPeople>,
    person: PersonId,
    given: &PaperConsent,
) -> Result<ConsentId, ActError> {
    let (now, operation) = (house.now(), house.operation());
    let today = now.jst_date();
    let on = read_day_past("on", &given.on, today)?;
    // A signature of an earlier day holds from that day's beginning; one of today from the entry on.
    let from = if on == today { now } else { Timestamp::start_of(on) };
    let mut tx = house.org(by.org()).write().await?;
    let record = tx.person_record(person).await?;
    let begun = tx.wordings(&given.purpose).await?.into_iter().find(|it| it.version == given.version);
    let signer = match given.signed {
        GivenBy::Guardian(Some(who)) if record.guardianships.iter().any(|it| it.guardian == who) => {
            Some(tx.person(who).await?)
        }
        GivenBy::Guardian(_) | GivenBy::Myself => None,
    };
    let refusal = require_living(&record.person).err().or_else(|| match begun {
        None => Some(ActError::refused_at("wording", "choose_one")),
        Some(wording) if wording.from.jst_date() > on => Some(ActError::refused_at("on", "wording_not_yet_in_use")),
        Some(_) if signer.is_some_and(|it| it.is_known_minor(on)) => {
            Some(ActError::refused_at("signed", "guardian_is_minor"))
        }
        Some(_) => judged(&record, given, on, from).map(|reason| ActError::Refused(vec![reason])),
    });
    if let Some(refusal) = refusal {
        tx.undo().await?;
        return Err(refusal);
    }
    let consent = Consent {
        id: ConsentId::born(&house.chance, now),
        purpose: Purpose::of(given.purpose.as_str()),
        wording_version: u32::try_from(given.version).unwrap_or_default(),
        given_by: given.signed,
        span: Span::since(from),
        ended: None,
    };
    tx.give_consent(person, &consent, "paper").await?;
    let told = ConsentTold {
        purpose: given.purpose.clone(),
        wording_version: Some(consent.wording_version),
        given_by: Some(given.signed.code()),
        state: "given",
        from: on,
    };
    remember(&mut tx, operation, now, Change { person, what: Aspect::Consent, before: None, after: Some(&told) })
        .await?;
    let act = Act::named("record_consent", by.actor(), operation).on("person", person).on("consent", consent.id);
    tx.commit(&act).await?;
    Ok(consent.id)
}
