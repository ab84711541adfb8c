//! A member of staff signs in: by password and one-time code, or by a one-time link (the demo, a new colleague).
//! Wrong name, wrong password and wrong code answer alike. Failures are counted by name, also of nobody, and by address,
//! before anything is checked. All in real time.

use chrono::TimeDelta;
use tokio::sync::Semaphore;
use tsunagari_access::session::{Session, Subject, token_hash, token_text};
use tsunagari_access::{Act, Actor, password, totp};
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

/// What somebody gives to sign in.
pub struct Given<'a> {
    /// Whose account.
    pub login: &'a str,
    /// The password.
    pub password: &'a str,
    /// The one-time code, or a recovery code in its place.
    pub code: &'a str,
    /// The network address it comes from; only counted by.
    pub address: &'a str,
}

/// By password and one-time code (or a recovery code in its place).
///
/// # Errors
/// `wrong_sign_in` for anything that does not fit, `sign_in_paused` after too many failures of the name or the address.
pub async fn sign_in(house: &House, given: Given<'_>) -> Result<SignedIn, ActError> {
    let now = house.real_clock.now();
    let login = given.login.trim().to_lowercase();
    let trying = house.store.tries().begin(&login, given.address, now).map_err(|until| {
        let minutes = (until.micros() - now.micros() + 59_999_999) / 60_000_000;
        ActError::Refused(vec![Reason::of("sign_in_paused").with("minutes", minutes)])
    })?;
    let done = check(house, &login, &given, now).await;
    match &done {
        Ok(_) => trying.fits(),
        // Counted since its beginning.
        Err(ActError::Refused(_)) => drop(trying),
        Err(_) => trying.taken_back(),
    }
    done
}

async fn check(house: &House, login: &str, given: &Given<'_>, now: Timestamp) -> Result<SignedIn, ActError> {
    let route = house.store.platform().await?.sign_in_route(login).await?;
    let Some(route) = route else {
        // The same work as for a known name, so that time tells nothing.
        password_fits(house, given.password, None).await?;
        return Err(ActError::refused("wrong_sign_in"));
    };
    let here = house.org(route.org);
    let known = here.read().await?.credentials(route.user).await?;
    let password_fits = password_fits(house, given.password, known.password_hash).await?;
    let step =
        known.totp_secret.and_then(|secret| totp::check(&secret, given.code.trim(), now, Some(known.totp_last_step)));
    let recovery = hex_of(&totp::recovery_hash(given.code.trim()));
    let by_recovery = known.recovery.contains(&recovery);
    let mut tx = here.write().await?;
    let code_fits = match step {
        Some(step) => password_fits && tx.use_totp_step(route.user, step).await?,
        None => by_recovery,
    };
    if !(password_fits && code_fits) {
        let act = Act::named("sign_in_failed", Actor::User(route.user), house.operation());
        tx.commit(&act.on("user", route.user)).await?;
        return Err(ActError::refused("wrong_sign_in"));
    }
    if step.is_none() {
        let left: Vec<String> = known.recovery.into_iter().filter(|hash| *hash != recovery).collect();
        tx.keep_recovery(route.user, &left).await?;
    }
    open(house, tx, route.org, route.user, now).await
}

/// Whether a password is the stored one; without a stored one the same work is done for nothing.
async fn password_fits(house: &House, given: &str, stored: Option<String>) -> Result<bool, ActError> {
    let (given, salt) = (given.to_owned(), house.chance.bytes());
    at_the_side(move || match stored {
        Some(stored) => password::matches(&given, &stored),
        None => password::hash(&given, &salt).is_none(),
    })
    .await
}

/// How many passwords are hashed at the same time: each takes a core and its memory, and pages are served meanwhile.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Hashes where no request waits for a worker.
pub(crate) async fn at_the_side<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ActError> {
    let broken = |why: &dyn std::fmt::Display| ActError::Broken(format!("a password could not be hashed: {why}"));
    let turn = HASHING.acquire().await.map_err(|closed| broken(&closed))?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|gone| broken(&gone))?;
    drop(turn);
    Ok(done)
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
