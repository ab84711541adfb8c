//! The limits at their edges, and the wire form of messages. What LINE says to them is in `tests/`.

use super::*;

fn problems(message: Message) -> Vec<(String, &'static str)> {
    check_messages(&[message]).into_iter().map(|v| (v.property, v.problem.code())).collect()
}

#[test]
fn text_is_counted_in_utf16_units() {
    assert!(problems(Message::text("あ".repeat(5000))).is_empty());
    assert_eq!(problems(Message::text("あ".repeat(5001))), [("messages[0].text".into(), "line_too_long")]);
    // 𠮷 and most emoji are two units each.
    assert!(problems(Message::text("𠮷".repeat(2500))).is_empty());
    assert_eq!(problems(Message::text("𠮷".repeat(2501))).len(), 1);
    assert_eq!(problems(Message::text("")), [("messages[0].text".into(), "line_empty")]);
}

#[test]
fn labels_are_counted_in_graphemes() {
    let card = |label: String| {
        let actions = vec![Action::Uri { label, uri: "https://example.jp/".into() }];
        Message::buttons("帰省", Buttons { text: "帰省の案内".into(), actions, ..Buttons::default() })
    };
    // One family is one cluster of seven code points, eleven UTF-16 units.
    assert!(problems(card("👨‍👩‍👧‍👦".repeat(20))).is_empty());
    assert_eq!(problems(card("👨‍👩‍👧‍👦".repeat(21)))[0].0, "messages[0].template.actions[0].label");
}

#[test]
fn a_title_shortens_the_text_of_a_card() {
    let actions = vec![Action::Message { label: "はい".into(), text: "はい".into() }];
    let mut card = Buttons { text: "あ".repeat(160), actions, ..Buttons::default() };
    assert!(problems(Message::buttons("x", card.clone())).is_empty());
    card.title = Some("題".into());
    assert_eq!(problems(Message::buttons("x", card.clone())), [("messages[0].template.text".into(), "line_too_long")]);
    card.text = "あ".repeat(60);
    assert!(problems(Message::buttons("x", card)).is_empty());
}

#[test]
fn links_are_checked() {
    let image = |url: &str| problems(Message::image(url, "https://example.jp/p.jpg"));
    assert!(image("https://example.jp/a.jpg").is_empty());
    assert!(image("http://localhost:8080/a.jpg").is_empty(), "loopback is for the simulator");
    assert_eq!(image("http://example.jp/a.jpg")[0].1, "line_not_https");
    assert_eq!(image("https://example.jp/写真.jpg")[0].1, "line_not_https");
    let open = |uri: &str| {
        let actions = vec![Action::Uri { label: "開く".into(), uri: uri.into() }];
        problems(Message::buttons("x", Buttons { text: "x".into(), actions, ..Buttons::default() }))
    };
    assert!(open("tel:0856310000").is_empty());
    assert_eq!(open("javascript:alert(1)")[0].1, "line_bad_uri");
}

#[test]
fn counts_of_messages_recipients_and_quick_replies() {
    let five: Vec<_> = (0..5).map(|n| Message::text(n.to_string())).collect();
    assert!(check_messages(&five).is_empty());
    assert_eq!(check_messages(&[]).len(), 1);
    assert_eq!(check_messages(&[five, vec![Message::text("6")]].concat()).len(), 1);
    let ids: Vec<_> = (0..501).map(|n| format!("U{n:032x}")).collect();
    assert!(check_recipients(&ids[..500], 500).is_empty());
    assert_eq!(check_recipients(&ids, 500).len(), 1);
    let twice = [ids[0].clone(), ids[0].clone()];
    assert_eq!(check_recipients(&twice, 500)[0].problem, Problem::Duplicate);
    assert_eq!(check_recipients(&["U123".into()], 1)[0].problem, Problem::BadUserId);
    let reply = |_| Action::Message { label: "x".into(), text: "x".into() };
    assert!(problems(Message::text("x").with_quick_replies((0..13).map(reply))).is_empty());
    assert_eq!(problems(Message::text("x").with_quick_replies((0..14).map(reply))).len(), 1);
}

#[test]
fn the_wire_form_is_lines_own() {
    let message = Message::buttons(
        "案内",
        Buttons {
            text: "本文".into(),
            actions: vec![Action::Postback {
                label: "行く".into(),
                data: "go=1".into(),
                display_text: Some("行きます".into()),
            }],
            ..Buttons::default()
        },
    )
    .with_quick_replies([Action::Message { label: "はい".into(), text: "はい".into() }]);
    let json = serde_json::to_value(&message).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "type": "template", "altText": "案内",
            "template": {"type": "buttons", "text": "本文",
                "actions": [{"type": "postback", "label": "行く", "data": "go=1", "displayText": "行きます"}]},
            "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "はい", "text": "はい"}}]}
        })
    );
}
