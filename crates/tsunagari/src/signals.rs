//! What an operator tells the process by signals. Each future answers to one signal more.

use std::future::Future;

/// Listens from now on for SIGINT and SIGTERM.
pub struct Signals(tokio::sync::watch::Receiver<usize>);

impl Signals {
    /// Begins to listen: from here on a signal no longer ends the process by itself.
    pub fn listen() -> Self {
        let (heard, told) = tokio::sync::watch::channel(0);
        tokio::spawn(async move {
            loop {
                one().await;
                heard.send_modify(|n| *n += 1);
            }
        });
        Self(told)
    }

    /// Waits for the first.
    pub fn first(&self) -> impl Future<Output = ()> + use<> {
        self.nth(1)
    }

    /// Waits for the second.
    pub fn second(&self) -> impl Future<Output = ()> + use<> {
        self.nth(2)
    }

    fn nth(&self, n: usize) -> impl Future<Output = ()> + use<> {
        let mut told = self.0.clone();
        async move {
            if told.wait_for(|heard| *heard >= n).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn one() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
