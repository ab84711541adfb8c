//! Webhooks: events of what people do (`event`), and their delivery (`sender`).

pub mod event;
pub mod sender;
