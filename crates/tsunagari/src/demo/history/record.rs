//! What happened before the demonstration's first day, from `demo/history.toml`.

use chrono::NaiveDate;
use serde::Deserialize;
use tsunagari_acts::load_segments::PastSegment;

const FILE: &str = include_str!("../../../demo/history.toml");

/// A named audience.
#[derive(Debug, Clone, Deserialize)]
pub struct SegmentWords {
    name: String,
    why: String,
    rule: String,
}

impl SegmentWords {
    /// As the act takes it.
    pub fn past(&self) -> PastSegment {
        PastSegment { name: self.name.clone(), why: self.why.clone(), rule: self.rule.clone() }
    }
}

/// A message that was sent.
#[derive(Debug, Clone, Deserialize)]
pub struct CampaignWords {
    /// The day, at six in the evening.
    pub day: NaiveDate,
    /// What the office called it.
    pub title: String,
    /// To whom.
    pub rule: String,
    /// What was written; `{town}` is the town's name.
    pub text: String,
    /// The button's label.
    pub button: String,
    /// Where it leads.
    pub url: String,
    /// Of a thousand who got it, so many opened the link.
    pub clicks: u64,
}

/// Somebody of a school's list who has not joined.
#[derive(Debug, Clone, Deserialize)]
pub struct StrangerWords {
    /// Whose school.
    pub municipality: String,
    /// The school whose list they stand in.
    pub school: String,
    /// The phone's name in the simulator.
    pub handle: String,
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Its reading.
    pub family_kana: String,
    /// Its reading.
    pub given_kana: String,
    /// Birth date.
    pub birth: NaiveDate,
    /// Where a guardian is reached, for somebody who needs one.
    #[serde(default)]
    pub guardian_mail: String,
}

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Audiences.
    pub segments: Vec<SegmentWords>,
    /// Messages, the oldest first.
    pub campaigns: Vec<CampaignWords>,
    /// Who has not joined.
    pub strangers: Vec<StrangerWords>,
}

impl Record {
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

    #[test]
    fn the_record_reads_and_is_in_order() {
        let record = Record::read().unwrap();
        assert!(record.campaigns.windows(2).all(|two| two[0].day < two[1].day));
        assert!(record.strangers.iter().any(|it| !it.guardian_mail.is_empty()));
    }
}
