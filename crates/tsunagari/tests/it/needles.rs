//! Looks for words in bytes, in every spelling bytes can take on their way: as they are, in hexadecimal, in base64 at each
//! alignment, percent-encoded, in UTF-16.

use std::collections::HashMap;

/// Length of the beginning all spellings are first looked up by.
const HEAD: usize = 8;

/// What is looked for.
#[derive(Default)]
pub struct Needles {
    spellings: HashMap<[u8; HEAD], Vec<(Vec<u8>, String)>>,
    count: usize,
}

impl Needles {
    /// How many words.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Adds a word of a class.
    pub fn add(&mut self, class: &str, word: &str) {
        self.add_bytes(class, word.as_bytes());
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.spell(wide, class, word);
    }

    /// Adds bytes of a class.
    pub fn add_bytes(&mut self, class: &str, bytes: &[u8]) {
        let name = String::from_utf8_lossy(bytes).into_owned();
        self.count += 1;
        self.spell(bytes.to_vec(), class, &name);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.spell(hex.to_uppercase().into_bytes(), class, &name);
        self.spell(hex.into_bytes(), class, &name);
        for skip in 0..3 {
            self.spell(base64(bytes, skip), class, &name);
        }
    }

    fn spell(&mut self, spelling: Vec<u8>, class: &str, word: &str) {
        if let Some(head) = spelling.first_chunk::<HEAD>() {
            self.spellings.entry(*head).or_default().push((spelling.clone(), format!("{class} {word}")));
        }
    }

    /// Where something was found: place and word.
    pub fn find<'p>(&self, places: impl IntoIterator<Item = &'p (String, Vec<u8>)>) -> Vec<String> {
        let mut found = Vec::new();
        for (place, bytes) in places {
            for at in 0..bytes.len().saturating_sub(HEAD - 1) {
                let Some(head) = bytes[at..].first_chunk::<HEAD>() else { break };
                for (spelling, word) in self.spellings.get(head).into_iter().flatten() {
                    if bytes[at..].starts_with(spelling) {
                        found.push(format!("{word} in {place}"));
                    }
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

/// Base64 of bytes that begin `skip` bytes into a group, without the letters that hold neighbours too.
fn base64(bytes: &[u8], skip: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let padded: Vec<u8> = std::iter::repeat_n(0, skip).chain(bytes.iter().copied()).collect();
    let mut letters = Vec::new();
    for group in padded.chunks_exact(3) {
        let held = u32::from(group[0]) << 16 | u32::from(group[1]) << 8 | u32::from(group[2]);
        letters.extend([18, 12, 6, 0].map(|shift| LETTERS[(held >> shift & 63) as usize]));
    }
    letters.split_off(if skip == 0 { 0 } else { skip + 1 })
}

#[test]
fn every_spelling_is_seen() {
    let mut needles = Needles::default();
    needles.add("control", "a-secret-word-1");
    let wide: Vec<u8> = "x a-secret-word-1".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (place, bytes) in [
        ("plain", b"..a-secret-word-1..".to_vec()),
        ("hex", b"\\x612d7365637265742d776f72642d31".to_vec()),
        ("base64", b"YS1zZWNyZXQtd29yZC0x".to_vec()),
        ("base64 after one byte", b"eGEtc2VjcmV0LXdvcmQtMQ==".to_vec()),
        ("base64 after two bytes", b"eHhhLXNlY3JldC13b3JkLTE=".to_vec()),
        ("wide", wide),
    ] {
        assert_eq!(needles.find(&[(place.to_owned(), bytes)]), [format!("control a-secret-word-1 in {place}")]);
    }
    assert!(needles.find(&[("other".to_owned(), b"a-secret-word-2 and more".to_vec())]).is_empty());
}
