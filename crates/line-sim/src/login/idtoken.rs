//! ID tokens: HS256 with the channel secret for web login, ES256 with a `kid` for LIFF; and their verification as `/oauth2/v2.1/verify` does it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use sha2::Sha256;

/// Key id of the LIFF key.
pub const KID: &str = "tsunagari-line-sim-1";

/// Issuer of all ID tokens.
pub const ISSUER: &str = "https://access.line.me";

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn mac(secret: &str, input: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(input.as_bytes());
    Some(mac)
}

/// The token of a web login.
pub fn hs256(claims: &Value, secret: &str) -> String {
    let input = format!("{}.{}", part(&json!({"typ": "JWT", "alg": "HS256"})), part(claims));
    let signature = mac(secret, &input).map(|m| URL_SAFE_NO_PAD.encode(m.finalize().into_bytes())).unwrap_or_default();
    format!("{input}.{signature}")
}

/// The token of LIFF.
pub fn es256(claims: &Value, key: &SigningKey) -> String {
    let input = format!("{}.{}", part(&json!({"typ": "JWT", "alg": "ES256", "kid": KID})), part(claims));
    let signature: Signature = key.sign(input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// The claims of a token whose signature holds under either way.
pub fn open(token: &str, secret: &str, key: &SigningKey) -> Option<Value> {
    let (input, signature) = token.rsplit_once('.')?;
    let (header, claims) = input.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    match read(header)?.get("alg").and_then(Value::as_str)? {
        "HS256" => mac(secret, input)?.verify_slice(&signature).ok()?,
        "ES256" => {
            let signature = Signature::from_slice(&signature).ok()?;
            key.verifying_key().verify(input.as_bytes(), &signature).ok()?;
        }
        _ => return None,
    }
    read(claims)
}

/// The public key as a JWK set.
pub fn certs(key: &VerifyingKey) -> Value {
    let point = key.to_sec1_point(false);
    let bytes = point.as_bytes();
    let (x, y) = (bytes.get(1..33).unwrap_or_default(), bytes.get(33..65).unwrap_or_default());
    json!({"keys": [{
        "kty": "EC", "alg": "ES256", "use": "sig", "crv": "P-256", "kid": KID,
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
    }]})
}
