//! The embedded locale files as Fluent bundles, parsed once per process. Leaves fallback to `texts`, completeness to `keys`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentResource, FluentValue};
use tsunagari_kernel::Yen;
use unic_langid::LanguageIdentifier;

use crate::Locale;

/// (locale code, file without extension, text), from the build script.
pub(crate) static FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// A bundle with what went wrong while building it (texts already defined, lines that do not parse).
pub(crate) struct Built {
    pub bundle: FluentBundle<FluentResource>,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the test of the files; a page falls back and shows the marker")
    )]
    pub faults: Vec<String>,
}

static BUNDLES: LazyLock<[Built; 3]> = LazyLock::new(|| Locale::ALL.map(build));

pub(crate) fn of(locale: Locale) -> &'static Built {
    let [ja, easy, en] = &*BUNDLES;
    match locale {
        Locale::Ja => ja,
        Locale::JaEasy => easy,
        Locale::En => en,
    }
}

fn build(locale: Locale) -> Built {
    let tag: LanguageIdentifier = locale.html_lang().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks are for mixed directions; here they only break copying and searching.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(n) if n.value.fract() == 0.0 && n.value.abs() < 9.0e15 => {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within range by the guard")]
            let whole = n.value as i64;
            Some(Yen(whole).to_string())
        }
        _ => None,
    }));
    let mut faults = Vec::new();
    for (_, file, text) in FILES.iter().filter(|(l, ..)| *l == locale.code()) {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(partial, errors)| {
            faults.extend(errors.iter().map(|e| format!("{locale}/{file}: {e}")));
            partial
        });
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|e| format!("{locale}/{file}: {e}")));
        }
    }
    Built { bundle, faults }
}
