//! Roles of staff and the one table of what each may do. Leaves proofs to `grant`.
//! To add a role: a variant, its place in `every`, its arm in `allows`, a `role-…` text in each locale.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::Timestamp;

use crate::permission::Code;

/// What an organisation lets a member of staff or a contractor be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and does the daily work.
    Editor,
    /// Reads, and releases what others wrote.
    Approver,
    /// Settings, channels, staff, and everything an editor does.
    Administrator,
    /// Somebody outside the office, for a time: writes messages and reads results, sees no list of people.
    Contractor {
        /// The first instant at which nothing is allowed any more.
        until: Timestamp,
    },
}

impl Role {
    /// Every role in the order of the settings page; a contractor's ends then.
    pub const fn every(until: Timestamp) -> [Self; 5] {
        [Self::Viewer, Self::Editor, Self::Approver, Self::Administrator, Self::Contractor { until }]
    }

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
            Self::Contractor { .. } => "contractor",
        }
    }

    /// From what is stored: the code, and the end for a contractor. `None` for an unknown code or a contractor without an end.
    pub fn from_parts(code: &str, until: Option<Timestamp>) -> Option<Self> {
        match code {
            "viewer" => Some(Self::Viewer),
            "editor" => Some(Self::Editor),
            "approver" => Some(Self::Approver),
            "administrator" => Some(Self::Administrator),
            "contractor" => until.map(|until| Self::Contractor { until }),
            _ => None,
        }
    }

    /// When the role ends by itself.
    pub const fn until(self) -> Option<Timestamp> {
        match self {
            Self::Contractor { until } => Some(until),
            Self::Viewer | Self::Editor | Self::Approver | Self::Administrator => None,
        }
    }

    /// Whether the role still counts.
    pub fn in_force(self, now: Timestamp) -> bool {
        self.until().is_none_or(|until| now < until)
    }

    /// The table: whether this role, while in force, holds a permission.
    pub const fn allows(self, code: Code) -> bool {
        let (viewer, editor, approver, administrator, contractor) = row(code);
        match self {
            Self::Viewer => viewer,
            Self::Editor => editor,
            Self::Approver => approver,
            Self::Administrator => administrator,
            Self::Contractor { .. } => contractor,
        }
    }
}

const fn row(code: Code) -> (bool, bool, bool, bool, bool) {
    match code {
        Code::ViewPeople => (true, true, true, true, false),
        Code::EditPeople | Code::ImportPeople | Code::EndTies => (false, true, false, true, false),
        Code::ExportLists | Code::MergePeople | Code::ManageAudiences => (false, true, false, true, false),
        Code::ViewProgrammes => (true, true, true, true, false),
        Code::ManageProgrammes | Code::HandleApplications => (false, true, false, true, false),
        Code::ViewPayments => (false, true, true, true, false),
        Code::ReleasePayments => (false, false, true, true, false),
        Code::ViewMessages => (true, true, true, true, true),
        Code::WriteMessages | Code::TestSend => (false, true, false, true, true),
        Code::StopMessages => (false, true, true, true, true),
        Code::ApproveMessages | Code::PublishFigures | Code::DecideErasures => (false, false, true, true, false),
        Code::ResolveUnknown | Code::HandleWork => (false, true, true, true, false),
        Code::ViewFigures => (true, true, true, true, true),
        Code::ManageSettings | Code::ManageChannels | Code::ManageStaff => (false, false, false, true, false),
        Code::ViewAudit => (false, false, true, true, false),
    }
}
