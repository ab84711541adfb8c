//! SMTP, one recipient a transaction, over connections that are kept. lettre's own transport cannot tell at which step a
//! connection broke, so the steps are taken here one by one on its connection: before the message's bytes were begun a
//! break is harmless, afterwards the outcome is uncertain. The same holds for a caller who waits no longer, which is why the
//! limit is kept here (`send_within`) and not around it. Leaves repeating, and deciding over `Uncertain`, to `acts`.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error as SmtpError, response::Response};
use thiserror::Error;
use tokio::time::timeout;

use super::about::{About, Step};
use super::compose::Composed;
use super::place::Place;
use super::trouble::Trouble;
use crate::Secret;

const CONNECT_WITHIN: Duration = Duration::from_secs(20);
const STEP_WITHIN: Duration = Duration::from_secs(60);
/// RFC 5321 4.5.3.2.6 asks a client to wait ten minutes after the final dot; giving up earlier makes twins.
const DOT_WITHIN: Duration = Duration::from_secs(600);
const KEEP_IDLE: usize = 16;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte (port 465).
    Required,
    /// STARTTLS, and nothing without it (port 587).
    StartTls,
    /// None: loopback only.
    NoneOnLoopback,
}

/// Who signs in to the mail server.
#[derive(Debug, Clone)]
pub struct Login {
    /// User name.
    pub user: String,
    /// Password.
    pub password: Secret,
}

/// The mail server mail is handed to.
#[derive(Debug, Clone)]
pub struct SmtpServer {
    /// Host name or address.
    pub host: String,
    /// 465, 587, 25.
    pub port: u16,
    /// Protection.
    pub tls: Tls,
    /// Sign-in, when asked for.
    pub login: Option<Login>,
    /// What we call ourselves in EHLO.
    pub hello: String,
    /// Where it may be.
    pub place: Place,
}

/// A server that must not be used like this.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadServer {
    /// Mail in clear is for loopback only.
    #[error("without TLS only a loopback mail server may be used, not {0}")]
    ClearTextAbroad(String),
    /// The name is not fit for EHLO or TLS.
    #[error("not a host name: {0}")]
    BadName(String),
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailOutcome {
    /// The server has taken it.
    Accepted {
        /// Its queue id, if it names one.
        queue_id: Option<String>,
    },
    /// 5xx: never again like this.
    Refused {
        /// Whom it speaks of.
        about: About,
        /// Three digits.
        code: u16,
        /// The server's words.
        words: String,
    },
    /// 4xx, or the connection broke before the message was begun: nothing was sent.
    Retryable {
        /// Whom it speaks of.
        about: About,
        /// Three digits, when the server answered.
        code: Option<u16>,
        /// What stands between.
        trouble: Trouble,
        /// A few words.
        words: String,
    },
    /// The connection broke after the message was begun: it may or may not have been taken.
    Uncertain {
        /// A few words.
        words: String,
    },
}

/// Hands mail to one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    server: SmtpServer,
    hello: ClientId,
    tls: Option<TlsParameters>,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.server.fmt(f)
    }
}

enum Broken {
    /// Before anything of the message, or with an answer that says it was not taken: another connection may be tried.
    Before(Step, SmtpError),
    BeforeInTime,
    After(String),
}

impl Mailer {
    /// For a server; refuses mail in clear to anything but loopback.
    pub fn to(server: SmtpServer) -> Result<Self, BadServer> {
        let clean =
            |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
        for name in [&server.host, &server.hello] {
            if !clean(name) {
                return Err(BadServer::BadName(name.clone()));
            }
        }
        let tls = match server.tls {
            Tls::NoneOnLoopback if is_loopback(&server.host) => None,
            Tls::NoneOnLoopback => return Err(BadServer::ClearTextAbroad(server.host)),
            Tls::Required | Tls::StartTls => {
                let parameters = TlsParameters::new(server.host.clone());
                Some(parameters.map_err(|_| BadServer::BadName(server.host.clone()))?)
            }
        };
        let hello = ClientId::Domain(server.hello.clone());
        Ok(Self(Arc::new(Inner { server, hello, tls, idle: Mutex::default() })))
    }

    /// Sends one mail to its one recipient. Its type is forgotten, so that the compiler does not walk through the client for
    /// everything that sends.
    pub fn send<'a>(&'a self, mail: &'a Composed) -> Pin<Box<dyn Future<Output = MailOutcome> + Send + 'a>> {
        Box::pin(async move { self.converse(mail, &AtomicBool::new(false)).await })
    }

    /// The same for a caller who waits no longer than this. Until the message's bytes were begun nothing has left, however
    /// long the server kept silent.
    pub fn send_within<'a>(
        &'a self,
        mail: &'a Composed,
        limit: Duration,
    ) -> Pin<Box<dyn Future<Output = MailOutcome> + Send + 'a>> {
        Box::pin(async move {
            let begun = AtomicBool::new(false);
            match timeout(limit, self.converse(mail, &begun)).await {
                Ok(outcome) => outcome,
                Err(_) if begun.load(Ordering::SeqCst) => MailOutcome::Uncertain { words: "no answer in time".into() },
                Err(_) => not_in_time(),
            }
        })
    }

    async fn converse(&self, mail: &Composed, begun: &AtomicBool) -> MailOutcome {
        // A kept connection may have been closed by the server meanwhile: that is no news about the mail.
        while let Some(mut kept) = self.idle() {
            match transact(&mut kept, mail, begun).await {
                Err(Broken::Before(_, error)) if error.status().is_none() => {}
                Err(Broken::BeforeInTime) => {}
                done => return self.settle(kept, done),
            }
        }
        let mut fresh = match timeout(CONNECT_WITHIN, self.connect()).await {
            Ok(Ok(fresh)) => fresh,
            // A refusal to sign in is the operator's to mend, not the letter's end.
            Ok(Err(Unconnected { code, trouble, words })) => {
                return MailOutcome::Retryable { about: About::Us, code, trouble, words };
            }
            Err(_) => return not_in_time(),
        };
        let done = transact(&mut fresh, mail, begun).await;
        self.settle(fresh, done)
    }

    fn settle(&self, connection: AsyncSmtpConnection, done: Result<MailOutcome, Broken>) -> MailOutcome {
        match done {
            Ok(outcome) => {
                let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
                if idle.len() < KEEP_IDLE && matches!(outcome, MailOutcome::Accepted { .. }) {
                    idle.push(connection);
                }
                outcome
            }
            Err(Broken::Before(step, error)) => answered(step, &error),
            Err(Broken::BeforeInTime) => not_in_time(),
            Err(Broken::After(words)) => MailOutcome::Uncertain { words },
        }
    }

    fn idle(&self) -> Option<AsyncSmtpConnection> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Unconnected> {
        let Inner { server, hello, tls, .. } = &*self.0;
        let to = self.addresses().await?;
        let from_start = if server.tls == Tls::Required { tls.clone() } else { None };
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(&to[..], Some(CONNECT_WITHIN), hello, from_start, None)
                .await
                .map_err(|error| Unconnected::by(Trouble::of(&error), &error))?;
        if let (Tls::StartTls, Some(tls)) = (server.tls, tls) {
            let begun = connection.starttls(tls.clone(), hello).await;
            begun.map_err(|error| Unconnected::by(Trouble::of(&error), &error))?;
        }
        if let Some(login) = &server.login {
            let credentials = Credentials::new(login.user.clone(), login.password.reveal().to_owned());
            let signed_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            signed_in.map_err(|error| {
                let answered = error.status().is_some() || error.is_client();
                Unconnected::by(if answered { Trouble::SignIn } else { Trouble::of(&error) }, &error)
            })?;
        }
        Ok(connection)
    }

    /// The addresses behind the server's name that mail may go to.
    async fn addresses(&self) -> Result<Vec<SocketAddr>, Unconnected> {
        let server = &self.0.server;
        let found = tokio::net::lookup_host((server.host.trim_matches(['[', ']']), server.port)).await;
        let found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
        if found.is_empty() {
            return Err(Unconnected { code: None, trouble: Trouble::NotFound, words: "no such host".into() });
        }
        let fit: Vec<SocketAddr> = found.into_iter().filter(|at| server.place.holds(at.ip())).collect();
        if fit.is_empty() {
            return Err(Unconnected { code: None, trouble: Trouble::NotAllowed, words: "not a place for mail".into() });
        }
        Ok(fit)
    }
}

/// Why there is no connection.
struct Unconnected {
    code: Option<u16>,
    trouble: Trouble,
    words: String,
}

impl Unconnected {
    fn by(trouble: Trouble, error: &SmtpError) -> Self {
        Self { code: code_of(error), trouble, words: words_of(error) }
    }
}

/// What an error before the message, or in answer to it, means.
fn answered(step: Step, error: &SmtpError) -> MailOutcome {
    let words = words_of(error);
    match code_of(error) {
        Some(code) if error.is_permanent() => {
            // The server's own words, before addresses are taken out: nothing of them is kept.
            let said = error.source().map(ToString::to_string).unwrap_or_default();
            MailOutcome::Refused { about: About::refusal(step, code, &said), code, words }
        }
        Some(code) => {
            let about = About::delay(step, code);
            MailOutcome::Retryable { about, code: Some(code), trouble: Trouble::Other, words }
        }
        None => MailOutcome::Retryable { about: About::Us, code: None, trouble: Trouble::of(error), words },
    }
}

fn not_in_time() -> MailOutcome {
    let words = "the server did not answer in time".into();
    MailOutcome::Retryable { about: About::Us, code: None, trouble: Trouble::Silent, words }
}

async fn transact(
    connection: &mut AsyncSmtpConnection,
    mail: &Composed,
    begun: &AtomicBool,
) -> Result<MailOutcome, Broken> {
    let mut options = Vec::new();
    if connection.server_info().supports_feature(Extension::EightBitMime) && !mail.bytes.is_ascii() {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    step(Step::Sender, connection.command(Mail::new(mail.envelope.from().cloned(), options))).await?;
    for to in mail.envelope.to() {
        step(Step::Recipient, connection.command(Rcpt::new(to.clone(), Vec::new()))).await?;
    }
    step(Step::Message, connection.command(Data)).await?;
    begun.store(true, Ordering::SeqCst);
    match timeout(DOT_WITHIN, connection.message(&mail.bytes)).await {
        Ok(Ok(answer)) => Ok(MailOutcome::Accepted { queue_id: queue_id(&answer) }),
        // An answer with a code is certain, also after the final dot.
        Ok(Err(error)) if error.status().is_some() => Err(Broken::Before(Step::Message, error)),
        Ok(Err(error)) => Err(Broken::After(words_of(&error))),
        Err(_) => Err(Broken::After("no answer to the final dot".into())),
    }
}

async fn step(step: Step, command: impl Future<Output = Result<Response, SmtpError>>) -> Result<(), Broken> {
    match timeout(STEP_WITHIN, command).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Broken::Before(step, error)),
        Err(_) => Err(Broken::BeforeInTime),
    }
}

/// Postfix, Exim, Sendmail and Exchange each put the id behind words of their own; the last word is it in most.
fn queue_id(answer: &Response) -> Option<String> {
    let line = answer.first_line()?;
    let after = ["queued as ", "id="].iter().find_map(|mark| line.split_once(mark)).map(|(_, rest)| rest)?;
    after.split_whitespace().next().map(str::to_owned)
}

fn code_of(error: &SmtpError) -> Option<u16> {
    error.status().map(Into::into)
}

/// The server's words without the recipient's address, which many servers repeat.
fn words_of(error: &SmtpError) -> String {
    let words = error.to_string();
    words.split_whitespace().filter(|word| !word.contains('@')).take(30).collect::<Vec<_>>().join(" ")
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    bare == "localhost" || bare.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
