//! How LINE counts characters: UTF-16 code units for most texts, grapheme clusters for what stands on buttons and menus (docs, text-character-count).

use unicode_segmentation::UnicodeSegmentation;

/// UTF-16 code units.
pub fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Grapheme clusters.
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_emoji_is_one_grapheme_and_eleven_units() {
        assert_eq!((graphemes("👨‍👩‍👧‍👦"), utf16("👨‍👩‍👧‍👦")), (1, 11));
        assert_eq!((graphemes("𠮷"), utf16("𠮷")), (1, 2));
    }
}
