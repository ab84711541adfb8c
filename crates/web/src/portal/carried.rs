//! What a browser brings along beside what it asks for: who is signed in there, and the draft that goes on there. A link
//! from a mail and a return from LINE belong to somebody, and are used only where that somebody sits.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use tsunagari_access::Resident;
use tsunagari_acts::begin_join;
use tsunagari_acts::verify_email::Opener;
use tsunagari_storage::Reader;

use crate::office::desk::read_cookie;
use crate::portal::draft;
use crate::portal::town::Town;
use crate::sentences::unreadable;
use crate::shell::{AppError, Surface, cookies};
use crate::state::WebState;

/// Reads it from a request's cookies, in a look at the town's organisation; another town's cookies tell nothing.
pub async fn carried(town: &Town, reader: &mut Reader, headers: &HeaderMap) -> Result<Opener, AppError> {
    let now = town.house.real_clock.now();
    let own = |name: &str| {
        let named = cookies::read(headers, name).and_then(read_cookie);
        named.filter(|(org, _)| *org == town.org.id).map(|(_, hash)| hash)
    };
    let mut opener = Opener::default();
    if let Some(hash) = own(cookies::session_name(Surface::Portal)) {
        let session = reader.session(&hash).await.map_err(unreadable)?;
        let resident = session.and_then(|session| Resident::of_session(town.org.id, &session, now));
        opener.person = resident.map(|resident| resident.person());
    }
    if let Some(hash) = own(draft::COOKIE) {
        let found = begin_join::find(&town.house, reader, &hash).await.map_err(|error| town.problem(error))?;
        opener.draft = found.map(|(id, _)| id);
    }
    Ok(opener)
}

/// A town's page together with what the browser carries.
pub struct Arriving {
    /// The town.
    pub town: Town,
    /// Who opens it.
    pub opener: Opener,
}

impl FromRequestParts<WebState> for Arriving {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, AppError> {
        let (town, mut reader) = Town::looked_up(parts, state).await?;
        let opener = carried(&town, &mut reader, &parts.headers).await?;
        Ok(Self { town, opener })
    }
}
