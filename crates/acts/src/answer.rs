//! How an act ends when it does not succeed. Reason codes are public and have a text in every locale
//! (`refused-<code>` in locales/*/refusals.ftl); web turns them into a sentence and keeps what was typed.

use thiserror::Error;
use tsunagari_storage::StorageError;

/// One reason, with the field it belongs to when there is one and the values its sentence needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The public code, snake_case.
    pub code: &'static str,
    /// The form field to point at.
    pub field: Option<&'static str>,
    /// Values of the sentence: name and text.
    pub values: Vec<(&'static str, String)>,
}

impl Reason {
    /// A reason without a field.
    pub const fn of(code: &'static str) -> Self {
        Self { code, field: None, values: Vec::new() }
    }

    /// A reason at a field.
    pub const fn at(field: &'static str, code: &'static str) -> Self {
        Self { code, field: Some(field), values: Vec::new() }
    }

    /// Adds a value of the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }
}

/// Why an act did not happen. Nothing was changed.
#[derive(Debug, Error)]
pub enum ActError {
    /// The act says no, for these reasons.
    #[error("refused: {0:?}")]
    Refused(Vec<Reason>),
    /// No such thing here: unknown and foreign ids alike.
    #[error("not found")]
    NotFound,
    /// Somebody was faster; look again.
    #[error("conflict")]
    Conflict,
    /// Too much at once, or the database is busy; the same may succeed later.
    #[error("busy")]
    Busy,
    /// No space for writing.
    #[error("no space")]
    Full,
    /// A failure of the program or the machine.
    #[error("broken: {0}")]
    Broken(String),
}

impl ActError {
    /// One reason.
    pub fn refused(code: &'static str) -> Self {
        Self::Refused(vec![Reason::of(code)])
    }

    /// One reason at a field.
    pub fn refused_at(field: &'static str, code: &'static str) -> Self {
        Self::Refused(vec![Reason::at(field, code)])
    }

    /// The same, said where there is no such field to point at.
    pub(crate) fn of_no_field(self) -> Self {
        match self {
            Self::Refused(reasons) => {
                Self::Refused(reasons.into_iter().map(|it| Reason { field: None, ..it }).collect())
            }
            other => other,
        }
    }
}

impl From<StorageError> for ActError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound(_) => Self::NotFound,
            StorageError::Conflict(_) | StorageError::Duplicate(_) => Self::Conflict,
            StorageError::Busy(_) => Self::Busy,
            StorageError::Full => Self::Full,
            StorageError::Version(why)
            | StorageError::Unreachable(why)
            | StorageError::Keys(why)
            | StorageError::Broken(why) => Self::Broken(why),
            other @ (StorageError::Unreadable { .. } | StorageError::Sealed) => Self::Broken(other.to_string()),
        }
    }
}

impl From<tsunagari_access::Refusal> for ActError {
    fn from(refusal: tsunagari_access::Refusal) -> Self {
        Self::refused(refusal.code())
    }
}
