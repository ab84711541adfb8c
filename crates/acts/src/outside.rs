//! What of the world outside the offices of this installation may name, as whoever runs it has decided: hosts of LINE, mail
//! servers, and the directory that holds their mail secrets. A town's administrator is not the machine's: what they type is
//! never a way into the machine's files or its network. Leaves the settings to the binary, speaking to `channels`.

use std::net::IpAddr;
use std::path::PathBuf;

use tsunagari_channels::email::{Place, is_inner};
use url::{Host, Url};

/// LINE's own hosts: api, data, access.
pub const OFFICIAL: [&str; 3] = ["https://api.line.me", "https://api-data.line.me", "https://access.line.me"];

/// What offices may name.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Holds a directory for each organisation, named by its code, with its mail secrets.
    pub mail_secrets: PathBuf,
    /// Which hosts.
    pub hosts: Hosts,
}

impl Outside {
    /// Of a demonstration or a test: this machine only, with the simulator of LINE that is meant where no host is given.
    pub const fn this_machine(mail_secrets: PathBuf, line_simulator: Option<String>) -> Self {
        Self { mail_secrets, hosts: Hosts::ThisMachine { line_simulator } }
    }
}

/// Which hosts offices may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// LINE's own, and mail servers at public addresses; beyond them what the operator names.
    World {
        /// Mail servers of this machine or of a private network.
        inner_mail: Vec<String>,
        /// The root of a simulator of LINE.
        line_simulator: Option<String>,
    },
    /// Nothing but this machine: a demonstration, a test.
    ThisMachine {
        /// The root of the simulator of LINE that is meant where no host is given.
        line_simulator: Option<String>,
    },
}

/// Why a host may not be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// It is none of LINE's hosts.
    #[error("not a host of LINE")]
    NotLines,
    /// It is of this machine or of a private network, and not named in the settings.
    #[error("an inner host that the settings do not name")]
    Inner,
    /// A demonstration speaks to nobody outside.
    #[error("a demonstration speaks to this machine only")]
    Demonstration,
}

impl Hosts {
    /// The three hosts that are meant where none is given.
    pub fn line_defaults(&self) -> [String; 3] {
        match self {
            Self::ThisMachine { line_simulator: Some(root) } => [root.clone(), root.clone(), root.clone()],
            Self::ThisMachine { line_simulator: None } | Self::World { .. } => OFFICIAL.map(str::to_owned),
        }
    }

    /// Whether LINE may be sought at these three.
    ///
    /// # Errors
    /// Why not.
    pub fn line(&self, bases: [&str; 3]) -> Result<(), NotAllowed> {
        bases.iter().zip(OFFICIAL).try_for_each(|(base, official)| match self {
            Self::World { line_simulator, .. } => {
                let named = *base == official || line_simulator.as_deref() == Some(*base);
                if named { Ok(()) } else { Err(NotAllowed::NotLines) }
            }
            Self::ThisMachine { .. } => {
                let host = Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned));
                if host.is_some_and(|host| is_loopback(&host)) { Ok(()) } else { Err(NotAllowed::Demonstration) }
            }
        })
    }

    /// Where a mail server of this name may be.
    ///
    /// # Errors
    /// It is known by its name that it may not be named.
    pub fn mail(&self, host: &str) -> Result<Place, NotAllowed> {
        match self {
            Self::ThisMachine { .. } if is_loopback(host) => Ok(Place::Loopback),
            Self::ThisMachine { .. } => Err(NotAllowed::Demonstration),
            Self::World { inner_mail, .. } if inner_mail.iter().any(|it| bare(it).eq_ignore_ascii_case(bare(host))) => {
                Ok(Place::Anywhere)
            }
            Self::World { .. } if is_loopback(host) || bare(host).parse().is_ok_and(is_inner) => Err(NotAllowed::Inner),
            Self::World { .. } => Ok(Place::Public),
        }
    }
}

fn bare(host: &str) -> &str {
    host.trim_matches(['[', ']'])
}

/// Whether a host is this machine by its name.
pub fn is_loopback(host: &str) -> bool {
    match bare(host).parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback(),
        Err(_) => Host::parse(host).is_ok_and(|it| match it {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> Hosts {
        Hosts::World {
            inner_mail: vec!["mail.intra.example".into(), "10.0.0.25".into()],
            line_simulator: Some("http://127.0.0.1:8090".into()),
        }
    }

    #[test]
    fn the_world_is_lines_own_hosts_and_public_mail_servers() {
        let plain = Hosts::World { inner_mail: Vec::new(), line_simulator: None };
        assert_eq!(plain.line(OFFICIAL), Ok(()));
        for base in [
            "http://127.0.0.1:8090",
            "https://127.0.0.1",
            "https://10.0.0.1",
            "https://api.line.me.example",
            "nonsense",
        ] {
            assert_eq!(plain.line([base, OFFICIAL[1], OFFICIAL[2]]), Err(NotAllowed::NotLines), "{base}");
            assert_eq!(plain.line([OFFICIAL[0], base, OFFICIAL[2]]), Err(NotAllowed::NotLines), "{base}");
        }
        assert_eq!(world().line(["http://127.0.0.1:8090"; 3]), Ok(()));
        assert_eq!(world().line(["http://127.0.0.1:8091"; 3]), Err(NotAllowed::NotLines));
        assert_eq!(plain.mail("mail.example.jp"), Ok(Place::Public));
        for host in ["localhost", "a.localhost", "127.0.0.1", "[::1]", "10.0.0.25", "169.254.169.254", "192.168.0.1"] {
            assert_eq!(plain.mail(host), Err(NotAllowed::Inner), "{host}");
        }
        assert_eq!(world().mail("MAIL.intra.example"), Ok(Place::Anywhere));
        assert_eq!(world().mail("10.0.0.25"), Ok(Place::Anywhere));
        assert_eq!(world().mail("10.0.0.26"), Err(NotAllowed::Inner));
    }

    #[test]
    fn a_demonstration_speaks_to_this_machine_only() {
        let demo = Hosts::ThisMachine { line_simulator: Some("http://127.0.0.1:8090".into()) };
        assert_eq!(demo.line_defaults(), ["http://127.0.0.1:8090"; 3]);
        assert_eq!(demo.line(["http://127.0.0.1:8090", "http://localhost:1", "http://[::1]:2"]), Ok(()));
        assert_eq!(demo.line(OFFICIAL), Err(NotAllowed::Demonstration));
        assert_eq!(demo.mail("127.0.0.1"), Ok(Place::Loopback));
        for host in ["mail.example.jp", "10.0.0.1", "localhost.example"] {
            assert_eq!(demo.mail(host), Err(NotAllowed::Demonstration), "{host}");
        }
    }
}
