//! What the demonstration's people are called and where they go, from `demo/words.toml`.

use serde::Deserialize;

const FILE: &str = include_str!("../../demo/words.toml");

/// A part of a name and its reading in katakana.
#[derive(Debug, Clone, Deserialize)]
pub struct Part(pub String, pub String);

/// A purpose residents may agree to.
#[derive(Debug, Clone, Deserialize)]
pub struct PurposeWords {
    /// The code.
    pub code: String,
    /// Label in Japanese.
    pub ja: String,
    /// Label in plain Japanese.
    pub easy: String,
    /// Label in English.
    pub en: String,
    /// The wording in Japanese; `{sender}` is the organisation.
    pub text_ja: String,
    /// The same in plain Japanese.
    pub text_easy: String,
    /// The same in English.
    pub text_en: String,
}

/// A kind of interest.
#[derive(Debug, Clone, Deserialize)]
pub struct InterestWords {
    /// The code.
    pub code: String,
    /// Label in Japanese.
    pub ja: String,
    /// Label in plain Japanese.
    pub easy: String,
    /// Label in English.
    pub en: String,
}

/// A high school of a town.
#[derive(Debug, Clone, Deserialize)]
pub struct HighSchool {
    /// The town's code.
    pub municipality: String,
    /// Its name.
    pub name: String,
    /// The part of the town's graduates, in per cent.
    pub share: u64,
}

/// Where graduates go on studying.
#[derive(Debug, Clone, Deserialize)]
pub struct Destination {
    /// A name of no real school.
    pub name: String,
    /// The kind's code.
    pub kind: String,
    /// Years of the course.
    pub years: u8,
    /// Where it stands.
    pub municipality: String,
    /// How often, relative to the others.
    pub weight: u64,
    /// The same for graduates of single towns, by the town's code.
    #[serde(default)]
    pub from: std::collections::BTreeMap<String, u64>,
}

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// First halves of family names.
    pub family_first: Vec<Part>,
    /// Second halves of family names.
    pub family_second: Vec<Part>,
    /// First halves of given names.
    pub given_first: Vec<Part>,
    /// Second halves of given names.
    pub given_second: Vec<Part>,
    /// Purposes.
    pub purposes: Vec<PurposeWords>,
    /// Kinds of interest.
    pub interests: Vec<InterestWords>,
    /// High schools.
    pub high_schools: Vec<HighSchool>,
    /// Where graduates go on.
    pub destinations: Vec<Destination>,
}

impl Words {
    /// Reads the embedded file.
    ///
    /// # Errors
    /// It does not read (a test keeps it whole).
    pub fn read() -> anyhow::Result<Self> {
        Ok(toml::from_str(FILE)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagari_kernel::MunicipalityCode;

    #[test]
    fn the_words_read_and_every_place_is_real() {
        let words = Words::read().unwrap();
        for code in words
            .high_schools
            .iter()
            .map(|it| &it.municipality)
            .chain(words.destinations.iter().map(|it| &it.municipality))
        {
            assert!(MunicipalityCode::known(code).is_ok(), "{code}");
        }
        for plan in tsunagari_blueprints::plans().unwrap() {
            let shares: u64 =
                words.high_schools.iter().filter(|it| it.municipality == plan.organisation).map(|it| it.share).sum();
            assert_eq!(shares, 100, "{}", plan.organisation);
        }
    }
}
