//! Closed lists of codes: an enum whose variants are stored, shown in rules and translated by a fixed code. Leaves the
//! words to the locale files. To add a list: `coded! { … }` in the file of its noun.

/// A stored code that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {list} code {code:?}")]
pub struct UnknownCode {
    /// The name of the enum.
    pub list: &'static str,
    /// What was found.
    pub code: String,
}

macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Every code, in order.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The public, stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownCode { list: stringify!($name), code: code.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::UnknownCode;
            fn try_from(code: String) -> Result<Self, Self::Error> {
                code.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.code().to_owned()
            }
        }
    };
}
