//! A post office on loopback for demos and tests: takes mail by SMTP, shows it on a page, bounces on demand, and keeps a
//! ledger of what arrived how often. Nothing ever leaves the machine. Leaves reading bounces to `channels::email::bounce`.

mod api;
mod behaviour;
mod dsn;
mod pages;
mod smtp;
mod store;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use behaviour::{At, Behaviour, Order};
use store::Store;
pub use store::{Bounce, Mail};

/// A running post office. Dropping it closes both doors.
#[derive(Debug)]
pub struct MailSim {
    store: Arc<Store>,
    http: SocketAddr,
    smtp: SocketAddr,
    doors: [JoinHandle<()>; 2],
}

/// Hands out mail on its way back, beside the post office.
#[derive(Debug, Clone)]
pub struct WayBack(Arc<Store>);

impl WayBack {
    /// The next bounce; waits for one.
    pub async fn next(&self) -> Bounce {
        self.0.next_bounce().await
    }
}

impl Drop for MailSim {
    fn drop(&mut self) {
        self.doors.iter().for_each(JoinHandle::abort);
    }
}

impl MailSim {
    /// Opens the mailbox page and the SMTP door; both addresses must be loopback, port 0 takes a free one.
    pub async fn start(http_listen: SocketAddr, smtp_listen: SocketAddr) -> io::Result<Self> {
        for listen in [http_listen, smtp_listen] {
            if !listen.ip().is_loopback() {
                let words = format!("the mail simulator listens on loopback only, not on {listen}");
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
            }
        }
        let (http, smtp) = (TcpListener::bind(http_listen).await?, TcpListener::bind(smtp_listen).await?);
        let (http_at, smtp_at) = (http.local_addr()?, smtp.local_addr()?);
        let store = Arc::new(Store::default());
        let page = api::router(Arc::clone(&store));
        let doors = [
            tokio::spawn(async move {
                if let Err(error) = axum::serve(http, page).await {
                    tracing::error!(%error, "the mailbox page stopped");
                }
            }),
            tokio::spawn(smtp::serve(smtp, Arc::clone(&store))),
        ];
        Ok(Self { store, http: http_at, smtp: smtp_at, doors })
    }

    /// Where the mailbox page is.
    pub fn http_addr(&self) -> SocketAddr {
        self.http
    }

    /// Where mail is taken.
    pub fn smtp_addr(&self) -> SocketAddr {
        self.smtp
    }

    /// From now on treats addresses of this pattern so. The newest order that matches wins.
    pub fn order(&self, order: Order) {
        self.store.order(order);
    }

    /// Treats everybody normally again.
    pub fn clear_orders(&self) {
        self.store.clear_orders();
    }

    /// Mail kept for an address, newest first; everything when `None`.
    pub fn messages(&self, to: Option<&str>, limit: usize) -> Vec<Arc<Mail>> {
        self.store.newest(to, limit)
    }

    /// How often mail was accepted for this address, ever.
    pub fn count_to(&self, address: &str) -> u64 {
        self.store.count_to(address)
    }

    /// How often mail with this Message-ID (without angle brackets) was accepted, ever.
    pub fn count_of(&self, message_id: &str) -> u64 {
        self.store.count_of(message_id)
    }

    /// Mail accepted, ever.
    pub fn total(&self) -> u64 {
        self.store.total()
    }

    /// The next bounce, as raw bytes for `tsunagari mail-in`; waits for one.
    pub async fn next_bounce(&self) -> Vec<u8> {
        self.store.next_bounce().await.raw
    }

    /// The mail on its way back, for whoever delivers it: each bounce is handed out once.
    pub fn way_back(&self) -> WayBack {
        WayBack(Arc::clone(&self.store))
    }
}
