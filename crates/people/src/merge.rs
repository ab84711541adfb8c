//! Merging two entries of one person, and taking it back: a plan of what moves. Everything of the one that goes moves to
//! the one that stays; blanks are filled, nothing written is overwritten. Leaves carrying it out in one transaction,
//! with its record, to `acts` and `storage`.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use tsunagari_kernel::{
    ConsentId, ContactPointId, EnrolmentId, GuardianshipId, HouseholdId, OccupationId, OutcomeId, PersonId,
    ResidenceId, TieId, Timestamp,
};

use crate::consent::ConsentEnd;
use crate::{Outcome, Person, PersonRecord, Purpose, Tie};

/// Why two persons cannot be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum MergeRefused {
    /// Both are one entry.
    #[error("both are the same entry")]
    SamePerson,
    /// One was merged before.
    #[error("one of them was already merged")]
    AlreadyMerged,
    /// One is the other's guardian.
    #[error("one is the guardian of the other")]
    Guardian,
}

impl MergeRefused {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SamePerson => "merge_same_person",
            Self::AlreadyMerged => "merge_already_merged",
            Self::Guardian => "merge_guardian",
        }
    }
}

/// A fact that moves from one entry to the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moved {
    /// A tie.
    Tie(TieId),
    /// A stay in a household, by its first day.
    Household(HouseholdId, NaiveDate),
    /// Someone's right to act for the person.
    Guardianship(GuardianshipId),
    /// A stay at a school.
    Enrolment(EnrolmentId),
    /// A stay in a municipality.
    Residence(ResidenceId),
    /// What the person does besides school.
    Occupation(OccupationId),
    /// What came of it.
    Outcome(OutcomeId),
    /// A contact point.
    ContactPoint(ContactPointId),
    /// A consent.
    Consent(ConsentId),
    /// An interest, by its first instant.
    Interest(String, Timestamp),
}

/// A blank of the kept entry that is filled from the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filled {
    /// Kana of the family and given name.
    Kana(String, String),
    /// Given name.
    Given(String),
    /// Birth date.
    BirthDate(NaiveDate),
    /// The other entry's address is protected: so is this one's now. Stays on when the merge is taken back.
    AddressProtected,
}

/// What the office should look at before agreeing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeWarning {
    /// The birth dates differ.
    BirthDatesDiffer,
    /// The names differ.
    NamesDiffer,
    /// One entry withdrew from a purpose after the other had agreed to it: the withdrawal holds for both.
    ConsentWithdrawn,
}

impl MergeWarning {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BirthDatesDiffer => "merge_birth_dates_differ",
            Self::NamesDiffer => "merge_names_differ",
            Self::ConsentWithdrawn => "merge_consent_withdrawn",
        }
    }
}

/// A merge, ready to be carried out, stored and taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergePlan {
    /// Who stays.
    pub kept: PersonId,
    /// Who goes: marked as merged into `kept`.
    pub gone: PersonId,
    /// What moves.
    pub moved: Vec<Moved>,
    /// What is filled in.
    pub filled: Vec<Filled>,
    /// Consents in force that end with the merge, and how: the other entry withdrew from the purpose later than they were
    /// given, and whoever says "no more" says it under whatever entry.
    #[serde(default)]
    pub ends: Vec<(ConsentId, ConsentEnd)>,
    /// What to look at.
    pub warnings: Vec<MergeWarning>,
}

impl MergePlan {
    /// Plans merging `gone` into `kept`.
    ///
    /// # Errors
    /// See [`MergeRefused`].
    pub fn of(kept: &PersonRecord, gone: &PersonRecord) -> Result<Self, MergeRefused> {
        let (keeps, goes) = (&kept.person, &gone.person);
        if keeps.id == goes.id {
            return Err(MergeRefused::SamePerson);
        }
        if keeps.merged_into.is_some() || goes.merged_into.is_some() {
            return Err(MergeRefused::AlreadyMerged);
        }
        let guards = |of: &PersonRecord, who: PersonId| of.guardianships.iter().any(|g| g.guardian == who);
        if guards(kept, goes.id) || guards(gone, keeps.id) {
            return Err(MergeRefused::Guardian);
        }
        let mut warnings = Vec::new();
        if matches!((keeps.birth_date, goes.birth_date), (Some(a), Some(b)) if a != b) {
            warnings.push(MergeWarning::BirthDatesDiffer);
        }
        if keeps.name_key() != goes.name_key() {
            warnings.push(MergeWarning::NamesDiffer);
        }
        let mut ends = withdrawn_elsewhere(kept, gone);
        ends.extend(withdrawn_elsewhere(gone, kept));
        if !ends.is_empty() {
            warnings.push(MergeWarning::ConsentWithdrawn);
        }
        let (moved, filled) = (moved(kept, gone), filled(keeps, goes));
        Ok(Self { kept: keeps.id, gone: goes.id, moved, filled, ends, warnings })
    }

    /// What moves back when the merge is taken back: of what moved, whatever the kept entry still has. What was added to it
    /// since stays with it.
    pub fn back(&self, kept_now: &PersonRecord) -> Vec<Moved> {
        let there = facts(kept_now);
        self.moved.iter().filter(|it| there.contains(it)).cloned().collect()
    }

    /// The filled blanks that become blank again: those nobody has changed since.
    pub fn blanked(&self, kept_now: &Person) -> Vec<Filled> {
        let unchanged = |it: &&Filled| match it {
            Filled::Kana(family, given) => kept_now.family_kana == *family && kept_now.given_kana == *given,
            Filled::Given(given) => kept_now.given == *given,
            Filled::BirthDate(birth) => kept_now.birth_date == Some(*birth),
            Filled::AddressProtected => false,
        };
        self.filled.iter().filter(unchanged).cloned().collect()
    }
}

fn facts(of: &PersonRecord) -> Vec<Moved> {
    let mut all: Vec<Moved> = of.ties.iter().map(|it| Moved::Tie(it.id)).collect();
    all.extend(of.households.iter().map(|it| Moved::Household(it.household, it.span.from)));
    all.extend(of.guardianships.iter().map(|it| Moved::Guardianship(it.id)));
    all.extend(of.enrolments.iter().map(|it| Moved::Enrolment(it.id)));
    all.extend(of.residences.iter().map(|it| Moved::Residence(it.id)));
    all.extend(of.occupations.iter().map(|it| Moved::Occupation(it.id)));
    all.extend(of.outcomes.iter().map(|it| Moved::Outcome(it.id)));
    all.extend(of.contact_points.iter().map(|it| Moved::ContactPoint(it.id)));
    all.extend(of.consents.iter().map(|it| Moved::Consent(it.id)));
    all.extend(of.interests.iter().map(|it| Moved::Interest(it.code.clone(), it.span.from)));
    all
}

/// Everything of `gone` but what `kept` has under the same key already, and ties of which `kept` has one of the kind that
/// was alive on all of their days, and outcomes of a kind that `kept` has: they would only stand there twice.
fn moved(kept: &PersonRecord, gone: &PersonRecord) -> Vec<Moved> {
    let there = facts(kept);
    let covered = |it: &Tie| kept.ties.iter().any(|has| has.kind == it.kind && has.span.covers(&it.span));
    let twice: Vec<Moved> = gone.ties.iter().filter(|it| covered(it)).map(|it| Moved::Tie(it.id)).collect();
    let known = |it: &&Outcome| kept.outcomes.iter().any(|has| has.kind == it.kind);
    let again: Vec<Moved> = gone.outcomes.iter().filter(known).map(|it| Moved::Outcome(it.id)).collect();
    let stays = |it: &Moved| !there.contains(it) && !twice.contains(it) && !again.contains(it);
    facts(gone).into_iter().filter(stays).collect()
}

/// Consents of one entry that are in force, whose purpose the other entry withdrew from after they were given and has not
/// agreed to again.
fn withdrawn_elsewhere(of: &PersonRecord, other: &PersonRecord) -> Vec<(ConsentId, ConsentEnd)> {
    let open = of.consents.iter().filter(|it| it.span.until.is_none());
    open.filter_map(|it| {
        last_word(other, &it.purpose).filter(|(at, _)| *at >= it.span.from).map(|(_, how)| (it.id, how))
    })
    .collect()
}

/// When and how somebody withdrew from a purpose last; nothing while a consent to it is in force or none ever was.
fn last_word(of: &PersonRecord, purpose: &Purpose) -> Option<(Timestamp, ConsentEnd)> {
    let given: Vec<_> = of.consents.iter().filter(|it| it.purpose == *purpose).collect();
    if given.iter().any(|it| it.span.until.is_none()) {
        return None;
    }
    let withdrawn = given.into_iter().filter_map(|it| match it.ended? {
        how @ (ConsentEnd::WithdrawnBySelf
        | ConsentEnd::WithdrawnByGuardian
        | ConsentEnd::WithdrawnByOffice
        | ConsentEnd::Left) => Some((it.span.until?, how)),
        ConsentEnd::Replaced | ConsentEnd::Undone => None,
    });
    withdrawn.max_by_key(|(at, _)| *at)
}

fn filled(kept: &Person, gone: &Person) -> Vec<Filled> {
    let mut out = Vec::new();
    let no_kana = |it: &Person| it.family_kana.is_empty() && it.given_kana.is_empty();
    if no_kana(kept) && !no_kana(gone) {
        out.push(Filled::Kana(gone.family_kana.clone(), gone.given_kana.clone()));
    }
    if kept.given.is_empty() && !gone.given.is_empty() && kept.family == gone.family {
        out.push(Filled::Given(gone.given.clone()));
    }
    if let (None, Some(birth)) = (kept.birth_date, gone.birth_date) {
        out.push(Filled::BirthDate(birth));
    }
    if gone.address_protected && !kept.address_protected {
        out.push(Filled::AddressProtected);
    }
    out
}

#[cfg(test)]
mod tests;
