//! Whether someone who joins or stands in a list is a person already known: the same, doubtful (for the office to
//! decide) or new. Decided by rules over evidence, not by a sum of points, so that every answer can be told in words.
//! Merging two persons wrongly is worse than asking: what is not plainly the same is doubtful. Leaves finding the
//! persons to compare with (same name key, kana key, birth date or contact look-up) to `storage`.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use tsunagari_kernel::{FiscalYear, PersonId, SchoolId};

coded! {
    /// A piece of evidence for or against two entries being one person.
    Evidence {
        /// The names are written alike up to variants, width and spaces.
        NameSame = "name_same",
        /// The names differ by one character.
        NameSimilar = "name_similar",
        /// The names are different.
        NameDifferent = "name_different",
        /// The kana are alike.
        KanaSame = "kana_same",
        /// The kana are different.
        KanaDifferent = "kana_different",
        /// The birth dates are equal.
        BirthSame = "birth_same",
        /// The birth dates differ as by a slip of the hand: one digit, or two neighbours swapped.
        BirthNear = "birth_near",
        /// A birth date is not known.
        BirthUnknown = "birth_unknown",
        /// The birth dates are different.
        BirthDifferent = "birth_different",
        /// Both went to the same high school and left it in the same fiscal year.
        SameClass = "same_class",
        /// They share an e-mail address, a telephone number or a LINE user.
        ContactSame = "contact_same",
        /// Several known persons fit equally well.
        SeveralFit = "several_fit",
    }
}

/// What is compared of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traits {
    /// The name in comparable form.
    pub name_key: String,
    /// The kana in comparable form; empty when unknown.
    pub kana_key: String,
    /// Birth date, if known.
    pub birth_date: Option<NaiveDate>,
    /// High school, if known.
    pub school: Option<SchoolId>,
    /// Fiscal year of leaving it, if known.
    pub cohort: Option<FiscalYear>,
}

/// A known person to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub person: PersonId,
    /// What is known.
    pub traits: Traits,
    /// Whether storage found a shared e-mail address, telephone number or LINE user.
    pub shares_contact: bool,
}

/// A person who may be meant, and why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The evidence.
    pub why: BTreeSet<Evidence>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// It is this person.
    Same(Candidate),
    /// It may be one of these; the office decides. In order of person.
    Doubtful(Vec<Candidate>),
    /// Nobody known.
    New,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    Same,
    Doubtful,
    Other,
}

/// Compares an entry with the persons storage found. Neither their order nor their number changes the answer for each.
pub fn find(entry: &Traits, known: &[Known]) -> Match {
    let graded: Vec<(Grade, Candidate)> = known
        .iter()
        .map(|it| {
            let why = evidence(entry, it);
            (grade(&why), Candidate { person: it.person, why })
        })
        .collect();
    let mut same = of(&graded, Grade::Same);
    match (same.len(), same.pop()) {
        (1, Some(it)) => Match::Same(it),
        (0, _) | (_, None) => {
            let doubtful = of(&graded, Grade::Doubtful);
            if doubtful.is_empty() { Match::New } else { Match::Doubtful(doubtful) }
        }
        (_, Some(last)) => {
            same.push(last);
            for it in &mut same {
                it.why.insert(Evidence::SeveralFit);
            }
            Match::Doubtful(same)
        }
    }
}

fn of(graded: &[(Grade, Candidate)], grade: Grade) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = graded.iter().filter(|(g, _)| *g == grade).map(|(_, c)| c.clone()).collect();
    found.sort_by_key(|c| c.person);
    found
}

/// The rules. Same: equal names (kana not contradicting) with equal birth dates, or with an unknown birth date and the
/// same class and kana or a shared contact; equal kana with equal birth dates in the same class. Doubtful: see the arms.
fn grade(why: &BTreeSet<Evidence>) -> Grade {
    let has = |evidence| why.contains(&evidence);
    let linked = has(Evidence::SameClass) || has(Evidence::ContactSame);
    let name = has(Evidence::NameSame);
    let kana = has(Evidence::KanaSame);
    let contradicted = has(Evidence::KanaDifferent);
    if has(Evidence::BirthSame) {
        return match (name, kana) {
            (true, _) if !contradicted => Grade::Same,
            (false, true) if has(Evidence::SameClass) => Grade::Same,
            (true, _) | (false, true) => Grade::Doubtful,
            (false, false) if has(Evidence::NameSimilar) || has(Evidence::ContactSame) => Grade::Doubtful,
            (false, false) => Grade::Other,
        };
    }
    if has(Evidence::BirthUnknown) {
        return match (name, kana) {
            (true, true) if linked => Grade::Same,
            (true, false) if has(Evidence::ContactSame) && !contradicted => Grade::Same,
            (true, _) => Grade::Doubtful,
            (false, true) if linked => Grade::Doubtful,
            (false, _) => Grade::Other,
        };
    }
    if has(Evidence::BirthNear) {
        return if name || (kana && linked) { Grade::Doubtful } else { Grade::Other };
    }
    if name && linked { Grade::Doubtful } else { Grade::Other }
}

fn evidence(entry: &Traits, known: &Known) -> BTreeSet<Evidence> {
    let other = &known.traits;
    let mut why = BTreeSet::from([name(entry, other), birth(entry.birth_date, other.birth_date)]);
    if !entry.kana_key.is_empty() && !other.kana_key.is_empty() {
        let same = entry.kana_key == other.kana_key;
        why.insert(if same { Evidence::KanaSame } else { Evidence::KanaDifferent });
    }
    if entry.school.is_some() && entry.school == other.school && entry.cohort.is_some() && entry.cohort == other.cohort
    {
        why.insert(Evidence::SameClass);
    }
    if known.shares_contact {
        why.insert(Evidence::ContactSame);
    }
    why
}

fn name(one: &Traits, other: &Traits) -> Evidence {
    let (a, b) = (&one.name_key, &other.name_key);
    if !a.is_empty() && a == b {
        Evidence::NameSame
    } else if a.chars().count().min(b.chars().count()) >= 3 && strsim::damerau_levenshtein(a, b) == 1 {
        Evidence::NameSimilar
    } else {
        Evidence::NameDifferent
    }
}

fn birth(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Evidence {
    let (Some(a), Some(b)) = (one, other) else { return Evidence::BirthUnknown };
    if a == b {
        return Evidence::BirthSame;
    }
    let day_and_month_swapped = a.year() == b.year() && a.month() == b.day() && a.day() == b.month();
    let digits = |day: NaiveDate| day.format("%Y%m%d").to_string();
    if day_and_month_swapped || strsim::osa_distance(&digits(a), &digits(b)) == 1 {
        Evidence::BirthNear
    } else {
        Evidence::BirthDifferent
    }
}

#[cfg(test)]
mod tests;
