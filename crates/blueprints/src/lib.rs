//! Blueprint files checked and made into policies.
