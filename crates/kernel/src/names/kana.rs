//! Kana: half-width, hiragana and full-width katakana brought to one form. Leaves variant kanji to `names`.

use unicode_normalization::UnicodeNormalization;

/// Full-width katakana of a kana text as it should be shown: half-width and hiragana become full-width katakana, sound
/// marks join their letter; small letters and spaces stay.
pub fn half_to_full(kana: &str) -> String {
    let full: String = kana.nfkc().collect();
    // A free-standing sound mark (゛ ゜) comes out of NFKC as a space and a combining mark.
    full.replace(" \u{3099}", "\u{3099}").replace(" \u{309A}", "\u{309A}").nfc().map(to_katakana).collect()
}

fn to_katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        other => other,
    }
}

/// The form kana are compared in: full-width katakana, small letters large, long marks of any kind alike, ヂ and ヅ as
/// ジ and ズ, ヲ as オ, without spaces and middle dots.
pub fn comparable_kana(kana: &str) -> String {
    // Folded again after composing: a small kana that became a large one takes a voicing mark that follows it.
    let once: String = half_to_full(kana).chars().filter_map(folded).flat_map(char::to_uppercase).nfkc().collect();
    once.chars().filter_map(folded).collect()
}

/// A small letter as the large one; others stay.
const fn large(kana: char) -> char {
    match kana {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        other => other,
    }
}

/// Full-width letters in the order of their half-width signs, which stand from U+FF71 on.
const IN_ORDER: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// A text of kana in half-width signs without the small ones, ヲ as オ, a sound mark a sign of its own, a middle dot a space, a
/// long mark of any kind a stroke: how banks spell a name. The first sign that is none of it where there is one.
///
/// # Errors
/// A sign that is neither kana nor one that `other` carries as it is.
pub fn full_to_half(text: &str, other: fn(char) -> bool) -> Result<String, char> {
    half_to_full(text).nfd().map(|sign| half(sign).or_else(|| other(sign).then_some(sign)).ok_or(sign)).collect()
}

fn half(sign: char) -> Option<char> {
    const FIRST: u32 = 0xFF71;
    Some(match sign {
        '\u{3000}' | '・' => ' ',
        'ー' | '‐' | '‑' | '–' | '—' | '−' | '―' => '-',
        '\u{3099}' => 'ﾞ',
        '\u{309A}' => 'ﾟ',
        kana => {
            let plain = if kana == 'ヲ' { 'オ' } else { large(kana) };
            let at = IN_ORDER.chars().position(|it| it == plain)?;
            char::from_u32(FIRST + u32::try_from(at).ok()?)?
        }
    })
}

fn folded(c: char) -> Option<char> {
    Some(match large(c) {
        'ヂ' => 'ジ',
        'ヅ' => 'ズ',
        'ヲ' => 'オ',
        '-' | '‐' | '‑' | '–' | '—' | '−' | '―' => 'ー',
        '・' | '.' | '\'' => return None,
        c if c.is_whitespace() || c.is_control() => return None,
        other => other,
    })
}

/// Whether a text is a reading: kana, or Latin letters for a name that has none.
pub fn is_reading(text: &str) -> bool {
    let latin = |c: char| c.is_alphabetic() && c < '\u{0250}' || matches!(c, ' ' | '-' | '\'' | '’' | '.');
    is_kana(text) || text.chars().any(char::is_alphabetic) && text.chars().all(latin)
}

/// Whether a text is written in kana of any kind alone (spaces and long marks allowed); not for an empty text.
pub fn is_kana(text: &str) -> bool {
    let full = half_to_full(text);
    let mut letters = full.chars().filter(|c| !c.is_whitespace()).peekable();
    letters.peek().is_some() && letters.all(|c| matches!(c, 'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | '・' | '-'))
}
