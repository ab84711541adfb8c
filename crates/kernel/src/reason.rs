//! Public reason codes: the word under which an answer, a refusal or an exclusion is stored, counted and translated
//! (`reason-…` in every locale). Leaves the enumerations to the crates that own them.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A stable, public code in `snake_case`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(Cow<'static, str>);

impl Reason {
    /// A code fixed by the program.
    pub const fn of(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    /// The code as stored.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The locale key: `reason-no-consent`.
    pub fn key(&self) -> String {
        format!("reason-{}", self.0.replace('_', "-"))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_hyphenated() {
        assert_eq!(Reason::of("no_consent").key(), "reason-no-consent");
    }
}
