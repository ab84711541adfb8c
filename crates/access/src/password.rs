//! Passwords of staff: the policy and Argon2id. Salt is a parameter; storing and second factors are left to others.
//! Parameters: m = 19 MiB, t = 2, p = 1 (OWASP password storage cheat sheet, Argon2id).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;

/// Memory in KiB.
pub const MEMORY_KIB: u32 = 19_456;
/// Passes.
pub const PASSES: u32 = 2;
/// Lanes.
pub const LANES: u32 = 1;
/// Characters a password needs when it stands alone.
pub const MIN_ALONE: usize = 15;
/// Characters a password needs beside a second factor.
pub const MIN_WITH_SECOND_FACTOR: usize = 8;
/// The longest password, in characters after NFKC.
pub const MAX: usize = 256;

const FORBIDDEN: &[&str] = &[
    "password",
    "passw0rd",
    "12345678",
    "123456789",
    "1234567890",
    "11111111",
    "00000000",
    "qwertyui",
    "qwerty123",
    "abcd1234",
    "abc12345",
    "iloveyou",
    "tsunagari",
    "administrator",
    "yakuba",
    "shiyakusho",
    "welcome1",
    "letmein1",
];

/// What stands beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Alone,
    /// A second factor.
    SecondFactor,
}

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// Fewer characters than asked for.
    #[error("password_too_short")]
    TooShort {
        /// How many are needed.
        least: usize,
    },
    /// More than [`MAX`].
    #[error("password_too_long")]
    TooLong,
    /// One of the obvious ones, or one character repeated, or the sign-in name.
    #[error("password_obvious")]
    Obvious,
}

fn normal(password: &str) -> String {
    password.nfkc().collect()
}

/// Judges a password against the policy.
///
/// # Errors
/// The first [`Weakness`].
pub fn judge(password: &str, sign_in_name: &str, beside: Beside) -> Result<(), Weakness> {
    let text = normal(password);
    let least = match beside {
        Beside::Alone => MIN_ALONE,
        Beside::SecondFactor => MIN_WITH_SECOND_FACTOR,
    };
    let length = text.chars().count();
    if length < least {
        return Err(Weakness::TooShort { least });
    }
    if length > MAX {
        return Err(Weakness::TooLong);
    }
    let lower = text.to_lowercase();
    let doubled = FORBIDDEN.iter().any(|word| lower.replace(word, "").is_empty());
    let name = normal(sign_in_name).to_lowercase();
    let one_character = lower.chars().all(|c| lower.starts_with(c));
    if doubled || one_character || (!name.is_empty() && lower == name) { Err(Weakness::Obvious) } else { Ok(()) }
}

fn derive(password: &str, salt: &[u8], (m, t, p): (u32, u32, u32)) -> Option<[u8; 32]> {
    let params = Params::new(m, t, p, Some(32)).ok()?;
    let mut out = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(normal(password).as_bytes(), salt, &mut out)
        .ok()?;
    Some(out)
}

/// The PHC string of a password: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. `None` only if the library refuses the constants.
pub fn hash(password: &str, salt: &[u8; 16]) -> Option<String> {
    let out = derive(password, salt, (MEMORY_KIB, PASSES, LANES))?;
    Some(format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(out)
    ))
}

/// Whether a password belongs to a stored PHC string. A string that cannot be read, or asks for more than 256 MiB or
/// 16 passes, matches nothing.
pub fn matches(password: &str, stored: &str) -> bool {
    parse(stored).is_some_and(|(params, salt, want)| {
        derive(password, &salt, params).is_some_and(|got| bool::from(got.as_slice().ct_eq(&want)))
    })
}

/// Whether a stored string was made with other parameters and should be made anew at the next sign-in.
pub fn is_outdated(stored: &str) -> bool {
    parse(stored).is_none_or(|(params, _, _)| params != (MEMORY_KIB, PASSES, LANES))
}

type Parsed = ((u32, u32, u32), Vec<u8>, Vec<u8>);

fn parse(stored: &str) -> Option<Parsed> {
    let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut numbers = parts.next()?.split(',');
    let m = numbers.next()?.strip_prefix("m=")?.parse().ok()?;
    let t = numbers.next()?.strip_prefix("t=")?.parse().ok()?;
    let p = numbers.next()?.strip_prefix("p=")?.parse().ok()?;
    let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    let hash = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    (parts.next().is_none() && m <= 262_144 && t <= 16 && p <= 16).then_some(((m, t, p), salt, hash))
}
