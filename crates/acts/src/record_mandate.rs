//! Another body lets us send through its LINE channel: the mandate is put on record before the channel is connected.
//! Whether a mandate holds on a day is `Mandate::holds_on`; consent texts name the sender besides (`keep_wording`).

use chrono::NaiveDate;
use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_kernel::MandateId;
use tsunagari_storage::line_channel::Mandate;

use crate::{ActError, House, Reason};

/// The kinds of bodies that may hold a channel.
pub const HOLDER_KINDS: [&str; 5] = ["school", "municipality", "association", "company", "other"];

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateGiven {
    /// Who owns the channel.
    pub holder: String,
    /// One of [`HOLDER_KINDS`].
    pub holder_kind: String,
    /// The document: number or title, and date.
    pub document: String,
    /// What may be sent.
    pub scope: String,
    /// The first day.
    pub from_on: Option<NaiveDate>,
    /// The last day; open when empty.
    pub last_on: Option<NaiveDate>,
}

/// Records it.
///
/// # Errors
/// A reason at each field that is missing or does not fit.
pub async fn record_mandate(
    house: &House,
    by: &Granted<ManageChannels>,
    given: &MandateGiven,
) -> Result<MandateId, ActError> {
    let wrong = faults(given);
    let (true, Some(from_on)) = (wrong.is_empty(), given.from_on) else { return Err(ActError::Refused(wrong)) };
    let now = house.real_clock.now();
    let mandate = Mandate {
        id: MandateId::born(&house.chance, now),
        holder: given.holder.trim().to_owned(),
        holder_kind: given.holder_kind.clone(),
        document: given.document.trim().to_owned(),
        scope: given.scope.trim().to_owned(),
        from_on,
        until_on: given.last_on.and_then(|day| day.succ_opt()),
        recorded_by: Some(by.user()),
    };
    let mut tx = house.org(by.org()).write().await?;
    tx.add_mandate(&mandate, now).await?;
    tx.commit(&Act::named("record_mandate", by.actor(), house.operation()).on("mandate", mandate.id)).await?;
    Ok(mandate.id)
}

fn faults(given: &MandateGiven) -> Vec<Reason> {
    let mut wrong = Vec::new();
    for (field, text, most) in
        [("holder", &given.holder, 100), ("document", &given.document, 200), ("scope", &given.scope, 500)]
    {
        if text.trim().is_empty() {
            wrong.push(Reason::at(field, "field_empty"));
        } else if text.chars().count() > most {
            wrong.push(Reason::at(field, "field_too_long").with("most", most));
        }
    }
    if !HOLDER_KINDS.contains(&given.holder_kind.as_str()) {
        wrong.push(Reason::at("holder_kind", "choose_one"));
    }
    match (given.from_on, given.last_on) {
        (None, _) => wrong.push(Reason::at("from_on", "field_empty")),
        (Some(from), Some(last)) if last < from => wrong.push(Reason::at("last_on", "end_before_beginning")),
        (Some(_), _) => {}
    }
    wrong
}
