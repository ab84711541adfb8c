//! Taking Rust source apart, far enough for the checks: what is code, what is a string, what is a comment, and which
//! lines are tests. Not a parser: it knows the lexical rules and the brace that ends a `#[cfg(test)]` module.

use crate::tree::File;

/// A Rust file taken apart.
#[derive(Debug)]
pub struct Source {
    /// Path from the root.
    pub path: String,
    /// Code with strings and comments blanked out, one entry a line.
    pub code: Vec<String>,
    /// Comments, with the line each begins on.
    pub comments: Vec<(usize, String)>,
    strings: Vec<(usize, String)>,
    /// Per line, whether it belongs to tests.
    tests: Vec<bool>,
}

impl Source {
    /// Takes a file apart.
    pub fn read(file: &File) -> Self {
        let mut reader = Reader::new(&file.text);
        reader.read();
        let code: Vec<String> = reader.code.split('\n').map(str::to_owned).collect();
        let tests = if is_test_path(&file.path) { vec![true; code.len()] } else { test_lines(&code) };
        Self { path: file.path.clone(), code, comments: reader.comments, strings: reader.strings, tests }
    }

    /// Whether a line (from 1) belongs to tests.
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.get(line.saturating_sub(1)).copied().unwrap_or(false)
    }

    /// Code lines outside tests, with their numbers from 1.
    pub fn product_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().enumerate().map(|(index, line)| (index + 1, line.as_str())).filter(|(n, _)| !self.is_test(*n))
    }

    /// String literals outside tests, with the line each begins on.
    pub fn product_strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.strings.iter().map(|(line, text)| (*line, text.as_str())).filter(|(line, _)| !self.is_test(*line))
    }

    /// The crate's folder name when the file belongs to `crates/`.
    pub fn member(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }
}

/// Whether a path is a test by its place.
pub fn is_test_path(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || ["/tests/", "/benches/", "crates/testkit/"].iter().any(|part| path.contains(part))
        || path.starts_with("bench/")
}

fn test_lines(code: &[String]) -> Vec<bool> {
    let mut tests = vec![false; code.len()];
    let mut index = 0;
    while index < code.len() {
        if !code[index].trim_start().starts_with("#[cfg(test)]") {
            index += 1;
            continue;
        }
        // The item ends at the brace that closes its first one, or at a `;` before any brace.
        let mut depth = 0_usize;
        'item: for (offset, line) in code[index..].iter().enumerate() {
            tests[index + offset] = true;
            let text = if offset == 0 { line.trim_start().trim_start_matches("#[cfg(test)]") } else { line };
            for character in text.chars() {
                match character {
                    '{' => depth += 1,
                    '}' if depth <= 1 => break 'item,
                    '}' => depth -= 1,
                    ';' if depth == 0 => break 'item,
                    _ => {}
                }
            }
        }
        while index < code.len() && tests[index] {
            index += 1;
        }
    }
    tests
}

struct Reader {
    characters: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    strings: Vec<(usize, String)>,
    comments: Vec<(usize, String)>,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self {
            characters: text.chars().collect(),
            at: 0,
            line: 1,
            code: String::new(),
            strings: Vec::new(),
            comments: Vec::new(),
        }
    }

    fn peek(&self, ahead: usize) -> char {
        self.characters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    /// Takes a character that is not code: only line ends stay in the code.
    fn take(&mut self) -> char {
        let character = self.peek(0);
        if character == '\n' {
            self.line += 1;
            self.code.push('\n');
        }
        self.at += 1;
        character
    }

    fn keep(&mut self) {
        let character = self.peek(0);
        if character != '\n' {
            self.code.push(character);
        }
        self.take();
    }

    fn read(&mut self) {
        while self.at < self.characters.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => self.line_comment(),
                ('/', '*') => self.block_comment(),
                ('"', _) => self.string(),
                ('r', '"' | '#') if !self.follows_word() && self.raw_hashes(1).is_some() => self.raw_string(1),
                ('b', 'r') if !self.follows_word() && self.raw_hashes(2).is_some() => self.raw_string(2),
                ('\'', _) => self.character_or_lifetime(),
                _ => self.keep(),
            }
        }
    }

    fn follows_word(&self) -> bool {
        self.at > 0 && (self.characters[self.at - 1].is_alphanumeric() || self.characters[self.at - 1] == '_')
    }

    fn line_comment(&mut self) {
        let begin = self.line;
        let mut text = String::new();
        while self.at < self.characters.len() && self.peek(0) != '\n' {
            text.push(self.take());
        }
        self.comments.push((begin, text));
    }

    fn block_comment(&mut self) {
        let begin = self.line;
        let mut text = String::new();
        let mut depth = 0;
        while self.at < self.characters.len() {
            let step = match (self.peek(0), self.peek(1)) {
                ('/', '*') => 1,
                ('*', '/') => -1,
                _ => 0,
            };
            text.push(self.take());
            if step != 0 {
                text.push(self.take());
                depth += step;
                if depth == 0 {
                    break;
                }
            }
        }
        self.comments.push((begin, text));
    }

    fn string(&mut self) {
        let begin = self.line;
        let mut text = String::new();
        self.keep();
        while self.at < self.characters.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                text.push(self.take());
            }
            text.push(self.take());
        }
        self.keep();
        self.strings.push((begin, text));
    }

    /// The number of `#` when a raw string begins `ahead` characters from here.
    fn raw_hashes(&self, ahead: usize) -> Option<usize> {
        let hashes = (0..).take_while(|offset| self.peek(ahead + offset) == '#').count();
        (self.peek(ahead + hashes) == '"').then_some(hashes)
    }

    fn raw_string(&mut self, ahead: usize) {
        let begin = self.line;
        let hashes = self.raw_hashes(ahead).unwrap_or(0);
        for _ in 0..=ahead + hashes {
            self.keep();
        }
        let ends = |reader: &Self| reader.peek(0) == '"' && (1..=hashes).all(|offset| reader.peek(offset) == '#');
        let mut text = String::new();
        while self.at < self.characters.len() && !ends(self) {
            text.push(self.take());
        }
        for _ in 0..=hashes {
            self.keep();
        }
        self.strings.push((begin, text));
    }

    fn character_or_lifetime(&mut self) {
        // 'a' and '\n' are characters, 'a without a closing quote is a lifetime.
        let length = if self.peek(1) == '\\' {
            (2..12).find(|offset| self.peek(*offset + 1) == '\'').map(|offset| offset + 1)
        } else {
            (self.peek(2) == '\'').then_some(2)
        };
        let Some(length) = length else {
            return self.keep();
        };
        let begin = self.line;
        let mut text = String::new();
        for _ in 0..=length {
            text.push(self.take());
        }
        self.code.push_str("' '");
        self.strings.push((begin, text.trim_matches('\'').to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Source {
        Source::read(&File { path: path.to_owned(), text: text.to_owned() })
    }

    #[test]
    fn strings_and_comments_are_not_code() {
        let source = read(
            "crates/a/src/b.rs",
            "let a = \"SELECT // no\"; // why \"x\"\nlet b: &'static str = r#\"raw \"q\" {\"#;\n",
        );
        assert_eq!(source.code[0].trim(), "let a = \"\";");
        assert_eq!(source.code[1].trim(), "let b: &'static str = r#\"\"#;");
        assert_eq!(source.strings, [(1, "SELECT // no".to_owned()), (2, "raw \"q\" {".to_owned())]);
        assert_eq!(source.comments, [(1, "// why \"x\"".to_owned())]);
    }

    #[test]
    fn characters_do_not_open_strings() {
        let source =
            read("crates/a/src/b.rs", "match c { '\"' => 1, '\\'' => 2, '\\u{3042}' => 3, '{' => 4 }\nlet s = \"t\";");
        assert_eq!(source.strings.last(), Some(&(2, "t".to_owned())));
        assert_eq!(source.code[0].matches('{').count(), 1);
    }

    #[test]
    fn test_modules_are_known_line_by_line() {
        let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { if x {} }\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
        let source = read("crates/a/src/b.rs", text);
        let tests: Vec<usize> = (1..=9).filter(|line| source.is_test(*line)).collect();
        assert_eq!(tests, [2, 3, 4, 5, 7, 8]);
        assert!(read("crates/a/src/b/tests.rs", "fn a() {}").is_test(1));
    }
}
