//! `Texts`: the handle every page, message and job uses to say something. Copy, free to make. Leaves dates and numbers to `format`.

use fluent_bundle::FluentArgs;

use crate::{Arg, Locale, bundles, keys};

/// Texts in one language. A text is named by its Fluent id (`people-title`) or id and attribute (`people-name.hint`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Texts {
    locale: Locale,
}

impl Texts {
    /// The texts of this language.
    pub const fn of(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language.
    pub const fn locale(self) -> Locale {
        self.locale
    }

    /// The text without arguments. A missing text is shown as `⟦key⟧` and counted ([`crate::missing_keys`]).
    pub fn get(self, key: impl AsRef<str>) -> String {
        self.say(key.as_ref(), &[])
    }

    /// The text with named arguments: `t.with("sent", &[("n", 5.into()), ("name", name.into())])`.
    pub fn with(self, key: impl AsRef<str>, args: &[(&str, Arg)]) -> String {
        self.say(key.as_ref(), args)
    }

    /// The text with one number `$n`.
    pub fn count(self, key: impl AsRef<str>, n: impl Into<Arg>) -> String {
        self.say(key.as_ref(), &[("n", n.into())])
    }

    /// The text with one named argument.
    pub fn one(self, key: impl AsRef<str>, name: &str, value: impl Into<Arg>) -> String {
        self.say(key.as_ref(), &[(name, value.into())])
    }

    /// The text with two named arguments: what a template writes where it cannot write [`Texts::with`]'s slice.
    pub fn two(
        self,
        key: impl AsRef<str>,
        a: &str,
        a_value: impl Into<Arg>,
        b: &str,
        b_value: impl Into<Arg>,
    ) -> String {
        self.say(key.as_ref(), &[(a, a_value.into()), (b, b_value.into())])
    }

    /// The text if it exists in this language or its fallback.
    pub fn find(self, key: impl AsRef<str>) -> Option<String> {
        self.lookup(key.as_ref(), &[])
    }

    fn say(self, key: &str, args: &[(&str, Arg)]) -> String {
        self.lookup(key, args).unwrap_or_else(|| {
            keys::record_missing(self.locale, key);
            format!("⟦{key}⟧")
        })
    }

    fn lookup(self, key: &str, args: &[(&str, Arg)]) -> Option<String> {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, a)| (id, Some(a)));
        let mut locale = Some(self.locale);
        while let Some(here) = locale {
            let bundle = &bundles::of(here).bundle;
            let pattern = bundle.get_message(id).and_then(|m| match attribute {
                Some(name) => m.get_attribute(name).map(|a| a.value()),
                None => m.value(),
            });
            if let Some(pattern) = pattern {
                let values: FluentArgs<'_> = args.iter().map(|(name, arg)| (*name, arg.value())).collect();
                let mut errors = Vec::new();
                let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
                if !errors.is_empty() {
                    keys::record_missing(self.locale, &format!("{key} ({errors:?})"));
                }
                return Some(text);
            }
            locale = here.fallback();
        }
        None
    }
}
