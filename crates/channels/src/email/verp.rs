//! Variable envelope return paths: `bounce+TOKEN-TAG@domain`, so that a bounce names its delivery whatever its form. The
//! tag is an HMAC: nobody can make up a bounce for somebody else's delivery. Leaves what the token stands for to the caller.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

const PREFIX: &str = "bounce+";
/// 64 bits are plenty against guessing by mail, and keep the local part within its 64 characters.
const TAG_HEX: usize = 16;
const TOKEN_MAX: usize = 64 - PREFIX.len() - 1 - TAG_HEX;

/// The maker and reader of return paths of one organisation.
#[derive(Clone)]
pub struct Verp {
    key: [u8; 32],
    domain: String,
}

impl fmt::Debug for Verp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verp({})", self.domain)
    }
}

impl Verp {
    /// With the organisation's key, for the domain that receives its bounces.
    pub fn with(key: [u8; 32], domain: impl Into<String>) -> Self {
        Self { key, domain: domain.into().to_ascii_lowercase() }
    }

    /// The return path for a token: lower-case letters, digits and hyphens, at most 40. `None` for any other token.
    pub fn address(&self, token: &str) -> Option<String> {
        let fit = (1..=TOKEN_MAX).contains(&token.len()) && token.bytes().all(is_token_byte);
        fit.then(|| format!("{PREFIX}{token}-{}@{}", self.tag(token), self.domain))
    }

    /// The token of a return path, if the tag is ours. Case does not matter: some servers change it.
    pub fn token_of(&self, address: &str) -> Option<String> {
        let address = address.trim().trim_matches(['<', '>']).to_ascii_lowercase();
        let local = address.strip_suffix(&self.domain)?.strip_suffix('@')?.strip_prefix(PREFIX)?;
        let (token, tag) = local.rsplit_once('-')?;
        let genuine: bool = self.tag(token).as_bytes().ct_eq(tag.as_bytes()).into();
        genuine.then(|| token.to_owned())
    }

    /// The first genuine return path anywhere in a text.
    pub fn find_in(&self, text: &str) -> Option<String> {
        text.match_indices(PREFIX).find_map(|(at, _)| {
            let rest = &text[at..];
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-@.".contains(c))).unwrap_or(rest.len());
            self.token_of(rest[..end].trim_end_matches('.'))
        })
    }

    fn tag(&self, token: &str) -> String {
        // Any key length is a valid HMAC key; an empty tag, should that change, matches nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        mac.update(token.as_bytes());
        mac.update(b"@");
        mac.update(self.domain.as_bytes());
        let mut tag = hex::encode(mac.finalize().into_bytes());
        tag.truncate(TAG_HEX);
        tag
    }
}

fn is_token_byte(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_token_comes_back_and_a_changed_one_does_not(token in "[a-z0-9-]{1,40}", other in "[a-z0-9-]{1,40}") {
            let verp = Verp::with([1; 32], "mail.example.jp");
            let address = verp.address(&token).unwrap();
            prop_assert!(address.split('@').next().unwrap().len() <= 64);
            prop_assert_eq!(verp.token_of(&address), Some(token.clone()));
            prop_assert_eq!(verp.token_of(&address.to_uppercase()), Some(token.clone()));
            prop_assert_eq!(verp.find_in(&format!("To: <{address}>, x")), Some(token.clone()));
            prop_assert_eq!(Verp::with([2; 32], "mail.example.jp").token_of(&address), None);
            if other != token {
                prop_assert_eq!(verp.token_of(&address.replacen(&token, &other, 1)), None);
            }
        }
    }

    #[test]
    fn unfit_tokens_and_foreign_domains_are_refused() {
        let verp = Verp::with([1; 32], "mail.example.jp");
        for token in ["", "A", "a b", "a\r\nb", "あ", &"a".repeat(41)] {
            assert_eq!(verp.address(token), None);
        }
        let address = verp.address("abc").unwrap();
        assert_eq!(verp.token_of(&address.replace("mail.example.jp", "evil.example.jp")), None);
        assert_eq!(verp.token_of("bounce+abc-@mail.example.jp"), None);
    }
}
