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

fn folded(c: char) -> Option<char> {
    Some(match c {
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
