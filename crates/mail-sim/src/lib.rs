//! A loopback SMTP sink with a mailbox page and bounces on demand.
