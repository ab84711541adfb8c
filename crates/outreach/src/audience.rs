//! What the office sees of an audience before it is frozen, and the channel each person gets. Leaves the rule to
//! rules and storage, and reach to people.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::PersonId;

/// A channel messages leave by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// LINE.
    Line,
    /// E-mail.
    Email,
}

impl Channel {
    /// The best of the working channels: LINE before e-mail; `None` when there is none.
    pub fn best(working: &[Self]) -> Option<Self> {
        working.iter().copied().min()
    }

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Email => "email",
        }
    }
}

/// What a message's content is to its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContentKind {
    /// The same for all.
    Same,
    /// Leads to the reader's own page.
    PersonalLink,
}

/// How requests are formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// One LINE request for up to 500.
    Multicast,
    /// One LINE request a person.
    Push,
    /// One mail a person.
    Mail,
}

impl Way {
    /// The way for a channel and a content.
    pub const fn of(channel: Channel, content: ContentKind) -> Self {
        match (channel, content) {
            (Channel::Line, ContentKind::Same) => Self::Multicast,
            (Channel::Line, ContentKind::PersonalLink) => Self::Push,
            (Channel::Email, ContentKind::Same | ContentKind::PersonalLink) => Self::Mail,
        }
    }

    /// The most recipients of one request.
    pub const fn most(self) -> usize {
        match self {
            Self::Multicast => 500,
            Self::Push | Self::Mail => 1,
        }
    }
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The public code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
            /// From the public code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// Why a person of the rule is left out, at the preview or at the claim.
    SkipReason {
        /// No consent for the purpose in force.
        NoConsent = "no_consent",
        /// Consent withdrawn since the audience was frozen.
        Withdrawn = "withdrawn",
        /// A guardian's consent is missing.
        GuardianMissing = "guardian_missing",
        /// The tie has ended.
        TieEnded = "tie_ended",
        /// No verified contact point.
        NoContact = "no_contact",
        /// LINE blocked and nothing else works.
        Blocked = "blocked",
        /// Never added the LINE account, and nothing else works.
        NotFollowed = "line_not_followed",
        /// Mail comes back, and nothing else works.
        MailComesBack = "email_bounced",
        /// Not heard of for so long that it does not count, and nothing else works.
        Stale = "stale",
        /// Nothing but e-mail works, and no mail is written.
        MailOnly = "mail_only",
        /// Nothing but LINE works, and nothing is written for it.
        LineOnly = "line_only",
        /// The address is protected.
        AddressProtected = "address_protected",
        /// Had enough messages of this purpose in the window.
        FrequencyCap = "frequency_cap",
        /// The campaign was cancelled.
        CampaignCancelled = "campaign_cancelled",
    }
}

/// Shown before approval.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AudiencePreview {
    /// How many by LINE.
    pub by_line: u64,
    /// How many by e-mail.
    pub by_email: u64,
    /// Up to ten of them.
    pub sample: Vec<PersonId>,
    /// How many are left out, by their first reason.
    pub left_out: Vec<(SkipReason, u64)>,
}

impl AudiencePreview {
    /// How many will get it.
    pub const fn count(&self) -> u64 {
        self.by_line + self.by_email
    }

    /// How many of the rule will not.
    pub fn excluded(&self) -> u64 {
        self.left_out.iter().map(|(_, n)| n).sum()
    }
}
