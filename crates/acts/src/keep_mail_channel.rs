//! How mail leaves is set, tried with one test mail to the officer, stopped or resumed. Secrets stay in the operator's
//! files; only their names are kept. The settings are kept only when the files can be read as they are meant.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::email::{EmailAddress, Letter};
use tsunagari_outreach::Channel;
use tsunagari_outreach::campaign::PauseReason;
use tsunagari_storage::mail_channel::MailChannel;

use crate::mail_gateway::{MailGateway, MailGatewayError, OpenMail, faults, told};
use crate::stop_channel::{hold_messages, pause_all};
use crate::{ActError, House, Reason};

/// Keeps the settings of mail.
///
/// # Errors
/// A reason at the field that cannot be used.
pub async fn keep_mail_channel(
    house: &House,
    by: &Granted<ManageChannels>,
    given: &MailChannel,
) -> Result<(), ActError> {
    let mut wrong = Vec::new();
    for (field, text) in
        [("from_name", &given.from_name), ("from_address", &given.from_address), ("smtp_url", &given.smtp_url)]
    {
        if text.trim().is_empty() {
            wrong.push(Reason::at(field, "field_empty"));
        }
    }
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let unfit = |text: &str| text.is_empty() || !text.chars().all(label);
    if unfit(&given.bounce_domain) {
        wrong.push(Reason::at("bounce_domain", "domain_unfit"));
    }
    if given.dkim_domain.as_deref().is_some_and(unfit) {
        wrong.push(Reason::at("dkim_domain", "domain_unfit"));
    }
    if given.dkim_selector.as_deref().is_some_and(unfit) {
        wrong.push(Reason::at("dkim_selector", "dkim_selector_unfit"));
    }
    let code = house.org(by.org()).read().await?.organisation().await?.code;
    for fault in faults(given, &code, &house.outside) {
        // A field says one thing: that it is empty comes first.
        if wrong.iter().all(|it| it.field != fault.field) {
            wrong.push(fault);
        }
    }
    if !wrong.is_empty() {
        return Err(ActError::Refused(wrong));
    }
    let mut tx = house.org(by.org()).write().await?;
    tx.keep_mail_channel(given).await?;
    tx.commit(&Act::named("keep_mail_channel", by.actor(), house.operation()).on("organisation", by.org())).await?;
    Ok(())
}

/// What the test mail says, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestMail {
    /// To whom.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Sends one test mail by the settings as they are kept.
///
/// # Errors
/// `mail_not_set_up`, `mail_settings_unfit`, `email_unfit` at `to`; what `told` says of the server.
pub async fn send_test_mail(house: &House, by: &Granted<ManageChannels>, given: &TestMail) -> Result<(), ActError> {
    let to = EmailAddress::parse(given.to.trim()).map_err(|_| ActError::refused_at("to", "email_unfit"))?;
    let open = MailGateway::default().open(house, by.org()).await.map_err(|error| match error {
        MailGatewayError::Stopped => ActError::refused("mail_not_set_up"),
        MailGatewayError::Settings(_) => ActError::refused("mail_settings_unfit"),
        MailGatewayError::Storage(error) => error.into(),
    })?;
    let OpenMail { mailer, dkim, sender, reply_to, verp: _ } = open;
    let letter = Letter {
        id: format!("test-{}", house.operation()),
        return_path: sender.address.as_str().to_owned(),
        from: sender,
        to,
        reply_to,
        subject: given.subject.clone(),
        text: given.text.clone(),
        html: None,
        unsubscribe: None,
        date: house.real_clock.now(),
    };
    let composed = letter.compose(dkim.as_ref()).map_err(|error| ActError::Broken(error.to_string()))?;
    // What is about to leave is on record before it leaves.
    let tx = house.org(by.org()).write().await?;
    tx.commit(&Act::named("send_test_mail", by.actor(), house.operation()).on("user", by.user())).await?;
    told(mailer.send(&composed).await, "to")
}

/// Whether mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It leaves.
    Working,
    /// It waits.
    Stopped,
}

/// Stops mail or lets it leave again. Messages on their way by mail stand still with it, and are resumed one by one.
///
/// # Errors
/// `mail_not_set_up`.
pub async fn keep_mail_state(house: &House, by: &Granted<ManageChannels>, state: MailState) -> Result<(), ActError> {
    let mut tx = house.org(by.org()).write().await?;
    let Some(mut settings) = tx.mail_channel().await? else {
        tx.undo().await?;
        return Err(ActError::refused("mail_not_set_up"));
    };
    let act = match state {
        MailState::Working => {
            settings.stopped_reason = None;
            tx.close_work("channel_stopped", Channel::Email.code(), by.user()).await?;
            Act::named("resume_mail_channel", by.actor(), house.operation())
        }
        MailState::Stopped => {
            settings.stopped_reason = Some("by_office".to_owned());
            let mut held = hold_messages(&mut tx, None).await?;
            pause_all(&mut tx, &mut held, Channel::Email, PauseReason::ChannelRefused, house.now()).await?;
            Act::named("stop_mail_channel", by.actor(), house.operation())
        }
    };
    tx.keep_mail_channel(&settings).await?;
    Ok(tx.commit(&act.on("organisation", by.org())).await?)
}
