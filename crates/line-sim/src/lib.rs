//! The LINE platform simulator with a phone page.
