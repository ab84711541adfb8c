//! A fault in a file: where, what, and what to do instead. Leaves the checks to those who read the files.

/// A fault in a blueprint, a plan or a file of cases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {field}: {problem}; {fix}")]
pub struct BlueprintError {
    /// Path under `blueprints/`.
    pub file: String,
    /// The line, from 1; the first one when the fault has no single place.
    pub line: usize,
    /// The field.
    pub field: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub fix: String,
}

/// A file being read: where its faults are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// Path under `blueprints/`.
    pub file: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

impl Text<'_> {
    /// Reads the file's TOML.
    ///
    /// # Errors
    /// It is none, or has a field that is unknown, missing or of another kind.
    pub fn read<T: serde::de::DeserializeOwned>(self) -> Result<T, BlueprintError> {
        toml::from_str(self.text).map_err(|error| {
            let line = error.span().map_or(1, |span| self.line_of(span.start));
            self.on(line, self.key_on(line), error.message(), "write the field as the neighbouring files do")
        })
    }

    /// A fault where some text stands for the first time.
    pub fn at(self, needle: &str, field: &str, problem: &str, fix: &str) -> BlueprintError {
        let line = self.text.find(needle).map_or(1, |at| self.line_of(at));
        self.on(line, field, problem, fix)
    }

    /// A fault where some text stands for the last time.
    pub fn at_last(self, needle: &str, field: &str, problem: &str, fix: &str) -> BlueprintError {
        let line = self.text.rfind(needle).map_or(1, |at| self.line_of(at));
        self.on(line, field, problem, fix)
    }

    fn on(self, line: usize, field: &str, problem: &str, fix: &str) -> BlueprintError {
        BlueprintError {
            file: self.file.to_owned(),
            line,
            field: field.to_owned(),
            problem: problem.replace('\n', " "),
            fix: fix.to_owned(),
        }
    }

    fn line_of(self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
    }

    fn key_on(&self, line: usize) -> &str {
        self.text.lines().nth(line - 1).and_then(|line| line.split('=').next()).map_or("", str::trim)
    }

    /// Whether the file is named after its slug.
    ///
    /// # Errors
    /// It is not.
    pub fn named(self, slug: &str) -> Result<(), BlueprintError> {
        if self.file.strip_suffix(".toml") == Some(slug) {
            return Ok(());
        }
        Err(self.at("slug", "slug", "differs from the file's path", "name the file after the slug"))
    }
}
