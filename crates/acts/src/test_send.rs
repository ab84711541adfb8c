//! A member of staff sends a message to one address of their own, to see it as a reader will: by e-mail to an address, or by
//! LINE to a user id they give. It is counted nowhere and names nobody: fields are filled with the officer's name.

use tsunagari_access::permission::TestSend;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::email::{EmailAddress, Letter, MailOutcome};
use tsunagari_channels::line::limits::is_user_id;
use tsunagari_channels::line::{Notification, PushBody, RetryKey};
use tsunagari_kernel::CampaignId;
use tsunagari_outreach::message::Language;

use crate::mail_gateway::{MailGateway, MailGatewayError};
use crate::render_message::{ReaderFields, fill_in, line_messages};
use crate::send_campaign::rendering;
use crate::{ActError, House, Reason};

/// Sends it.
///
/// # Errors
/// `test_address_unfit`, `nothing_written_for_it`, `no_line_channel`, `no_mail_channel`, `test_refused` with the channel's words; storage's.
pub async fn test_send(
    house: &House,
    by: &Granted<TestSend>,
    id: CampaignId,
    to: &str,
    language: Language,
) -> Result<(), ActError> {
    let here = house.org(by.org());
    let mut reader = here.read().await?;
    let kept = reader.campaign(id).await?;
    let organisation = reader.organisation().await?;
    let name = reader.staff_member(by.user()).await?.name;
    let line = reader.sending_line_channel().await?;
    drop(reader);
    let rendering = rendering(house, by.org(), &kept, &organisation).await?;
    let fields = ReaderFields { name, school: String::new(), my_page: rendering.my_page.clone() };
    let to = to.trim();
    // What is about to leave is on record before it leaves.
    let tx = here.write().await?;
    tx.commit(&Act::named("test_send", by.actor(), house.operation()).on("campaign", id)).await?;
    if is_user_id(to) {
        let bubbles =
            kept.message.bubbles_for(language).ok_or_else(|| ActError::refused_at("to", "nothing_written_for_it"))?;
        let channel = line.ok_or_else(|| ActError::refused("no_line_channel"))?;
        let open = house.line.open(&here, channel.id).await?;
        let messages = line_messages(bubbles, &rendering, &fields);
        let body = PushBody { to: to.to_owned(), messages, notification: Notification::Aloud, aggregation_unit: None };
        let frozen = body.freeze().map_err(|_| ActError::refused("message_faulty"))?;
        let key = RetryKey(house.chance.uuid_at(house.real_clock.now()));
        let refused = |error: tsunagari_channels::line::LineError| {
            ActError::Refused(vec![Reason::at("to", "test_refused").with("words", error.fault)])
        };
        return open.api.push(&open.token, &frozen, key).await.map(|_| ()).map_err(refused);
    }
    let to = EmailAddress::parse(to).map_err(|_| ActError::refused_at("to", "test_address_unfit"))?;
    let mail = kept.message.mail_for(language).ok_or_else(|| ActError::refused_at("to", "nothing_written_for_it"))?;
    let open = MailGateway::default().open(&here).await.map_err(|error| match error {
        MailGatewayError::Stopped | MailGatewayError::Settings(_) => ActError::refused("no_mail_channel"),
        MailGatewayError::Storage(error) => error.into(),
    })?;
    let letter = Letter {
        id: format!("test-{}", house.operation()),
        return_path: open.sender.address.as_str().to_owned(),
        from: open.sender,
        to,
        reply_to: open.reply_to,
        subject: fill_in(&mail.subject, &rendering, &fields),
        text: fill_in(&mail.body, &rendering, &fields),
        html: None,
        unsubscribe: None,
        date: house.now(),
    };
    let composed = letter.compose(open.dkim.as_ref()).map_err(|_| ActError::refused("message_faulty"))?;
    match open.mailer.send(&composed).await {
        MailOutcome::Accepted { .. } => Ok(()),
        MailOutcome::Refused { words, .. }
        | MailOutcome::Retryable { words, .. }
        | MailOutcome::Uncertain { words } => {
            Err(ActError::Refused(vec![Reason::at("to", "test_refused").with("words", words)]))
        }
    }
}
