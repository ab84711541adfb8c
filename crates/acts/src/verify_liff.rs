//! A token posted from a LIFF page signs a resident in: LINE verifies it, and it must have been issued for this
//! organisation's login channel. The page's own claims about the user are never believed.

use tsunagari_channels::Secret;
use tsunagari_kernel::OrgId;

use crate::line_friendship::{self, Works};
use crate::sign_in_resident::{enter_by_line, login_door};
use crate::{ActError, House};

/// What was posted.
pub enum LiffToken {
    /// `liff.getIDToken()`
    Id(String),
    /// `liff.getAccessToken()`
    Access(String),
}

/// Signs in; the session's token.
///
/// # Errors
/// `liff_token_refused` when LINE does not vouch for it, `NotFound` when nobody has joined with this LINE user.
pub async fn verify_liff(house: &House, org: OrgId, token: LiffToken) -> Result<String, ActError> {
    let door = login_door(house, house.org(org).read_by_key().await?).await?;
    let refused = |_| ActError::refused("liff_token_refused");
    let (user_id, works) = match token {
        LiffToken::Id(token) => {
            let claims =
                door.api.verify_id_token(&door.channel.number, &Secret::of(token), None).await.map_err(refused)?;
            (claims.value.sub, Works::Unsaid)
        }
        LiffToken::Access(token) => {
            let token = Secret::of(token);
            let profile = door.api.profile_of_access_token(&door.channel.number, &token).await.map_err(refused)?;
            let works = Works::of(line_friendship::ask(&door.api, &token).await);
            (profile.value.user_id, works)
        }
    };
    enter_by_line(house, org, door.channel.provider, &user_id, works).await?.ok_or(ActError::NotFound)
}
