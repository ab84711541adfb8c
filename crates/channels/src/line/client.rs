//! The HTTP client to LINE's hosts: which hosts, TLS, time-outs. Leaves each call to the file of its noun and the
//! reading of answers to `call`.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use thiserror::Error;
use url::{Host, Url};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// LINE's three origins. The simulator serves all of them at one root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSet {
    /// `https://api.line.me`: nearly everything.
    pub api: Url,
    /// `https://api-data.line.me`: content and rich-menu images.
    pub data: Url,
    /// `https://access.line.me`: pages the resident's browser is sent to.
    pub access: Url,
}

/// A host that must not be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadHost {
    /// Not a URL with a host.
    #[error("not an absolute http(s) URL: {0}")]
    NotAUrl(String),
    /// Plain http is for loopback hosts only.
    #[error("https is required except for loopback hosts: {0}")]
    NotHttps(String),
    /// The TLS configuration was refused.
    #[error("TLS could not be set up: {0}")]
    Tls(String),
}

impl HostSet {
    /// LINE itself.
    pub fn official() -> Result<Self, BadHost> {
        Self::parse("https://api.line.me", "https://api-data.line.me", "https://access.line.me")
    }

    /// One origin for all three: the simulator.
    pub fn at_one_root(root: &str) -> Result<Self, BadHost> {
        Self::parse(root, root, root)
    }

    /// Three origins; https unless loopback.
    pub fn parse(api: &str, data: &str, access: &str) -> Result<Self, BadHost> {
        Ok(Self { api: origin(api)?, data: origin(data)?, access: origin(access)? })
    }
}

fn origin(text: &str) -> Result<Url, BadHost> {
    let url = Url::parse(text).map_err(|_| BadHost::NotAUrl(text.into()))?;
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if is_loopback(&host) => Ok(url),
        ("http", Some(_)) => Err(BadHost::NotHttps(text.into())),
        _ => Err(BadHost::NotAUrl(text.into())),
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    }
}

/// LINE's API. Cheap to clone; one per process is enough, tokens are given per call.
#[derive(Debug, Clone)]
pub struct LineApi {
    pub(super) http: reqwest::Client,
    pub(super) hosts: Arc<HostSet>,
}

impl LineApi {
    /// A client for these hosts, waiting 20 s for an answer.
    pub fn to(hosts: HostSet) -> Result<Self, BadHost> {
        Self::with_timeout(hosts, ANSWER_WITHIN)
    }

    /// A client that waits this long for a whole answer.
    pub fn with_timeout(hosts: HostSet, answer_within: Duration) -> Result<Self, BadHost> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls()?)
            .connect_timeout(CONNECT_WITHIN)
            .timeout(answer_within)
            // A redirect would carry the channel's token to a host nobody chose.
            .redirect(Policy::none())
            .user_agent(concat!("tsunagari/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| BadHost::Tls(error.to_string()))?;
        Ok(Self { http, hosts: Arc::new(hosts) })
    }

    /// The hosts this client speaks to.
    pub fn hosts(&self) -> &HostSet {
        &self.hosts
    }
}

fn tls() -> Result<rustls::ClientConfig, BadHost> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BadHost::Tls(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for fine in ["http://127.0.0.1:8090", "http://localhost:8090", "http://[::1]:8090", "http://u1.localhost:8090"]
        {
            assert!(HostSet::at_one_root(fine).is_ok(), "{fine}");
        }
        for bad in [
            "http://api.line.me",
            "http://10.0.0.1",
            "http://localhost.example.jp",
            "ftp://localhost",
            "api.line.me",
            "",
        ] {
            assert!(HostSet::at_one_root(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_official_hosts_build_a_client() {
        let api = LineApi::to(HostSet::official().unwrap()).unwrap();
        assert_eq!(api.hosts().data.as_str(), "https://api-data.line.me/");
    }
}
