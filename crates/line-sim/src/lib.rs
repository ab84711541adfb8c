//! The LINE platform simulator: the Messaging API, LINE Login and a phone page per fake user at the root of one loopback origin.
//! It follows the public documentation; nothing here talks to LINE. Where LINE demands https (webhook endpoint, media, callbacks), plain http
//! is accepted for loopback hosts only. Leaves the product's own client to `channels`.

pub mod admin;
pub mod api;
pub mod chance;
pub mod clock;
pub mod config;
pub mod control;
pub mod faults;
pub mod ident;
pub mod limits;
pub mod login;
pub mod phone;
pub mod rules;
pub mod setup;
pub mod sim;
pub mod start;
pub mod state;
pub mod webhook;
pub mod wire;

pub use config::{RateLimits, RetryKeys, SimConfig, StartError, UnknownRecipient};
pub use setup::{
    BulkUsers, Friendship, LoginChannelSetup, MessagingChannelSetup, ProviderSetup, Setup, SetupError, UserSetup,
};
pub use sim::Sim;
pub use start::{LineSim, SimHandle};
