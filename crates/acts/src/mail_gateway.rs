//! The way from an act to the mail server of one organisation: mailers kept per server, the DKIM signer, the return paths.
//! The server's address is `smtps://user@host:465`, or `smtp://user@host:587` (STARTTLS; on a loopback host without TLS);
//! passwords and DKIM keys stand in files the operator owns. Leaves what is written to the acts.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use tsunagari_channels::Secret;
use tsunagari_channels::email::{BadServer, DkimSigner, EmailAddress, Login, Mailer, Sender, SmtpServer, Tls, Verp};
use tsunagari_storage::mail_channel::MailChannel;
use tsunagari_storage::{OrgStore, StorageError};
use url::Url;

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
    /// The settings cannot be used.
    #[error("mail settings: {0}")]
    Settings(String),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<BadServer> for MailGatewayError {
    fn from(error: BadServer) -> Self {
        Self::Settings(error.to_string())
    }
}

impl MailGateway {
    /// The organisation's mail, ready to be used.
    ///
    /// # Errors
    /// Not set up, stopped, unusable settings, unreadable files.
    pub async fn open(&self, here: &OrgStore) -> Result<OpenMail, MailGatewayError> {
        let mut reader = here.read().await?;
        let channel = reader.mail_channel().await?.filter(MailChannel::works).ok_or(MailGatewayError::Stopped)?;
        let verp = verp(&reader.sign("verp", "").await?, &channel);
        drop(reader);
        Ok(OpenMail {
            mailer: self.mailer(&channel)?,
            dkim: dkim(&channel)?,
            verp,
            sender: Sender { name: channel.from_name.clone(), address: address(&channel.from_address)? },
            reply_to: channel.reply_to.as_deref().map(address).transpose()?,
        })
    }

    fn mailer(&self, channel: &MailChannel) -> Result<Mailer, MailGatewayError> {
        let mut mailers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("{} {}", channel.smtp_url, channel.password_file.as_deref().unwrap_or_default());
        if let Some(known) = mailers.get(&name) {
            return Ok(known.clone());
        }
        let mailer = Mailer::to(server(channel)?)?;
        mailers.insert(name, mailer.clone());
        Ok(mailer)
    }
}

/// Whether settings can be used as they are meant: addresses read, files open, keys fit.
///
/// # Errors
/// What is wrong, for the administrator.
pub fn usable(channel: &MailChannel) -> Result<(), String> {
    let check = || -> Result<(), MailGatewayError> {
        address(&channel.from_address)?;
        channel.reply_to.as_deref().map(address).transpose()?;
        Mailer::to(server(channel)?)?;
        dkim(channel)?;
        Ok(())
    };
    check().map_err(|error| error.to_string())
}

fn address(text: &str) -> Result<EmailAddress, MailGatewayError> {
    EmailAddress::parse(text).map_err(|problem| MailGatewayError::Settings(format!("{text}: {problem}")))
}

/// Return paths of an organisation, from its signature over `verp`.
pub fn verp(key: &[u8], channel: &MailChannel) -> Verp {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(key) {
        *to = *from;
    }
    Verp::with(bytes, channel.bounce_domain.clone())
}

fn file(path: &str) -> Result<String, MailGatewayError> {
    std::fs::read_to_string(path).map_err(|error| MailGatewayError::Settings(format!("{path}: {error}")))
}

fn server(channel: &MailChannel) -> Result<SmtpServer, MailGatewayError> {
    let unfit = || MailGatewayError::Settings(format!("the server's address is not understood: {}", channel.smtp_url));
    let url = Url::parse(channel.smtp_url.trim()).map_err(|_| unfit())?;
    if url.password().is_some() {
        return Err(MailGatewayError::Settings("a password belongs into a file, not into the server's address".into()));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(unfit)?.to_owned();
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Required, 465),
        "smtp" if is_loopback(&host) => (Tls::NoneOnLoopback, 25),
        "smtp" => (Tls::StartTls, 587),
        _ => return Err(unfit()),
    };
    let user = percent_encoding::percent_decode_str(url.username()).decode_utf8().map_err(|_| unfit())?.into_owned();
    let login = match (user.is_empty(), &channel.password_file) {
        (false, Some(path)) => Some(Login { user, password: Secret::of(file(path)?.trim_end()) }),
        (false, None) => return Err(MailGatewayError::Settings("a user without a password file".into())),
        (true, _) => None,
    };
    let hello = channel.from_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain).to_owned();
    Ok(SmtpServer { host, port: url.port().unwrap_or(port), tls, login, hello })
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    bare == "localhost" || bare.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn dkim(channel: &MailChannel) -> Result<Option<DkimSigner>, MailGatewayError> {
    match (&channel.dkim_domain, &channel.dkim_selector, &channel.dkim_key_file) {
        (Some(domain), Some(selector), Some(path)) => {
            let signer = DkimSigner::from_pem(&file(path)?, selector.clone(), domain.clone());
            signer.map(Some).map_err(|_| MailGatewayError::Settings(format!("{path} holds no RSA key")))
        }
        (None, None, None) => Ok(None),
        (_, _, _) => {
            Err(MailGatewayError::Settings("DKIM wants a domain, a selector and a key file, or none of them".into()))
        }
    }
}
