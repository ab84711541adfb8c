//! The simulated platforms of the demonstration: the LINE simulator and the mailbox, on loopback.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context;
use tsunagari_line_sim::{LineSim, SimConfig, SimHandle};
use tsunagari_mail_sim::MailSim;

/// Both, answering.
pub struct Lines {
    /// LINE.
    pub line: SimHandle,
    /// Mail.
    pub mail: MailSim,
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

impl Lines {
    /// Opens both; port 0 takes a free one.
    ///
    /// # Errors
    /// A port is taken.
    pub async fn open(line_port: u16, mail_port: u16, seed: u64) -> anyhow::Result<Self> {
        let config = SimConfig { listen: loopback(line_port), seed: Some(seed), ..SimConfig::default() };
        let line = LineSim::start(config).await.context("the LINE simulator cannot start; is another demo running?")?;
        let mail = MailSim::start(loopback(mail_port), loopback(0))
            .await
            .with_context(|| format!("the mailbox cannot listen on port {mail_port}; is another demo running?"))?;
        Ok(Self { line, mail })
    }

    /// The mailbox's address, as a browser takes it.
    pub fn mail_url(&self) -> String {
        format!("http://localhost:{}", self.mail.http_addr().port())
    }
}
