//! The way from an act to the mail server of one organisation: mailers kept per server, the DKIM signer, the return paths.
//! The server's address is `smtps://user@host:465`, or `smtp://user@host:587` (STARTTLS; on a loopback host without TLS);
//! passwords and DKIM keys stand in files the operator owns (`mail_secret`). Leaves what is written to the acts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tsunagari_channels::Secret;
use tsunagari_channels::email::{
    BadServer, DkimSigner, EmailAddress, Login, MailOutcome, Mailer, Sender, SmtpServer, Tls, Trouble, Verp,
};
use tsunagari_kernel::OrgId;
use tsunagari_storage::StorageError;
use tsunagari_storage::mail_channel::MailChannel;
use url::Url;

use crate::outside::{NotAllowed, Outside, is_loopback};
use crate::{ActError, House, Reason, mail_secret};

/// Mailers of this process. Cheap to clone.
#[derive(Clone, Default)]
pub struct MailGateway(Arc<Mutex<HashMap<String, Mailer>>>);

/// A mail channel that is ready to be used.
#[derive(Clone)]
pub struct OpenMail {
    /// Hands mail over.
    pub mailer: Mailer,
    /// Signs, when the organisation has a key.
    pub dkim: Option<DkimSigner>,
    /// Makes and reads return paths.
    pub verp: Verp,
    /// Who writes.
    pub sender: Sender,
    /// Where answers go.
    pub reply_to: Option<EmailAddress>,
}

/// Why mail cannot leave.
#[derive(Debug, Error)]
pub enum MailGatewayError {
    /// No mail channel is set up, or it is stopped.
    #[error("mail is not set up or stopped")]
    Stopped,
    /// The settings cannot be used: the reason at its field.
    #[error("mail settings: {} at {}", .0.code, .0.field.unwrap_or("none"))]
    Settings(Reason),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<BadServer> for MailGatewayError {
    fn from(error: BadServer) -> Self {
        match error {
            BadServer::ClearTextAbroad(_) | BadServer::BadName(_) => {
                Self::Settings(Reason::at("smtp_url", "smtp_url_unfit"))
            }
        }
    }
}

/// What the settings say of one organisation's mail, with what they are read by.
struct Given<'a> {
    channel: &'a MailChannel,
    /// The organisation's code.
    of: &'a str,
    outside: &'a Outside,
}

impl MailGateway {
    /// The organisation's mail, ready to be used.
    ///
    /// # Errors
    /// Not set up, stopped, unusable settings, unreadable files.
    pub async fn open(&self, house: &House, org: OrgId) -> Result<OpenMail, MailGatewayError> {
        let mut reader = house.org(org).read().await?;
        let channel = reader.mail_channel().await?.filter(MailChannel::works).ok_or(MailGatewayError::Stopped)?;
        let verp = verp(&reader.sign("verp", "").await?, &channel);
        let of = reader.organisation().await?.code;
        drop(reader);
        let given = Given { channel: &channel, of: &of, outside: &house.outside };
        Ok(OpenMail {
            mailer: self.mailer(&given)?,
            dkim: dkim(&given)?,
            verp,
            sender: Sender {
                name: channel.from_name.clone(),
                address: address("from_address", &channel.from_address)?,
            },
            reply_to: reply_to(&channel)?,
        })
    }

    fn mailer(&self, given: &Given<'_>) -> Result<Mailer, MailGatewayError> {
        let mut mailers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A file's name is the organisation's own: two that choose the same one never share a password.
        let file = given.channel.password_file.as_deref().unwrap_or_default();
        let name = format!("{} {} {file}", given.of, given.channel.smtp_url);
        if let Some(known) = mailers.get(&name) {
            return Ok(known.clone());
        }
        let mailer = Mailer::to(server(given)?)?;
        mailers.insert(name, mailer.clone());
        Ok(mailer)
    }
}

/// What of an organisation's settings cannot be used as it is meant: addresses, the server, files, keys.
pub fn faults(channel: &MailChannel, of: &str, outside: &Outside) -> Vec<Reason> {
    let given = Given { channel, of, outside };
    let found = [
        address("from_address", &channel.from_address).err(),
        reply_to(channel).err(),
        server(&given).and_then(|server| Ok(Mailer::to(server)?)).err(),
        dkim(&given).err(),
        named("password_file", channel.password_file.as_deref()).err(),
        named("dkim_key_file", channel.dkim_key_file.as_deref()).err(),
    ];
    let reason = |error: MailGatewayError| match error {
        MailGatewayError::Settings(reason) => Some(reason),
        MailGatewayError::Stopped | MailGatewayError::Storage(_) => None,
    };
    found.into_iter().flatten().filter_map(reason).collect()
}

/// What became of a mail that somebody waits for, in front of that person: a refusal speaks of the address in this field,
/// everything else of the server.
///
/// # Errors
/// A reason for each cause, with the server's words where it has some.
pub fn told(outcome: MailOutcome, field: &'static str) -> Result<(), ActError> {
    let reason = match outcome {
        MailOutcome::Accepted { .. } => return Ok(()),
        MailOutcome::Refused { words, .. } => Reason::at(field, "mail_refused").with("words", words),
        MailOutcome::Uncertain { words } => Reason::of("mail_no_answer").with("words", words),
        MailOutcome::Retryable { trouble, words, .. } => match trouble {
            Trouble::NotFound => Reason::of("mail_server_not_found"),
            Trouble::NotAllowed => Reason::of("mail_server_inner"),
            Trouble::Closed => Reason::of("mail_server_closed"),
            Trouble::Silent => Reason::of("mail_server_silent"),
            Trouble::Certificate => Reason::of("mail_server_certificate").with("words", words),
            Trouble::NoTls => Reason::of("mail_server_no_tls"),
            Trouble::SignIn => Reason::of("mail_server_sign_in").with("words", words),
            Trouble::Other => Reason::of("mail_no_answer").with("words", words),
        },
    };
    Err(ActError::Refused(vec![reason]))
}

fn address(field: &'static str, text: &str) -> Result<EmailAddress, MailGatewayError> {
    EmailAddress::parse(text).map_err(|_| MailGatewayError::Settings(Reason::at(field, "email_unfit")))
}

fn reply_to(channel: &MailChannel) -> Result<Option<EmailAddress>, MailGatewayError> {
    channel.reply_to.as_deref().map(|text| address("reply_to", text)).transpose()
}

/// Return paths of an organisation, from its signature over `verp`.
pub fn verp(key: &[u8], channel: &MailChannel) -> Verp {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(key) {
        *to = *from;
    }
    Verp::with(bytes, channel.bounce_domain.clone())
}

/// Whether a secret is called by a name alone, also while the rest of the settings cannot be read.
fn named(field: &'static str, name: Option<&str>) -> Result<(), MailGatewayError> {
    if name.is_none_or(mail_secret::is_name) {
        return Ok(());
    }
    Err(MailGatewayError::Settings(Reason::at(field, "mail_file_name_unfit")))
}

/// The text of a secret. Missing, locked, of another kind: one answer.
fn secret(given: &Given<'_>, field: &'static str, name: &str) -> Result<String, MailGatewayError> {
    named(field, Some(name))?;
    mail_secret::read(&given.outside.mail_secrets, given.of, name).ok_or_else(|| unusable(field))
}

const fn unusable(field: &'static str) -> MailGatewayError {
    MailGatewayError::Settings(Reason::at(field, "mail_file_unusable"))
}

fn server(given: &Given<'_>) -> Result<SmtpServer, MailGatewayError> {
    let unreadable = || MailGatewayError::Settings(Reason::at("smtp_url", "smtp_url_unfit"));
    let url = Url::parse(given.channel.smtp_url.trim()).map_err(|_| unreadable())?;
    if url.password().is_some() {
        return Err(MailGatewayError::Settings(Reason::at("smtp_url", "smtp_password_in_url")));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(unreadable)?.to_owned();
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Required, 465),
        "smtp" if is_loopback(&host) => (Tls::NoneOnLoopback, 25),
        "smtp" => (Tls::StartTls, 587),
        _ => return Err(unreadable()),
    };
    let place = given.outside.hosts.mail(&host).map_err(|why| {
        MailGatewayError::Settings(match why {
            NotAllowed::Demonstration => Reason::at("smtp_url", "demonstration_stays_here"),
            NotAllowed::Inner | NotAllowed::NotLines => Reason::at("smtp_url", "mail_server_inner"),
        })
    })?;
    let user = percent_encoding::percent_decode_str(url.username()).decode_utf8();
    let user = user.map_err(|_| unreadable())?.into_owned();
    let login = match (user.is_empty(), &given.channel.password_file) {
        (false, Some(name)) => {
            let text = secret(given, "password_file", name)?;
            let password = text.trim_end();
            // A password is one line that is not empty; a key or a list is not one.
            if password.is_empty() || password.contains(char::is_control) {
                return Err(unusable("password_file"));
            }
            Some(Login { user, password: Secret::of(password) })
        }
        (false, None) => {
            return Err(MailGatewayError::Settings(Reason::at("password_file", "smtp_needs_password")));
        }
        (true, _) => None,
    };
    let hello = given.channel.from_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain).to_owned();
    Ok(SmtpServer { host, port: url.port().unwrap_or(port), tls, login, hello, place })
}

fn dkim(given: &Given<'_>) -> Result<Option<DkimSigner>, MailGatewayError> {
    let MailChannel { dkim_domain, dkim_selector, dkim_key_file, .. } = given.channel;
    match (dkim_domain, dkim_selector, dkim_key_file) {
        (Some(domain), Some(selector), Some(name)) => {
            let pem = secret(given, "dkim_key_file", name)?;
            let signer = DkimSigner::from_pem(&pem, selector.clone(), domain.clone());
            signer.map(Some).map_err(|_| unusable("dkim_key_file"))
        }
        (None, None, None) => Ok(None),
        // At the first of the three that is missing.
        (domain, selector, _) => {
            let field = match (domain, selector) {
                (None, _) => "dkim_domain",
                (Some(_), None) => "dkim_selector",
                (Some(_), Some(_)) => "dkim_key_file",
            };
            Err(MailGatewayError::Settings(Reason::at(field, "dkim_all_or_none")))
        }
    }
}
