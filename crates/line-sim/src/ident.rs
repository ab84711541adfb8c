//! Identifiers in the shapes LINE gives them: user ids, webhook event ids (ULID), rich menu ids. Which id belongs to whom is `state`'s.

use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::clock::Millis;

/// A LINE user id without its `U`: 128 bits.
pub type UserKey = u128;

/// The id a person has under a provider: `U` and 32 hexadecimal digits, the same for the same seed, provider and handle.
pub fn user_id(seed: u64, provider: &str, handle: &str) -> String {
    format_user(user_key(seed, provider, handle))
}

/// As [`user_id`], as a number.
pub fn user_key(seed: u64, provider: &str, handle: &str) -> UserKey {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update([0]);
    hash.update(provider.as_bytes());
    hash.update([0]);
    hash.update(handle.as_bytes());
    let digest = hash.finalize();
    let mut first = [0u8; 16];
    for (to, from) in first.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    u128::from_be_bytes(first)
}

/// Writes a user key as an id.
pub fn format_user(key: UserKey) -> String {
    format!("U{key:032x}")
}

/// Reads `U[0-9a-f]{32}`; anything else is malformed.
pub fn parse_user(text: &str) -> Option<UserKey> {
    let digits = text.strip_prefix('U')?;
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return None;
    }
    u128::from_str_radix(digits, 16).ok()
}

/// True for a well-formed id of a group (`C`) or room (`R`).
pub fn is_group_or_room(text: &str) -> bool {
    text.strip_prefix(['C', 'R']).is_some_and(|d| d.len() == 32 && d.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// A ULID: 48 bits of milliseconds, 80 bits of chance, in Crockford's base 32.
pub fn ulid(at: Millis, chance: &Chance) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let random = u128::from_le_bytes(chance.bytes()) & ((1 << 80) - 1);
    let value = (u128::try_from(at).unwrap_or(0) << 80) | random;
    (0..26u32).rev().map(|i| char::from(DIGITS[usize::try_from((value >> (5 * i)) & 31).unwrap_or(0)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_reads_back_and_differs_per_provider() {
        let id = user_id(7, "hillside", "hanako");
        assert_eq!(parse_user(&id).map(format_user), Some(id.clone()));
        assert_ne!(id, user_id(7, "hamada", "hanako"));
        assert_eq!(parse_user(&id.to_uppercase()), None);
    }

    #[test]
    fn ulids_sort_by_time() {
        let chance = Chance::seeded(1);
        let (a, b) = (ulid(1_700_000_000_000, &chance), ulid(1_700_000_000_001, &chance));
        assert_eq!(a.len(), 26);
        assert!(a < b);
    }
}
