//! The network call of one frozen request, and what its answer means. Called outside any transaction; nothing here is
//! repeated: what follows from an outcome is decided and committed by `settle_dispatch`. A request that has no answer within
//! [`ANSWER_WITHIN`] is given up as uncertain, so that a withdrawal never waits longer than that.

use std::time::Duration;

use tsunagari_channels::email::{EmailAddress, Letter, MailOutcome, Unsubscribe};
use tsunagari_channels::line::{Fault, FrozenBody, RetryKey};
use tsunagari_outreach::{Classified, Way};

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
        Self { ready, outcome: Classified::NotSent, request_id: None, failure: None }
    }
}

/// Makes the request.
pub async fn make_request(opened: &Opened, ready: Ready) -> Attempt {
    let said = match ready.way {
        Way::Multicast | Way::Push => match &opened.line {
            Some(line) => tokio::time::timeout(ANSWER_WITHIN, by_line(line, &ready)).await,
            None => Ok(said(Classified::NotSent, None, None)),
        },
        Way::Mail => match &opened.mail {
            Some(mail) => tokio::time::timeout(ANSWER_WITHIN, by_mail(mail, &ready)).await,
            None => Ok(said(Classified::NotSent, None, None)),
        },
    };
    let (outcome, request_id, failure) = said_or_uncertain(said);
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

async fn by_mail(mail: &OpenMail, ready: &Ready) -> Said {
    let Some(letter) = letter(mail, &ready.body) else {
        return said(Classified::Refused, None, Some("mail_unwritable"));
    };
    let Ok(composed) = letter.compose(mail.dkim.as_ref()) else {
        return said(Classified::Refused, None, Some("mail_unwritable"));
    };
    match mail.mailer.send(&composed).await {
        MailOutcome::Accepted { queue_id } => (Classified::Accepted, queue_id, None),
        // RFC 5321 4.2.3: these say that there is no such mailbox, now and later.
        MailOutcome::Refused { code: 550 | 551 | 553, .. } => (Classified::Refused, None, Some("no_such_mailbox")),
        MailOutcome::Refused { .. } => (Classified::Refused, None, Some("mail_refused")),
        MailOutcome::Retryable { .. } => (Classified::NotSent, None, None),
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
