//! The office sets how long a class of data is kept, within the limits of the class. What is older goes with the next
//! daily run, not at once. Leaves letting go to `apply_retention`.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_storage::retention::class_of;

use crate::{ActError, House, Reason};

/// Sets periods: class codes and days.
///
/// # Errors
/// `retention_out_of_range` at the class's field; not found for an unknown class; storage's.
pub async fn keep_retention(
    house: &House,
    by: &Granted<ManageSettings>,
    periods: &[(String, i64)],
) -> Result<(), ActError> {
    let mut wrong = Vec::new();
    let mut found = Vec::with_capacity(periods.len());
    for (code, days) in periods {
        let class = class_of(code).ok_or(ActError::NotFound)?;
        if (class.least..=class.most).contains(days) {
            found.push((class, *days));
        } else {
            let reason = Reason::at(class.code, "retention_out_of_range");
            wrong.push(reason.with("least", class.least).with("most", class.most));
        }
    }
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    for (class, days) in &found {
        tx.keep_retention(class, *days).await?;
    }
    let act = found.iter().fold(Act::named("keep_retention", by.actor(), house.operation()), |act, (class, days)| {
        act.counting(class.code, *days)
    });
    Ok(tx.commit(&act).await?)
}
