//! Invented messages in every state, for the samples of the page of one message.

use std::collections::BTreeSet;

use tsunagari_acts::Reason;
use tsunagari_acts::preview_campaign::{Cost, Held, Preview};
use tsunagari_kernel::{CampaignId, Timestamp, UserId};
use tsunagari_outreach::campaign::{Approval, ApprovalRule, CampaignState, PauseReason, SentBack};
use tsunagari_outreach::linter::lint;
use tsunagari_outreach::quota::{Plan, forecast};
use tsunagari_outreach::{Campaign, Message, Results, SkipReason};
use tsunagari_storage::campaign::{AudienceCounts, KeptCampaign};
use tsunagari_storage::campaign_result::ResultLine;

use crate::office::messages::form::Typed;

/// One preview with its results.
pub type Face = (Preview, Results, Vec<ResultLine>);

/// Every state once, with every reason.
pub fn sample_states() -> Vec<Face> {
    let (by, at) = (UserId(uuid::Uuid::nil()), Timestamp::from_micros(1_773_600_000_000_000));
    let until = Timestamp::from_micros(1_773_600_300_000_000);
    let approval = Approval { by, at, cancel_until: until, scheduled_for: until, under: ApprovalRule::TwoPeople };
    let past = Approval { cancel_until: at, scheduled_for: until, ..approval };
    let mut states = vec![
        CampaignState::Draft,
        CampaignState::Submitted { by, at, recipients: 412 },
        CampaignState::Approved(approval),
        CampaignState::Approved(past),
        CampaignState::Launching { at, approval },
        CampaignState::Sending { at },
        CampaignState::Done { at },
        CampaignState::Cancelled { by, at },
        CampaignState::Failed { at },
    ];
    states.extend(PauseReason::ALL.iter().map(|reason| CampaignState::Paused { at, reason: *reason, approval: None }));
    let mut faces: Vec<Face> = states.into_iter().map(sample_face).collect();
    let mut own = sample_face(CampaignState::Submitted { by, at, recipients: 412 });
    own.0.kept.version = 4;
    own.0.held.quiet_until = None;
    faces.push(own);
    let mut returned = sample_face(CampaignState::Draft);
    returned.0.kept.campaign.sent_back = Some(sample_word());
    returned.0.kept.campaign.proposed = Some(until);
    (returned.0.kept.due_at, returned.0.faults) = (None, vec![Reason::at("segment", "audience_missing")]);
    faces.push(returned);
    let mut broken = sample_face(CampaignState::Draft);
    broken.0.kept.message = Message::default();
    broken.0.violations = lint(&broken.0.kept.message);
    broken.0.faults = vec![Reason::at("title", "title_missing"), Reason::of("no_mail_channel")];
    broken.0.counts = None;
    faces.push(broken);
    faces
}

/// What an approver said.
pub fn sample_word() -> SentBack {
    let at = Timestamp::from_micros(1_773_600_000_000_000);
    SentBack { by: UserId(uuid::Uuid::nil()), at, word: "会場の地図を入れてください。".into() }
}

fn sample_face(state: CampaignState) -> Face {
    let at = Timestamp::from_micros(1_773_600_000_000_000);
    let by = UserId(uuid::Uuid::nil());
    let launched =
        !matches!(state, CampaignState::Draft | CampaignState::Submitted { .. } | CampaignState::Approved(_));
    let campaign = Campaign { authors: BTreeSet::new(), state, ..Campaign::drafted(CampaignId(by.0), by) };
    let fields = [
        ("b0-kind", "buttons"),
        ("b0-title", "帰省イベント"),
        ("b0-text", "参加しますか"),
        ("b0-label0", "見る"),
        ("b0-url0", "https://example.jp"),
        ("subject", "帰省イベント"),
        ("body", "{{name}}様"),
    ];
    let message = Typed(fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
        .written(Message::default())
        .message;
    let left_out = SkipReason::ALL.iter().map(|reason| (reason.code().to_owned(), 5)).collect();
    let counts = AudienceCounts { by_line: 400, by_email: 12, left_out };
    let kept = KeptCampaign {
        campaign,
        title: "帰省イベント".into(),
        purpose: "info".into(),
        segment: None,
        rule: "everyone".into(),
        rule_hash: String::new(),
        message,
        audience: Some(counts.clone()),
        team: None,
        author: by,
        created_at: at,
        updated_at: at,
        due_at: Some(at),
        launched_at: launched.then_some(at),
        version: 3,
    };
    let [_, _, plan, _] = Plan::all_shipped();
    let cost = Some(Cost {
        forecast: forecast(400, Some(29_900), &plan),
        plan,
        later: None,
        used: Some(29_900),
        planned: 120,
        allowed: Some(30_000),
    });
    let preview = Preview {
        kept,
        counts: Some(counts),
        sample: vec!["架空 花子".into()],
        cost,
        held: Held { capped: 12, cap: Some((4, 30)), leaves_at: Some(at), quiet_until: Some(at) },
        violations: vec![],
        faults: vec![],
    };
    let results =
        Results { queued: 1, in_flight: 2, sent: 400, failed: 3, unknown: 2, skipped: 4, clicks: 30, unsubscribed: 1 };
    let line = |state: &str, reason: Option<&str>| ResultLine {
        state: state.into(),
        channel: "line".into(),
        reason: reason.map(str::to_owned),
        n: 2,
    };
    let lines = vec![
        line("queued", None),
        line("claimed", None),
        line("retry", None),
        line("sent", None),
        line("sent", Some("decided_sent")),
        line("failed", Some("decided_not_sent")),
        line("failed", Some("line_rejected")),
        line("failed", Some("no_such_mailbox")),
        line("failed", Some("mail_refused")),
        line("failed", Some("mail_unwritable")),
        line("failed", Some("refused")),
        line("unknown", Some("too_late")),
        line("skipped", Some("withdrawn")),
    ];
    (preview, results, lines)
}
