//! The ids of every noun that is stored. All of them live here so that no crate needs another one only for an id.
//! To add one: a line in the list of `each_id`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Chance, Timestamp};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, ordered by its time of birth.
            pub fn born(chance: &Chance, at: Timestamp) -> Self {
                Self(chance.uuid_at(at))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

/// Hands the list of all ids to a macro of the caller, so that what must be said once for every id (how it is stored, for
/// example) can be said without a second list.
#[macro_export]
macro_rules! each_id {
    ($with:ident) => {
        $with! {
            /// A municipality, prefecture or network: the tenant.
            OrgId,
            /// One natural person as one organisation knows them.
            PersonId,
            /// A person's relation to the organisation.
            TieId,
            /// Counting unit of caps.
            HouseholdId,
            /// Who may act for a minor.
            GuardianshipId,
            /// A school or university known to the organisation.
            SchoolId,
            /// A stay at a school.
            EnrolmentId,
            /// A stay in a municipality.
            ResidenceId,
            /// What somebody does besides school.
            OccupationId,
            /// What came of it for somebody.
            OutcomeId,
            /// A way to reach a person.
            ContactPointId,
            /// A person's agreement to a purpose.
            ConsentId,
            /// A version of the text a person agrees to.
            WordingId,
            /// A named rule.
            SegmentId,
            /// A message to a frozen audience.
            CampaignId,
            /// One request to a channel: key, body and recipients frozen.
            DispatchId,
            /// A picture or video kept for messages.
            MediaId,
            /// A file being imported.
            ImportId,
            /// A long change applied and undone as one.
            ChangeId,
            /// A merge of two persons that can be undone.
            MergeId,
            /// A member of staff or a partner who signs in.
            UserId,
            /// A department as a group of staff.
            TeamId,
            /// A signed-in browser.
            SessionId,
            /// A LINE provider: the name space of its user ids.
            ProviderId,
            /// A LINE or mail channel.
            ChannelId,
            /// Another body's permission to send for the organisation.
            MandateId,
            /// A menu under an official account's talk.
            MenuId,
            /// A raw webhook event as received.
            InboundId,
            /// What is measured.
            IndicatorId,
            /// A frozen result of an indicator.
            FigureId,
            /// An event a student can join at (QR slip, festival).
            JoinEventId,
            /// A link by which one person may do one thing.
            LinkId,
            /// An item on a department's work list.
            WorkId,
            /// A request or proposal to erase somebody.
            ErasureId,
            /// What is offered: a blueprint with the organisation's values.
            ProgrammeId,
            /// One opening of a programme.
            RoundId,
            /// Somebody's application to a round, with its ledger.
            ApplicationId,
            /// A list taken out of the program.
            ExportId,
            /// A unit of background work.
            JobId,
            /// A row of the audit record.
            AuditId,
        }
    };
}
each_id!(ids);
