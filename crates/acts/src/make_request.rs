//! The network call of one frozen request, and what its answer means. Called outside any transaction; nothing here is
//! repeated: what follows from an outcome is decided and committed by `settle_dispatch`. A request that has no answer within
//! [`ANSWER_WITHIN`] is given up, so that a withdrawal never waits longer than that: as uncertain, or as not sent where a mail
//! had not been begun.

use std::time::Duration;

use tsunagari_channels::email::{About, EmailAddress, Letter, MailOutcome, Unsubscribe};
use tsunagari_channels::line::{Fault, FrozenBody, RetryKey};
use tsunagari_outreach::{Channel, Classified, Way};

use crate::line_gateway::OpenLine;
use crate::mail_gateway::OpenMail;
use crate::send_batch::{FrozenMail, Ready};

/// How long a request may take.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(9);

/// What one request brought.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The request.
    pub ready: Ready,
    /// What the answer means.
    pub outcome: Classified,
    /// The channel's own id.
    pub request_id: Option<String>,
    /// Why it was refused for good.
    pub failure: Option<&'static str>,
}

/// Channels opened for one run of work.
#[derive(Clone, Default)]
pub struct Opened {
    /// LINE.
    pub line: Option<OpenLine>,
    /// E-mail.
    pub mail: Option<OpenMail>,
}

impl Attempt {
    /// A request that was not made after all.
    pub const fn not_made(ready: Ready) -> Self {
        Self { ready, outcome: Classified::NotMade, request_id: None, failure: None }
    }
}

impl Opened {
    /// Whether a channel can be used.
    pub const fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Line => self.line.is_some(),
            Channel::Email => self.mail.is_some(),
        }
    }
}

/// Makes the request, and waits no longer than `within` for its answer.
pub async fn make_request(opened: &Opened, within: Duration, ready: Ready) -> Attempt {
    let (outcome, request_id, failure) = match (ready.way, &opened.line, &opened.mail) {
        (Way::Multicast | Way::Push, Some(line), _) => {
            said_or_uncertain(tokio::time::timeout(within, by_line(line, &ready)).await)
        }
        (Way::Mail, _, Some(mail)) => by_mail(mail, within, &ready).await,
        (Way::Multicast | Way::Push, None, _) | (Way::Mail, _, None) => said(Classified::NotMade, None, None),
    };
    Attempt { ready, outcome, request_id, failure }
}

type Said = (Classified, Option<String>, Option<&'static str>);

const fn said(outcome: Classified, id: Option<String>, failure: Option<&'static str>) -> Said {
    (outcome, id, failure)
}

fn said_or_uncertain(answer: Result<Said, tokio::time::error::Elapsed>) -> Said {
    answer.unwrap_or((Classified::Uncertain, None, None))
}

async fn by_line(line: &OpenLine, ready: &Ready) -> Said {
    let body = FrozenBody::thaw(ready.body.clone());
    let key = RetryKey(ready.retry_key);
    let answer = match ready.way {
        Way::Multicast => line.api.multicast(&line.token, &body, key).await,
        Way::Push | Way::Mail => line.api.push(&line.token, &body, key).await,
    };
    match answer {
        Ok(answer) => (Classified::Accepted, answer.request_id, None),
        Err(error) => {
            let (outcome, failure) = line_outcome(&error.fault);
            let accepted = match error.fault {
                Fault::AlreadyAccepted { accepted_request_id, .. } => accepted_request_id,
                Fault::RateLimited
                | Fault::MonthlyLimit
                | Fault::Retryable { .. }
                | Fault::Rejected { .. }
                | Fault::Unauthorised
                | Fault::Unreadable => error.request_id,
            };
            (outcome, accepted, failure)
        }
    }
}

/// What a fault of LINE means for the request.
pub const fn line_outcome(fault: &Fault) -> (Classified, Option<&'static str>) {
    match fault {
        Fault::AlreadyAccepted { .. } => (Classified::AcceptedBefore, None),
        Fault::Unreadable => (Classified::Accepted, None),
        Fault::RateLimited => (Classified::RateLimited { retry_after: None }, None),
        Fault::MonthlyLimit => (Classified::MonthlyLimit, None),
        Fault::Retryable { .. } => (Classified::Uncertain, None),
        Fault::Unauthorised | Fault::Rejected { status: 403, .. } => (Classified::ChannelRefused, None),
        Fault::Rejected { .. } => (Classified::Refused, Some("line_rejected")),
    }
}

async fn by_mail(mail: &OpenMail, within: Duration, ready: &Ready) -> Said {
    let Some(letter) = letter(mail, &ready.body) else {
        return said(Classified::Refused, None, Some("mail_unwritable"));
    };
    let Ok(composed) = letter.compose(mail.dkim.as_ref()) else {
        return said(Classified::Refused, None, Some("mail_unwritable"));
    };
    mail_outcome(mail.mailer.send_within(&composed, within).await)
}

/// What a server's word means for the request.
fn mail_outcome(said: MailOutcome) -> Said {
    match said {
        MailOutcome::Accepted { queue_id } => (Classified::Accepted, queue_id, None),
        MailOutcome::Refused { about: About::Mailbox, .. } => (Classified::Refused, None, Some("no_such_mailbox")),
        // Whoever is next would be refused alike: nobody is given up for what the office can mend, the message waits for it.
        MailOutcome::Refused { about: About::Us, .. } => (Classified::ChannelRefused, None, None),
        MailOutcome::Refused { about: About::Mail, .. } => (Classified::Refused, None, Some("mail_refused")),
        MailOutcome::Retryable { about: About::Mailbox, .. } => (Classified::Deferred, None, None),
        MailOutcome::Retryable { about: About::Us | About::Mail, .. } => (Classified::NotSent, None, None),
        MailOutcome::Uncertain { .. } => (Classified::Uncertain, None, None),
    }
}

fn letter(mail: &OpenMail, body: &[u8]) -> Option<Letter> {
    let frozen: FrozenMail = serde_json::from_slice(body).ok()?;
    Some(Letter {
        id: frozen.id,
        from: mail.sender.clone(),
        to: EmailAddress::parse(&frozen.to).ok()?,
        reply_to: mail.reply_to.clone(),
        subject: frozen.subject,
        text: frozen.text,
        html: None,
        unsubscribe: Some(Unsubscribe { url: frozen.unsubscribe.parse().ok()?, mailto: mail.sender.address.clone() }),
        date: frozen.date,
        return_path: mail.verp.address(&frozen.verp)?,
    })
}
