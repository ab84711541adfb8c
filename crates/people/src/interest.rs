//! What a person wants to hear about, from when until when. Leaves the list of interests to the organisation.

use serde::{Deserialize, Serialize};
use tsunagari_kernel::{Span, Timestamp};

/// An interest, alive at the instants of its span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    /// The organisation's code.
    pub code: String,
    /// From choosing until dropping.
    pub span: Span<Timestamp>,
}
