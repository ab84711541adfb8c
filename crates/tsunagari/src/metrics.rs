//! `/metrics` for Prometheus, on an address of its own that the public cannot reach. Counters and times are recorded where
//! things happen; what stands in the database is asked when somebody looks, at most every ten seconds. Names, units and
//! meanings are listed in docs/operations/metrics.md. To add one: record it where it happens, describe it below.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tsunagari_acts::House;
use tsunagari_storage::StorageError;

use crate::backups;

/// What stands in the database is asked again after this long.
const FRESH: Duration = Duration::from_secs(10);
/// Upper ends of the classes of a request's time, in seconds.
const REQUEST_SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];
/// The same of a commit's time.
const COMMIT_SECONDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0];

/// Begins to record. Once per process.
///
/// # Errors
/// Somebody records already.
pub fn record() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("tsunagari_http_request_seconds".into()), REQUEST_SECONDS)?
        .set_buckets_for_metric(Matcher::Full("tsunagari_writer_commit_seconds".into()), COMMIT_SECONDS)?
        .install_recorder()
        .context("metrics cannot be recorded")?;
    describe();
    Ok(handle)
}

fn describe() {
    describe_counter!("tsunagari_http_requests_total", "Requests answered, by method, route and status.");
    describe_counter!(
        "tsunagari_http_turned_away_total",
        "Requests answered with 503 because too many waited already; none of them was begun."
    );
    describe_histogram!("tsunagari_http_request_seconds", Unit::Seconds, "Time to answer a request, by route.");
    describe_counter!(
        "tsunagari_webhook_events_total",
        "Events of LINE's webhooks: fresh, again (a redelivery), unreadable (stored, not understood), forged."
    );
    describe_gauge!(
        "tsunagari_jobs",
        "Background jobs by state: waiting, running, given_up, overdue (their worker died)."
    );
    describe_gauge!("tsunagari_job_oldest_due_seconds", Unit::Seconds, "How long the oldest due job has waited.");
    describe_gauge!("tsunagari_deliveries", "Deliveries of messages by state.");
    describe_gauge!("tsunagari_writer_waiting", "Who waits for SQLite's writer now.");
    describe_histogram!(
        "tsunagari_writer_commit_seconds",
        Unit::Seconds,
        "Time of SQLite's shared commit with its fsync."
    );
    describe_gauge!("tsunagari_database_bytes", Unit::Bytes, "Size of the database.");
    describe_gauge!("tsunagari_backup_age_seconds", Unit::Seconds, "Age of the newest backup; -1: there is none.");
    describe_gauge!("tsunagari_audit_unsealed_rows", "Audit rows that wait for sealing.");
    describe_gauge!("tsunagari_audit_seal_lag_seconds", Unit::Seconds, "Age of the oldest audit row that waits.");
    describe_gauge!("tsunagari_resident_bytes", Unit::Bytes, "Memory of the process.");
    describe_gauge!("tsunagari_info", "1, with the program's version and database.");
}

struct Watch {
    handle: PrometheusHandle,
    house: House,
    backups: PathBuf,
    asked: Mutex<Option<Instant>>,
}

/// Answers on the address until told to stop.
///
/// # Errors
/// The address is taken.
pub async fn serve(
    listen: SocketAddr,
    handle: PrometheusHandle,
    house: House,
    backups: PathBuf,
    stop: CancellationToken,
) -> anyhow::Result<tokio::task::JoinHandle<()>> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot serve metrics on {listen}; is another program there?"))?;
    tracing::info!(metrics = %listener.local_addr()?, "metrics");
    gauge!("tsunagari_info", "version" => env!("CARGO_PKG_VERSION"), "database" => house.store.engine_name()).set(1.0);
    let watch = Arc::new(Watch { handle, house, backups, asked: Mutex::new(None) });
    let app = Router::new().route("/metrics", get(show)).with_state(watch);
    Ok(tokio::spawn(async move {
        let served = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "metrics stopped");
        }
    }))
}

async fn show(State(watch): State<Arc<Watch>>) -> Response {
    let mut asked = watch.asked.lock().await;
    if asked.is_none_or(|at| at.elapsed() >= FRESH) {
        if let Err(error) = ask(&watch).await {
            // Half an answer would look like a healthy one.
            tracing::warn!(%error, "metrics of the database cannot be had");
            return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
        }
        *asked = Some(Instant::now());
    }
    drop(asked);
    watch.handle.run_upkeep();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, watch.handle.render()).into_response()
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus counts in f64; beyond 2^53 nobody counts rows")]
async fn ask(watch: &Watch) -> Result<(), StorageError> {
    let house = &watch.house;
    let (real, calendar) = (house.real_clock.now(), house.now());
    let seconds = |micros: i64| micros as f64 / 1e6;
    let mut jobs = [("waiting", 0), ("running", 0), ("given_up", 0), ("overdue", 0)];
    let mut deliveries: std::collections::BTreeMap<String, i64> =
        ["queued", "claimed", "retry", "sent", "failed", "unknown", "skipped"].map(|it| (it.to_owned(), 0)).into();
    let (mut oldest, mut unsealed, mut lag) = (0, 0, 0);
    for organisation in house.store.platform().await?.organisations().await? {
        let mut reader = house.org(organisation.id).read().await?;
        let found = reader.gauges(real).await?;
        let counts = [found.jobs.waiting, found.jobs.running, found.jobs.given_up, found.jobs_overdue];
        for (sum, n) in jobs.iter_mut().zip(counts) {
            sum.1 += n;
        }
        for (state, n) in found.deliveries {
            *deliveries.entry(state).or_default() += n;
        }
        unsealed += found.unsealed;
        oldest = oldest.max(found.oldest_due.map_or(0, |at| real.micros() - at.micros()));
        lag = lag.max(found.oldest_unsealed.map_or(0, |at| calendar.micros() - at.micros()));
    }
    for (state, n) in jobs {
        gauge!("tsunagari_jobs", "state" => state).set(n as f64);
    }
    for (state, n) in deliveries {
        gauge!("tsunagari_deliveries", "state" => state).set(n as f64);
    }
    gauge!("tsunagari_job_oldest_due_seconds").set(seconds(oldest));
    gauge!("tsunagari_audit_unsealed_rows").set(unsealed as f64);
    gauge!("tsunagari_audit_seal_lag_seconds").set(seconds(lag));
    gauge!("tsunagari_database_bytes").set(house.store.bytes().await? as f64);
    let age = backups::newest(&watch.backups).and_then(|it| SystemTime::now().duration_since(it.made).ok());
    gauge!("tsunagari_backup_age_seconds").set(age.map_or(-1.0, |age| age.as_secs_f64()));
    if let Some(bytes) = resident() {
        gauge!("tsunagari_resident_bytes").set(bytes as f64);
    }
    Ok(())
}

/// Resident memory as Linux tells it, in bytes.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc/self/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}
