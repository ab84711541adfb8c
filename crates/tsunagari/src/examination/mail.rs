//! How an organisation's mail leaves: whether its settings can still be used as they are kept. A server
//! the operator has not let, and a file that is gone, are told.

use tsunagari_acts::House;
use tsunagari_acts::mail_gateway::faults;
use tsunagari_i18n::{Locale, Texts};
use tsunagari_storage::StorageError;
use tsunagari_storage::directory::Organisation;
use tsunagari_web::sentences::sentences;

use super::Complaint;

/// What keeps its mail from leaving.
///
/// # Errors
/// The database does not answer.
pub async fn examine(house: &House, organisation: &Organisation) -> Result<Vec<Complaint>, StorageError> {
    let channel = house.org(organisation.id).read().await?.mail_channel().await?;
    let found = channel.map(|it| faults(&it, &organisation.code, &house.outside)).unwrap_or_default();
    let (of, secrets) = (&organisation.code, house.outside.mail_secrets.display());
    let told = sentences(Texts::of(Locale::En), &found).into_iter().map(|(field, sentence)| {
        Complaint::look(
            format!("{of}: mail does not leave ({field}): {sentence}"),
            format!(
                "files lie in {secrets}/{of}/; inner servers are named by mail.inner_hosts (docs/operations/mail.md)"
            ),
        )
    });
    Ok(told.collect())
}
