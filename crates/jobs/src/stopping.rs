//! Whether the process was told to stop, for a job that runs long: it should come to a good end soon and leave the rest for
//! the next start. Known to the tasks the worker starts; anywhere else nothing ever stops.

use std::future::Future;

use tokio_util::sync::CancellationToken;

tokio::task_local! {
    static STOP: CancellationToken;
}

/// Whether the job that asks should come to an end.
pub fn is_stopping() -> bool {
    STOP.try_with(CancellationToken::is_cancelled).unwrap_or(false)
}

/// Runs a job under a token that tells it to stop.
pub async fn until_told<T>(stop: CancellationToken, job: impl Future<Output = T>) -> T {
    STOP.scope(stop, job).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_hears_of_the_stop_and_nobody_else() {
        let stop = CancellationToken::new();
        let heard = until_told(stop.clone(), async {
            let before = is_stopping();
            stop.cancel();
            (before, is_stopping())
        });
        assert_eq!(heard.await, (false, true));
        assert!(!is_stopping());
    }
}
