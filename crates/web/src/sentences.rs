//! Reasons of acts become sentences, at their field or for the page; other failures become error pages.

use tsunagari_acts::{ActError, Reason};
use tsunagari_i18n::Texts;

use crate::shell::AppError;

/// The sentence of one reason: text `refused-<code>` with the reason's values.
pub fn sentence(t: Texts, reason: &Reason) -> String {
    let key = format!("refused-{}", reason.code.replace('_', "-"));
    let values: Vec<(&str, tsunagari_i18n::Arg)> =
        reason.values.iter().map(|(name, value)| (*name, value.clone().into())).collect();
    t.with(&key, &values)
}

/// (field, sentence) for every reason; the field is empty for reasons of the page.
pub fn sentences(t: Texts, reasons: &[Reason]) -> Vec<(String, String)> {
    reasons.iter().map(|reason| (reason.field.unwrap_or_default().to_owned(), sentence(t, reason))).collect()
}

/// An act's failure as an error page, for pages that have no form to show it in.
pub fn problem(t: Texts, error: ActError) -> AppError {
    match error {
        ActError::Refused(reasons) => AppError::Refused(reasons.iter().map(|reason| sentence(t, reason)).collect()),
        ActError::NotFound => AppError::NotFound,
        ActError::Conflict => AppError::Conflict(Vec::new()),
        ActError::Busy => AppError::Busy(5),
        ActError::Full => AppError::Busy(60),
        ActError::Broken(why) => {
            tracing::error!(why, "an act broke");
            AppError::broken()
        }
    }
}

/// A failure of reading as an error page.
pub fn unreadable(error: tsunagari_storage::StorageError) -> AppError {
    problem(Texts::of(tsunagari_i18n::Locale::Ja), ActError::from(error))
}
