//! Rich menus: definition and image.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::call::Call;
use super::error::ApiError;
use crate::rules::{Report, richmenu as rules};
use crate::sim::Sim;
use crate::state::richmenu::RichMenus;

type Answer = Result<Json<Value>, ApiError>;

const MOST: usize = 1000;

fn checked(call: &Call, bytes: &[u8]) -> Result<Value, ApiError> {
    let body = call.body(bytes)?;
    let mut report = Report::default();
    rules::check(&body, &mut report);
    if report.details.is_empty() { Ok(body) } else { Err(ApiError::body(report.details)) }
}

/// `POST /v2/bot/richmenu`
pub async fn create(State(sim): State<Sim>, call: Call, bytes: Bytes) -> Answer {
    let body = checked(&call, &bytes)?;
    let id = format!("richmenu-{}", sim.chance().token::<16>());
    let mut world = sim.world();
    let menus = &mut world.channel_mut(call.channel).rich_menus;
    if menus.menus.len() >= MOST {
        return Err(ApiError::bad("You have reached the maximum number of rich menus"));
    }
    menus.add(Arc::from(id.as_str()), body);
    Ok(Json(json!({"richMenuId": id})))
}

/// `POST /v2/bot/richmenu/validate`
pub async fn validate(call: Call, bytes: Bytes) -> Answer {
    checked(&call, &bytes)?;
    Ok(Json(json!({})))
}

/// `GET /v2/bot/richmenu/list`
pub async fn list(State(sim): State<Sim>, call: Call) -> Json<Value> {
    let world = sim.world();
    let mut menus: Vec<_> = world.channel(call.channel).rich_menus.menus.iter().collect();
    menus.sort_by_key(|(_, menu)| menu.order);
    let views: Vec<Value> = menus.into_iter().map(|(id, menu)| RichMenus::view(id, menu)).collect();
    Json(json!({"richmenus": views}))
}

/// `GET /v2/bot/richmenu/{richMenuId}`
pub async fn get(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Answer {
    let world = sim.world();
    let menu = world.channel(call.channel).rich_menus.menus.get(id.as_str());
    menu.map(|m| Json(RichMenus::view(&id, m))).ok_or_else(|| ApiError::missing("richmenu not found"))
}

/// `DELETE /v2/bot/richmenu/{richMenuId}`
pub async fn delete(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Answer {
    let mut world = sim.world();
    let menus = &mut world.channel_mut(call.channel).rich_menus;
    menus.menus.remove(id.as_str()).ok_or_else(|| ApiError::missing("richmenu not found"))?;
    if menus.default.as_deref() == Some(id.as_str()) {
        menus.default = None;
    }
    Ok(Json(json!({})))
}

/// `POST /v2/bot/richmenu/{richMenuId}/content`
pub async fn upload(
    State(sim): State<Sim>,
    call: Call,
    Path(id): Path<String>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Answer {
    let kind = headers.get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if !["image/jpeg", "image/png"].contains(&kind.as_str()) {
        let text = format!("The content type, {kind}, is not supported");
        return Err(ApiError::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    let mut world = sim.world();
    let menus = &mut world.channel_mut(call.channel).rich_menus.menus;
    let menu = menus.get_mut(id.as_str()).ok_or_else(|| ApiError::missing("Not found"))?;
    if menu.image.is_some() {
        return Err(ApiError::bad("An image has already been uploaded to the richmenu"));
    }
    if let Some(reason) = rules::refuse_image(&menu.definition, &bytes) {
        return Err(ApiError::bad(reason));
    }
    menu.image = Some((kind, bytes.to_vec()));
    Ok(Json(json!({})))
}

/// `GET /v2/bot/richmenu/{richMenuId}/content`
pub async fn image(State(sim): State<Sim>, call: Call, Path(id): Path<String>) -> Result<Response, ApiError> {
    let world = sim.world();
    let menu = world.channel(call.channel).rich_menus.menus.get(id.as_str());
    let (kind, bytes) = menu.and_then(|m| m.image.clone()).ok_or_else(|| ApiError::missing("Not found"))?;
    Ok(([("content-type", kind)], bytes).into_response())
}
