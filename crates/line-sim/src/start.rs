//! Starting and stopping: one listener, one router.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::config::{SimConfig, StartError};
use crate::sim::Sim;
use crate::wire::{Cut, Wires};

/// Starts simulators.
pub struct LineSim;

/// A running simulator; dropping it stops the listener.
pub struct SimHandle {
    /// The simulator, to set up and to look into.
    pub sim: Sim,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl LineSim {
    /// Listens and answers.
    ///
    /// # Errors
    /// When the address is not loopback or is taken.
    pub async fn start(config: SimConfig) -> Result<SimHandle, StartError> {
        let listen = config.listen;
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(listen));
        }
        let host = config.host.clone();
        let sim = Sim::build(config)?;
        let listener = TcpListener::bind(listen).await.map_err(|e| StartError::Listen(listen, e))?;
        let address = listener.local_addr().map_err(|e| StartError::Listen(listen, e))?;
        sim.open_at(format!("http://{host}:{}", address.port()));
        // Reading the specification takes a moment; the first request need not wait for it.
        tokio::task::spawn_blocking(|| crate::rules::spec::spec().operations().count());
        let (stop, stopped) = oneshot::channel::<()>();
        let app = router(sim.clone()).into_make_service_with_connect_info::<Cut>();
        let task = tokio::spawn(async move {
            let served = axum::serve(Wires(listener), app).with_graceful_shutdown(async move {
                let _ = stopped.await;
            });
            if let Err(error) = served.await {
                tracing::error!(%error, "the LINE simulator stopped");
            }
        });
        Ok(SimHandle { sim, stop: Some(stop), task })
    }
}

/// All routes of the origin.
pub fn router(sim: Sim) -> Router {
    Router::new()
        .merge(crate::api::routes(&sim))
        .merge(crate::login::routes(&sim))
        .merge(crate::phone::routes())
        .merge(crate::admin::routes())
        .merge(crate::control::routes())
        .fallback(crate::api::unknown::answer)
        .layer(DefaultBodyLimit::max(32 * 1024 * 1024))
        .with_state(sim)
}

impl SimHandle {
    /// The one origin of the API, the pages and the control calls.
    pub fn base_url(&self) -> &str {
        self.sim.base_url()
    }

    /// Stops taking connections and waits for the open ones.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }

    /// Runs until the listener ends (never, unless it fails).
    pub async fn serve(mut self) {
        let _ = (&mut self.task).await;
    }
}

impl Drop for SimHandle {
    fn drop(&mut self) {
        self.task.abort();
    }
}
