//! The resident on this request. The guard of the route table puts it into the request; handlers take it as
//! `Extension<Visitor>`. The cookie is the portal's own; its session lives in real time.

use tsunagari_access::Resident;
use tsunagari_access::session::csrf_token;

use crate::office::desk::read_cookie;
use crate::portal::town::Town;
use crate::routes::{FormToken, Seen};
use crate::sentences::unreadable;
use crate::shell::{AppError, Shell, Surface, Tone, cookies};
use crate::state::WebState;

/// Who is signed in to the portal.
#[derive(Clone)]
pub struct Visitor {
    /// The proof.
    pub resident: Resident,
    /// The organisation, the reader's language, the path.
    pub town: Town,
    /// The session's form token.
    pub csrf: String,
    /// The hash of the session's token.
    pub token_hash: [u8; 32],
}

impl Visitor {
    /// The page's frame.
    pub fn shell(&self) -> Shell {
        let mut shell = self.town.shell();
        shell.csrf.clone_from(&self.csrf);
        shell.sign_out = "/me/sign-out".into();
        shell.home = "/me".into();
        shell
    }

    /// The frame with news on top.
    pub fn shell_with(&self, tone: Tone, text: String) -> Shell {
        let mut shell = self.shell();
        shell.flash.push(crate::shell::Flash { tone, text });
        shell
    }
}

/// Lets a request through to its handler, or leads to the way in.
pub async fn admit(state: &WebState, seen: Seen) -> Result<(FormToken, Visitor), AppError> {
    let sign_in = || AppError::SignIn("/sign-in".to_owned());
    let cookie = cookies::read(&seen.headers, cookies::session_name(Surface::Portal));
    let (org, hash) = cookie.and_then(read_cookie).ok_or_else(sign_in)?;
    let house = state.house();
    let now = house.real_clock.now();
    let here = house.org(org);
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let session = reader.session(&hash).await.map_err(unreadable)?.ok_or_else(sign_in)?;
    let resident = Resident::of_session(org, &session, now).ok_or_else(sign_in)?;
    let org = reader.organisation().await.map_err(unreadable)?;
    drop(reader);
    if session.touch(now).is_some() {
        match here.touch_session(&hash, now).await {
            // Reading goes on while the disk is full; the session then ends as if it had not been used.
            Ok(()) | Err(tsunagari_storage::StorageError::Full) => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    let csrf = csrf_token(&state.0.form_key, session.id);
    let uri = seen.path.parse().unwrap_or_default();
    let town = Town::of(house, org, &uri, &seen.headers);
    Ok((FormToken(csrf.clone()), Visitor { resident, town, csrf, token_hash: hash }))
}
