//! What a serving process runs: the web side on a listener, the worker, the sealer; started and stopped together.
//! `serve` and `demo` differ only in what stands around it. Background work is listed in
//! `acts::handlers`.

use std::future::Future;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_jobs::{Waker, Worker};
use tsunagari_storage::Key;
use tsunagari_web::WebState;

use crate::data_dir::DataDir;
use crate::sealer;

/// A running house.
pub struct Running {
    stop: CancellationToken,
    web: JoinHandle<std::io::Result<()>>,
    worker: JoinHandle<()>,
    sealer: JoinHandle<()>,
    house: House,
}

impl Running {
    /// Answers on the listener from now on.
    ///
    /// # Errors
    /// A key of the data directory cannot be read or made.
    pub fn start(house: House, data: &DataDir, listener: TcpListener) -> anyhow::Result<Self> {
        let stop = CancellationToken::new();
        let state = WebState::new(house.clone(), data.key("forms")?);
        let app = tsunagari_web::router(state).into_make_service_with_connect_info::<std::net::SocketAddr>();
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
        Ok(Self { stop, web, worker, sealer, house })
    }

    /// Runs until told, then finishes what is under way and closes the database.
    ///
    /// # Errors
    /// The web side failed.
    pub async fn until(mut self, told: impl Future<Output = ()>) -> anyhow::Result<()> {
        let early = tokio::select! {
            () = told => None,
            ended = &mut self.web => Some(ended),
        };
        self.stop.cancel();
        let web = match early {
            Some(ended) => ended,
            None => (&mut self.web).await,
        };
        self.worker.await?;
        self.sealer.await?;
        self.house.store.close().await;
        web?.context("the web side failed")
    }
}
