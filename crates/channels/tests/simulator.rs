//! Every call of the LINE client against the simulator, which checks paths, headers and bodies by LINE's published description:
//! a call nobody makes yet is held to it all the same.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on stops")]

use std::sync::Arc;

use serde_json::json;
use tsunagari_channels::Secret;
use tsunagari_channels::line::login::{Authorize, BotPrompt, CodeVerifier, Friendship};
use tsunagari_channels::line::message::{Action, Message};
use tsunagari_channels::line::{
    Fault, HostSet, ImageKind, LineApi, MulticastBody, Notification, PushBody, Quota, ReplyBody, RetryKey, RichMenu,
    RichMenuAlias, RichMenuArea, RichMenuBounds, RichMenuSize, TokenCache, ValidateFor,
};
use tsunagari_kernel::{FixedClock, Timestamp};
use tsunagari_line_sim::state::QuotaPlan;
use tsunagari_line_sim::webhook::event::Deed;
use tsunagari_line_sim::{LineSim, RateLimits, Setup, SimConfig, SimHandle};
use url::Url;
use uuid::Uuid;

const CHANNEL: &str = "1000000001";
const LOGIN: &str = "2000000001";
const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
const CALLBACK: &str = "http://localhost:8080/callback";

struct Line {
    sim: SimHandle,
    api: LineApi,
    token: Secret,
    hanako: String,
}

async fn line() -> Line {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config =
        SimConfig { rate_limits: RateLimits::Off, seed: Some(7), host: "127.0.0.1".into(), ..SimConfig::default() };
    let sim = LineSim::start(config).await.unwrap();
    let setup = json!({
        "providers": [{"id": "town", "name": "架空市"}],
        "messaging_channels": [{"id": CHANNEL, "provider": "town", "name": "架空市", "basic_id": "town", "secret": SECRET,
            "access_token": "token"}],
        "login_channels": [{"id": LOGIN, "provider": "town", "name": "架空市", "secret": SECRET, "callbacks": [CALLBACK],
            "linked_account": CHANNEL}],
        "users": [{"handle": "hanako", "name": "花子"}, {"handle": "taro", "name": "太郎"}],
        "friendships": [{"user": "hanako", "channel": CHANNEL, "standing": "friend"},
            {"user": "taro", "channel": CHANNEL, "standing": "friend"}]
    });
    sim.sim.set_up(&serde_json::from_value::<Setup>(setup).unwrap()).unwrap();
    let api = LineApi::to(HostSet::at_one_root(sim.base_url()).unwrap()).unwrap();
    let token = api.stateless_token(CHANNEL, &Secret::of(SECRET)).await.unwrap().value.token;
    let hanako = sim.sim.user_id("town", "hanako").unwrap();
    Line { sim, api, token, hanako }
}

fn words() -> Vec<Message> {
    vec![Message::text("案内")]
}

#[tokio::test]
async fn sending_validating_and_counting() {
    let it = line().await;
    let (api, token) = (&it.api, &it.token);
    let notification = Notification::Silent;
    for target in [ValidateFor::Reply, ValidateFor::Push, ValidateFor::Multicast] {
        api.validate(token, target, &words()).await.unwrap();
    }
    let wrong = api.validate(token, ValidateFor::Push, &[Message::text("")]).await.unwrap_err();
    assert!(matches!(wrong.fault, Fault::Rejected { .. }), "{wrong:?}");
    let unit = Some("spring_2026".to_owned());
    let push = PushBody { to: it.hanako.clone(), messages: words(), notification, aggregation_unit: unit.clone() };
    let key = RetryKey(Uuid::from_u128(7));
    let sent = api.push(token, &push.freeze().unwrap(), key).await.unwrap();
    assert_eq!(sent.value.messages.len(), 1);
    assert!(sent.request_id.is_some());
    let again = api.push(token, &push.freeze().unwrap(), key).await.unwrap_err();
    assert!(matches!(again.fault, Fault::AlreadyAccepted { .. }), "{again:?}");
    let many = MulticastBody { to: vec![it.hanako.clone()], messages: words(), notification, aggregation_unit: unit };
    api.multicast(token, &many.freeze().unwrap(), RetryKey(Uuid::from_u128(8))).await.unwrap();
    let event = it.sim.sim.perform(CHANNEL, "hanako", &Deed::Text { text: "相談".into() }).unwrap();
    let reply_token = Secret::of(event["replyToken"].as_str().unwrap());
    let reply = ReplyBody { reply_token, messages: words(), notification };
    api.reply(token, &reply.freeze().unwrap()).await.unwrap();
    assert_eq!(api.consumption(token).await.unwrap().value.total_usage, 2, "a reply is free");
    {
        let mut world = it.sim.sim.world();
        let key = world.channel_ids[CHANNEL];
        world.channel_mut(key).quota.plan = QuotaPlan::Limited(200);
    }
    assert_eq!(api.quota(token).await.unwrap().value, Quota::Limited(200));
}

#[tokio::test]
async fn people_and_the_account_itself() {
    let it = line().await;
    let (api, token) = (&it.api, &it.token);
    let profile = api.profile(token, &it.hanako).await.unwrap().value;
    assert_eq!((profile.user_id.as_str(), profile.display_name.as_str()), (it.hanako.as_str(), "花子"));
    let page = api.followers(token, None).await.unwrap().value;
    assert_eq!((page.user_ids.len(), page.next), (2, None));
    assert!(page.user_ids.contains(&it.hanako));
    let refused = api.followers(token, Some("x")).await.unwrap_err();
    assert!(matches!(refused.fault, Fault::Rejected { .. }), "{refused:?}");
    let bot = api.bot_info(token).await.unwrap().value;
    assert_eq!((bot.basic_id.as_str(), bot.display_name.as_str()), ("@town", "架空市"));
    let link = api.link_token(token, &it.hanako).await.unwrap().value;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let dialog = http.get(api.account_link_url(&link, "a-nonce-of-ours")).send().await.unwrap();
    assert_eq!(dialog.status().as_u16(), 200);
    let stale = http.get(api.account_link_url(&Secret::of("x"), "a-nonce-of-ours")).send().await.unwrap();
    assert_eq!(stale.status().as_u16(), 400);
    let cache = TokenCache::on(Arc::new(FixedClock::at(Timestamp::from_micros(0))));
    let kept = cache.token(api, CHANNEL, &Secret::of(SECRET)).await.unwrap();
    assert_eq!(cache.token(api, CHANNEL, &Secret::of(SECRET)).await.unwrap().reveal(), kept.reveal());
    cache.forget(CHANNEL);
    assert_ne!(cache.token(api, CHANNEL, &Secret::of(SECRET)).await.unwrap().reveal(), kept.reveal());
}

#[tokio::test]
async fn the_webhook_endpoint() {
    let it = line().await;
    let (api, token) = (&it.api, &it.token);
    assert!(matches!(api.webhook_endpoint(token).await.unwrap_err().fault, Fault::Rejected { .. }), "none is set");
    let ours = Url::parse("http://127.0.0.1:9/hooks/line/x").unwrap();
    api.set_webhook_endpoint(token, &ours).await.unwrap();
    let told = api.webhook_endpoint(token).await.unwrap().value;
    assert_eq!((told.endpoint.as_str(), told.active), (ours.as_str(), true));
    for endpoint in [None, Some(&ours)] {
        assert!(!api.test_webhook(token, endpoint).await.unwrap().value.success, "nobody answers there");
    }
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// As much of a PNG as says how large it is.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut all = b"\x89PNG\r\n\x1a\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes()[..], &[8, 2, 0, 0, 0]].concat();
    for (kind, body) in [(b"IHDR", header), (b"IDAT", Vec::new()), (b"IEND", Vec::new())] {
        let named = [&kind[..], &body].concat();
        all.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        all.extend(&named);
        all.extend(crc(&named).to_be_bytes());
    }
    all
}

#[tokio::test]
async fn rich_menus_and_their_aliases() {
    let it = line().await;
    let (api, token) = (&it.api, &it.token);
    let size = RichMenuSize { width: 1200, height: 405 };
    let menu = RichMenu {
        size,
        selected: true,
        name: "登録前".into(),
        chat_bar_text: "メニュー".into(),
        areas: vec![RichMenuArea {
            bounds: RichMenuBounds { x: 0, y: 0, width: 1200, height: 405 },
            action: Action::Uri { label: "登録".into(), uri: "https://town.example/".into() },
        }],
    };
    let [first, second] = [api.create_rich_menu(token, &menu).await, api.create_rich_menu(token, &menu).await]
        .map(|made| made.unwrap().value);
    for id in [&first, &second] {
        api.upload_rich_menu_image(token, id, ImageKind::Png, png(size.width, size.height)).await.unwrap();
    }
    api.link_rich_menu(token, &it.hanako, &first).await.unwrap();
    api.unlink_rich_menu(token, &it.hanako).await.unwrap();
    let everybody = [it.hanako.clone()];
    api.link_rich_menu_to_many(token, &everybody, &first).await.unwrap();
    api.unlink_rich_menu_from_many(token, &everybody).await.unwrap();
    api.set_default_rich_menu(token, &first).await.unwrap();
    api.clear_default_rich_menu(token).await.unwrap();
    let alias = |menu: &str| RichMenuAlias { rich_menu_alias_id: "home".into(), rich_menu_id: menu.to_owned() };
    api.create_rich_menu_alias(token, &alias(&first)).await.unwrap();
    api.update_rich_menu_alias(token, &alias(&second)).await.unwrap();
    assert_eq!(api.rich_menu_aliases(token).await.unwrap().value, [alias(&second)]);
    api.delete_rich_menu_alias(token, "home").await.unwrap();
    assert_eq!(api.rich_menu_aliases(token).await.unwrap().value, []);
    api.delete_rich_menu(token, &first).await.unwrap();
    assert!(matches!(api.delete_rich_menu(token, &first).await.unwrap_err().fault, Fault::Rejected { .. }));
}

#[tokio::test]
async fn a_login_from_the_link_to_its_end() {
    let it = line().await;
    let api = &it.api;
    let (secret, redirect) = (Secret::of(SECRET), Url::parse(CALLBACK).unwrap());
    let verifier = CodeVerifier::of([5; 32]);
    let login = Authorize {
        channel_id: LOGIN,
        redirect_uri: &redirect,
        state: "state",
        nonce: "nonce",
        verifier: &verifier,
        bot_prompt: BotPrompt::Normal,
        ui_locales: Some("ja-JP"),
    };
    let asked = api.authorize_url(&login);
    let mut form: Vec<(String, String)> = asked.query_pairs().into_owned().collect();
    form.extend([("sim_user", "hanako"), ("decision", "allow")].map(|(name, it)| (name.to_owned(), it.to_owned())));
    let mut page = asked.clone();
    page.set_query(None);
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let back = http.post(page).form(&form).send().await.unwrap();
    let back = Url::parse(back.headers()["location"].to_str().unwrap()).unwrap();
    let part = |name: &str| back.query_pairs().find(|(it, _)| it == name).unwrap().1.into_owned();
    assert_eq!(part("state"), "state");
    let tokens = api.exchange_code(LOGIN, &secret, &redirect, &part("code"), &verifier).await.unwrap().value;
    let id_token = tokens.id_token.unwrap();
    let claims = api.verify_id_token(LOGIN, &id_token, Some("nonce")).await.unwrap().value;
    assert_eq!(claims.sub, it.hanako);
    assert!(api.verify_id_token(LOGIN, &id_token, Some("another")).await.is_err());
    let profile = api.profile_of_access_token(LOGIN, &tokens.access_token).await.unwrap().value;
    assert_eq!(profile.user_id, it.hanako);
    assert_eq!(api.friendship(&tokens.access_token).await.unwrap().value, Friendship::Friend);
    let own = api.stateless_token(LOGIN, &secret).await.unwrap().value.token;
    api.deauthorize(&own, &tokens.access_token).await.unwrap();
    assert!(api.friendship(&tokens.access_token).await.is_err(), "what was allowed has ended");
}
