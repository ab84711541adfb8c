//! Rows of a list that name nobody: totals, the end of the list, remarks below it. A row with a birth date that can be read
//! names somebody, whatever else it says: 計 is a family name too. To add a word: a line in `WORDS`. Leaves titles and
//! the header, which stand above the list, to whoever found the header.

use tsunagari_kernel::names;

use super::{Problem, RawRow};

/// How a row that names nobody begins, without the brackets and marks around it; those of one character are the whole cell
/// or stand before a number.
const WORDS: [(&str, Problem); 22] = [
    ("合計", Problem::TotalRow),
    ("総計", Problem::TotalRow),
    ("小計", Problem::TotalRow),
    ("累計", Problem::TotalRow),
    ("総数", Problem::TotalRow),
    ("総人数", Problem::TotalRow),
    ("人数", Problem::TotalRow),
    ("男子計", Problem::TotalRow),
    ("女子計", Problem::TotalRow),
    ("男女計", Problem::TotalRow),
    ("男計", Problem::TotalRow),
    ("女計", Problem::TotalRow),
    ("計", Problem::TotalRow),
    ("以下余白", Problem::EndOfList),
    ("以下空白", Problem::EndOfList),
    ("余白", Problem::EndOfList),
    ("以上", Problem::EndOfList),
    ("備考", Problem::RemarkRow),
    ("摘要", Problem::RemarkRow),
    ("注記", Problem::RemarkRow),
    ("注意", Problem::RemarkRow),
    ("注", Problem::RemarkRow),
];

/// Why a row names nobody, when it does not.
pub(super) fn why(raw: &RawRow) -> Option<Problem> {
    let name = names::comparable(&[raw.family.as_str(), &raw.given, &raw.full_name].concat());
    let written = if name.is_empty() { names::comparable(&raw.first) } else { name.clone() };
    by_word(&written).or((marked(&raw.first)).then_some(Problem::RemarkRow)).or_else(|| odd(&name))
}

/// Whether a name holds what names do not.
pub(super) fn unlike_a_name(name: &str) -> bool {
    names::comparable(name).chars().any(|c| c.is_ascii_digit() || is_bracket(c))
}

fn odd(name: &str) -> Option<Problem> {
    unlike_a_name(name).then_some(Problem::NotAPerson)
}

fn by_word(written: &str) -> Option<Problem> {
    let bare = written.trim_matches(|c: char| {
        is_bracket(c) || matches!(c, '-' | '―' | '—' | '─' | 'ー' | '*' | ':' | '※' | '◎' | '~')
    });
    WORDS.iter().find(|(word, _)| begins(bare, word)).map(|(_, problem)| *problem)
}

/// Whether a text begins with a word and nothing follows that would make it the beginning of a name.
fn begins(text: &str, word: &str) -> bool {
    let Some(rest) = text.strip_prefix(word) else { return false };
    let next = rest.chars().next();
    let ends = next.is_none_or(|c| c.is_ascii_digit() || is_bracket(c) || matches!(c, ':' | '-' | '='));
    ends || word.chars().count() > 1
}

fn marked(first: &str) -> bool {
    first.trim_start().starts_with(['※', '＊', '*'])
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '<'
            | '>'
            | '「'
            | '」'
            | '『'
            | '』'
            | '【'
            | '】'
            | '〈'
            | '〉'
            | '《'
            | '》'
            | '〔'
            | '〕'
    )
}
