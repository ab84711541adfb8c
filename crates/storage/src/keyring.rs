//! Keys: wrapping key (a file outside the database) → organisation key (wrapped, in the database) → person key
//! (wrapped, in a file of its own, `keys/persons.db`), so that shredding a person's key makes older backups forget too.
//! Sealing is AES-256-GCM with a random nonce before the ciphertext; look-ups are HMAC-SHA-256 per organisation and kind.
//! Leaves where the wrapping key comes from to the binary; leaves contact normalisation to kernel.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use tsunagari_kernel::{Chance, OrgId};
use zeroize::Zeroizing;

use crate::error::StorageError;

const NONCE: usize = 12;

/// A 256-bit key that is wiped when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// From 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new one.
    pub fn born(chance: &Chance) -> Self {
        Self::new(chance.bytes())
    }

    /// Seals a value under a context (what it is and whose), which must be the same to open it.
    pub fn seal(&self, chance: &Chance, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, StorageError> {
        let nonce: [u8; NONCE] = chance.bytes();
        let cipher = Aes256Gcm::new_from_slice(&self.0[..]).map_err(|_| StorageError::Sealed)?;
        let body = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: context })
            .map_err(|_| StorageError::Sealed)?;
        let mut out = nonce.to_vec();
        out.extend(body);
        Ok(out)
    }

    /// Opens a sealed value.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StorageError> {
        let (nonce, body) = sealed.split_at_checked(NONCE).ok_or(StorageError::Sealed)?;
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| StorageError::Sealed)?;
        let cipher = Aes256Gcm::new_from_slice(&self.0[..]).map_err(|_| StorageError::Sealed)?;
        cipher
            .decrypt(&Nonce::from(nonce), Payload { msg: body, aad: context })
            .map(Zeroizing::new)
            .map_err(|_| StorageError::Sealed)
    }

    /// HMAC-SHA-256 of a value under a label.
    pub fn lookup(&self, label: &str, value: &str) -> Vec<u8> {
        let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0[..]) else { return Vec::new() };
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
}

/// The wrapping key and the organisation keys opened so far.
#[derive(Clone)]
pub struct Keyring {
    wrapping: Key,
    opened: Arc<RwLock<HashMap<OrgId, Key>>>,
}

impl Keyring {
    /// A ring with only the wrapping key.
    pub fn new(wrapping: Key) -> Self {
        Self { wrapping, opened: Arc::default() }
    }

    /// A new organisation key, wrapped for the directory row.
    pub fn wrap_new(&self, org: OrgId, chance: &Chance) -> Result<Vec<u8>, StorageError> {
        let key = Key::born(chance);
        let wrapped = self.wrapping.seal(chance, org.0.as_bytes(), &key.0[..])?;
        self.remember(org, key);
        Ok(wrapped)
    }

    /// Opens an organisation's key once.
    pub fn unwrap(&self, org: OrgId, wrapped: &[u8]) -> Result<Key, StorageError> {
        if let Some(key) = self.known(org) {
            return Ok(key);
        }
        let plain = self.wrapping.open(org.0.as_bytes(), wrapped)?;
        let bytes: [u8; 32] = plain.as_slice().try_into().map_err(|_| StorageError::Sealed)?;
        let key = Key::new(bytes);
        self.remember(org, key.clone());
        Ok(key)
    }

    /// The organisation's key if it was opened before.
    pub fn known(&self, org: OrgId) -> Option<Key> {
        self.opened.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&org).cloned()
    }

    fn remember(&self, org: OrgId, key: Key) {
        self.opened.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(org, key);
    }
}
