//! Text in code page 932, Windows' Shift_JIS, which offices and carriers read: what it holds, and at which code point.

use encoding_rs::SHIFT_JIS;

/// One character in the code page; nothing when it has none.
pub(crate) fn encode_one(character: char) -> Option<Vec<u8>> {
    let mut buffer = [0; 4];
    let (encoded, _, missing) = SHIFT_JIS.encode(same(character).encode_utf8(&mut buffer));
    (!missing).then(|| encoded.into_owned())
}

/// A text in the code page.
///
/// # Errors
/// The first character it does not have.
pub(crate) fn encode(text: &str) -> Result<Vec<u8>, char> {
    let mut out = Vec::with_capacity(text.len());
    for character in text.chars() {
        out.extend(encode_one(character).ok_or(character)?);
    }
    Ok(out)
}

/// Characters that the code page holds at another code point of the same glyph.
fn same(c: char) -> char {
    match c {
        '\u{301C}' => '\u{FF5E}',
        '\u{2014}' => '\u{2015}',
        '\u{2016}' => '\u{2225}',
        '\u{2212}' => '\u{FF0D}',
        '\u{00A0}' => ' ',
        '\u{00A2}' => '\u{FFE0}',
        '\u{00A3}' => '\u{FFE1}',
        '\u{00AC}' => '\u{FFE2}',
        other => other,
    }
}
