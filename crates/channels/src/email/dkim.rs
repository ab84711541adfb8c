//! DKIM (RFC 6376) with RSA-2048, relaxed/relaxed, over the headers that matter, the list-unsubscribe ones included
//! (RFC 8058 wants them signed). The signing itself is lettre's. Leaves publishing the key in DNS to the operator.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::Message;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;
use thiserror::Error;

/// What is signed when present.
const SIGNED: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Reply-To",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// A private key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an RSA private key in PEM (PKCS#1 or PKCS#8)")]
pub struct BadDkimKey;

/// Signs for one domain.
#[derive(Clone)]
pub struct DkimSigner {
    pem: crate::Secret,
    selector: String,
    domain: String,
}

impl std::fmt::Debug for DkimSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DkimSigner({}._domainkey.{})", self.selector, self.domain)
    }
}

impl DkimSigner {
    /// From the contents of a PEM file, as `openssl genrsa` writes it (PKCS#1 or PKCS#8).
    pub fn from_pem(pem: &str, selector: impl Into<String>, domain: impl Into<String>) -> Result<Self, BadDkimKey> {
        let pem = if pem.contains("BEGIN PRIVATE KEY") { unwrap_pkcs8(pem).ok_or(BadDkimKey)? } else { pem.to_owned() };
        DkimSigningKey::new(&pem, DkimSigningAlgorithm::Rsa).map_err(|_| BadDkimKey)?;
        Ok(Self { pem: crate::Secret::of(pem), selector: selector.into(), domain: domain.into() })
    }

    pub(super) fn sign(&self, message: &mut Message) -> Result<(), BadDkimKey> {
        let key = DkimSigningKey::new(self.pem.reveal(), DkimSigningAlgorithm::Rsa).map_err(|_| BadDkimKey)?;
        let present = SIGNED
            .into_iter()
            .filter(|name| message.headers().get_raw(name).is_some())
            .map(HeaderName::new_from_ascii_str)
            .collect();
        let relaxed =
            DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
        message.sign(&DkimConfig::new(self.selector.clone(), self.domain.clone(), key, present, relaxed));
        Ok(())
    }
}

/// Takes the PKCS#1 key out of its PKCS#8 envelope (RFC 5208: SEQUENCE { version, algorithm, OCTET STRING }), because lettre
/// reads PKCS#1 only and OpenSSL 3 writes PKCS#8.
fn unwrap_pkcs8(pem: &str) -> Option<String> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = STANDARD.decode(body).ok()?;
    let (0x30, inside, _) = element(&der)? else { return None };
    let (0x02, _, rest) = element(inside)? else { return None };
    let (0x30, _, rest) = element(rest)? else { return None };
    let (0x04, key, _) = element(rest)? else { return None };
    let text = STANDARD.encode(key);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|chunk| String::from_utf8_lossy(chunk)).collect();
    Some(format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n", lines.join("\n")))
}

/// One DER element: tag, contents, what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if !(1..=4).contains(&count) || rest.len() < count {
            return None;
        }
        let (digits, rest) = rest.split_at(count);
        (digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
    };
    (rest.len() >= length).then(|| (tag, &rest[..length], &rest[length..]))
}
