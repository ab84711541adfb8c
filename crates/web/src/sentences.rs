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
        // Nothing was typed that could be mended: the way on is another link, or signing in.
        ActError::Refused(reasons) if reasons.iter().any(|it| it.code == "link_spent") => AppError::SpentLink,
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

#[cfg(test)]
mod tests {
    use tsunagari_access::Refusal;
    use tsunagari_figures::PublishError;
    use tsunagari_i18n::Locale;
    use tsunagari_kernel::contact::AddressError;
    use tsunagari_people::merge::MergeRefused;
    use tsunagari_people::plausible::Impossible;

    use super::*;

    /// Codes written where a reason is made are checked by `cargo xtask tidy`; these come out of enums.
    #[test]
    fn every_code_of_an_enum_has_its_sentence() {
        let addresses =
            [AddressError::Empty, AddressError::NotEmail, AddressError::NotPhone, AddressError::NotPostalCode];
        let refusals = [Refusal::NotPermitted, Refusal::RoleEnded].map(|it| it(tsunagari_access::Code::EditPeople));
        let merges = [MergeRefused::SamePerson, MergeRefused::AlreadyMerged, MergeRefused::Guardian];
        let figures = [PublishError::AsOfInFuture, PublishError::ListDiffers];
        let mut codes = addresses.map(AddressError::code).to_vec();
        codes.extend(refusals.map(Refusal::code));
        codes.extend(merges.map(MergeRefused::code));
        codes.extend(figures.map(PublishError::code));
        // Said in the office alone, which has no plain Japanese of its own.
        for locale in [Locale::Ja, Locale::En] {
            for why in Impossible::ALL {
                let values = ["oldest", "youngest", "graduate", "ahead"];
                let reason = values.into_iter().fold(Reason::of(why.code()), |it, name| it.with(name, 1));
                let said = sentence(Texts::of(locale), &reason);
                assert!(!said.contains('⟦'), "{locale:?}: {said}");
            }
        }
        for locale in Locale::ALL {
            for code in &codes {
                let said = sentence(Texts::of(locale), &Reason::of(code));
                assert!(!said.contains('⟦'), "{locale:?}: {said}");
            }
        }
    }
}
