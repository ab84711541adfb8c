//! How large a rule may be: bounds that keep hostile input from using up the stack, memory or the database's
//! parameters. Parser and check both hold them.

/// Parentheses and `not` inside each other.
pub const DEPTH: usize = 64;
/// Conditions, negations and groups together.
pub const NODES: usize = 500;
/// Values in one list.
pub const LIST: usize = 1_000;
/// Bytes of text.
pub const BYTES: usize = 256 * 1024;
/// The largest number, in size: what a JSON reader still keeps exactly (2^53).
pub const NUMBER: i64 = 1 << 53;
/// The furthest relative day, in spans.
pub const RELATIVE: i32 = 40_000;
