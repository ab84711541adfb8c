//! Messages, campaigns, deliveries, quota and pace.
