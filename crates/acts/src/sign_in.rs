//! A member of staff signs in: by password and one-time code, or by a one-time link (the demo, a new colleague).
//! Wrong name, wrong password and wrong code answer alike. Failures are counted per account. All in real time.

use chrono::TimeDelta;
use tsunagari_access::session::{Session, Subject, token_hash, token_text};
use tsunagari_access::{Act, Actor, password, throttle, totp};
use tsunagari_kernel::{LinkId, OrgId, SessionId, Timestamp, UserId};
use tsunagari_storage::OrgStore;
use tsunagari_storage::session::OneTimeLink;

use crate::{ActError, House, Reason};

/// The purpose of a link that signs a member of staff in.
pub const STAFF_LINK: &str = "staff_sign_in";

/// A fresh session and the token for the cookie.
pub struct SignedIn {
    /// Where.
    pub org: OrgId,
    /// Who.
    pub user: UserId,
    /// For the cookie; stored only as a hash.
    pub token: String,
}

/// By password and one-time code (or a recovery code in its place).
///
/// # Errors
/// `wrong_sign_in` for anything that does not fit, `sign_in_paused` after too many failures.
pub async fn sign_in(house: &House, login: &str, password_given: &str, code: &str) -> Result<SignedIn, ActError> {
    let now = house.real_clock.now();
    let login = login.trim().to_lowercase();
    let route = house.store.platform().await?.sign_in_route(&login).await?;
    let Some(route) = route else {
        // The same work as for a known name, so that time tells nothing.
        let _ = password::hash(password_given, &house.chance.bytes());
        return Err(ActError::refused("wrong_sign_in"));
    };
    let here = house.org(route.org);
    let counter = format!("sign_in:{}", route.user);
    let since = now.minus(throttle::WINDOW);
    let mut reader = here.read().await?;
    let failed = reader.counted(&counter, since).await?;
    let known = reader.credentials(route.user).await?;
    drop(reader);
    if failed >= i64::from(throttle::FREE_OF_ACCOUNT) * 4 {
        return Err(ActError::Refused(vec![
            Reason::of("sign_in_paused").with("minutes", throttle::WINDOW.num_minutes()),
        ]));
    }
    let password_fits = known.password_hash.as_deref().is_some_and(|stored| password::matches(password_given, stored));
    let step = known.totp_secret.and_then(|secret| totp::check(&secret, code.trim(), now, Some(known.totp_last_step)));
    let recovery = hex_of(&totp::recovery_hash(code.trim()));
    let by_recovery = known.recovery.contains(&recovery);
    let mut tx = here.write().await?;
    let code_fits = match step {
        Some(step) => password_fits && tx.use_totp_step(route.user, step).await?,
        None => by_recovery,
    };
    let actor = Actor::User(route.user);
    if !(password_fits && code_fits) {
        tx.count_once_more(&counter, since, now).await?;
        tx.commit(&Act::named("sign_in_failed", actor, house.operation()).on("user", route.user)).await?;
        return Err(ActError::refused("wrong_sign_in"));
    }
    if step.is_none() {
        let left: Vec<String> = known.recovery.into_iter().filter(|hash| *hash != recovery).collect();
        tx.keep_recovery(route.user, &left).await?;
    }
    tx.forget_count(&counter).await?;
    open(house, tx, route.org, route.user, now).await
}

/// By a one-time link.
///
/// # Errors
/// `link_spent` when it is unknown, used or expired.
pub async fn sign_in_by_link(house: &House, org: OrgId, token: &str) -> Result<SignedIn, ActError> {
    let now = house.real_clock.now();
    let hash = token_hash(token).ok_or_else(|| ActError::refused("link_spent"))?;
    let mut tx = house.org(org).write().await?;
    let link = tx.use_link(&hash, STAFF_LINK, now).await?;
    let Some(user) = link.and_then(|link| link.user) else {
        tx.undo().await?;
        return Err(ActError::refused("link_spent"));
    };
    open(house, tx, org, user, now).await
}

async fn open(
    house: &House,
    mut tx: tsunagari_storage::Tx,
    org: OrgId,
    user: UserId,
    now: Timestamp,
) -> Result<SignedIn, ActError> {
    let token = token_text(&house.chance.bytes());
    let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
    let session = Session::opened(SessionId::born(&house.chance, now), Subject::Staff(user), now);
    tx.open_session(&hash, &session).await?;
    tx.commit(&Act::named("sign_in", Actor::User(user), house.operation()).on("user", user)).await?;
    Ok(SignedIn { org, user, token })
}

/// Makes a one-time sign-in link's token for a member of staff.
///
/// # Errors
/// Storage's.
pub async fn make_link(house: &House, org: OrgId, user: UserId, life: TimeDelta) -> Result<String, ActError> {
    let now = house.real_clock.now();
    let token = token_text(&house.chance.bytes());
    let hash = token_hash(&token).ok_or_else(|| ActError::Broken("a fresh token does not read".into()))?;
    let link = OneTimeLink {
        id: LinkId::born(&house.chance, now),
        purpose: STAFF_LINK.into(),
        user: Some(user),
        person: None,
        payload: "{}".into(),
        expires_at: now.plus(life),
    };
    let mut tx = house.org(org).write().await?;
    tx.keep_link(&hash, &link, now).await?;
    tx.commit(&Act::named("make_sign_in_link", Actor::User(user), house.operation()).on("user", user)).await?;
    Ok(token)
}

/// Remembers that a session was used.
///
/// # Errors
/// Storage's.
pub async fn touch(here: &OrgStore, hash: &[u8; 32], now: Timestamp) -> Result<(), ActError> {
    Ok(here.touch_session(hash, now).await?)
}

/// Ends a session.
///
/// # Errors
/// Storage's.
pub async fn sign_out(house: &House, org: OrgId, hash: &[u8; 32], actor: Actor) -> Result<(), ActError> {
    let mut tx = house.org(org).write().await?;
    tx.end_session(hash, house.real_clock.now()).await?;
    Ok(tx.commit(&Act::named("sign_out", actor, house.operation())).await?)
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
