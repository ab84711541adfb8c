//! Somebody takes everything stored about them: one JSON file of facts, addresses opened, history left to the office.

use axum::Extension;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/data.json", Needs::Resident, file)
}

async fn file(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let here = visitor.town.here();
    let id = visitor.resident.person();
    tsunagari_acts::read_my_data::note(&visitor.town.house, &visitor.resident)
        .await
        .map_err(|error| visitor.town.problem(error))?;
    let keys = here.person_keys(&[id]).await.map_err(unreadable)?;
    let mut reader = here.read().await.map_err(unreadable)?;
    let record = reader.person_record(id).await.map_err(unreadable)?;
    let addresses = reader.addresses_of(&keys, id).await.map_err(unreadable)?;
    let addresses: Vec<_> = addresses
        .iter()
        .map(|address| serde_json::json!({ "contact_point": address.contact, "kind": address.kind, "address": address.clear.as_str() }))
        .collect();
    let body = serde_json::json!({
        "organisation": { "code": visitor.town.org.code, "name": visitor.town.org.name },
        "made_at": visitor.town.house.now().rfc3339(),
        "record": record,
        "addresses": addresses,
    });
    let text = serde_json::to_string_pretty(&body).map_err(|_| AppError::broken())?;
    Ok(([(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"my-data.json\"")], text)
        .into_response())
}
