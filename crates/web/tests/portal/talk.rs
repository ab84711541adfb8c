//! The talk with the official account: a stranger who adds it is greeted with the way to join, joining changes the menu under
//! the talk, words are answered with a link, and the page in a message opens for whoever touches it.

use tsunagari_access::permission::ManageChannels;
use tsunagari_access::{Granted, Officer, Role};
use tsunagari_acts::draw_line_menu::{MenuGiven, TileGiven, draw_line_menu};
use tsunagari_acts::keep_line_greeting::{keep_line_greeting, undo_line_greeting};
use tsunagari_acts::set_webhook::check_line;
use tsunagari_acts::show_line_menu::{hide_line_menu, show_line_menu, undo_line_menu};
use tsunagari_kernel::{MenuId, UserId};
use tsunagari_line_sim::webhook::event::Deed;
use tsunagari_outreach::rich_menu::MenuFace;
use tsunagari_storage::testing::BOTH;

use crate::browser::Browser;
use crate::house::Town;
use crate::joining::{P, answer, begin, by_line};

const ACCOUNT: &str = "2000000001";

fn administrator(town: &Town) -> Granted<ManageChannels> {
    let user = UserId(uuid::Uuid::from_u128(7));
    Officer::of(town.org, user, vec![Role::Administrator]).grant(town.house.real_clock.now()).unwrap()
}

/// The user does something in the talk, and everything that follows from it happens.
async fn deed(town: &Town, user: &str, deed: Deed) {
    town.line.sim.perform(ACCOUNT, user, &deed).unwrap();
    town.line.sim.sender().idle().await;
    town.work().await;
}

/// What the account last said to a user, as text.
fn last_words(town: &Town, user: &str) -> String {
    let world = town.line.sim.world();
    let channel = world.channel(world.channel_ids[ACCOUNT]);
    let tie = channel.tie(world.person_of(user).unwrap()).unwrap();
    let said = tie.chat.iter().rev().find_map(|entry| match &entry.side {
        tsunagari_line_sim::state::ChatSide::Account(body) => {
            body.messages().first().map(|it| it["text"].as_str().unwrap_or_default().to_owned())
        }
        _ => None,
    });
    said.unwrap_or_default()
}

/// The bar of the menu a user sees.
fn menu_of(town: &Town, user: &str) -> Option<String> {
    let world = town.line.sim.world();
    let channel = world.channel(world.channel_ids[ACCOUNT]);
    let tie = channel.tie(world.person_of(user).unwrap())?;
    let (_, menu) = channel.rich_menus.shown(tie.rich_menu.as_ref())?;
    assert!(menu.image.is_some());
    Some(menu.definition["chatBarText"].as_str().unwrap().to_owned())
}

async fn drawn(town: &Town, face: MenuFace, bar: &str) -> MenuId {
    let tile = |words: &str, kind: &str| TileGiven {
        words: words.into(),
        ground: "#00607a".into(),
        kind: kind.into(),
        url: String::new(),
    };
    let given = MenuGiven {
        face: face.code().into(),
        title: bar.into(),
        bar: bar.into(),
        grid: "3x1".into(),
        tiles: vec![tile("登録する", "join"), tile("マイページ", "my_page"), tile("聞きたい", "ask")],
        picture: None,
    };
    draw_line_menu(&town.house, &administrator(town), town.channel, given).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_greeted_and_the_menu_follows_their_state() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let by = administrator(&town);
        let guests = drawn(&town, MenuFace::Guest, "登録前").await;
        let members = drawn(&town, MenuFace::Member, "登録後").await;
        show_line_menu(&town.house, &by, guests).await.unwrap();
        show_line_menu(&town.house, &by, members).await.unwrap();
        deed(&town, "hana", Deed::Follow).await;
        let join = format!("{}/p/322041", town.origin);
        assert!(last_words(&town, "hana").contains(&join), "{kind:?} {}", last_words(&town, "hana"));
        assert_eq!(menu_of(&town, "hana").as_deref(), Some("登録前"));
        // The office's own words, and back.
        keep_line_greeting(&town.house, &by, town.channel, "はじめまして {{organisation}} {{join}}").await.unwrap();
        deed(&town, "taro", Deed::Follow).await;
        assert_eq!(last_words(&town, "taro"), format!("はじめまして 架空市 {join}"));
        undo_line_greeting(&town.house, &by, town.channel).await.unwrap();
        // Words of a stranger are stored and answered with the way to join, once a day.
        deed(&town, "taro", Deed::Text { text: "こんにちは".into() }).await;
        assert!(last_words(&town, "taro").contains(&join) && last_words(&town, "taro").contains("架空課"));

        town.event("spring").await;
        let mut phone = Browser::at(&town.origin);
        begin(&town, &mut phone, "spring").await;
        by_line(&mut phone, "hana").await.leads_to(&format!("{P}/join/name"));
        answer(&mut phone, "2007").await;
        phone.fill(&format!("{P}/agree"), &[("agreed", "info")]).await.leads_to("/me/welcome");
        assert_eq!(menu_of(&town, "hana").as_deref(), Some("登録前"), "not before the job has run");
        town.work().await;
        assert_eq!(menu_of(&town, "hana").as_deref(), Some("登録後"), "{kind:?}");
        assert_eq!(menu_of(&town, "taro").as_deref(), Some("登録前"));
        deed(&town, "hana", Deed::Text { text: "住所が変わりました".into() }).await;
        let page = format!("{}/p/322041/me", town.origin);
        assert!(last_words(&town, "hana").contains(&page), "{}", last_words(&town, "hana"));
        phone.get(&page).await.leads_to("/me");
        phone.get(&format!("{page}/line")).await.leads_to("/me/line");
        Browser::at(&town.origin).get(&page).await.leads_to(&format!("{P}/sign-in"));
        // A block and the way back: greeted as one who is known, with the menu of the members.
        deed(&town, "hana", Deed::Block).await;
        deed(&town, "hana", Deed::Follow).await;
        assert!(last_words(&town, "hana").contains("おかえりなさい"));
        assert_eq!(menu_of(&town, "hana").as_deref(), Some("登録後"));
        // Leaving takes it away.
        phone.fill("/me/leave", &[]).await.shows(200, "");
        town.work().await;
        assert_eq!(menu_of(&town, "hana").as_deref(), Some("登録前"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_is_replaced_and_brought_back() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let by = administrator(&town);
        deed(&town, "taro", Deed::Follow).await;
        assert_eq!(menu_of(&town, "taro"), None);
        for bar in ["春", "夏"] {
            let id = drawn(&town, MenuFace::Guest, bar).await;
            show_line_menu(&town.house, &by, id).await.unwrap();
            assert_eq!(menu_of(&town, "taro").as_deref(), Some(bar));
        }
        undo_line_menu(&town.house, &by, town.channel, MenuFace::Guest).await.unwrap();
        assert_eq!(menu_of(&town, "taro").as_deref(), Some("春"), "{kind:?}");
        hide_line_menu(&town.house, &by, town.channel, MenuFace::Guest).await.unwrap();
        assert_eq!(menu_of(&town, "taro"), None);
        let refused = hide_line_menu(&town.house, &by, town.channel, MenuFace::Guest).await.unwrap_err();
        assert!(matches!(refused, tsunagari_acts::ActError::Refused(all) if all[0].code == "nothing_to_undo"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_switched_off_in_the_console_is_told() {
    for kind in BOTH {
        let town = Town::open(kind).await;
        let by = administrator(&town);
        let wanted = check_line(&town.house, &by, town.channel).await.unwrap().wanted_webhook;
        for active in [true, false] {
            let switch = format!("{}/_sim/webhooks/active", town.line.base_url());
            let call = serde_json::json!({ "channel": ACCOUNT, "active": active });
            assert_eq!(reqwest::Client::new().post(switch).json(&call).send().await.unwrap().status().as_u16(), 200);
            let standing = check_line(&town.house, &by, town.channel).await.unwrap();
            assert_eq!(standing.webhook, Some(Ok((wanted.clone(), active))), "{kind:?}");
        }
    }
}
