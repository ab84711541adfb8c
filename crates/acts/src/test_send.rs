//! A member of staff tries a message out, to see it as a reader will: by e-mail to an address they give, or by LINE to
//! somebody the office has named for it (`keep_test_recipient`). It is counted nowhere and names nobody: fields are filled
//! with the officer's name.

use tsunagari_access::permission::TestSend;
use tsunagari_access::{Act, Granted};
use tsunagari_channels::email::{Composed, EmailAddress, Letter};
use tsunagari_channels::line::limits::check_messages;
use tsunagari_channels::line::{FrozenBody, Notification, PushBody, RetryKey};
use tsunagari_i18n::Texts;
use tsunagari_kernel::{CampaignId, OrgId, PersonId};
use tsunagari_outreach::message::{Bubble, Language, Message};
use tsunagari_storage::OrgStore;
use tsunagari_storage::line_channel::LineChannel;

use crate::line_gateway::OpenLine;
use crate::mail_gateway::{MailGateway, MailGatewayError, OpenMail, told};
use crate::render_message::{ReaderFields, Rendering, fill_in, line_messages, locale_of, mail_text};
use crate::send_campaign::rendering;
use crate::{ActError, House, Reason};

/// Where a test goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestTo {
    /// To this address, by e-mail.
    Mail(String),
    /// To one of the office's test recipients, by LINE.
    Person(PersonId),
}

/// Sends it.
///
/// # Errors
/// `test_address_unfit`, `test_nobody`, `test_no_line`, `nothing_written_for_it`, `no_line_channel`, `no_mail_channel`, `test_refused` with LINE's words, what
/// `mail_gateway::told` says; storage's.
pub async fn test_send(
    house: &House,
    by: &Granted<TestSend>,
    id: CampaignId,
    to: &TestTo,
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
    let said = Said { message: &kept.message, rendering: &rendering, fields: &fields, language };
    let ready = match to {
        TestTo::Mail(to) => Ready::Mail(letter(house, by.org(), to, &said).await?),
        TestTo::Person(person) => Ready::Line(push(house, &here, line, *person, &said).await?),
    };
    // What is about to leave is on record before it leaves; what was refused until here is not about to.
    let tx = here.write().await?;
    tx.commit(&Act::named("test_send", by.actor(), house.operation()).on("campaign", id)).await?;
    ready.leave(house).await
}

/// What is tried out, and for whom its fields are filled.
struct Said<'m> {
    message: &'m Message,
    rendering: &'m Rendering,
    fields: &'m ReaderFields,
    language: Language,
}

/// A test that nothing here refuses any more.
enum Ready {
    Line(Box<(OpenLine, FrozenBody)>),
    Mail(Box<(OpenMail, Composed)>),
}

impl Ready {
    async fn leave(self, house: &House) -> Result<(), ActError> {
        match self {
            Self::Line(it) => {
                let (open, frozen) = *it;
                let key = RetryKey(house.chance.uuid_at(house.real_clock.now()));
                let refused = |error: tsunagari_channels::line::LineError| {
                    ActError::Refused(vec![Reason::at("to", "test_refused").with("words", error.fault)])
                };
                open.api.push(&open.token, &frozen, key).await.map(|_| ()).map_err(refused)
            }
            Self::Mail(it) => told(it.0.mailer.send(&it.1).await, "mail"),
        }
    }
}

async fn push(
    house: &House,
    here: &OrgStore,
    line: Option<LineChannel>,
    person: PersonId,
    said: &Said<'_>,
) -> Result<Box<(OpenLine, FrozenBody)>, ActError> {
    let channel = line.ok_or_else(|| ActError::refused("no_line_channel"))?;
    let to = line_of(here, &channel, person).await?;
    let bubbles =
        said.message.bubbles_for(said.language).ok_or_else(|| ActError::refused_at("to", "nothing_written_for_it"))?;
    // A text that the mark makes too long for LINE goes as it is: it is tried out, not the mark.
    let marked = line_messages(&marked_first(bubbles, said.language), said.rendering, said.fields);
    let fits = check_messages(&marked).is_empty();
    let messages = if fits { marked } else { line_messages(bubbles, said.rendering, said.fields) };
    let body = PushBody { to, messages, notification: Notification::Aloud, aggregation_unit: None };
    let frozen = body.freeze().map_err(|_| ActError::refused("message_faulty"))?;
    Ok(Box::new((house.line.open(here, channel.id).await?, frozen)))
}

async fn letter(house: &House, org: OrgId, to: &str, said: &Said<'_>) -> Result<Box<(OpenMail, Composed)>, ActError> {
    let to = EmailAddress::parse(to.trim()).map_err(|_| ActError::refused_at("mail", "test_address_unfit"))?;
    let mail =
        said.message.mail_for(said.language).ok_or_else(|| ActError::refused_at("mail", "nothing_written_for_it"))?;
    let open = MailGateway::default().open(house, org).await.map_err(|error| match error {
        MailGatewayError::Stopped => ActError::refused("no_mail_channel"),
        MailGatewayError::Settings(_) => ActError::refused("mail_settings_unfit"),
        MailGatewayError::Storage(error) => error.into(),
    })?;
    let letter = Letter {
        id: format!("test-{}", house.operation()),
        return_path: open.sender.address.as_str().to_owned(),
        from: open.sender.clone(),
        to,
        reply_to: open.reply_to.clone(),
        subject: marked(&fill_in(&mail.subject, said.rendering, said.fields), said.language),
        text: mail_text(&mail.body, said.rendering, said.fields, said.language, None),
        html: None,
        unsubscribe: None,
        date: house.now(),
    };
    let composed = letter.compose(open.dkim.as_ref()).map_err(|_| ActError::refused("message_faulty"))?;
    Ok(Box::new((open, composed)))
}

/// A subject, or first words, that say it is a test: what is tried out lands among real messages, and is forwarded.
fn marked(subject: &str, language: Language) -> String {
    Texts::of(locale_of(language)).one("mail-test-subject", "subject", subject)
}

/// Bubbles whose first words say so too.
fn marked_first(bubbles: &[Bubble], language: Language) -> Vec<Bubble> {
    let mut bubbles = bubbles.to_vec();
    let words = bubbles.iter_mut().find_map(|bubble| match bubble {
        Bubble::Text { text } | Bubble::Buttons { text, .. } => Some(text),
        Bubble::Image { .. } | Bubble::Video { .. } => None,
    });
    if let Some(text) = words {
        *text = marked(text, language);
    }
    bubbles
}

/// The user id of a test recipient, opened for this one request.
async fn line_of(here: &OrgStore, channel: &LineChannel, person: PersonId) -> Result<String, ActError> {
    let named = here.read().await?.test_recipients(Some(channel.provider)).await?;
    let it = named.iter().find(|it| it.person == person).ok_or_else(|| ActError::refused_at("to", "test_nobody"))?;
    let point = it.line.ok_or_else(|| ActError::refused_at("to", "test_no_line"))?;
    let keys = here.person_keys(&[person]).await?;
    let found = here.read().await?.addresses(&keys, &[(person, point)]).await?;
    found.first().map(|it| it.clear.to_string()).ok_or_else(|| ActError::refused_at("to", "test_no_line"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_say_that_it_is_a_test() {
        let text = |text: &str| Bubble::Text { text: text.into() };
        let picture = Bubble::Image { media: None, alt: "絵".into() };
        let bubbles = [picture.clone(), text("一つめ"), text("二つめ")];
        let marked = marked_first(&bubbles, Language::Ja);
        assert_eq!(marked, [picture, text("【試し】一つめ"), text("二つめ")]);
        assert_eq!(marked_first(&[text("Come home")], Language::En), [text("[Test] Come home")]);
    }

    #[test]
    fn the_mark_counts_against_lines_limit() {
        let fits = |n: usize| {
            let bubbles = marked_first(&[Bubble::Text { text: "あ".repeat(n) }], Language::Ja);
            check_messages(&line_messages(&bubbles, &Default::default(), &Default::default())).is_empty()
        };
        // Four characters of mark, five thousand in all.
        assert!(fits(4_996) && !fits(4_997));
    }
}
