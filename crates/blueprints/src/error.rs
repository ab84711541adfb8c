//! What is wrong with a blueprint file: where, in which field, and what to write instead.

use thiserror::Error;

/// A blueprint that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
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
