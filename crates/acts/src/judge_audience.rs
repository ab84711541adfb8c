//! A rule's text is read against the organisation's catalogue, and everybody it means is judged for a purpose and the
//! channels something is written for: the counts, ten of them, and why others are left out. Used before approval, at the
//! launch and at every claim. A rule that cannot be read stops; it never means everybody.

use tsunagari_kernel::{Moment, PersonId, Timestamp};
use tsunagari_outreach::Channel;
use tsunagari_outreach::pace::FrequencyCap;
use tsunagari_people::{Policy, Purpose};
use tsunagari_rules::{Checked, ErrorCode, Rule};
use tsunagari_storage::Reader;
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
use tsunagari_storage::recipient::{Among, Terms};

use crate::{ActError, Reason};

/// How many are shown before approval.
pub const SAMPLE: i64 = 10;

/// What the office sees of an audience before it is frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// How many, by channel, and why others not.
    pub counts: AudienceCounts,
    /// Up to ten of them, by reading.
    pub sample: Vec<PersonId>,
}

/// Reads a rule.
///
/// # Errors
/// `rule_empty`, `rule_unfinished`, `rule_unreadable` with line and column.
pub async fn read_rule(reader: &mut Reader, text: &str) -> Result<Rule<Checked>, ActError> {
    let catalogue = reader.rule_catalogue().await?;
    Rule::read(text, &catalogue).map_err(|error| {
        let reason = match error.code {
            ErrorCode::Empty => Reason::at("rule", "rule_empty"),
            ErrorCode::Unfinished => Reason::at("rule", "rule_unfinished"),
            _ => Reason::at("rule", "rule_unreadable")
                .with("line", error.at.line)
                .with("column", error.at.column)
                .with("found", error.found),
        };
        ActError::Refused(vec![reason])
    })
}

/// The terms of a campaign at a moment.
///
/// # Errors
/// Storage's.
pub async fn terms_of(reader: &mut Reader, campaign: &KeptCampaign, now: Timestamp) -> Result<Terms, ActError> {
    let policy = reader.organisation().await?.policy();
    terms(reader, &campaign.purpose, campaign.message.channels(), policy, now).await
}

/// The terms of a message to be.
///
/// # Errors
/// Storage's.
pub async fn terms(
    reader: &mut Reader,
    purpose: &str,
    channels: Vec<Channel>,
    policy: Policy,
    now: Timestamp,
) -> Result<Terms, ActError> {
    let line = reader.sending_line_channel().await?.map(|channel| channel.provider);
    let at = Moment { date: now.jst_date(), instant: now };
    Ok(Terms { purpose: Purpose::of(purpose), at, policy, line, channels })
}

/// How many of a rule's text the frequency cap would leave out now, although they would get it otherwise.
///
/// # Errors
/// `rule_unreadable`; storage's.
pub async fn capped_of(reader: &mut Reader, rule: &str, terms: &Terms, cap: FrequencyCap) -> Result<i64, ActError> {
    if cap.most == 0 {
        return Ok(0);
    }
    let among = Among::rule(&read_rule(reader, rule).await?, terms)?;
    Ok(reader.judge_capped(terms, &among, cap.most, cap.window_start(terms.at.instant)).await?)
}

/// Who of a rule's text would get it.
///
/// # Errors
/// `rule_unreadable`; storage's.
pub async fn judge_audience(reader: &mut Reader, rule: &str, terms: &Terms) -> Result<Seen, ActError> {
    let checked = read_rule(reader, rule).await?;
    let among = Among::rule(&checked, terms)?;
    let counts = reader.judge_counts(terms, &among).await?;
    let sample = reader.judge_sample(terms, &among, SAMPLE).await?;
    Ok(Seen { counts, sample })
}
