//! The crate's promises: moves of a campaign, what follows from outcomes, costs, limits, pace.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use proptest::prelude::*;
use rstest::rstest;
use tsunagari_kernel::{CampaignId, DispatchId, MediaId, PersonId, Timestamp, UserId, Yen};
use uuid::Uuid;

use crate::audience::{ContentKind, Way};
use crate::campaign::{Approval, CancelWindow, PauseReason};
use crate::dispatch::{Consents, RETRY_FOR, UnknownReason};
use crate::linter::{ViolationCode, lint};
use crate::message::{Bubble, Button, ButtonTarget, Language, Mail};
use crate::pace::{FrequencyCap, Pace, QuietHours};
use crate::quota::{ForecastVerdict, forecast, times_a_month};
use crate::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn user(n: u128) -> UserId {
    UserId(id(n))
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn submitted() -> Campaign {
    Campaign::drafted(CampaignId(id(9)), user(1)).submit(user(1), 412, at(0)).unwrap()
}

fn none() -> BTreeSet<MediaId> {
    BTreeSet::new()
}

fn window() -> CancelWindow {
    CancelWindow::set_to(TimeDelta::zero())
}

#[test]
fn nobody_approves_what_they_wrote() {
    let edited = submitted().edit(user(2), none()).unwrap().submit(user(1), 412, at(1)).unwrap();
    for author in [1, 2] {
        let refused = edited.clone().approve(user(author), &none(), None, window(), at(2));
        assert_eq!(refused, Err(CampaignRefusal::OwnApproval));
    }
    assert!(edited.approve(user(3), &none(), None, window(), at(2)).is_ok());
}

#[test]
fn what_is_sent_back_is_a_draft_with_a_word_until_it_is_handed_in_again() {
    let back = submitted().send_back(user(3), "地図を入れてください".into(), at(1)).unwrap();
    assert_eq!(back.state, CampaignState::Draft);
    assert_eq!(back.sent_back.as_ref().map(|it| (it.by, it.word.as_str())), Some((user(3), "地図を入れてください")));
    assert_eq!(back.clone().send_back(user(3), "もう一度".into(), at(1)), Err(CampaignRefusal::WrongState));
    let edited = back.edit(user(1), none()).unwrap();
    assert!(edited.sent_back.is_some(), "the word stands while it is being changed");
    assert_eq!(edited.submit(user(1), 412, at(2)).unwrap().sent_back, None);
}

#[test]
fn who_does_not_write_calls_off_only_what_was_released() {
    let draft = Campaign::drafted(CampaignId(id(9)), user(1));
    assert_eq!(draft.call_off(user(3), at(0)), Err(CampaignRefusal::WrongState));
    assert_eq!(submitted().call_off(user(3), at(0)), Err(CampaignRefusal::WrongState));
    let approved = submitted().approve(user(3), &none(), None, window(), at(0)).unwrap();
    let off = approved.call_off(user(3), at(1)).unwrap();
    assert_eq!(off.state, CampaignState::Cancelled { by: user(3), at: at(1) });
    assert_eq!(off.call_off(user(3), at(2)), Err(CampaignRefusal::WrongState));
}

#[test]
fn one_recipient_without_attachment_needs_no_second_person() {
    let one = Campaign::drafted(CampaignId(id(9)), user(1)).submit(user(1), 1, at(0)).unwrap();
    assert!(one.clone().approve(user(1), &none(), None, window(), at(0)).is_ok());
    let attached = one.edit(user(1), BTreeSet::from([MediaId(id(5))])).unwrap().submit(user(1), 1, at(0)).unwrap();
    let opened = BTreeSet::from([MediaId(id(5))]);
    assert_eq!(attached.clone().approve(user(1), &opened, None, window(), at(0)), Err(CampaignRefusal::OwnApproval));
    assert_eq!(
        attached.clone().approve(user(2), &none(), None, window(), at(0)),
        Err(CampaignRefusal::AttachmentUnopened)
    );
    assert!(attached.approve(user(2), &opened, None, window(), at(0)).is_ok());
}

#[test]
fn what_one_person_approved_alone_goes_to_one_person_only() {
    let one = Campaign::drafted(CampaignId(id(9)), user(1)).submit(user(1), 1, at(0)).unwrap();
    assert!(one.may_be_approved_by(user(1)) && one.may_be_approved_by(user(2)));
    assert!(!submitted().may_be_approved_by(user(1)) && submitted().may_be_approved_by(user(2)));
    let launching =
        |by| one.clone().approve(user(by), &none(), None, window(), at(0)).unwrap().launch(at(600)).unwrap();
    let again = launching(1).grew(2, at(601)).unwrap();
    assert_eq!(again.state, CampaignState::Submitted { by: user(1), at: at(601), recipients: 2 });
    assert_eq!(again.released, None);
    assert_eq!(again.clone().approve(user(1), &none(), None, window(), at(602)), Err(CampaignRefusal::OwnApproval));
    assert!(again.approve(user(2), &none(), None, window(), at(602)).is_ok());
    assert_eq!(launching(1).grew(1, at(601)), Err(CampaignRefusal::WrongState), "it is still one");
    assert_eq!(launching(2).grew(400, at(601)), Err(CampaignRefusal::WrongState), "two had a look at it");
}

#[test]
fn the_cancel_window_is_ten_minutes_at_least_and_ten_seconds_in_a_demo() {
    let approved = submitted().approve(user(2), &none(), None, window(), at(0)).unwrap();
    assert_eq!(approved.clone().launch(at(599)), Err(CampaignRefusal::WindowOpen));
    assert!(approved.clone().launch(at(600)).is_ok());
    assert!(approved.cancel(user(1), at(5)).is_ok());
    let demo = submitted().approve(user(2), &none(), None, CancelWindow::demo(), at(0)).unwrap();
    assert_eq!(demo.clone().launch(at(9)), Err(CampaignRefusal::WindowOpen));
    assert!(demo.launch(at(10)).is_ok());
    let later = submitted().approve(user(2), &none(), Some(at(3600)), window(), at(0)).unwrap();
    assert_eq!(later.clone().launch(at(3599)), Err(CampaignRefusal::NotYet));
    assert!(later.launch(at(3600)).is_ok());
    let past = submitted().approve(user(2), &none(), Some(at(5)), window(), at(6));
    assert_eq!(past, Err(CampaignRefusal::InThePast));
    let year = 366 * 24 * 3600;
    assert!(
        submitted().approve(user(2), &none(), Some(at(year)), window(), at(0)).is_ok(),
        "the same day of next year"
    );
    let slip = submitted().approve(user(2), &none(), Some(at(year + 1)), window(), at(0));
    assert_eq!(slip, Err(CampaignRefusal::TooFarAhead));
}

#[test]
fn editing_voids_the_approval_and_nobody_is_no_audience() {
    let approved = submitted().approve(user(2), &none(), None, window(), at(0)).unwrap();
    let edited = approved.edit(user(1), none()).unwrap();
    assert_eq!(edited.state, CampaignState::Draft);
    assert_eq!(edited.clone().launch(at(9999)), Err(CampaignRefusal::WrongState));
    assert_eq!(edited.submit(user(1), 0, at(0)), Err(CampaignRefusal::NobodyToReach));
}

proptest! {
    #[test]
    fn no_sequence_of_moves_sends_what_a_second_person_did_not_approve(
        moves in prop::collection::vec((0u8..15, 1u128..4, 1i64..900), 1..60)
    ) {
        let mut campaign = Campaign::drafted(CampaignId(id(9)), user(1));
        let (mut now, mut valid): (i64, Option<Approval>) = (0, None);
        for (kind, by, later) in moves {
            now += later;
            let (before, by, now) = (campaign.clone(), user(by), at(now));
            let moved = match kind {
                0 => campaign.clone().edit(by, none()),
                1 => campaign.clone().submit(by, 412, now),
                2 | 3 => campaign.clone().approve(by, &none(), None, window(), now),
                4 | 5 => campaign.clone().launch(now),
                6 => campaign.clone().launched(now),
                7 => campaign.clone().pause(PauseReason::ByHand, now),
                8 => campaign.clone().resume(now),
                9 => campaign.clone().finish(now),
                10 => campaign.clone().hold(now),
                11 => campaign.clone().stand_still(PauseReason::ChannelRefused, now),
                12 => campaign.clone().reopen(now),
                13 => campaign.clone().grew(400, now),
                _ => campaign.clone().cancel(by, now),
            };
            let Ok(moved) = moved else { continue };
            match &moved.state {
                CampaignState::Draft => {
                    valid = None;
                    prop_assert_eq!(moved.released, None);
                }
                CampaignState::Approved(approval) => {
                    prop_assert!(!before.authors.contains(&approval.by));
                    valid = Some(*approval);
                }
                CampaignState::Launching { at, approval } => {
                    prop_assert_eq!(valid, Some(*approval));
                    prop_assert!(*at >= approval.at.plus(CancelWindow::LEAST));
                }
                CampaignState::Sending { .. } | CampaignState::Paused { .. } | CampaignState::Done { .. } => {
                    let given = valid.map(|it| (it.by, it.at));
                    prop_assert!(given.is_some());
                    prop_assert_eq!(moved.released.map(|it| (it.by, it.at)), given, "told after it has left");
                }
                CampaignState::Submitted { .. } | CampaignState::Cancelled { .. } | CampaignState::Failed { .. } => {}
            }
            match before.state {
                CampaignState::Cancelled { .. } | CampaignState::Failed { .. } => prop_assert!(false, "it was over"),
                // What nobody could tell the outcome of is sent again by somebody's decision, under the same approval.
                CampaignState::Done { .. } => prop_assert_eq!(moved.state.code(), "sending"),
                _ => {}
            }
            campaign = moved;
        }
    }
}

fn dispatch(channel: Channel, attempt: u32) -> Dispatch {
    Dispatch {
        id: DispatchId(id(1)),
        campaign: CampaignId(id(9)),
        channel,
        retry_key: id(77),
        body_hash: [0; 32],
        recipients: vec![PersonId(id(3))],
        attempt,
        first_attempt_at: at(0),
    }
}

const STAND: Consents = Consents::Stand;
const GONE: Consents = Consents::Withdrawn;

#[rstest]
#[case(Channel::Line, 1, Classified::Accepted, STAND, NextStep::Sent)]
#[case(Channel::Line, 2, Classified::AcceptedBefore, GONE, NextStep::Sent)]
#[case(Channel::Line, 1, Classified::Refused, STAND, NextStep::Failed)]
#[case(Channel::Line, 1, Classified::Uncertain, STAND, NextStep::Retry { at: at(102) })]
#[case(Channel::Line, 3, Classified::Uncertain, STAND, NextStep::Retry { at: at(108) })]
#[case(Channel::Line, 1, Classified::Uncertain, GONE, NextStep::Unknown(UnknownReason::ConsentWithdrawn))]
#[case(Channel::Line, 1, Classified::RateLimited { retry_after: None }, STAND, NextStep::Retry { at: at(102) })]
#[case(Channel::Line, 1, Classified::RateLimited { retry_after: None }, GONE, NextStep::Requeue)]
#[case(Channel::Line, 2, Classified::RateLimited { retry_after: None }, GONE, NextStep::Unknown(UnknownReason::ConsentWithdrawn))]
#[case(Channel::Line, 1, Classified::MonthlyLimit, STAND, NextStep::StopChannel { reason: PauseReason::MonthlyLimit, same_again: None })]
#[case(Channel::Line, 2, Classified::MonthlyLimit, STAND, NextStep::StopChannel { reason: PauseReason::MonthlyLimit, same_again: Some(at(1900)) })]
#[case(Channel::Email, 1, Classified::Uncertain, STAND, NextStep::Unknown(UnknownReason::MailUncertain))]
#[case(Channel::Email, 4, Classified::NotSent, STAND, NextStep::Retry { at: at(116) })]
#[case(Channel::Email, 4, Classified::NotSent, GONE, NextStep::Requeue)]
#[case(Channel::Email, 4, Classified::Deferred, STAND, NextStep::Retry { at: at(116) })]
#[case(Channel::Line, 1, Classified::NotMade, STAND, NextStep::Requeue)]
#[case(Channel::Line, 1, Classified::NotMade, GONE, NextStep::Requeue)]
#[case(Channel::Line, 9, Classified::NotMade, STAND, NextStep::Retry { at: at(102) })]
#[case(Channel::Line, 2, Classified::NotMade, GONE, NextStep::Unknown(UnknownReason::ConsentWithdrawn))]
#[case(Channel::Email, 3, Classified::NotMade, STAND, NextStep::Requeue)]
fn what_follows(
    #[case] channel: Channel,
    #[case] attempt: u32,
    #[case] outcome: Classified,
    #[case] consents: Consents,
    #[case] want: NextStep,
) {
    assert_eq!(dispatch(channel, attempt).next(outcome, consents, at(100)), want);
}

#[rstest]
#[case(Channel::Line, 1, Classified::Accepted, NextStep::Sent)]
#[case(Channel::Line, 1, Classified::Refused, NextStep::Failed)]
#[case(Channel::Line, 1, Classified::RateLimited { retry_after: None }, NextStep::CallOff)]
#[case(Channel::Line, 1, Classified::MonthlyLimit, NextStep::CallOff)]
#[case(Channel::Line, 1, Classified::NotMade, NextStep::CallOff)]
#[case(Channel::Line, 1, Classified::Uncertain, NextStep::Unknown(UnknownReason::CalledOff))]
#[case(Channel::Line, 2, Classified::RateLimited { retry_after: None }, NextStep::Unknown(UnknownReason::CalledOff))]
#[case(Channel::Line, 2, Classified::MonthlyLimit, NextStep::Unknown(UnknownReason::CalledOff))]
#[case(Channel::Line, 2, Classified::NotMade, NextStep::Unknown(UnknownReason::CalledOff))]
#[case(Channel::Email, 5, Classified::Deferred, NextStep::CallOff)]
#[case(Channel::Email, 5, Classified::NotSent, NextStep::CallOff)]
#[case(Channel::Email, 1, Classified::Uncertain, NextStep::Unknown(UnknownReason::MailUncertain))]
fn what_follows_a_message_that_was_called_off(
    #[case] channel: Channel,
    #[case] attempt: u32,
    #[case] outcome: Classified,
    #[case] want: NextStep,
) {
    assert_eq!(dispatch(channel, attempt).next_called_off(outcome, STAND, at(100)), want);
}

#[test]
fn what_was_never_asked_of_the_channel_never_grows_too_old() {
    let late = at(25 * 3600);
    assert_eq!(dispatch(Channel::Line, 1).next(Classified::NotMade, STAND, late), NextStep::Requeue);
    let in_doubt = dispatch(Channel::Line, 2).next(Classified::NotMade, STAND, late);
    assert_eq!(in_doubt, NextStep::Unknown(UnknownReason::TooLate), "an earlier attempt may have arrived");
    let server_was_away = dispatch(Channel::Email, 12).next(Classified::NotSent, STAND, late);
    assert_eq!(server_was_away, NextStep::Requeue, "no mail has left");
    let mailbox_is_full = dispatch(Channel::Email, 12).next(Classified::Deferred, STAND, late);
    assert_eq!(mailbox_is_full, NextStep::Unknown(UnknownReason::TooLate), "or the message would never end");
}

#[test]
fn a_message_that_stands_still_before_its_launch_waits_for_it_again() {
    let approved = submitted().approve(user(2), &none(), None, window(), at(0)).unwrap();
    let CampaignState::Approved(approval) = approved.state else { panic!("{:?}", approved.state) };
    for waits in [approved.clone(), approved.launch(at(600)).unwrap()] {
        let off = waits.stand_still(PauseReason::MonthlyLimit, at(601)).unwrap();
        let paused = CampaignState::Paused { at: at(601), reason: PauseReason::MonthlyLimit, approval: Some(approval) };
        assert_eq!(off.state, paused);
        assert_eq!(off.clone().stand_still(PauseReason::MonthlyLimit, at(602)), Err(CampaignRefusal::WrongState));
        assert_eq!(off.resume(at(700)).unwrap().state, CampaignState::Approved(approval));
    }
    assert_eq!(submitted().stand_still(PauseReason::MonthlyLimit, at(1)), Err(CampaignRefusal::WrongState));
}

#[test]
fn only_what_was_launched_and_not_called_off_is_opened_again() {
    let approved = submitted().approve(user(2), &none(), None, window(), at(0)).unwrap();
    let launching = approved.clone().launch(at(600)).unwrap();
    let sending = launching.clone().launched(at(601)).unwrap();
    let still = sending.clone().pause(PauseReason::ByHand, at(602)).unwrap();
    let done = sending.clone().finish(at(602)).unwrap();
    assert_eq!(done.reopen(at(603)).unwrap().state, CampaignState::Sending { at: at(603) });
    for goes_on in [sending, still.clone()] {
        assert_eq!(goes_on.clone().reopen(at(603)), Ok(goes_on));
    }
    let put_off = approved.clone().stand_still(PauseReason::MonthlyLimit, at(1)).unwrap();
    let called_off = still.cancel(user(1), at(603)).unwrap();
    for never in [submitted(), approved, launching.clone(), launching.fail(at(601)).unwrap(), put_off, called_off] {
        assert_eq!(never.reopen(at(604)), Err(CampaignRefusal::WrongState));
    }
}

proptest! {
    #[test]
    fn nothing_is_repeated_after_23_hours_nor_after_doubt_with_a_new_key(
        attempt in 1u32..60, gone in 0i64..100_000, wait in 0i64..200_000, kind in 0u8..6, withdrawn in any::<bool>()
    ) {
        let outcome = match kind {
            0 => Classified::Uncertain,
            1 => Classified::RateLimited { retry_after: Some(TimeDelta::seconds(wait)) },
            2 => Classified::NotSent,
            3 => Classified::MonthlyLimit,
            4 => Classified::NotMade,
            _ => Classified::ChannelRefused,
        };
        let consents = if withdrawn { GONE } else { STAND };
        let step = dispatch(Channel::Line, attempt).next(outcome, consents, at(gone));
        if let NextStep::Retry { at: when } | NextStep::StopChannel { same_again: Some(when), .. } = step {
            prop_assert!(when < at(0).plus(RETRY_FOR) && when > at(gone) && !withdrawn);
        }
        if attempt > 1 || kind == 0 {
            let made_anew = matches!(step, NextStep::Requeue | NextStep::StopChannel { same_again: None, .. });
            prop_assert!(!made_anew);
        }
    }
}

// field-notes.md, "What one broadcast costs".
#[rstest]
#[case(165, 1, 30, 181, 30, 90)]
#[case(217, 0, 23, 138, 163, 489)]
#[case(567, 0, 8, 52, 51, 153)]
#[case(1_457, 0, 3, 20, 597, 1_791)]
#[case(1_997, 0, 2, 15, 1_952, 5_856)]
#[case(2_100, 0, 2, 14, 1_500, 4_500)]
#[case(2_366, 0, 2, 12, 758, 2_274)]
#[case(3_081, 0, 1, 9, 810, 2_430)]
#[case(5_218, 0, 0, 5, 1_308, 3_924)]
#[case(5_390, 0, 0, 5, 2_340, 7_020)]
fn one_broadcast_costs(
    #[case] n: u64,
    #[case] free: u64,
    #[case] light: u64,
    #[case] standard: u64,
    #[case] over: u64,
    #[case] yen: i64,
) {
    let [free_plan, light_plan, mut standard_plan, municipal] = Plan::all_shipped();
    assert_eq!(times_a_month(n, &free_plan), Some(free));
    assert_eq!(times_a_month(n, &light_plan), Some(light));
    assert_eq!(times_a_month(n, &standard_plan), Some(standard));
    let used = standard * n;
    let next = forecast(n, Some(used), &standard_plan);
    assert_eq!((next.messages, next.over, next.at_most), (n, over, Yen(yen)));
    assert_eq!(next.verdict, ForecastVerdict::DoesNotFit);
    standard_plan.additional_ceiling = over;
    assert_eq!(forecast(n, Some(used), &standard_plan).verdict, ForecastVerdict::FitsForMoney);
    assert_eq!(forecast(n, Some(used - n), &standard_plan).verdict, ForecastVerdict::Fits);
    assert_eq!(forecast(n, Some(u64::MAX), &municipal).verdict, ForecastVerdict::Fits);
    assert_eq!(forecast(n, None, &municipal).verdict, ForecastVerdict::Fits);
    let unsaid = forecast(n, None, &standard_plan);
    assert_eq!((unsaid.verdict, unsaid.at_most), (ForecastVerdict::Unknown, Yen(0)), "not said is not nothing");
    assert_eq!(times_a_month(n, &municipal), None);
}

fn line_text(text: &str) -> Vec<ViolationCode> {
    let mut message = Message::default();
    message.line.insert(Language::Ja, vec![Bubble::Text { text: text.to_owned() }]);
    lint(&message).into_iter().map(|v| v.code).collect()
}

#[test]
fn line_carries_no_personal_data() {
    assert_eq!(line_text("帰省イベントのお知らせです {{organisation}} 電話 0856-31-0000"), []);
    assert_eq!(line_text("{{name}}さん"), [ViolationCode::PersonalField]);
    assert_eq!(line_text("{{address}}"), [ViolationCode::UnknownField]);
    assert_eq!(line_text("０９０－１２３４－５６７８まで"), [ViolationCode::LooksLikePhone]);
    assert_eq!(line_text("連絡はtaro＠example.jpへ"), [ViolationCode::LooksLikeEmail]);
    assert_eq!(line_text(" "), [ViolationCode::Empty]);
    assert_eq!(line_text(&"𠮷".repeat(2500)), []);
    assert_eq!(line_text(&"𠮷".repeat(2501)), [ViolationCode::TooLong]);
}

#[test]
fn what_is_missing_is_called_by_its_name() {
    let picture = Bubble::Image { media: Some(MediaId(uuid::Uuid::nil())), alt: " ".into() };
    let button = Button { label: String::new(), target: ButtonTarget::PersonalPage { path: "/me".into() } };
    let buttons = Bubble::Buttons { title: None, text: "本文".into(), buttons: vec![button] };
    let mut message = Message::default();
    message.line.insert(Language::Ja, vec![picture, buttons]);
    message.email.insert(Language::Ja, Mail { subject: " ".into(), body: String::new(), attachments: Vec::new() });
    let found: Vec<ViolationCode> = lint(&message).into_iter().map(|it| it.code).collect();
    let named = [
        ViolationCode::DescriptionMissing,
        ViolationCode::LabelMissing,
        ViolationCode::SubjectMissing,
        ViolationCode::BodyMissing,
    ];
    assert_eq!(found, named);
}

#[test]
fn a_field_that_does_not_exist_is_named_with_those_that_do() {
    let mut message = Message::default();
    message.line.insert(Language::Ja, vec![Bubble::Text { text: "{{foo}}さん".to_owned() }]);
    let found = lint(&message).remove(0);
    assert_eq!((found.field.as_deref(), found.fields()), (Some("foo"), vec![crate::message::MergeField::Organisation]));
    let mail = Mail { subject: "件名".into(), body: "{{ namae }}さん".into(), attachments: Vec::new() };
    let mut message = Message::default();
    message.email.insert(Language::Ja, mail);
    let found = lint(&message).remove(0);
    assert_eq!((found.field.as_deref(), found.fields().len()), (Some("namae"), crate::message::MergeField::ALL.len()));
}

#[test]
fn braces_that_are_no_field_are_found_wherever_they_stand() {
    for text in ["{{name", "a {{ }} b", "{{}}", "{{ name }} {{nam e}}"] {
        let mail = Mail { subject: "件名".into(), body: text.into(), attachments: Vec::new() };
        let mut message = Message::default();
        message.email.insert(Language::Ja, mail);
        let found: Vec<_> = lint(&message).into_iter().map(|it| it.code).collect();
        assert_eq!(found, [ViolationCode::UnknownField], "{text}");
    }
    let card = |title: &str, label: &str, url: &str| {
        let target = ButtonTarget::Link { url: url.to_owned() };
        let buttons = vec![Button { label: label.to_owned(), target }];
        let mut message = Message::default();
        let card = Bubble::Buttons { title: Some(title.to_owned()), text: "参加しますか".to_owned(), buttons };
        message.line.insert(Language::Ja, vec![card]);
        lint(&message).into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert_eq!(card("{{ organisation }}", "{{organisation}}へ", "https://example.jp/a"), []);
    assert_eq!(card("{{name}}さん", "見る", "https://example.jp/a"), [ViolationCode::PersonalField]);
    assert_eq!(card("催し", "{{name}}", "https://example.jp/a"), [ViolationCode::PersonalField]);
    assert_eq!(card("催し", "見る", "https://example.jp/{{name}}"), [ViolationCode::BadLink]);
}

proptest! {
    #[test]
    fn what_passes_the_linter_leaves_no_braces_to_the_reader(text in "(\\{\\{|\\}\\}| |name|school|organisation|my_page|a){0,8}") {
        let mail = Mail { subject: "件名".into(), body: format!("本文{text}"), attachments: Vec::new() };
        let mut message = Message::default();
        message.email.insert(Language::Ja, mail);
        let read = crate::message::pieces(&text);
        if lint(&message).is_empty() {
            let known = read.iter().all(|piece| match piece {
                crate::message::Piece::Text(text) => !text.contains("{{"),
                crate::message::Piece::Field(_) => true,
                crate::message::Piece::Unknown(_) => false,
            });
            prop_assert!(known);
        }
    }
}

#[test]
fn limits_of_buttons_and_mail() {
    let button =
        |label: &str, url: &str| Button { label: label.to_owned(), target: ButtonTarget::Link { url: url.to_owned() } };
    let bubble = |buttons| Bubble::Buttons { title: None, text: "参加しますか".to_owned(), buttons };
    let codes = |message: &Message| lint(message).into_iter().map(|v| v.code).collect::<Vec<_>>();
    let mut message = Message::default();
    assert_eq!(codes(&message), [ViolationCode::NothingWritten]);
    message.line.insert(Language::Ja, vec![bubble(vec![button(&"👨‍👩‍👧".repeat(20), "https://example.jp/a")])]);
    assert_eq!(codes(&message), []);
    assert_eq!(Way::of(Channel::Line, message.line_content()), Way::Multicast);
    message.line.insert(Language::Ja, vec![bubble(vec![]), bubble(vec![button("見る", "javascript:alert(1)")])]);
    assert_eq!(codes(&message), [ViolationCode::ButtonCount, ViolationCode::BadLink]);
    let mine = Button { label: "見る".to_owned(), target: ButtonTarget::PersonalPage { path: "/me".to_owned() } };
    message.line.insert(Language::Ja, vec![bubble(vec![mine])]);
    assert_eq!(message.line_content(), ContentKind::PersonalLink);
    assert_eq!(Way::of(Channel::Line, message.line_content()), Way::Push);
    let mail = Mail { subject: "a\r\nBcc: x".to_owned(), body: "{{name}}様".to_owned(), attachments: vec![] };
    message.email.insert(Language::Ja, mail);
    assert_eq!(codes(&message), [ViolationCode::LineBreakInSubject]);
}

#[test]
fn a_picture_or_video_nobody_has_chosen_yet_is_told() {
    let codes = |bubble: Bubble| {
        let mut message = Message::default();
        message.line.insert(Language::Ja, vec![bubble]);
        lint(&message).into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    let (some, alt) = (Some(MediaId(id(5))), "会場の地図".to_owned());
    let video = |media, poster| codes(Bubble::Video { media, poster, alt: alt.clone() });
    assert_eq!(codes(Bubble::Image { media: None, alt: alt.clone() }), [ViolationCode::PictureMissing]);
    assert_eq!(codes(Bubble::Image { media: some, alt: alt.clone() }), []);
    assert_eq!(video(None, some), [ViolationCode::VideoMissing]);
    assert_eq!(video(some, None), [ViolationCode::PosterMissing]);
    assert_eq!(video(some, some), []);
}

#[test]
fn a_picture_is_stored_as_before_one_could_be_missing() {
    let stored = format!(r#"{{"kind":"image","media":"{}","alt":"地図"}}"#, id(5));
    let read: Bubble = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, Bubble::Image { media: Some(MediaId(id(5))), alt: "地図".into() });
    assert_eq!(serde_json::to_string(&read).unwrap(), stored);
}

#[test]
fn quiet_hours_pass_midnight() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
    let time = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap();
    let quiet = QuietHours { from: time(21, 0), until: time(8, 0) };
    let next = |d: NaiveDate, h, m| quiet.next_allowed(Timestamp::at_jst(d, time(h, m)));
    let tomorrow = day.succ_opt().unwrap();
    assert_eq!(next(day, 20, 59), Timestamp::at_jst(day, time(20, 59)));
    assert_eq!(next(day, 21, 0), Timestamp::at_jst(tomorrow, time(8, 0)));
    assert_eq!(next(tomorrow, 7, 59), Timestamp::at_jst(tomorrow, time(8, 0)));
    assert_eq!(next(tomorrow, 8, 0), Timestamp::at_jst(tomorrow, time(8, 0)));
    let no_hours = QuietHours { from: time(8, 0), until: time(8, 0) };
    assert_eq!(no_hours.next_allowed(at(0)), at(0));
    let cap = FrequencyCap { most: 2, days: 7 };
    assert!(cap.allows_after(1) && !cap.allows_after(2));
}

proptest! {
    #[test]
    fn the_bucket_never_gives_more_than_its_rate(rate in 1u32..300, gaps in prop::collection::vec(0i64..50_000, 1..300)) {
        let mut pace = Pace::full(rate, rate, at(0));
        let (mut now, mut taken) = (0i64, 0i64);
        for gap in gaps {
            now += gap;
            match pace.take(Timestamp::from_micros(now)) {
                Ok(next) => { pace = next; taken += 1; }
                Err(when) => {
                    prop_assert!(when.micros() > now);
                    prop_assert!(pace.take(when).is_ok());
                }
            }
        }
        prop_assert!(taken <= i64::from(rate) + now * i64::from(rate) / 1_000_000);
    }
}
