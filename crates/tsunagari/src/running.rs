//! What a serving process runs: the web side on a listener, the worker, the sealer, and what else is put beside them;
//! started and stopped together. `serve` and `demo` differ only in what stands around it. Background work is listed in
//! `acts::handlers`.
//!
//! The stop: readiness ends and nothing new is taken in, requests and messages on the network come to their end, jobs that
//! run long give back what they have not begun. After ten seconds, or when told a second time, the process leaves anyway:
//! whatever it held is taken over at the next start, as after a crash.

use std::future::Future;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_jobs::{Waker, Worker};
use tsunagari_storage::Key;
use tsunagari_web::WebState;

use crate::data_dir::DataDir;
use crate::{sealer, settler, upkeep};

/// How long work may take to come to its end; with closing the database the stop lasts ten seconds at most.
const GRACE: Duration = Duration::from_secs(8);
/// How long closing the database may take.
const CLOSING: Duration = Duration::from_secs(2);

/// A running house.
pub struct Running {
    stop: CancellationToken,
    state: WebState,
    web: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
    house: House,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Everything came to its end.
    Whole,
    /// Something was left to the next start.
    Cut,
}

impl Running {
    /// Answers on the listener from now on.
    ///
    /// # Errors
    /// A key of the data directory cannot be read or made.
    pub fn start(house: House, data: &DataDir, listener: TcpListener) -> anyhow::Result<Self> {
        let stop = CancellationToken::new();
        let state = WebState::new(house.clone(), data.key("forms")?);
        let app = tsunagari_web::router(state.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let web_stop = stop.clone();
        let web =
            tokio::spawn(
                async move { axum::serve(listener, app).with_graceful_shutdown(web_stop.cancelled_owned()).await },
            );
        let worker = Worker::new(
            house.store.clone(),
            tsunagari_acts::handlers::handlers(&house),
            house.real_clock.clone(),
            Waker::default(),
        );
        let worker = tokio::spawn(worker.run(stop.clone()));
        let sealer = tokio::spawn(sealer::run(house.clone(), Key::new(data.key("audit")?), stop.clone()));
        let settler = tokio::spawn(settler::run(house.clone(), stop.clone()));
        let upkeep = tokio::spawn(upkeep::run(house.clone(), stop.clone()));
        Ok(Self { stop, state, web, background: vec![worker, sealer, settler, upkeep], house })
    }

    /// What tells everything to stop.
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Puts a task beside the others; it must end soon after `stop` says so.
    pub fn beside(&mut self, task: JoinHandle<()>) {
        self.background.push(task);
    }

    /// Runs until told, then finishes what is under way and closes the database; at once when `told_again`.
    ///
    /// # Errors
    /// The web side failed.
    pub async fn until(
        mut self,
        told: impl Future<Output = ()>,
        told_again: impl Future<Output = ()>,
    ) -> anyhow::Result<Ended> {
        let early = tokio::select! {
            () = told => None,
            ended = &mut self.web => Some(ended),
        };
        self.state.drain();
        self.stop.cancel();
        let finished = async {
            let web = match early {
                Some(ended) => ended,
                None => (&mut self.web).await,
            };
            for task in &mut self.background {
                if let Err(error) = task.await {
                    tracing::error!(%error, "a background task failed");
                }
            }
            web
        };
        let web = tokio::select! {
            web = tokio::time::timeout(GRACE, finished) => web.ok(),
            () = told_again => None,
        };
        let closed = tokio::time::timeout(CLOSING, self.house.store.close()).await;
        match web {
            Some(web) => {
                web?.context("the web side failed")?;
                Ok(if closed.is_ok() { Ended::Whole } else { Ended::Cut })
            }
            None => {
                tracing::warn!("not everything came to its end; the next start takes over what is left");
                Ok(Ended::Cut)
            }
        }
    }
}
