//! Names of people and schools: kept as written, compared in a folded form, searched by bigrams. Folding (NFKC, variant
//! characters, spaces) is for comparison only and never stored in place of what was written. Leaves deciding who is the
//! same person to `people::matching`. To add a variant: a pair in `VARIANTS`, from the variant to the common form.

mod kana;

use unicode_normalization::UnicodeNormalization;

pub use kana::{comparable_kana, full_to_half, half_to_full, is_kana, is_reading};

/// Variant characters seen in Japanese family and given names, each with the form it is compared as: old and new forms
/// (旧字体 and 新字体) and registry variants of one character. 斎 and 斉 are two characters and stay two.
const VARIANTS: &[(char, char)] = &[
    ('髙', '高'),
    ('﨑', '崎'),
    ('𥔎', '崎'),
    ('嵜', '崎'),
    ('碕', '崎'),
    ('𠮷', '吉'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('齋', '斎'),
    ('齊', '斉'),
    ('濵', '浜'),
    ('濱', '浜'),
    ('澤', '沢'),
    ('櫻', '桜'),
    ('廣', '広'),
    ('國', '国'),
    ('嶋', '島'),
    ('嶌', '島'),
    ('德', '徳'),
    ('惠', '恵'),
    ('眞', '真'),
    ('龍', '竜'),
    ('藏', '蔵'),
    ('榮', '栄'),
    ('濟', '済'),
    ('渕', '淵'),
    ('渊', '淵'),
    ('彌', '弥'),
    ('壽', '寿'),
    ('實', '実'),
    ('將', '将'),
    ('條', '条'),
    ('豐', '豊'),
    ('與', '与'),
    ('齒', '歯'),
    ('淺', '浅'),
    ('瀨', '瀬'),
    ('黑', '黒'),
    ('增', '増'),
    ('曾', '曽'),
    ('檜', '桧'),
    ('峯', '峰'),
    ('舘', '館'),
    ('寬', '寛'),
    ('靜', '静'),
    ('圓', '円'),
    ('圖', '図'),
    ('會', '会'),
    ('學', '学'),
    ('縣', '県'),
    ('驛', '駅'),
    ('聰', '聡'),
    ('應', '応'),
    ('鷗', '鴎'),
    ('槇', '槙'),
    ('亞', '亜'),
    ('萬', '万'),
    ('關', '関'),
    ('鐵', '鉄'),
    ('郞', '郎'),
    ('橫', '横'),
    ('緖', '緒'),
    ('薗', '園'),
    ('冨', '富'),
    ('埜', '野'),
    ('凛', '凜'),
    ('遙', '遥'),
    ('堯', '尭'),
    ('ヶ', 'ケ'),
    ('ヵ', 'カ'),
];

/// The form names are compared in: NFKC, variants folded, upper case, without spaces, marks of punctuation and
/// variation selectors.
pub fn comparable(name: &str) -> String {
    // Composed again at the end: taking a space away can bring a kana and its voicing mark together.
    name.nfkc().filter_map(folded).nfkc().flat_map(char::to_uppercase).collect()
}

/// Whether a name is another one with a variant character written as the common one: who cannot type the variant writes
/// so, and it tells nothing against the spelling that has it.
pub fn is_plainer(name: &str, than: &str) -> bool {
    let variants = |name: &str| name.chars().filter(|c| VARIANTS.iter().any(|(variant, _)| variant == c)).count();
    variants(name) < variants(than) && comparable(name) == comparable(than)
}

/// The spelling that stands when one that is known is said anew: what is said, unless it is only plainer.
pub fn fuller<'n>(known: &'n str, said: &'n str) -> &'n str {
    if is_plainer(said, known) { known } else { said }
}

fn folded(c: char) -> Option<char> {
    let selector = matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    if c.is_whitespace()
        || c.is_control()
        || selector
        || matches!(c, '・' | '･' | '.' | ',' | '\'' | '’' | '\u{200B}'..='\u{200F}')
    {
        return None;
    }
    Some(VARIANTS.iter().find(|(variant, _)| *variant == c).map_or(c, |(_, common)| *common))
}

/// What was typed without its outer spaces and with each inner run of spaces as one ideographic or ASCII space as
/// written; the spelling itself stays.
pub fn tidy(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars().filter(|c| !c.is_control()) {
        if !(c.is_whitespace() && out.ends_with(char::is_whitespace)) {
            out.push(c);
        }
    }
    out
}

/// Family and given name of a full name written with one space of any kind between them; the whole is the family name
/// when there is none. Further spaces stay in the given name.
pub fn split(full: &str) -> (String, String) {
    let full = tidy(full);
    match full.split_once(char::is_whitespace) {
        Some((family, given)) => (family.to_owned(), given.to_owned()),
        None => (full, String::new()),
    }
}

/// The bigrams of a comparable text, sorted, once each; a text of one character is its own gram.
pub fn bigrams(comparable: &str) -> Vec<String> {
    let chars: Vec<char> = comparable.chars().collect();
    let mut grams: Vec<String> = match chars.as_slice() {
        [] => Vec::new(),
        [one] => vec![one.to_string()],
        many => many.windows(2).map(|pair| pair.iter().collect()).collect(),
    };
    grams.sort();
    grams.dedup();
    grams
}

/// The grams a name is found by: of the name and of its kana, and the single first character of each (so that one
/// typed character finds too).
pub fn search_grams(name: &str, kana: &str) -> Vec<String> {
    grams_of_keys(&comparable(name), &comparable_kana(kana))
}

/// The same of a name and its kana that are already in their comparable forms.
pub fn grams_of_keys(name_key: &str, kana_key: &str) -> Vec<String> {
    let mut grams = Vec::new();
    for text in [name_key, kana_key] {
        grams.extend(bigrams(text));
        grams.extend(text.chars().next().map(String::from));
    }
    grams.sort();
    grams.dedup();
    grams
}

/// The grams a typed query must all have: of its kana form when it is written in kana alone, otherwise of its name form.
pub fn query_grams(query: &str) -> Vec<String> {
    bigrams(&query_key(query))
}

/// The comparable form of a typed query.
pub fn query_key(query: &str) -> String {
    if is_kana(query) { comparable_kana(query) } else { comparable(query) }
}

#[cfg(test)]
mod tests;
