//! The relation of a person to the organisation, with from and until. A person may have several; any one that is alive
//! keeps them reachable. Leaves why a tie ended in words to the locale files.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{Span, TieId};

coded! {
    /// What binds a person to the organisation.
    TieKind {
        /// 出身: grew up here.
        Origin = "origin",
        /// 在学: goes to school here.
        Enrolled = "enrolled",
        /// 在住: lives here.
        Resident = "resident",
        /// 関係人口: comes, helps, works with us from elsewhere.
        Related = "related",
        /// 保護者: parent or guardian of someone with a tie.
        Guardian = "guardian",
    }
}

coded! {
    /// Why a tie ended.
    TieEnd {
        /// The person left by themselves.
        Left = "left",
        /// The office ended it.
        EndedByOffice = "ended_by_office",
        /// The office ended it because the person asked for it.
        AsAsked = "as_asked",
        /// It was entered by mistake or its import was undone.
        Mistake = "mistake",
        /// The person has died.
        Deceased = "deceased",
    }
}

/// A tie, alive on the days of its span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Its id.
    pub id: TieId,
    /// Its kind.
    pub kind: TieKind,
    /// Days on which it is alive.
    pub span: Span<NaiveDate>,
    /// Why it ended, when it did.
    pub ended: Option<TieEnd>,
}

impl TieEnd {
    /// Whether there was a tie before it ended so, and somebody it would still be about.
    pub const fn leaves_somebody(self) -> bool {
        match self {
            Self::Left | Self::EndedByOffice | Self::AsAsked => true,
            Self::Mistake | Self::Deceased => false,
        }
    }
}

/// How the last of somebody's ties ended, when all have: they are gone, and nothing but their own joining or the office on
/// their page brings them back. Nothing while one has no end.
pub fn gone(ties: &[Tie]) -> Option<TieEnd> {
    if ties.iter().any(|tie| tie.ended.is_none()) {
        return None;
    }
    ties.iter().max_by_key(|tie| (tie.span.until, tie.id)).and_then(|tie| tie.ended)
}

impl Tie {
    /// Whether it is alive on a day, or was before it, and is not over as a mistake or by death.
    pub fn had_by(&self, day: NaiveDate) -> bool {
        self.span.contains(day) || self.span.from <= day && self.ended.is_none_or(TieEnd::leaves_somebody)
    }
}
