//! Text into tokens with their positions. Leaves order and meaning to `parse`.

use chrono::NaiveDate;

use crate::ast::{Comparison, Placed};
use crate::error::{ErrorCode, Position, RuleError};
use crate::limits;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    Word(String),
    Digits(String),
    Day(NaiveDate),
    Text(String),
    Compare(Comparison),
    Open,
    Close,
    Comma,
    Plus,
    Minus,
    End,
}

/// The words that are no code and no fact.
pub(crate) const KEYWORDS: [&str; 13] =
    ["and", "or", "not", "between", "in", "has", "any", "all", "is", "known", "unknown", "everyone", "today"];

/// Whether a word can stand bare as a code.
pub(crate) fn is_bare(word: &str) -> bool {
    let mut parts = word.split('-');
    let first = parts.next().is_some_and(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && part.chars().all(is_word_char)
    });
    first
        && parts.all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.chars().all(is_word_char))
        && !KEYWORDS.contains(&word)
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

struct Cursor<'a> {
    text: &'a str,
    at: Position,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at.byte..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at.byte += c.len_utf8();
        if c == '\n' {
            self.at.line += 1;
            self.at.column = 1;
        } else {
            self.at.column += 1;
        }
        Some(c)
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| keep(*c)) {
            out.push(c);
            self.bump();
        }
        out
    }
}

/// All tokens of a text, closed by `Token::End`.
pub(crate) fn tokens(text: &str) -> Result<Vec<Placed<Token>>, RuleError> {
    let mut cursor = Cursor { text, at: Position { byte: 0, line: 1, column: 1 } };
    if text.len() > limits::BYTES {
        return Err(RuleError::new(ErrorCode::TooLong, cursor.at, "").expecting([limits::BYTES.to_string()]));
    }
    let mut out = Vec::new();
    loop {
        cursor.take_while(char::is_whitespace);
        let at = cursor.at;
        let Some(c) = cursor.peek() else {
            out.push(Placed { it: Token::End, at });
            return Ok(out);
        };
        let it = token(&mut cursor, c)?;
        out.push(Placed { it, at });
    }
}

fn token(cursor: &mut Cursor<'_>, c: char) -> Result<Token, RuleError> {
    if c.is_ascii_alphabetic() || c == '_' {
        return Ok(Token::Word(word(cursor)));
    }
    // No code is written so; taken whole, the reader can be told which one the word is for.
    if is_spoken(c) {
        return Ok(Token::Word(cursor.take_while(|c| is_spoken(c) || c.is_ascii_alphanumeric())));
    }
    if c.is_ascii_digit() {
        return number_or_day(cursor);
    }
    if c == '"' {
        return quoted(cursor);
    }
    let at = cursor.at;
    let followed_by_equals = cursor.second() == Some('=');
    let simple = match c {
        '(' => Token::Open,
        ')' => Token::Close,
        ',' => Token::Comma,
        '+' => Token::Plus,
        '-' => Token::Minus,
        '=' => Token::Compare(Comparison::Equal),
        '<' if !followed_by_equals => Token::Compare(Comparison::Less),
        '>' if !followed_by_equals => Token::Compare(Comparison::Greater),
        '<' | '>' | '!' if followed_by_equals => {
            cursor.bump();
            Token::Compare(match c {
                '<' => Comparison::AtMost,
                '>' => Comparison::AtLeast,
                _ => Comparison::NotEqual,
            })
        }
        other => {
            let mut error = RuleError::new(ErrorCode::StrayCharacter, at, other.to_string());
            error.suggestion = meant(other).map(String::from);
            return Err(error);
        }
    };
    cursor.bump();
    Ok(simple)
}

/// What was probably meant by a character typed with a Japanese keyboard or out of habit.
fn meant(c: char) -> Option<&'static str> {
    const WIDE: [(char, &str); 16] = [
        ('（', "("),
        ('）', ")"),
        ('、', ","),
        ('，', ","),
        ('＝', "="),
        ('＜', "<"),
        ('＞', ">"),
        ('！', "!="),
        ('≠', "!="),
        ('≦', "<="),
        ('≧', ">="),
        ('≤', "<="),
        ('≥', ">="),
        ('!', "!="),
        ('&', "and"),
        ('|', "or"),
    ];
    const QUOTES: [char; 7] = ['「', '」', '“', '”', '\'', '＂', '『'];
    if QUOTES.contains(&c) {
        return Some("\"");
    }
    WIDE.iter().find(|(wide, _)| *wide == c).map(|(_, plain)| *plain)
}

/// A letter of the reader's language; not a wide form of an ASCII one, which is a slip of the keyboard.
fn is_spoken(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii() && !('\u{FF00}'..='\u{FF5E}').contains(&c)
}

fn word(cursor: &mut Cursor<'_>) -> String {
    let mut out = cursor.take_while(is_word_char);
    while cursor.peek() == Some('-') && cursor.second().is_some_and(|c| c.is_ascii_alphabetic()) {
        cursor.bump();
        out.push('-');
        out.push_str(&cursor.take_while(is_word_char));
    }
    out
}

fn number_or_day(cursor: &mut Cursor<'_>) -> Result<Token, RuleError> {
    let at = cursor.at;
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    let dated = cursor.peek() == Some('-') && cursor.second().is_some_and(|c| c.is_ascii_digit());
    if !dated {
        return Ok(Token::Digits(digits));
    }
    let written = digits + &cursor.take_while(|c| c.is_ascii_digit() || c == '-');
    let day = (written.len() == 10).then(|| NaiveDate::parse_from_str(&written, "%Y-%m-%d").ok()).flatten();
    match day {
        Some(day) if day.format("%Y-%m-%d").to_string() == written => Ok(Token::Day(day)),
        Some(_) | None => Err(RuleError::new(ErrorCode::NoSuchDay, at, written).expecting(["2026-04-01"])),
    }
}

fn quoted(cursor: &mut Cursor<'_>) -> Result<Token, RuleError> {
    let at = cursor.at;
    cursor.bump();
    let mut out = String::new();
    loop {
        match cursor.bump() {
            Some('"') => return Ok(Token::Text(out)),
            Some('\\') => {
                let escaped_at = cursor.at;
                match cursor.bump() {
                    Some('n') => out.push('\n'),
                    Some(c @ ('"' | '\\')) => out.push(c),
                    Some(c) => {
                        let error = RuleError::new(ErrorCode::StrayCharacter, escaped_at, c.to_string());
                        return Err(error.expecting(["\\\"", "\\\\", "\\n"]));
                    }
                    None => return Err(unclosed(at, &out)),
                }
            }
            Some(c) => out.push(c),
            None => return Err(unclosed(at, &out)),
        }
    }
}

fn unclosed(at: Position, so_far: &str) -> RuleError {
    RuleError::new(ErrorCode::UnclosedText, at, so_far).expecting(["\""])
}
