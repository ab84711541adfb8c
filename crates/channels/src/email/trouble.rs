//! Why a mail server did not take a mail that may be tried again: what an administrator can do about it differs. Read from
//! the step at which it happened and from the error's kind, never from its words. Leaves the sentences to `acts`.

use std::error::Error;
use std::io::ErrorKind;

use lettre::transport::smtp::Error as SmtpError;

/// What stands between us and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Its name leads nowhere.
    NotFound,
    /// Its name leads to where mail must not go.
    NotAllowed,
    /// Nobody listens there, or no way leads there.
    Closed,
    /// It keeps silent.
    Silent,
    /// Its certificate does not prove who it is.
    Certificate,
    /// It speaks no TLS there.
    NoTls,
    /// It does not know the user or the password.
    SignIn,
    /// It says something else.
    Other,
}

impl Trouble {
    /// Of an error while connecting.
    pub(super) fn of(error: &SmtpError) -> Self {
        if error.is_timeout() {
            return Self::Silent;
        }
        let mut source = error.source();
        while let Some(it) = source {
            if let Some(tls) = it.downcast_ref::<rustls::Error>() {
                return Self::of_tls(tls);
            }
            if let Some(io) = it.downcast_ref::<std::io::Error>() {
                if let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    return Self::of_tls(tls);
                }
                return Self::of_kind(io.kind());
            }
            source = it.source();
        }
        // STARTTLS is not offered.
        if error.is_client() { Self::NoTls } else { Self::Other }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => Self::Certificate,
            _ => Self::NoTls,
        }
    }

    fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::TimedOut => Self::Silent,
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Self::Closed,
            _ => Self::Other,
        }
    }
}
