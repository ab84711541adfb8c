//! Every permission once: a code for tables and screens, and a zero-sized type for signatures. Which role holds which
//! is `role`. To add one: a line below, a row in `role::Role::allows`, and a `permission-…` text in each locale.

use serde::{Deserialize, Serialize};

mod sealed {
    pub trait Sealed {}
}

/// A permission as a type; only this module can add one.
pub trait Permission: sealed::Sealed {
    /// The permission's code.
    const CODE: Code;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// A permission as a value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// All permissions, in the order of the settings page.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The public code, as in the locale keys and the authorisation matrix.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }

        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl Permission for $name { const CODE: Code = Code::$name; })+
    };
}

permissions! {
    /// See people, their cards and lists.
    ViewPeople = "view_people",
    /// Change what is recorded about a person.
    EditPeople = "edit_people",
    /// Import lists, and undo an import.
    ImportPeople = "import_people",
    /// Take a list out of the system.
    ExportLists = "export_lists",
    /// Merge two persons, and un-merge.
    MergePeople = "merge_people",
    /// End a person's tie.
    EndTies = "end_ties",
    /// Give items of the work lists to departments and mark them done.
    HandleWork = "handle_work",
    /// Decide whether somebody another officer proposed is erased.
    DecideErasures = "decide_erasures",
    /// See messages and their results.
    ViewMessages = "view_messages",
    /// Write, submit, resume and cancel messages.
    WriteMessages = "write_messages",
    /// Approve another's message.
    ApproveMessages = "approve_messages",
    /// Stop a message that was released: call it off in its window, pause it.
    StopMessages = "stop_messages",
    /// Send a message to oneself as a test.
    TestSend = "test_send",
    /// Decide what to do with deliveries whose outcome is unknown.
    ResolveUnknown = "resolve_unknown",
    /// Write and name audiences.
    ManageAudiences = "manage_audiences",
    /// See programmes, their rounds and applications.
    ViewProgrammes = "view_programmes",
    /// Take up a blueprint, set its values, open and close rounds.
    ManageProgrammes = "manage_programmes",
    /// Decide on applications, enter them from paper, record who came and what was given.
    HandleApplications = "handle_applications",
    /// See lists of transfers with the accounts they pay.
    ViewPayments = "view_payments",
    /// Release another's list of transfers, and take its file to the bank.
    ReleasePayments = "release_payments",
    /// See indicators and figures.
    ViewFigures = "view_figures",
    /// Freeze and publish a figure.
    PublishFigures = "publish_figures",
    /// Change the organisation's settings and consent wordings.
    ManageSettings = "manage_settings",
    /// Connect LINE and mail channels.
    ManageChannels = "manage_channels",
    /// Invite staff and give roles.
    ManageStaff = "manage_staff",
    /// Read the audit record.
    ViewAudit = "view_audit",
}
