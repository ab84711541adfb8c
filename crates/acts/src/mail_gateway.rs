//! The way from an act to the mail server: reads the settings' address and the operator's files (password, DKIM key) and
//! gives a mailer with its signer. Leaves writing letters and repeating to the acts; bounces enter elsewhere.

use std::net::IpAddr;

use tsunagari_channels::Secret;
use tsunagari_channels::email::{DkimSigner, EmailAddress, Login, Mailer, Sender, SmtpServer, Tls};
use tsunagari_storage::mail_channel::MailChannel;
use url::Url;

use crate::Reason;

/// Mail that is ready to leave.
#[derive(Clone)]
pub struct OpenMail {
    /// The connection to the server.
    pub mailer: Mailer,
    /// Signs for the organisation's domain, when set up.
    pub dkim: Option<DkimSigner>,
    /// Who writes.
    pub sender: Sender,
    /// Where answers go.
    pub reply_to: Option<EmailAddress>,
}

/// Reads `smtps://user@host:465` or `smtp://user@host:587`; on a loopback host `smtp` is without TLS.
///
/// # Errors
/// `smtp_url_unfit`, `smtp_password_in_url` at `smtp_url`.
pub fn server_of(smtp_url: &str, password: Option<Secret>, hello: &str) -> Result<SmtpServer, Reason> {
    let unfit = || Reason::at("smtp_url", "smtp_url_unfit");
    let url = Url::parse(smtp_url.trim()).map_err(|_| unfit())?;
    if url.password().is_some() {
        return Err(Reason::at("smtp_url", "smtp_password_in_url"));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(unfit)?.to_owned();
    let (tls, port) = match url.scheme() {
        "smtps" => (Tls::Required, 465),
        "smtp" if is_loopback(&host) => (Tls::NoneOnLoopback, 25),
        "smtp" => (Tls::StartTls, 587),
        _ => return Err(unfit()),
    };
    let user = percent_encoding::percent_decode_str(url.username()).decode_utf8().map_err(|_| unfit())?.into_owned();
    let login = match (user.is_empty(), password) {
        (false, Some(password)) => Some(Login { user, password }),
        (false, None) => return Err(Reason::at("password_file", "smtp_needs_password")),
        (true, _) => None,
    };
    Ok(SmtpServer { host, port: url.port().unwrap_or(port), tls, login, hello: hello.to_owned() })
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    bare == "localhost" || bare.ends_with(".localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Opens the way: reads the files and builds the mailer. Connects only when the first mail leaves.
///
/// # Errors
/// A reason at the field whose file or value cannot be used.
pub async fn open_mail(it: &MailChannel) -> Result<OpenMail, Reason> {
    let address = EmailAddress::parse(&it.from_address).map_err(|_| Reason::at("from_address", "email_unfit"))?;
    let reply_to = match &it.reply_to {
        Some(text) => Some(EmailAddress::parse(text).map_err(|_| Reason::at("reply_to", "email_unfit"))?),
        None => None,
    };
    let password = match &it.password_file {
        Some(file) => Some(Secret::of(read(file, "password_file").await?.trim())),
        None => None,
    };
    let server = server_of(&it.smtp_url, password, &it.bounce_domain)?;
    let mailer = Mailer::to(server).map_err(|_| Reason::at("smtp_url", "smtp_url_unfit"))?;
    let dkim = match (&it.dkim_key_file, &it.dkim_selector, &it.dkim_domain) {
        (Some(file), Some(selector), Some(domain)) => {
            let pem = read(file, "dkim_key_file").await?;
            let signer = DkimSigner::from_pem(&pem, selector.as_str(), domain.as_str());
            Some(signer.map_err(|_| Reason::at("dkim_key_file", "dkim_key_unfit"))?)
        }
        (None, None, None) => None,
        (None, _, _) => return Err(Reason::at("dkim_key_file", "dkim_all_or_none")),
        (_, None, _) => return Err(Reason::at("dkim_selector", "dkim_all_or_none")),
        (_, _, None) => return Err(Reason::at("dkim_domain", "dkim_all_or_none")),
    };
    Ok(OpenMail { mailer, dkim, sender: Sender { name: it.from_name.clone(), address }, reply_to })
}

async fn read(file: &str, field: &'static str) -> Result<String, Reason> {
    tokio::fs::read_to_string(file).await.map_err(|_| Reason::at(field, "file_unreadable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_servers_are_read_and_secrets_refused() {
        let password = || Some(Secret::of("x"));
        let tls = server_of("smtps://hana@mail.example.jp", password(), "example.jp").unwrap();
        assert_eq!((tls.tls, tls.port), (Tls::Required, 465));
        let start = server_of("smtp://mail.example.jp:2525", None, "example.jp").unwrap();
        assert_eq!((start.tls, start.port), (Tls::StartTls, 2525));
        assert_eq!(server_of("smtp://127.0.0.1:8091", None, "localhost").unwrap().tls, Tls::NoneOnLoopback);
        for (text, code) in [
            ("smtps://a:b@mail.example.jp", "smtp_password_in_url"),
            ("http://mail.example.jp", "smtp_url_unfit"),
            ("mail.example.jp", "smtp_url_unfit"),
            ("smtps://hana@mail.example.jp", "smtp_needs_password"),
        ] {
            assert_eq!(server_of(text, None, "example.jp").unwrap_err().code, code, "{text}");
        }
    }
}
