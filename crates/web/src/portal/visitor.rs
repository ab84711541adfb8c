//! The resident on this request. The guard of the route table puts it into the request; handlers take it as
//! `Extension<Visitor>`. The cookie is the portal's own; its session lives in real time.

use tsunagari_access::Resident;
use tsunagari_access::session::csrf_token;
use tsunagari_storage::directory::Organisation;

use crate::office::desk::read_cookie;
use crate::routes::{FormToken, Seen};
use crate::sentences::unreadable;
use crate::shell::{AppError, Surface, cookies};
use crate::state::WebState;

/// Who is signed in to the portal.
#[derive(Clone)]
pub struct Visitor {
    /// The proof.
    pub resident: Resident,
    /// The organisation with its settings.
    pub org: Organisation,
    /// The session's form token.
    pub csrf: String,
}

/// Lets a request through to its handler, or leads to the way in.
pub async fn admit(state: &WebState, seen: Seen) -> Result<(FormToken, Visitor), AppError> {
    let sign_in = || AppError::SignIn("/sign-in".to_owned());
    let cookie = cookies::read(&seen.headers, cookies::session_name(Surface::Portal));
    let (org, hash) = cookie.and_then(read_cookie).ok_or_else(sign_in)?;
    let now = state.house().real_clock.now();
    let mut reader = state.house().org(org).read().await.map_err(unreadable)?;
    let session = reader.session(&hash).await.map_err(unreadable)?.ok_or_else(sign_in)?;
    let resident = Resident::of_session(org, &session, now).ok_or_else(sign_in)?;
    let org = reader.organisation().await.map_err(unreadable)?;
    let csrf = csrf_token(&state.0.form_key, session.id);
    Ok((FormToken(csrf.clone()), Visitor { resident, org, csrf }))
}
