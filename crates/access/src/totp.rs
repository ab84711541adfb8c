//! Time-based one-time passwords (RFC 6238, SHA-1, 6 digits, 30 s) and recovery codes. A step is used once: the caller
//! stores the last used step. Leaves drawing the secret and the QR image to acts and documents.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm, Builder, Totp};
use tsunagari_kernel::Timestamp;
use unicode_normalization::UnicodeNormalization;

/// Seconds a step lasts.
pub const STEP_SECONDS: u64 = 30;
/// Steps before and after the present one that are accepted.
pub const TOLERANCE: u64 = 1;

fn machine(secret: &[u8; 20]) -> Totp {
    // Always the RFC's own parameters and a 160-bit secret, so the unchecked build cannot produce a weaker one.
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(0)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret.to_vec())
        .build_noncompliant()
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.micros() / 1_000_000).unwrap_or(0)
}

/// The code an authenticator shows at an instant (tests, the demo's printout).
pub fn code_at(secret: &[u8; 20], now: Timestamp) -> String {
    machine(secret).generate(seconds(now)).to_string()
}

/// The step a code belongs to, to be stored as the last used one; `None` when it is wrong, too old, or used already.
pub fn check(secret: &[u8; 20], given: &str, now: Timestamp, last_used: Option<u64>) -> Option<u64> {
    // As Japanese keyboards give them: full-width digits and spaces too.
    let digits: String = given.nfkc().filter(|c| !c.is_whitespace()).collect();
    let here = seconds(now) / STEP_SECONDS;
    let first = here.saturating_sub(TOLERANCE);
    let machine = machine(secret);
    let mut found = None;
    for step in first..=here + TOLERANCE {
        let code = machine.generate(step * STEP_SECONDS).to_string();
        let fresh = last_used.is_none_or(|last| step > last);
        if bool::from(code.as_bytes().ct_eq(digits.as_bytes())) && fresh && found.is_none() {
            found = Some(step);
        }
    }
    found
}

/// The secret as authenticator apps take it: base32 (RFC 4648) without padding.
pub fn secret_text(secret: &[u8; 20]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    base32(secret, ALPHABET)
}

fn base32(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let (mut held, mut bits) = (0u32, 0u32);
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xffff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(char::from(alphabet[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        out.push(char::from(alphabet[(held << (5 - bits) & 31) as usize]));
    }
    out
}

/// A recovery code from 10 random bytes, in four groups of four, in the letters of Crockford base 32.
pub fn recovery_code(random: &[u8; 10]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let text = base32(random, ALPHABET);
    let groups: Vec<&str> = (0..4).filter_map(|i| text.get(i * 4..i * 4 + 4)).collect();
    groups.join("-")
}

/// What is stored of a recovery code (80 random bits, so a plain hash is enough); hyphens, spaces, width and case do not matter.
pub fn recovery_hash(code: &str) -> [u8; 32] {
    let plain: String = code.nfkc().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Sha256::new().chain_update(b"tsunagari-recovery-1").chain_update(plain).finalize().into()
}
