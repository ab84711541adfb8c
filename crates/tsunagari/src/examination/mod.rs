//! What `doctor` looks at: `place` (keys, permissions, space, backups, the clock), `server` (settings of PostgreSQL),
//! `town` (an organisation's rows, audit chain, keys, jobs, channels), `mail` (its settings of mail) and `figures` (the frozen lists of what was
//! published). Changes nothing. To add a check: a complaint with its advice in the file it belongs to.

pub mod figures;
pub mod mail;
pub mod place;
pub mod server;
pub mod town;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Somebody should look at it.
    Look,
    /// Something does not work, or is about to be lost.
    Broken,
}

/// Something that is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// How bad.
    pub grade: Grade,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl Complaint {
    /// To look at.
    pub fn look(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { grade: Grade::Look, what: what.into(), advice: advice.into() }
    }

    /// Broken.
    pub fn broken(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { grade: Grade::Broken, what: what.into(), advice: advice.into() }
    }
}

#[cfg(test)]
mod tests;
