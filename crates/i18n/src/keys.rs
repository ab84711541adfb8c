//! Which texts exist, which are missing: for the completeness test (`tidy`, tests) and for the count of texts asked for in vain.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use fluent_syntax::ast;
use fluent_syntax::parser;

use crate::{Locale, bundles};

static MISSING: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

pub(crate) fn record_missing(locale: Locale, key: &str) {
    MISSING.lock().unwrap_or_else(PoisonError::into_inner).insert(format!("{locale}: {key}"));
}

/// Texts asked for in vain (or with a missing argument) since the process began, as `locale: key`.
pub fn missing_keys() -> Vec<String> {
    MISSING.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
}

/// The number of [`missing_keys`].
pub fn missing_count() -> usize {
    MISSING.lock().unwrap_or_else(PoisonError::into_inner).len()
}

/// Every text of a locale (`id` and `id.attribute`) with the file it stands in, without fallback.
pub fn keys(locale: Locale) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    for (_, file, text) in bundles::FILES.iter().filter(|(l, ..)| *l == locale.code()) {
        let resource = parser::parse(*text).unwrap_or_else(|(partial, _)| partial);
        for entry in &resource.body {
            let ast::Entry::Message(message) = entry else { continue };
            if message.value.is_some() {
                found.insert(message.id.name.to_owned(), *file);
            }
            for attribute in &message.attributes {
                found.insert(format!("{}.{}", message.id.name, attribute.id.name), *file);
            }
        }
    }
    found
}

/// Texts that `base` has in `files` (all files when empty) and `locale` lacks, as `file: key`.
pub fn gaps(base: Locale, locale: Locale, files: &[&str]) -> Vec<String> {
    let have = keys(locale);
    keys(base)
        .into_iter()
        .filter(|(key, file)| (files.is_empty() || files.contains(file)) && !have.contains_key(key))
        .map(|(key, file)| format!("{file}: {key}"))
        .collect()
}
