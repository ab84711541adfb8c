//! Structured logs on standard error, as text or JSON. What may be logged is the affair of whoever logs: ids, codes and
//! numbers, never names, addresses, bodies or tokens.

use std::io::IsTerminal;

use anyhow::Context;

use crate::config::{Log, LogFormat};

/// Starts them, once per process.
///
/// # Errors
/// The filter cannot be read.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&log.filter)
        .with_context(|| format!("log.filter is {:?}, which cannot be read", log.filter))?;
    // Colours are for eyes: a log that is kept has none.
    let colours = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Json => builder.json().init(),
        LogFormat::Text => builder.init(),
    }
    Ok(())
}
