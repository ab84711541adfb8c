//! Background work of acts: one file per kind of job, each a `Handler`. Registered in `handlers`.

pub mod apply_line_events;
pub mod link_line_menu;
pub mod send_letter;
mod turns;

use tsunagari_jobs::JobError;
use tsunagari_kernel::PersonId;

/// The payload of a job about a person.
pub(crate) fn about(person: PersonId) -> String {
    serde_json::json!({ "person": person }).to_string()
}

/// Whom a payload is about.
pub(crate) fn person_in(payload: &str) -> Result<PersonId, JobError> {
    let value: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    serde_json::from_value(value["person"].clone()).map_err(|error| JobError::Fail(error.to_string()))
}
