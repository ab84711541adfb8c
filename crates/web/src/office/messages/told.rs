//! What the page of one message tells in words: where it stands, what is wrong with it, whom it reaches, what it costs, who is
//! held back. Leaves the page to `show`.

use tsunagari_access::Code;
use tsunagari_acts::Reason;
use tsunagari_acts::preview_campaign::{Cost, Held, Preview};
use tsunagari_i18n::Texts;
use tsunagari_kernel::Timestamp;
use tsunagari_outreach::SkipReason;
use tsunagari_outreach::campaign::{CampaignState, SentBack};
use tsunagari_outreach::quota::ForecastVerdict;
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};

use crate::office::small_numbers::one_as_seen;
use crate::sentences::sentence;
use crate::shell::Tone;
use crate::shell::components::{Banner, Facts};

/// The words of a delivery's reason.
pub(super) fn reason_words(t: Texts, state: &str, reason: &str) -> String {
    let code = reason.replace('_', "-");
    match state {
        "skipped" => t.get(format!("skip-{code}")),
        "unknown" => t.get(format!("delivery-unknown-{code}")),
        _ => t.get(format!("delivery-reason-{code}")),
    }
}

pub(super) fn skip_words(t: Texts, code: &str) -> String {
    t.get(format!("skip-{}", code.replace('_', "-")))
}

pub(super) fn facts(t: Texts, kept: &KeptCampaign, purpose: &str, hands: &[(String, String)]) -> Facts {
    let due = kept.due_at.map(|at| t.date_time(at)).unwrap_or_default();
    let facts = Facts::default().row(t.get("messages-purpose"), purpose);
    let facts = hands.iter().fold(facts, |facts, (title, names)| facts.row(title.clone(), names.clone()));
    let facts = facts.row(t.get("messages-updated"), t.date_time(kept.updated_at));
    match kept.campaign.proposed {
        Some(at) if kept.due_at.is_none() => facts.row(t.get("messages-proposed"), t.date_time(at)),
        Some(_) | None => facts.row(t.get("messages-due"), due),
    }
}

/// What an approver asked for, where a message was sent back.
pub(super) fn sent_back(t: Texts, it: &SentBack) -> Banner {
    Banner::of(Tone::Warning, t.one("messages-sent-back", "at", t.date_time_short(it.at))).text(it.word.as_str())
}

/// Who could be reached by what is not written: a sentence for each such way, and what would reach them.
pub(super) fn more_words(t: Texts, counts: &AudienceCounts) -> Vec<(String, String)> {
    let of = |(code, n): &(String, i64)| {
        let key = match SkipReason::parse(code)? {
            SkipReason::MailOnly => "messages-mail-only",
            SkipReason::LineOnly => "messages-line-only",
            SkipReason::NoConsent
            | SkipReason::Withdrawn
            | SkipReason::GuardianMissing
            | SkipReason::TieEnded
            | SkipReason::NoContact
            | SkipReason::Blocked
            | SkipReason::NotFollowed
            | SkipReason::MailComesBack
            | SkipReason::Stale
            | SkipReason::AddressProtected
            | SkipReason::FrequencyCap
            | SkipReason::CampaignCancelled => return None,
        };
        Some((t.count(key, *n), t.get(format!("{key}.next"))))
    };
    counts.left_out.iter().filter_map(of).collect()
}

pub(super) fn wrong(t: Texts, preview: &Preview) -> Vec<String> {
    let of_content = preview.violations.iter().map(|it| {
        let braced = |code: &str| format!("{{{{{code}}}}}");
        let known = it.fields().iter().map(|field| braced(field.code())).collect::<Vec<_>>().join(" ");
        let found = it.field.as_deref().map(braced).unwrap_or_default();
        let (counted, most) = it.size.unwrap_or_default();
        let args =
            [("found", found.into()), ("known", known.into()), ("counted", counted.into()), ("most", most.into())];
        let words = t.with(format!("violation-{}", it.code.code().replace('_', "-")), &args);
        let place = match (it.channel, it.bubble) {
            (Some(channel), Some(bubble)) => {
                let bubble = t.one("messages-bubble", "n", bubble + 1);
                format!("{} {bubble}: ", t.get(format!("channel-{}", channel.code())))
            }
            (Some(channel), None) => format!("{}: ", t.get(format!("channel-{}", channel.code()))),
            (None, _) => String::new(),
        };
        format!("{place}{words}")
    });
    let others = preview.faults.iter().filter(|reason| reason.code != "message_faulty");
    let named = |reason: &Reason| match reason.field.and_then(field_label) {
        Some(label) => format!("{}: {}", t.get(label), sentence(t, reason)),
        None => sentence(t, reason),
    };
    others.map(named).chain(of_content).collect()
}

/// What a field of the form is called.
fn field_label(field: &str) -> Option<&'static str> {
    match field {
        "title" => Some("messages-title"),
        "purpose" => Some("messages-purpose"),
        "segment" => Some("messages-audience"),
        "rule" => Some("messages-rule"),
        "at" => Some("messages-propose-at"),
        _ => None,
    }
}

/// Who gets it and how many do not; `may` is what the reader may do.
pub(super) fn audience_facts(t: Texts, counts: &AudienceCounts, capped: i64, may: &dyn Fn(Code) -> bool) -> Facts {
    let left_out = one_as_seen(counts.excluded(), may);
    let mut facts = Facts::default().row(t.get("messages-count"), t.count("messages-people", counts.count()));
    if capped > 0 {
        let now = one_as_seen((counts.count() - capped).max(0), may);
        let now = now.map_or_else(|| t.get("network-hidden"), |n| t.count("messages-people", n));
        facts = facts.row(t.get("messages-count-now"), now);
    }
    facts
        .row(t.get("channel-line"), t.count("messages-people", counts.by_line))
        .row(t.get("channel-email"), t.count("messages-people", counts.by_email))
        .row(
            t.get("messages-left-out"),
            left_out.map_or_else(|| t.get("network-hidden"), |n| t.count("messages-people", n)),
        )
}

pub(super) fn cost_facts(t: Texts, cost: &Cost) -> Facts {
    let messages = |n: u64| t.count("messages-count-of", n);
    let used = cost.used.map_or_else(|| t.get("messages-cost-unknown"), messages);
    let included = cost.plan.included.map_or_else(|| t.get("messages-cost-unlimited"), messages);
    let plan = t.two(
        "messages-cost-plan.fee",
        "plan",
        t.get(format!("messages-plan-{}", cost.plan.code)),
        "fee",
        t.yen(cost.plan.monthly_fee.0),
    );
    let mut facts = Facts::default()
        .row(t.get("messages-cost-messages"), messages(cost.forecast.messages))
        .row(t.get("messages-cost-plan"), plan)
        .row(t.get("messages-cost-included"), included);
    facts = match cost.later {
        Some(at) => facts.row(t.get("messages-cost-month"), t.date(at.jst_date())),
        None => facts.row(t.get("messages-cost-used"), used),
    };
    if cost.planned > 0 {
        facts = facts.row(t.get("messages-cost-planned"), messages(cost.planned));
    }
    if let Some(allowed) = cost.allowed {
        facts = facts.row(t.get("messages-cost-allowed"), messages(allowed));
    }
    if let (Some(included), Some(used)) = (cost.plan.included, cost.used) {
        let gone = used.saturating_add(cost.planned).saturating_add(cost.forecast.messages);
        let left = cost.allowed.unwrap_or(included).min(included).saturating_sub(gone);
        facts = facts
            .row(t.get("messages-cost-left"), messages(left))
            .row(t.get("messages-cost-over"), messages(cost.forecast.over));
    }
    if let Some(beyond) = cost.beyond_allowed().filter(|n| *n > 0) {
        facts = facts.row(t.get("messages-cost-beyond"), messages(beyond));
    }
    let yen = match (cost.forecast.verdict, cost.plan.additional_at_most) {
        // What is not known has no price.
        (ForecastVerdict::Unknown, _) => None,
        (_, Some(price)) if cost.forecast.over > 0 => {
            Some(t.two("messages-cost-yen.each", "yen", t.yen(cost.forecast.at_most.0), "price", t.yen(price.0)))
        }
        (_, Some(_) | None) => Some(t.yen(cost.forecast.at_most.0)),
    };
    if let Some(yen) = yen {
        facts = facts.row(t.get("messages-cost-yen"), yen);
    }
    facts.row(
        t.get("messages-cost-verdict"),
        t.get(format!("forecast-{}", cost.forecast.verdict.code().replace('_', "-"))),
    )
}

/// What becomes of a message the month's messages will not do for, said above everything that lets it go on.
pub(super) fn month_short(t: Texts, cost: &Cost) -> Option<Banner> {
    if cost.forecast.verdict != ForecastVerdict::DoesNotFit {
        return None;
    }
    let title = t.count("messages-month-short", cost.short().unwrap_or(cost.forecast.over));
    Some(Banner::of(Tone::Warning, title).text(t.get("messages-month-short.text")))
}

/// Whom frequency and quiet hours hold back, in sentences; `may` is what the reader may do.
pub(super) fn held_words(t: Texts, held: &Held, may: &dyn Fn(Code) -> bool) -> Vec<String> {
    let mut words = Vec::new();
    if let Some((most, days)) = held.cap {
        let n = one_as_seen(held.capped, may).unwrap_or(0);
        // Of one person alone already "somebody" would say who: nobody and a few are told alike.
        let key = match (may(Code::ViewPeople), n) {
            (true, _) => "messages-held-cap",
            (false, 0) => "messages-held-cap.few",
            (false, _) => "messages-held-cap.about",
        };
        words.push(t.with(key, &[("n", n.into()), ("most", most.into()), ("days", days.into())]));
    }
    if let Some(at) = held.leaves_at {
        words.push(match held.quiet_until {
            Some(until) => t.two("messages-held-quiet", "at", t.date_time_short(at), "until", t.date_time_short(until)),
            None => t.one("messages-held-not", "at", t.date_time_short(at)),
        });
    }
    words
}

/// Who a message handed in waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decides {
    /// Whoever looks at it.
    Reader,
    /// Somebody else.
    Another,
}

/// Where the message stands, in a sentence, and what happens next.
pub(super) fn news(t: Texts, state: &CampaignState, decides: Decides, now: Timestamp) -> Option<Banner> {
    let at = |key: &str, at: Timestamp| t.one(key, "at", t.date_time(at));
    match state {
        CampaignState::Draft => None,
        CampaignState::Submitted { at: since, recipients, .. } => {
            let key = match decides {
                Decides::Reader => "messages-news-yours",
                Decides::Another => "messages-news-submitted",
            };
            Some(Banner::of(Tone::Info, t.two(key, "at", t.date_time(*since), "n", t.number(*recipients))))
        }
        // Until its own time it can be called off, however long that is: nothing to count down.
        CampaignState::Approved(approval) if approval.waits_for_its_time() && now < approval.scheduled_for => {
            Some(Banner::of(Tone::Info, at("messages-waits", approval.scheduled_for)))
        }
        CampaignState::Approved(approval) if now < approval.cancel_until => {
            let seconds = approval.cancel_until.since(now).num_seconds();
            let window = t.two("messages-window", "minutes", seconds / 60, "seconds", seconds % 60);
            Some(Banner::of(Tone::Warning, window).text(at("messages-scheduled", approval.scheduled_for)))
        }
        CampaignState::Approved(approval) => {
            Some(Banner::of(Tone::Info, at("messages-scheduled", approval.scheduled_for)))
        }
        CampaignState::Launching { .. } => Some(Banner::of(Tone::Info, t.get("messages-news-launching"))),
        CampaignState::Sending { .. } => Some(Banner::of(Tone::Info, t.get("messages-news-sending"))),
        CampaignState::Paused { reason, at: since, .. } => {
            let key = format!("campaign-paused-{}", reason.code().replace('_', "-"));
            let next = t.get(format!("{key}.next"));
            Some(Banner::of(Tone::Warning, t.get(key)).text(format!("{} {next}", at("messages-news-paused", *since))))
        }
        CampaignState::Done { at: end } => Some(Banner::of(Tone::Success, at("messages-news-done", *end))),
        CampaignState::Cancelled { at: end, .. } => Some(Banner::of(Tone::Info, at("messages-news-cancelled", *end))),
        CampaignState::Failed { at: end } => {
            Some(Banner::of(Tone::Error, at("messages-news-failed", *end)).text(t.get("messages-news-failed.next")))
        }
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::{Locale, Texts};
    use tsunagari_storage::campaign::AudienceCounts;

    #[test]
    fn who_is_reached_by_what_is_not_written_is_told_with_the_number_and_the_way() {
        let left_out = vec![("mail_only".to_owned(), 80), ("no_contact".to_owned(), 5)];
        let counts = AudienceCounts { by_line: 234, by_email: 0, left_out };
        let told = super::more_words(Texts::of(Locale::Ja), &counts);
        assert_eq!(told, [("メールだけで届く人が80人います。".to_owned(), "メールの文面も書くと届きます".to_owned())]);
        let other = AudienceCounts { left_out: vec![("line_only".to_owned(), 1)], ..counts };
        let told = super::more_words(Texts::of(Locale::En), &other);
        assert_eq!(told[0].0, "One person can be reached by LINE only.");
    }
}
