//! What can go wrong between the program and its database, sorted by what the caller can do about it.

use thiserror::Error;

/// A failure of storage. Acts turn it into Busy, Conflict or Broken for the reader.
#[derive(Debug, Error)]
pub enum StorageError {
    /// Another process or transaction is in the way; the same call may succeed later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// A row with the same key exists already.
    #[error("already there: {0}")]
    Duplicate(String),
    /// The row changed since it was read, or the state does not allow the change.
    #[error("changed in between: {0}")]
    Conflict(&'static str),
    /// Nothing with this id in this organisation.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// The database server does not answer, or lets nobody in: where, why and what to check.
    #[error("{0}")]
    Unreachable(String),
    /// The disk is full: reading goes on, writing does not.
    #[error("no space left for the database")]
    Full,
    /// The database belongs to a newer or unknown version of the program.
    #[error("{0}")]
    Version(String),
    /// The keys do not belong to this database, or are not there: which, and what to put back.
    #[error("{0}")]
    Keys(String),
    /// A stored value cannot be read back.
    #[error("column {column} holds {value}, which cannot be read")]
    Unreadable {
        /// The column.
        column: String,
        /// The value, or the reason.
        value: String,
    },
    /// A sealed value does not open: wrong key, damage, or a shredded person.
    #[error("a sealed value does not open")]
    Sealed,
    /// Everything else.
    #[error("database: {0}")]
    Broken(String),
}

impl StorageError {
    pub(crate) fn empty(column: &str) -> Self {
        Self::Unreadable { column: column.to_owned(), value: "nothing".to_owned() }
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(inner) = &error else {
            return match error {
                sqlx::Error::PoolTimedOut => Self::Busy("every connection is taken".to_owned()),
                other => Self::Broken(other.to_string()),
            };
        };
        crate::dialect::sort_error(inner.as_ref())
    }
}
