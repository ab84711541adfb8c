//! A PostgreSQL URL for the tools of PostgreSQL, as a connection service file: a password on a command line could be read
//! by every user of the machine.

use anyhow::Context;
use percent_encoding::percent_decode_str;
use url::Url;

/// The service's name in the file.
pub const NAME: &str = "tsunagari";

/// The file's text.
///
/// # Errors
/// The URL does not read, or a value holds a line break.
pub fn text(url: &str) -> anyhow::Result<String> {
    let url = Url::parse(url).context("the URL of PostgreSQL must read postgres://USER@HOST:PORT/DATABASE")?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut values = vec![("dbname".to_owned(), decoded(url.path().trim_start_matches('/')))];
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        values.push(("host".into(), decoded(host.trim_matches(['[', ']']))));
    }
    if let Some(port) = url.port() {
        values.push(("port".into(), port.to_string()));
    }
    if !url.username().is_empty() {
        values.push(("user".into(), decoded(url.username())));
    }
    if let Some(password) = url.password() {
        values.push(("password".into(), decoded(password)));
    }
    values.extend(url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())));
    let mut text = format!("[{NAME}]\n");
    for (key, value) in values {
        anyhow::ensure!(!value.contains(['\n', '\r']), "the URL of PostgreSQL holds a line break");
        text.push_str(&format!("{key}={value}\n"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_becomes_a_service() {
        let text = text("postgres://a%40b:p%20w@[::1]:5433/town?sslmode=require").unwrap();
        assert_eq!(text, "[tsunagari]\ndbname=town\nhost=::1\nport=5433\nuser=a@b\npassword=p w\nsslmode=require\n");
    }

    #[test]
    fn a_socket_is_a_host_that_is_a_folder() {
        let text = text("postgres://login@%2Fvar%2Frun%2Fpostgresql:5432/town").unwrap();
        assert_eq!(text, "[tsunagari]\ndbname=town\nhost=/var/run/postgresql\nport=5432\nuser=login\n");
    }
}
