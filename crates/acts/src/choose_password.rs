//! An invited colleague chooses a password and enrols an authenticator, by the invitation's link. The factor's secret is
//! made of the link's token and a number drawn for the page, so that looking at the link tells nobody the secret of a page
//! that another person filled in. It is kept only when a code shows that the authenticator has it.

use sha2::{Digest, Sha256};
use tsunagari_access::password::{self, Beside, Weakness};
use tsunagari_access::session::token_hash;
use tsunagari_access::{Act, Actor, totp};
use tsunagari_kernel::OrgId;
use tsunagari_storage::staff::Staff;

use crate::add_staff::INVITATION;
use crate::{ActError, House, Reason};

/// How many recovery codes are given.
const RECOVERY_CODES: usize = 10;

/// An invitation that can still be used.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The organisation's name.
    pub organisation: String,
    /// Who is invited.
    pub staff: Staff,
}

/// What the form brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordChosen {
    /// The number drawn for the page.
    pub nonce: String,
    /// The password.
    pub password: String,
    /// The same again.
    pub again: String,
    /// A code of the authenticator.
    pub code: String,
}

/// Looks at an invitation without using it.
///
/// # Errors
/// `link_spent` when it is unknown, used, expired, or its user was closed out.
pub async fn look_at_invitation(house: &House, org: OrgId, token: &str) -> Result<Invited, ActError> {
    let spent = || ActError::refused("link_spent");
    let hash = token_hash(token).ok_or_else(spent)?;
    let mut reader = house.org(org).read().await?;
    let link = reader.look_at_link(&hash, INVITATION, house.real_clock.now()).await?;
    let user = link.and_then(|link| link.user).ok_or_else(spent)?;
    let staff = reader.staff_member(user).await?;
    if !staff.active {
        return Err(spent());
    }
    Ok(Invited { organisation: reader.organisation().await?.name, staff })
}

/// The secret of a page with this number.
pub fn secret_of_page(token: &str, nonce: &str) -> [u8; 20] {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(b"tsunagari-totp-enrolment-1\0")
        .chain_update(token.as_bytes())
        .chain_update(b"\0")
        .chain_update(nonce.as_bytes())
        .finalize()
        .into();
    let mut secret = [0; 20];
    secret.copy_from_slice(&digest[..20]);
    secret
}

/// Keeps password and factor; the recovery codes, to be shown once.
///
/// # Errors
/// Reasons at `password`, `again`, `code`; `link_spent`.
pub async fn choose_password(
    house: &House,
    org: OrgId,
    token: &str,
    given: &PasswordChosen,
) -> Result<Vec<String>, ActError> {
    let now = house.real_clock.now();
    let invited = look_at_invitation(house, org, token).await?;
    let user = invited.staff.id;
    let mut wrong = Vec::new();
    match password::judge(&given.password, &invited.staff.login, Beside::SecondFactor) {
        Ok(()) if given.password != given.again => wrong.push(Reason::at("again", "passwords_differ")),
        Ok(()) => {}
        Err(weakness) => wrong.push(weak(&weakness)),
    }
    let secret = secret_of_page(token, &given.nonce);
    let step = totp::check(&secret, given.code.trim(), now, None);
    if step.is_none() || given.nonce.len() < 32 {
        wrong.push(Reason::at("code", "wrong_code"));
    }
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let (chosen, salt) = (given.password.clone(), house.chance.bytes());
    let stored = crate::sign_in::at_the_side(move || password::hash(&chosen, &salt)).await?;
    let stored = stored.ok_or_else(|| ActError::Broken("a password could not be hashed".into()))?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| totp::recovery_code(&house.chance.bytes())).collect();
    let hashes: Vec<String> = codes.iter().map(|code| hex(&totp::recovery_hash(code))).collect();
    let hash = token_hash(token).ok_or_else(|| ActError::refused("link_spent"))?;
    let mut tx = house.org(org).write().await?;
    if tx.use_link(&hash, INVITATION, now).await?.is_none() {
        tx.undo().await?;
        return Err(ActError::refused("link_spent"));
    }
    tx.set_password(user, &stored, now).await?;
    tx.set_totp(user, &secret, &hashes, now).await?;
    if let Some(step) = step {
        tx.use_totp_step(user, step).await?;
    }
    tx.commit(&Act::named("choose_password", Actor::User(user), house.operation()).on("user", user)).await?;
    Ok(codes)
}

fn weak(weakness: &Weakness) -> Reason {
    match weakness {
        Weakness::TooShort { least } => Reason::at("password", "password_too_short").with("least", least),
        Weakness::TooLong => Reason::at("password", "password_too_long"),
        Weakness::Obvious => Reason::at("password", "password_obvious"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
