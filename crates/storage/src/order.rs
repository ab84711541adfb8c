//! By what a list of the office is sorted, and which way. Only columns that are cheap to sort by are on offer: a table
//! that stays small, or an index. To add one: a variant and its column. People are sorted by kana (`people_sheet`).

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Smallest first.
    Rising,
    /// Largest first.
    Falling,
}

impl Way {
    /// As SQL.
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Rising => "ASC",
            Self::Falling => "DESC",
        }
    }
}

/// Messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignColumn {
    /// By title.
    Title,
    /// By state.
    State,
    /// By the last change.
    Updated,
}

impl CampaignColumn {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::State => "state",
            Self::Updated => "updated_at",
        }
    }
}

/// Items of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkColumn {
    /// By kind.
    Kind,
    /// By the day it came up.
    Since,
    /// By the day it is due; those without come last.
    Due,
}

impl WorkColumn {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Since => "created_at",
            Self::Due => "due_on",
        }
    }
}

/// Files taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportColumn {
    /// By the file's name.
    Name,
    /// By the day.
    At,
    /// By state.
    State,
}

impl ImportColumn {
    pub(crate) const fn sql(self) -> &'static str {
        match self {
            Self::Name => "file_name",
            Self::At => "created_at",
            Self::State => "state",
        }
    }
}
