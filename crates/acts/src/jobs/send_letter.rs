//! One letter to one address: a link to prove it, to sign in, to ask a guardian or whether an address is right. Sealed in
//! the queue, because it holds an address and a link that opens a door. Leaves messages of campaigns to their own pipeline.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tsunagari_channels::email::{self, EmailAddress, MailOutcome};
use tsunagari_i18n::{Locale, Texts};
use tsunagari_jobs::{Handler, JobError};
use tsunagari_kernel::{LinkId, OrgId, Timestamp};
use tsunagari_programmes::Notice;
use tsunagari_storage::Tx;

use crate::mail_gateway::{MailGateway, OpenMail};
use crate::tell_step::words;
use crate::{ActError, House};

/// The kind of the job.
pub const KIND: &str = "send_letter.1";
const CONTEXT: &[u8] = b"send_letter";

/// What the letter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Here is the link to go on.
    Verify,
    /// Here is the link to your page.
    SignIn,
    /// Please consent as a guardian.
    Guardian,
    /// Please say whether what a guardian agreed to shall go on.
    Reconfirm,
    /// Please confirm the address the office was given.
    Confirm,
    /// There is news of an application.
    Step(Notice),
}

impl LetterKind {
    /// The texts of subject and body.
    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Verify => ("mail-verify-subject", "mail-verify-body"),
            Self::SignIn => ("mail-sign-in-subject", "mail-sign-in-body"),
            Self::Guardian => ("mail-guardian-subject", "mail-guardian-body"),
            Self::Reconfirm => ("mail-reconfirm-subject", "mail-reconfirm-body"),
            Self::Confirm => ("mail-confirm-subject", "mail-confirm-body"),
            Self::Step(notice) => ("mail-step-subject", words(notice)),
        }
    }
}

/// A letter to be sent.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// To whom, as compared.
    pub to: String,
    /// What it says.
    pub kind: LetterKind,
    /// The locale's code.
    pub locale: String,
    /// The link in it.
    pub link: String,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    id: LinkId,
    sealed: String,
}

/// Puts a letter in the queue.
///
/// # Errors
/// Storage's.
pub async fn enqueue(house: &House, tx: &mut Tx, letter: &Letter, now: Timestamp) -> Result<(), ActError> {
    let id = LinkId::born(&house.chance, now);
    let broken = |error: serde_json::Error| ActError::Broken(error.to_string());
    let sealed = tx.seal_text(CONTEXT, &serde_json::to_string(letter).map_err(broken)?).await?;
    let payload = Payload { id, sealed };
    Ok(tx.enqueue(KIND, &serde_json::to_string(&payload).map_err(broken)?, now, None).await?)
}

/// The handler.
pub struct SendLetter {
    house: House,
    mail: MailGateway,
}

impl SendLetter {
    /// For a house.
    pub fn of(house: House) -> Self {
        Self { house, mail: MailGateway::default() }
    }
}

#[async_trait]
impl Handler for SendLetter {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, org: OrgId, payload: &str) -> Result<(), JobError> {
        let payload: Payload = serde_json::from_str(payload).map_err(|error| JobError::Fail(error.to_string()))?;
        send(&self.house, &self.mail, org, payload).await
    }
}

fn retry(error: impl ToString) -> JobError {
    JobError::Retry(error.to_string())
}

/// A letter's return path is signed like a message's, so that a bounce of it is known to be ours.
fn return_path(open: &OpenMail, id: LinkId) -> String {
    let signed = open.verp.address(&format!("letter-{}", id.0.as_simple()));
    signed.unwrap_or_else(|| open.sender.address.as_str().to_owned())
}

async fn send(house: &House, mail: &MailGateway, org: OrgId, payload: Payload) -> Result<(), JobError> {
    let mut reader = house.org(org).read().await.map_err(retry)?;
    let opened = reader.open_text(CONTEXT, &payload.sealed).await.map_err(|error| JobError::Fail(error.to_string()))?;
    let letter: Letter = serde_json::from_str(&opened).map_err(|error| JobError::Fail(error.to_string()))?;
    let town = reader.organisation().await.map_err(retry)?.name;
    drop(reader);
    let open = mail.open(house, org).await.map_err(retry)?;
    let t = Texts::of(Locale::parse(&letter.locale).unwrap_or_default());
    let say = |key: &str| t.two(key, "town", town.as_str(), "link", letter.link.as_str());
    let (subject, body) = letter.kind.texts();
    let to = EmailAddress::parse(&letter.to).map_err(|error| JobError::Fail(error.to_string()))?;
    let mail = email::Letter {
        id: format!("letter.{}", payload.id),
        return_path: return_path(&open, payload.id),
        from: open.sender,
        to,
        reply_to: open.reply_to,
        subject: say(subject),
        text: say(body),
        html: None,
        unsubscribe: None,
        date: house.real_clock.now(),
    };
    let composed = mail.compose(open.dkim.as_ref()).map_err(|error| JobError::Fail(error.to_string()))?;
    match open.mailer.send(&composed).await {
        // A second letter with the same link does no harm, but the first one most probably arrived.
        MailOutcome::Accepted { .. } | MailOutcome::Uncertain { .. } => Ok(()),
        MailOutcome::Retryable { words, .. } => Err(JobError::Retry(words)),
        MailOutcome::Refused { words, .. } => Err(JobError::Fail(words)),
    }
}
