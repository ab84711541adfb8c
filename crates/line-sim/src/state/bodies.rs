//! Message bodies kept once: 100,000 recipients of one text share one allocation, and equal bodies have equal numbers in the ledger.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// The `messages` array of a request, as compact JSON.
#[derive(Debug, PartialEq, Eq)]
pub struct Body {
    /// Number of this body; equal JSON has an equal number.
    pub number: u32,
    /// The array as JSON text.
    pub json: Box<str>,
    /// How many message objects it has.
    pub count: u16,
}

impl Body {
    /// The message objects.
    pub fn messages(&self) -> Vec<Value> {
        serde_json::from_str(&self.json).unwrap_or_default()
    }
}

/// Every body seen, by its text.
#[derive(Default)]
pub struct Bodies {
    known: HashMap<Box<str>, Arc<Body>>,
}

impl Bodies {
    /// The shared body of a `messages` array.
    pub fn share(&mut self, messages: &Value) -> Arc<Body> {
        let json = messages.to_string();
        if let Some(body) = self.known.get(json.as_str()) {
            return Arc::clone(body);
        }
        let count = messages.as_array().map_or(0, |m| u16::try_from(m.len()).unwrap_or(u16::MAX));
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let body = Arc::new(Body { number, json: json.clone().into_boxed_str(), count });
        self.known.insert(json.into_boxed_str(), Arc::clone(&body));
        body
    }
}
