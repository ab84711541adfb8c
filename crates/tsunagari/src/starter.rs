//! What a real town begins with, to be changed in its settings pages: two purposes with wordings in three languages and
//! the usual kinds of interest. The texts are the demonstration's (`demo/words.toml`), so that what was tried is what
//! one gets.

use tsunagari_acts::found_organisation::Founding;
use tsunagari_kernel::Timestamp;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::purpose::{Labelled, Wording};

use crate::demo::words::Words;

/// A founding without departments and staff.
///
/// # Errors
/// The embedded words do not read.
pub fn founding(organisation: Organisation, from: Timestamp) -> anyhow::Result<Founding> {
    let words = Words::read()?;
    let sender = organisation.name.clone();
    let label = |code: &str, ja: &str, easy: &str, en: &str| Labelled {
        code: code.to_owned(),
        ja: ja.to_owned(),
        easy: easy.to_owned(),
        en: en.to_owned(),
    };
    let mut wordings = Vec::new();
    for purpose in &words.purposes {
        for (locale, text) in [("ja", &purpose.text_ja), ("ja-easy", &purpose.text_easy), ("en", &purpose.text_en)] {
            wordings.push(Wording {
                purpose: purpose.code.clone(),
                version: 1,
                locale: locale.to_owned(),
                text: text.replace("{sender}", &sender),
                sender: sender.clone(),
                from,
            });
        }
    }
    Ok(Founding {
        organisation,
        teams: Vec::new(),
        staff: Vec::new(),
        purposes: words.purposes.iter().map(|it| label(&it.code, &it.ja, &it.easy, &it.en)).collect(),
        wordings,
        interests: words.interests.iter().map(|it| label(&it.code, &it.ja, &it.easy, &it.en)).collect(),
    })
}
