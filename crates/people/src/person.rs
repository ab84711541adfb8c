//! A person: names as written and kana, birth date, language, and the flags that decide how they are handled. Leaves
//! everything with a time to its own noun (ties, enrolments, contact points …).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{PersonId, TeamId, Timestamp, age, names};

coded! {
    /// The language a person is written to in.
    PersonLocale {
        /// Japanese.
        Ja = "ja",
        /// Plain Japanese.
        JaEasy = "ja-easy",
        /// English.
        En = "en",
    }
}

/// One natural person as one organisation knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// Family name as written.
    pub family: String,
    /// Given name as written; empty when only a full name is known.
    pub given: String,
    /// Family name in full-width katakana; empty when unknown.
    pub family_kana: String,
    /// Given name in full-width katakana; empty when unknown.
    pub given_kana: String,
    /// Birth date, if known.
    pub birth_date: Option<NaiveDate>,
    /// The language to write in.
    pub locale: PersonLocale,
    /// A protected address (支援措置): never printed, exported or shown without a fresh check.
    pub address_protected: bool,
    /// The team that looks after the person.
    pub team: Option<TeamId>,
    /// Set when this person was merged into another one, to whom all facts moved.
    pub merged_into: Option<PersonId>,
    /// When this person was entered.
    pub created_at: Timestamp,
}

impl Person {
    /// The full name as written, with a space.
    pub fn name(&self) -> String {
        joined(&self.family, &self.given)
    }

    /// The full kana, with a space.
    pub fn kana(&self) -> String {
        joined(&self.family_kana, &self.given_kana)
    }

    /// The form the name is compared in.
    pub fn name_key(&self) -> String {
        names::comparable(&self.name())
    }

    /// The form the kana is compared and sorted in.
    pub fn kana_key(&self) -> String {
        names::comparable_kana(&self.kana())
    }

    /// Whether they are known to be under age on a day: nobody such stands for another. An unknown birth date is no proof.
    pub fn is_known_minor(&self, day: NaiveDate) -> bool {
        self.birth_date.is_some_and(|birth| !age::is_at_least(birth, age::ADULT, day))
    }

    /// The bigrams the person is found by.
    pub fn grams(&self) -> Vec<String> {
        names::search_grams(&self.name(), &self.kana())
    }
}

fn joined(family: &str, given: &str) -> String {
    if given.is_empty() || family.is_empty() { format!("{family}{given}") } else { format!("{family} {given}") }
}
