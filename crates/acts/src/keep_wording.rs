//! What residents agree to: a purpose with its labels, and its wording in versions. A version is never changed: whoever
//! agreed, agreed to that text. A new text is a new version, in every language at once, and asks nobody again by itself.

use tsunagari_access::permission::ManageSettings;
use tsunagari_access::{Act, Granted};
use tsunagari_storage::purpose::{Labelled, Wording};

use crate::{ActError, House, Reason};

/// The languages a wording needs.
pub const LANGUAGES: [&str; 3] = ["ja", "ja-easy", "en"];
const MOST_TEXT: usize = 2_000;

/// A new version of a wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingGiven {
    /// The purpose's code.
    pub purpose: String,
    /// The text in each of [`LANGUAGES`].
    pub texts: [String; 3],
    /// Who sends, as named in the text.
    pub sender: String,
}

/// Adds a version; its number.
///
/// # Errors
/// Reasons at `text_ja`, `text_easy`, `text_en`, `sender`; `wording_unchanged`; not found.
pub async fn add_wording(house: &House, by: &Granted<ManageSettings>, given: &WordingGiven) -> Result<i64, ActError> {
    let mut wrong = Vec::new();
    for (field, text) in ["text_ja", "text_easy", "text_en"].into_iter().zip(&given.texts) {
        text_fault(&mut wrong, field, text, MOST_TEXT);
    }
    text_fault(&mut wrong, "sender", &given.sender, 100);
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    if !tx.purposes().await?.iter().any(|it| it.code == given.purpose) {
        return Err(ActError::NotFound);
    }
    let versions = tx.wordings(&given.purpose).await?;
    let last = versions.iter().map(|it| it.version).max().unwrap_or(0);
    let same = |locale: &str, text: &str| {
        let newest = versions.iter().find(|it| it.version == last && it.locale == locale);
        newest.is_some_and(|it| it.text == text.trim() && it.sender == given.sender.trim())
    };
    if LANGUAGES.iter().zip(&given.texts).all(|(locale, text)| same(locale, text)) {
        tx.undo().await?;
        return Err(ActError::refused_at("text_ja", "wording_unchanged"));
    }
    let from = house.now();
    for (locale, text) in LANGUAGES.iter().zip(&given.texts) {
        let wording = Wording {
            purpose: given.purpose.clone(),
            version: last + 1,
            locale: (*locale).to_owned(),
            text: text.trim().to_owned(),
            sender: given.sender.trim().to_owned(),
            from,
        };
        tx.add_wording(&wording).await?;
    }
    let act = Act::named("add_wording", by.actor(), house.operation())
        .on("organisation", by.org())
        .counting("version", last + 1);
    tx.commit(&act).await?;
    Ok(last + 1)
}

/// Adds a purpose at the end of the list, or renames one.
///
/// # Errors
/// Reasons at `code`, `ja`, `easy`, `en`.
pub async fn keep_purpose(house: &House, by: &Granted<ManageSettings>, given: &Labelled) -> Result<(), ActError> {
    let wrong = labelled_faults(given);
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    let known = tx.purposes().await?;
    let place = known.iter().position(|it| it.code == given.code).unwrap_or(known.len());
    tx.keep_purpose(given, i64::try_from(place).unwrap_or(i64::MAX)).await?;
    tx.commit(&Act::named("keep_purpose", by.actor(), house.operation()).on("organisation", by.org())).await?;
    Ok(())
}

/// What is wrong with a code and its labels.
pub(crate) fn labelled_faults(given: &Labelled) -> Vec<Reason> {
    let mut wrong = Vec::new();
    let fit = given.code.len() <= 32
        && given.code.starts_with(|c: char| c.is_ascii_lowercase())
        && given.code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !fit {
        wrong.push(Reason::at("code", "code_unfit"));
    }
    for (field, text) in [("ja", &given.ja), ("easy", &given.easy), ("en", &given.en)] {
        text_fault(&mut wrong, field, text, 60);
    }
    wrong
}

fn text_fault(wrong: &mut Vec<Reason>, field: &'static str, text: &str, most: usize) {
    if text.trim().is_empty() {
        wrong.push(Reason::at(field, "field_empty"));
    } else if text.chars().count() > most {
        wrong.push(Reason::at(field, "field_too_long").with("most", most));
    }
}
