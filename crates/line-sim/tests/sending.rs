//! Push, multicast, reply, broadcast: who is reached, what is counted, and LINE's answers to what is wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod stage;

use serde_json::{Value, json};
use stage::*;
use tsunagari_line_sim::{RateLimits, SimConfig, UnknownRecipient};

#[tokio::test]
async fn a_push_reaches_a_friend_and_is_counted_once_whatever_the_number_of_messages() {
    let s = stage().await;
    let messages: Vec<Value> = (0..3).map(|n| json!({"type": "text", "text": format!("その{n}")})).collect();
    let answer = s.post("/v2/bot/message/push", &json!({"to": s.id("hanako"), "messages": messages})).await;
    assert_eq!(answer.headers()["x-line-request-id"].len(), 36);
    let (status, body) = told(answer).await;
    assert_eq!((status, body["sentMessages"].as_array().unwrap().len()), (200, 3));
    let (_, used) = told(s.get("/v2/bot/message/quota/consumption").await).await;
    assert_eq!(used, json!({"totalUsage": 1}));
}

#[tokio::test]
async fn blocked_and_strangers_answer_200_and_are_not_counted_while_unknown_ids_are_refused() {
    let s = stage().await;
    for handle in ["taro", "jiro"] {
        assert_eq!(s.push(handle, "届かない").await.status(), 200);
    }
    let counts = s.counts().await;
    assert_eq!((&counts["delivered"], &counts["missed"], &counts["used"]), (&json!(0), &json!(2), &json!(0)));
    let unknown = json!({"to": format!("U{:032x}", 5), "messages": [{"type": "text", "text": "a"}]});
    let (status, body) = told(s.post("/v2/bot/message/push", &unknown).await).await;
    assert_eq!((status, body), (400, json!({"message": "Failed to send messages"})));
    let malformed = json!({"to": "hanako", "messages": [{"type": "text", "text": "a"}]});
    assert_eq!(s.post("/v2/bot/message/push", &malformed).await.status(), 400);
}

#[tokio::test]
async fn an_id_of_another_provider_is_unknown() {
    let s = stage().await;
    let theirs = s.sim().user_id("hamada", "hanako").unwrap();
    assert_ne!(theirs, s.id("hanako"));
    let body = json!({"to": theirs, "messages": [{"type": "text", "text": "a"}]});
    assert_eq!(s.post("/v2/bot/message/push", &body).await.status(), 400);
}

#[tokio::test]
async fn a_stranger_who_wrote_is_reached_for_seven_days() {
    let s = stage().await;
    s.control("/_sim/deed", &json!({"user": "jiro", "channel": CHANNEL, "do": "text", "text": "質問です"})).await;
    s.push("jiro", "お答えします").await;
    assert_eq!(s.counts().await["delivered"], 1);
    s.control("/_sim/clock", &json!({"advance": 7 * 24 * 3_600_000 + 60_000})).await;
    s.push("jiro", "もう届かない").await;
    assert_eq!(s.counts().await["missed"], 1);
}

#[tokio::test]
async fn multicast_skips_unknown_ids_or_refuses_as_configured() {
    let unknown = format!("U{:032x}", 5);
    for (rule, want) in [(UnknownRecipient::Skip, 200), (UnknownRecipient::Refuse, 400)] {
        let s = open(SimConfig { unknown_recipient: rule, rate_limits: RateLimits::Off, ..SimConfig::default() }).await;
        let body = json!({"to": [s.id("hanako"), unknown], "messages": [{"type": "text", "text": "a"}]});
        let (status, body) = told(s.post("/v2/bot/message/multicast", &body).await).await;
        assert_eq!(status, want, "{body}");
        assert_eq!(s.counts().await["delivered"], if want == 200 { 1 } else { 0 });
    }
}

#[tokio::test]
async fn the_monthly_quota_is_all_or_nothing_and_renews_with_the_month_in_japan() {
    let s = stage().await;
    // 2026-03-31 23:30 in Japan.
    s.control("/_sim/clock", &json!({"stop_at": 1_774_967_400_000_i64})).await;
    s.control("/_sim/quota", &json!({"channel": CHANNEL, "plan": {"type": "limited", "value": 200}, "used": 200}))
        .await;
    let (status, body) = told(s.push("hanako", "超えた").await).await;
    assert_eq!((status, body), (429, json!({"message": "You have reached your monthly limit."})));
    assert_eq!(s.push("taro", "届かない人は数えない").await.status(), 200);
    s.control("/_sim/clock", &json!({"advance": 3_600_000})).await;
    assert_eq!(s.push("hanako", "四月").await.status(), 200);
    let (_, quota) = told(s.get("/v2/bot/message/quota").await).await;
    assert_eq!(quota, json!({"type": "limited", "value": 200}));
}

#[tokio::test]
async fn a_retry_key_sends_once_for_24_hours_and_then_again() {
    let s = stage().await;
    let (path, key) = ("/v2/bot/message/push", "123e4567-e89b-12d3-a456-426614174000");
    let body = s.push_body("hanako", "一度だけ");
    let first = s.post_with_key(path, &body, key).await;
    let accepted = first.headers()["x-line-request-id"].clone();
    let (_, sent) = told(first).await;
    let again = s.post_with_key(path, &body, key).await;
    assert_eq!(again.headers()["x-line-accepted-request-id"], accepted);
    assert_ne!(again.headers()["x-line-request-id"], accepted);
    let (status, replay) = told(again).await;
    assert_eq!((status, &replay["message"]), (409, &json!("The retry key is already accepted")));
    assert_eq!(replay["sentMessages"], sent["sentMessages"]);
    assert_eq!(s.counts().await["accepted"], 1);
    s.control("/_sim/clock", &json!({"advance": 24 * 3_600_000 + 1000})).await;
    assert_eq!(s.post_with_key(path, &body, key).await.status(), 200);
    assert_eq!(s.counts().await["repeated"], 1);
}

#[tokio::test]
async fn a_multicast_replay_has_no_sent_messages_and_other_calls_refuse_the_key() {
    let s = stage().await;
    let key = "123e4567-e89b-12d3-a456-426614174001";
    let body = json!({"to": [s.id("hanako")], "messages": [{"type": "text", "text": "a"}]});
    s.post_with_key("/v2/bot/message/multicast", &body, key).await;
    let (status, replay) = told(s.post_with_key("/v2/bot/message/multicast", &body, key).await).await;
    assert_eq!((status, replay.get("sentMessages")), (409, None));
    let reply = json!({"replyToken": "x", "messages": [{"type": "text", "text": "a"}]});
    assert_eq!(s.post_with_key("/v2/bot/message/reply", &reply, key).await.status(), 400);
    assert_eq!(s.post_with_key("/v2/bot/message/multicast", &body, "not-a-uuid").await.status(), 400);
}

async fn reply_token(s: &Stage) -> String {
    let deed = json!({"user": "hanako", "channel": CHANNEL, "do": "text", "text": "こんにちは"});
    let done = s.control("/_sim/deed", &deed).await;
    done["event"]["replyToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_reply_token_works_once_and_for_one_minute_and_is_free() {
    let s = stage().await;
    let body = |token: &str| json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]});
    let token = reply_token(&s).await;
    assert_eq!(s.post("/v2/bot/message/reply", &body(&token)).await.status(), 200);
    let (status, answer) = told(s.post("/v2/bot/message/reply", &body(&token)).await).await;
    assert_eq!((status, answer), (400, json!({"message": "Invalid reply token"})));
    let late = reply_token(&s).await;
    s.control("/_sim/clock", &json!({"advance": 61_000})).await;
    assert_eq!(s.post("/v2/bot/message/reply", &body(&late)).await.status(), 400);
    assert_eq!(s.counts().await["used"], 0);
}

#[tokio::test]
async fn a_reply_to_somebody_who_has_blocked_since_is_accepted_and_does_not_arrive() {
    let s = stage().await;
    let reply = |token: &str| json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]});
    let (before, after) = (reply_token(&s).await, reply_token(&s).await);
    assert_eq!(s.post("/v2/bot/message/reply", &reply(&before)).await.status(), 200);
    s.control("/_sim/deed", &json!({"user": "hanako", "channel": CHANNEL, "do": "block"})).await;
    assert_eq!(s.post("/v2/bot/message/reply", &reply(&after)).await.status(), 200);
    let counts = s.counts().await;
    assert_eq!((&counts["accepted"], &counts["delivered"]), (&json!(2), &json!(1)), "{counts}");
    let chat = s.http.get(s.url(&format!("/phone/hanako/{CHANNEL}"))).send().await.unwrap().text().await.unwrap();
    assert_eq!(chat.matches("はい").count(), 1, "nothing below the block: {chat}");
}

#[tokio::test]
async fn a_broadcast_reaches_friends_only_and_the_count_is_ready_the_next_day() {
    let s = stage().await;
    let body = json!({"messages": [{"type": "text", "text": "みなさんへ"}]});
    assert_eq!(s.post("/v2/bot/message/broadcast", &body).await.status(), 200);
    let now = s.sim().now();
    let on = |at: i64| {
        let day = tsunagari_line_sim::clock::day(at).format("%Y%m%d");
        format!("/v2/bot/message/delivery/broadcast?date={day}")
    };
    assert_eq!(told(s.get(&on(now)).await).await.1, json!({"status": "unready"}));
    assert_eq!(told(s.get(&on(now - 86_400_000)).await).await.1, json!({"status": "out_of_service"}));
    s.control("/_sim/clock", &json!({"stop_at": now + 86_400_000})).await;
    assert_eq!(told(s.get(&on(now)).await).await.1, json!({"status": "ready", "success": 1}));
    assert_eq!(s.get("/v2/bot/message/delivery/push?date=2026-03-30").await.status(), 400);
}

#[tokio::test]
async fn rate_limits_hold_per_channel_and_refill() {
    let s = open(SimConfig::default()).await;
    s.control("/_sim/clock", &json!({"stop_at": 1_774_967_400_000_i64})).await;
    let body = json!({"messages": [{"type": "text", "text": "a"}]});
    for _ in 0..60 {
        assert_eq!(s.post("/v2/bot/message/broadcast", &body).await.status(), 200);
    }
    let (status, answer) = told(s.post("/v2/bot/message/broadcast", &body).await).await;
    assert_eq!(status, 429);
    assert_eq!(answer["message"], "The API rate limit has been exceeded. Try again later.");
    s.control("/_sim/clock", &json!({"advance": 60_000})).await;
    assert_eq!(s.post("/v2/bot/message/broadcast", &body).await.status(), 200);
}

#[tokio::test]
async fn a_hundred_thousand_recipients_by_multicast() {
    let s = stage().await;
    let bulk = json!({"bulk_users": [{"prefix": "u", "count": 100_000, "friends_of": [CHANNEL]}]});
    s.control("/_sim/setup", &bulk).await;
    let ids: Vec<String> =
        (1..=100_000).map(|n| tsunagari_line_sim::ident::user_id(7, "masuda", &format!("u{n}"))).collect();
    for part in ids.chunks(500) {
        let body = json!({"to": part, "messages": [{"type": "text", "text": "帰省イベント"}]});
        assert_eq!(s.post("/v2/bot/message/multicast", &body).await.status(), 200);
    }
    let counts = s.counts().await;
    assert_eq!(
        (&counts["people"], &counts["delivered"], &counts["repeated"]),
        (&json!(100_000), &json!(100_000), &json!(0))
    );
}

#[tokio::test]
async fn one_aggregation_unit_of_thirty_plain_characters() {
    let s = stage().await;
    for (units, status) in [
        (json!(["spring_2026"]), 200),
        (json!(["a", "b"]), 400),
        (json!(["a".repeat(31)]), 400),
        (json!(["春"]), 400),
        (json!([""]), 400),
        (json!([]), 200),
    ] {
        let mut body = s.push_body("hanako", "案内");
        body["customAggregationUnits"] = units.clone();
        assert_eq!(s.post("/v2/bot/message/push", &body).await.status(), status, "push {units}");
        body["to"] = json!([s.id("hanako")]);
        assert_eq!(s.post("/v2/bot/message/multicast", &body).await.status(), status, "multicast {units}");
    }
}

#[tokio::test]
async fn tokens_are_issued_no_faster_than_documented() {
    let s = open(SimConfig { rate_limits: RateLimits::Enforced, ..SimConfig::default() }).await;
    s.sim().clock().stop_at(1_773_619_200_000);
    let ask = || async {
        let form = [("grant_type", "client_credentials"), ("client_id", CHANNEL), ("client_secret", SECRET)];
        s.http.post(s.url("/v2/oauth/accessToken")).form(&form).send().await.unwrap().status().as_u16()
    };
    for n in 0..370 {
        assert_eq!(ask().await, 200, "{n}");
    }
    assert_eq!(ask().await, 429);
    s.sim().clock().advance(1000);
    assert_eq!(ask().await, 200);
}
