//! One file per act; the only writers.
