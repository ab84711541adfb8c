//! Whoever took part writes a word to the office, and may write it anew. Staff reads the words of a round, each look on the record.

use tsunagari_access::permission::HandleApplications;
use tsunagari_access::{Act, Granted, Resident};
use tsunagari_kernel::{ApplicationId, RoundId};
use tsunagari_programmes::{Came, Standing};
use tsunagari_storage::application_word::ApplicationWord;

use crate::{ActError, House, Reason};

/// The most characters.
pub const WORDS: usize = 1_000;

/// Whether somebody can write: they took part, or everything was done.
pub fn can_leave_word(standing: &Standing) -> bool {
    standing.came == Some(Came::Yes) || standing.completed
}

/// Keeps it.
///
/// # Errors
/// `field_empty`, `field_too_long` at `words`; `word_too_early`; not found, also for somebody else's.
pub async fn leave_word(house: &House, by: &Resident, id: ApplicationId, words: &str) -> Result<(), ActError> {
    let words = words.trim();
    if words.is_empty() {
        return Err(ActError::refused_at("words", "field_empty"));
    }
    if words.chars().count() > WORDS {
        return Err(ActError::Refused(vec![Reason::at("words", "field_too_long").with("most", WORDS)]));
    }
    let here = house.org(by.org());
    let keys = here.make_person_keys(&[by.person()]).await?;
    let mut tx = here.write().await?;
    let it = tx.application(id).await?;
    let refused = if it.applicant != Some(by.person()) {
        Some(ActError::NotFound)
    } else if !can_leave_word(&it.standing) {
        Some(ActError::refused("word_too_early"))
    } else {
        None
    };
    if let Some(refused) = refused {
        tx.undo().await?;
        return Err(refused);
    }
    tx.keep_application_word(id, (by.person(), &keys), words, house.now()).await?;
    let act = Act::named("leave_word", by.actor(), house.operation()).on("application", id);
    Ok(tx.commit(&act.on("person", by.person())).await?)
}

/// Reads the words of a round, the newest first.
///
/// # Errors
/// Not found; storage's.
pub async fn read_words(
    house: &House,
    by: &Granted<HandleApplications>,
    round: RoundId,
) -> Result<Vec<ApplicationWord>, ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    reader.round(round).await?;
    let writers = reader.word_writers(round).await?;
    drop(reader);
    let keys = here.person_keys(&writers).await?;
    let mut tx = here.write().await?;
    let words = tx.words_of_round(round, &keys).await?;
    let shown = i64::try_from(words.len()).unwrap_or(i64::MAX);
    let act = Act::named("read_words", by.actor(), house.operation()).on("round", round);
    tx.commit(&act.counting("shown", shown)).await?;
    Ok(words)
}
