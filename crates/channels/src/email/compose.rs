//! A letter to one person as RFC 5322 bytes: plain text and perhaps HTML, one-click unsubscribe (RFC 8058), a Message-ID
//! that is the same at every attempt, signed. Anything that could break out of a header is refused.
//! Leaves the words to templates and the sending to `mailer`.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use thiserror::Error;
use tsunagari_kernel::Timestamp;
use url::Url;

use super::address::EmailAddress;
use super::dkim::DkimSigner;

/// Who writes.
#[derive(Debug, Clone)]
pub struct Sender {
    /// As shown.
    pub name: String,
    /// Within the signing domain, for DMARC.
    pub address: EmailAddress,
}

/// How one stops these mails.
#[derive(Debug, Clone)]
pub struct Unsubscribe {
    /// https; a POST of `List-Unsubscribe=One-Click` there ends it without a question.
    pub url: Url,
    /// A mail there ends it too.
    pub mailto: EmailAddress,
}

/// A letter to one person.
#[derive(Clone)]
pub struct Letter {
    /// The part of the Message-ID before the @: the delivery's id, the same at every attempt.
    pub id: String,
    /// Who writes.
    pub from: Sender,
    /// To whom.
    pub to: EmailAddress,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<EmailAddress>,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// Bulk mail must carry it.
    pub unsubscribe: Option<Unsubscribe>,
    /// The `Date` header.
    pub date: Timestamp,
    /// The envelope sender, from `Verp`.
    pub return_path: String,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.id)
    }
}

/// Why a letter cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ComposeError {
    /// A line break or another control character where a header would end.
    #[error("control characters in {0}")]
    HeaderInjection(&'static str),
    /// The id is not fit for a Message-ID.
    #[error("the letter's id may hold letters, digits, dots and hyphens only")]
    BadId,
    /// The return path is not an address.
    #[error("the return path is not an address")]
    BadReturnPath,
    /// One-click unsubscribe wants https (loopback excepted).
    #[error("the unsubscribe link must be https")]
    UnsubscribeNotHttps,
    /// The signing key went bad.
    #[error("the DKIM key cannot be used")]
    Dkim,
    /// Refused by the library.
    #[error("the message could not be built: {0}")]
    Unbuildable(String),
}

/// A letter ready to be sent, and sent again.
#[derive(Clone)]
pub struct Composed {
    /// Without angle brackets.
    pub message_id: String,
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Composed({}, {} bytes)", self.message_id, self.bytes.len())
    }
}

impl Composed {
    /// RFC 5322 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Letter {
    /// Writes the letter, signed when a signer is given.
    pub fn compose(&self, dkim: Option<&DkimSigner>) -> Result<Composed, ComposeError> {
        self.check()?;
        let return_path = EmailAddress::parse(&self.return_path).map_err(|_| ComposeError::BadReturnPath)?;
        let message_id = format!("{}@{}", self.id, self.from.address.domain());
        let envelope = Envelope::new(Some(return_path.wire()), vec![self.to.wire()]).map_err(unbuildable)?;
        let seconds = u64::try_from(self.date.micros() / 1_000_000).unwrap_or(0);
        let mut builder = Message::builder()
            .from(Mailbox::new(Some(self.from.name.clone()), self.from.address.wire()))
            .to(Mailbox::new(None, self.to.wire()))
            .subject(self.subject.clone())
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{message_id}>")))
            .envelope(envelope.clone());
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(Mailbox::new(None, reply_to.wire()));
        }
        for (name, value) in self.list_headers() {
            builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
        }
        let text = SinglePart::plain(self.text.clone());
        let mut message = match &self.html {
            None => builder.singlepart(text),
            Some(html) => {
                // A boundary made by chance would change the bytes of a second attempt.
                let parts = MultiPart::alternative().boundary(format!("=_{}", self.id));
                builder.multipart(parts.singlepart(text).singlepart(SinglePart::html(html.clone())))
            }
        }
        .map_err(unbuildable)?;
        if let Some(dkim) = dkim {
            dkim.sign(&mut message).map_err(|_| ComposeError::Dkim)?;
        }
        Ok(Composed { message_id, envelope, bytes: message.formatted() })
    }

    fn check(&self) -> Result<(), ComposeError> {
        let single_lines =
            [("subject", &self.subject), ("from.name", &self.from.name), ("return_path", &self.return_path)];
        for (field, text) in single_lines {
            if text.chars().any(char::is_control) {
                return Err(ComposeError::HeaderInjection(field));
            }
        }
        let fit = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
        if !(1..=60).contains(&self.id.len()) || !self.id.bytes().all(fit) {
            return Err(ComposeError::BadId);
        }
        if let Some(unsubscribe) = &self.unsubscribe {
            let host = unsubscribe.url.host_str().unwrap_or_default();
            let local = host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]";
            if unsubscribe.url.scheme() != "https" && !local {
                return Err(ComposeError::UnsubscribeNotHttps);
            }
        }
        Ok(())
    }

    fn list_headers(&self) -> Vec<(&'static str, String)> {
        let Some(unsubscribe) = &self.unsubscribe else { return Vec::new() };
        vec![
            ("List-Unsubscribe", format!("<{}>, <mailto:{}>", unsubscribe.url, unsubscribe.mailto.as_str())),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ]
    }
}

fn unbuildable(error: lettre::error::Error) -> ComposeError {
    ComposeError::Unbuildable(error.to_string())
}
