//! The words of rules for one reader of one organisation: messages from the locale files, codes of closed lists from
//! there too, codes of open lists from the organisation's own labels and the table of municipalities.

use std::collections::HashMap;

use chrono::NaiveDate;
use tsunagari_i18n::{Arg, Texts};
use tsunagari_kernel::municipality;
use tsunagari_rules::fact::Codes;
use tsunagari_rules::phrase::{Said, Words};
use tsunagari_storage::{Reader, StorageError};

/// Words for rules.
pub struct RuleWords {
    t: Texts,
    labels: HashMap<(&'static str, String), String>,
}

impl RuleWords {
    /// Reads the organisation's labels.
    ///
    /// # Errors
    /// Storage's.
    pub async fn read(reader: &mut Reader, t: Texts) -> Result<Self, StorageError> {
        let locale = t.locale().code();
        let mut labels = HashMap::new();
        for school in reader.schools().await? {
            labels.insert(("schools", school.id.to_string()), school.name);
        }
        for kind in reader.interest_kinds().await? {
            labels.insert(("interests", kind.code.clone()), kind.label(locale).to_owned());
        }
        for purpose in reader.purposes().await? {
            labels.insert(("purposes", purpose.code.clone()), purpose.label(locale).to_owned());
        }
        Ok(Self { t, labels })
    }

    /// Words without the labels of any organisation, for samples.
    pub fn without_labels(t: Texts) -> Self {
        Self { t, labels: HashMap::new() }
    }

    /// The text of a key.
    pub fn text(&self, key: &str) -> String {
        self.t.get(key)
    }

    /// The codes of an open list that has labels here, with them, by label.
    pub fn labelled(&self, list: &str) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = self
            .labels
            .iter()
            .filter(|((of, _), _)| *of == list)
            .map(|((_, code), label)| (code.clone(), label.clone()))
            .collect();
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    }
}

impl Words for RuleWords {
    fn message(&self, key: &str, args: &[(&'static str, Said)]) -> String {
        let args: Vec<(&str, Arg)> = args
            .iter()
            .map(|(name, said)| {
                let arg = match said {
                    Said::Number(n) => (*n).into(),
                    Said::Text(text) => text.clone().into(),
                };
                (*name, arg)
            })
            .collect();
        self.t.with(key, &args)
    }

    fn code(&self, codes: Codes, code: &str) -> String {
        if let Some(key) = tsunagari_people::facts::code_key(codes, code) {
            return self.t.get(&key);
        }
        let Codes::Open(list) = codes else { return code.to_owned() };
        if let Some(label) = self.labels.get(&(list, code.to_owned())) {
            return label.clone();
        }
        let place = municipality::MunicipalityCode::parse(code).ok().and_then(municipality::MunicipalityCode::lookup);
        place.map_or_else(|| code.to_owned(), |place| place.short_name().to_owned())
    }

    fn date(&self, day: NaiveDate) -> String {
        self.t.date(day)
    }
}
