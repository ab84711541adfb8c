//! What the official account says to somebody who adds it: written by the office, taken back by the office. Sent by the
//! reply token of the follow (free of charge) by `jobs::apply_line_events`. It names nobody: LINE holds no personal data.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_i18n::Texts;
use tsunagari_kernel::ChannelId;
use tsunagari_storage::directory::Organisation;
use tsunagari_storage::line_channel::ChannelKind;
use tsunagari_storage::line_greeting::Greeting;

use crate::{ActError, House, Reason};

/// The longest greeting, in characters: it is read on a phone.
pub const LONGEST: usize = 500;
/// Where the address stands at which one joins.
pub const JOIN: &str = "{{join}}";
/// Where the organisation's name stands.
pub const ORGANISATION: &str = "{{organisation}}";

/// The address at which one joins a town.
pub fn join_address(house: &House, organisation: &Organisation) -> String {
    format!("{}/p/{}", house.origin, organisation.code)
}

/// The address of the resident's own page, from outside: signs in first when it must.
pub fn my_page_address(house: &House, organisation: &Organisation) -> String {
    format!("{}/p/{}/me", house.origin, organisation.code)
}

/// The greeting as a reader sees it; without one of the office's own, the program's.
pub fn greeting_words(house: &House, organisation: &Organisation, written: Option<&Greeting>, t: Texts) -> String {
    let text = written.map_or_else(|| default_greeting(t), |it| it.text.clone());
    text.replace(ORGANISATION, &organisation.name).replace(JOIN, &join_address(house, organisation))
}

/// The program's greeting, with its places for name and address.
pub fn default_greeting(t: Texts) -> String {
    t.two("line-greeting", "organisation", ORGANISATION, "join", JOIN)
}

/// Keeps a greeting; it is in use from now.
///
/// # Errors
/// Reasons at `text`; not found.
pub async fn keep_line_greeting(
    house: &House,
    by: &Granted<ManageChannels>,
    channel: ChannelId,
    text: &str,
) -> Result<(), ActError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if let Some(reason) = fault(&text) {
        return Err(ActError::Refused(vec![reason]));
    }
    let mut tx = house.org(by.org()).write().await?;
    if tx.line_channel(channel).await?.kind != ChannelKind::Messaging {
        tx.undo().await?;
        return Err(ActError::NotFound);
    }
    let it = Greeting { text, written_by: Some(by.user()), written_at: house.now() };
    tx.add_greeting(channel, &it).await?;
    tx.commit(&Act::named("keep_line_greeting", by.actor(), house.operation()).on("channel", channel)).await?;
    Ok(())
}

/// Takes the greeting in use back; the one before it is in use again.
///
/// # Errors
/// `nothing_to_undo`.
pub async fn undo_line_greeting(
    house: &House,
    by: &Granted<ManageChannels>,
    channel: ChannelId,
) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    if !tx.drop_latest_greeting(channel).await? {
        tx.undo().await?;
        return Err(ActError::refused("nothing_to_undo"));
    }
    tx.commit(&Act::named("undo_line_greeting", by.actor(), house.operation()).on("channel", channel)).await?;
    Ok(())
}

fn fault(text: &str) -> Option<Reason> {
    match text.chars().count() {
        0 => return Some(Reason::at("text", "field_empty")),
        1..=LONGEST => {}
        _ => return Some(Reason::at("text", "field_too_long").with("most", LONGEST)),
    }
    if !text.contains(JOIN) {
        return Some(Reason::at("text", "greeting_without_link").with("field", JOIN));
    }
    let rest = text.replace(JOIN, "").replace(ORGANISATION, "");
    rest.contains("{{").then(|| Reason::at("text", "greeting_unknown_field"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_leads_somewhere_and_names_nobody() {
        let code = |text: &str| fault(text).map(|reason| reason.code);
        assert_eq!(code("ようこそ {{organisation}} {{join}}"), None);
        assert_eq!(code(""), Some("field_empty"));
        assert_eq!(code("ようこそ"), Some("greeting_without_link"));
        assert_eq!(code("{{name}}様 {{join}}"), Some("greeting_unknown_field"));
        assert_eq!(code(&format!("{{{{join}}}}{}", "あ".repeat(500))), Some("field_too_long"));
    }

    #[test]
    fn the_programs_own_greeting_passes_in_every_language() {
        for locale in tsunagari_i18n::Locale::ALL {
            assert_eq!(fault(&default_greeting(Texts::of(locale))), None, "{locale:?}");
        }
    }
}
