//! A random code short enough to type, without letters that look alike: of a slip, of a receipt. Leaves how many it takes, so that
//! none is found by trying, to whoever hands it out.

use tsunagari_kernel::Chance;

/// Letters and digits that cannot be mistaken for one another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A code of so many letters.
pub(crate) fn typed_code(chance: &Chance, length: usize) -> String {
    let letters = (0..length).map(|_| {
        let at = usize::try_from(chance.below(ALPHABET.len() as u64)).unwrap_or(0);
        char::from(ALPHABET[at])
    });
    letters.collect()
}
