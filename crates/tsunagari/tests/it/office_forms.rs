//! Small things of the office at the door: lists sorted by their heads, an empty rule that is asked about instead of being
//! a mistake, a name that is taken, a file with nothing in it, a question to the record that cannot be read, a menu whose
//! tiles survive another grid.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_testkit::{Kind, Lived, Officer};

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn lists_are_sorted_by_their_heads(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    for (list, usual, other) in [
        ("/office/audiences", "name", "people"),
        ("/office/messages", "updated", "title"),
        ("/office/work", "due", "kind"),
        ("/office/import", "at", "name"),
        ("/office/settings/staff", "name", "role"),
    ] {
        let shown = admin.browser.get(list).await;
        assert_eq!(shown.status, StatusCode::OK, "{list}");
        let empty = !shown.text.contains("aria-sort");
        assert!(!empty, "{list} has something to sort: {}", shown.text);
        let sorted = admin.browser.get(&format!("{list}?sort=-{other}")).await;
        assert_eq!(sorted.status, StatusCode::OK, "{list}");
        assert_eq!(sorted.text.matches("aria-sort=\"descending\"").count(), 1, "{list} by {other}");
        assert!(sorted.text.contains(&format!("sort={other}\"")), "{list}: the head leads the other way");
        let back = admin.browser.get(&format!("{list}?sort=-{usual}&sort_by=1;--")).await;
        assert_eq!(back.status, StatusCode::OK, "{list}: what nobody offers is passed over");
    }
    // Of an act that looking at the record does not add to; each row names another person.
    let oldest = admin.browser.get("/office/audit?act=add_person&sort=at").await.text;
    let newest = admin.browser.get("/office/audit?act=add_person").await.text;
    let rows = |text: &str| {
        let rows = text.split("<tbody>").nth(1).expect("a table").split("</tbody>").next().expect("its end");
        rows.split("<tr>").skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(oldest.contains("aria-sort=\"ascending\"") && newest.contains("aria-sort=\"descending\""));
    let mut turned = rows(&newest);
    turned.reverse();
    assert!(turned.len() > 2 && rows(&oldest) == turned, "one order, both ways");
    let names = |text: &str| {
        let rows = text.split("<tbody>").nth(1).expect("a table").split("</tbody>").next().expect("its end");
        rows.split("<tr>").skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let rising = names(&admin.browser.get("/office/settings/staff?sort=login").await.text);
    let mut falling = names(&admin.browser.get("/office/settings/staff?sort=-login").await.text);
    falling.reverse();
    assert!(rising.len() > 2 && rising == falling, "one order, both ways");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_language_changes_where_it_is_chosen(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut viewer = Officer::of(&lived.town, &lived.town.here, "viewer").await;
    for (asked, lang) in [("?lang=en", "en"), ("", "en"), ("?q=a&lang=ja", "ja"), ("", "ja")] {
        let page = viewer.browser.get(&format!("/office/people{asked}")).await.text;
        assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{asked:?}: {page}");
        assert!(
            !page.contains("lang=en&amp;lang=") && !page.contains("lang=ja&amp;lang="),
            "the switch is written anew"
        );
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn an_empty_rule_is_asked_about(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let new = "/office/audiences/new";
    let words = "条件が空です";
    let empty =
        [("view", "text"), ("rule", ""), ("version", "0"), ("name", "全員"), ("why", "お知らせ"), ("do", "save")];
    let asked = editor.post(new, &empty).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains(words) && asked.text.contains("value=\"everyone\""), "{}", asked.text);
    assert!(!asked.text.contains("条件がまだ完成していません"), "it is no mistake in the writing");
    let mut pressed = empty;
    pressed[5].1 = "everyone";
    let meant = editor.post(new, &pressed).await;
    assert!(meant.status == StatusCode::OK && !meant.text.contains(words), "{}", meant.text);
    let reader = || async { lived.town.house.org(lived.town.here.org).read().await.unwrap().segments().await.unwrap() };
    assert!(reader().await.is_empty(), "looking at the number keeps nothing");
    let kept = [
        ("view", "text"),
        ("rule", "everyone"),
        ("version", "0"),
        ("name", "全員"),
        ("why", "お知らせ"),
        ("do", "save"),
    ];
    editor.done(new, &kept).await;
    assert_eq!(reader().await[0].rule, "everyone");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn one_name_is_one_audience(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let new = "/office/audiences/new";
    let kept = |name: &'static str, version: &'static str| {
        [("view", "text"), ("rule", "everyone"), ("version", version), ("name", name), ("why", "試し"), ("do", "save")]
    };
    let segments =
        || async { lived.town.house.org(lived.town.here.org).read().await.unwrap().segments().await.unwrap() };
    editor.done(new, &kept("全員", "0")).await;
    editor.done(new, &kept("みんな", "0")).await;
    let twice = editor.post(new, &kept(" 全員 ", "0")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("f-name-error") && twice.text.contains("同じ名前がもうあります"), "{}", twice.text);
    let all = segments().await;
    assert_eq!(all.len(), 2);
    let other = all.iter().find(|it| it.name == "みんな").unwrap().id;
    let renamed = editor.post(&format!("/office/audiences/{other}"), &kept("全員", "1")).await;
    assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    editor.done(&format!("/office/audiences/{other}"), &kept("みんな", "1")).await;
    // What was put away is in nobody's way.
    let first = all.iter().find(|it| it.name == "全員").unwrap().id;
    editor.done(&format!("/office/audiences/{first}/archive"), &[]).await;
    editor.done(new, &kept("全員", "0")).await;
    assert_eq!(segments().await.len(), 2);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_file_of_no_bytes_is_called_empty(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let list = [("school", ""), ("school_name", ""), ("year", "2025"), ("sheet", "")];
    for (door, fields, unchosen) in [
        ("/office/import", &list[..], "名簿のファイルを選んでください"),
        ("/office/media", &[("title", "絵")][..], "ファイルが選ばれていません"),
    ] {
        for (name, said) in [("名簿.csv", "このファイルは空です"), ("", unchosen)] {
            let answer = admin.upload(door, fields, (name, b"")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{door} {name}");
            assert!(answer.text.contains(said), "{door} {name}: {}", answer.text);
        }
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_year_that_was_not_offered_is_not_taken_for_none(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let list = "氏名,フリガナ,卒業年度\r\n架空　花,カクウ　ハナ,2025\r\n".as_bytes();
    let fields = |year: &'static str| [("school", ""), ("school_name", ""), ("year", year), ("sheet", "")];
    for year in ["1925", "2999", "令和7年", "x"] {
        let answer = admin.upload("/office/import", &fields(year), ("名簿.csv", list)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{year}");
        assert!(answer.text.contains("f-year-error"), "{year}: {}", answer.text);
    }
    let taken = admin.upload("/office/import", &fields(""), ("名簿.csv", list)).await;
    let columns = taken.location.unwrap();
    let given = [("school", "unknown"), ("school_name", ""), ("graduation", "1925"), ("c0", "full_name")];
    let answer = admin.post(&columns, &given).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("f-graduation-error"), "{}", answer.text);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_record_answers_what_was_asked_or_says_why_not(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let (one, _) = (admin.person("架空", "花", &[]).await, admin.person("架空", "空", &[]).await);
    let rows = |text: &str| text.split("<tbody>").nth(1).unwrap_or_default().matches("<tr>").count();
    let page = |question: String| format!("/office/audit?{question}");
    let all = rows(&admin.browser.get("/office/audit").await.text);
    let whole = one.to_string();
    let its = rows(&admin.browser.get(&page(format!("subject={whole}"))).await.text);
    assert!(its > 0 && its < all, "{its} of {all}");
    // The clock of a test stands still: ids differ after the digits that tell their time.
    let digits = one.0.as_simple().to_string();
    for beginning in [&whole[..22], &digits[..20], &digits[..20].to_uppercase()] {
        let found = admin.browser.get(&page(format!("subject={beginning}"))).await;
        assert_eq!((found.status, rows(&found.text)), (StatusCode::OK, its), "{beginning}");
    }
    let short = rows(&admin.browser.get(&page(format!("subject={}", &digits[..4]))).await.text);
    assert!(short > its, "four digits mean more than one thing");
    assert_eq!(rows(&admin.browser.get(&page("subject=ffff".into())).await.text), 0);

    for (field, typed) in
        [("subject", "架空 花"), ("subject", "12"), ("from", "2026-13-20"), ("until", "あした"), ("who", "だれか")]
    {
        let typed_in = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        let refused = admin.browser.get(&page(format!("{field}={typed_in}"))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={typed}");
        assert!(refused.text.contains(&format!("f-{field}-error")), "{}", refused.text);
        assert!(refused.text.contains(&format!("value=\"{typed}\"")), "what was typed stays: {}", refused.text);
        assert!(!refused.text.contains("<table"), "no list that pretends nothing was asked");
        let file = admin.browser.get(&format!("/office/exports/audit?as=csv&{field}={typed_in}")).await;
        assert_eq!(file.status, StatusCode::BAD_REQUEST, "{field}={typed}");
    }
    let era = admin.browser.get("/office/audit?from=%E4%BB%A4%E5%92%8C8%E5%B9%B43%E6%9C%8820%E6%97%A5").await;
    assert!(era.text.contains("value=\"2026-03-20\""), "the picker shows the day that was understood");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_menu_keeps_what_was_typed_through_every_grid(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let form = format!("/office/settings/line/{}/menu-new", lived.here.messaging);
    let typed = |turn: &'static str, grid: &'static str| {
        [
            ("face", "guest"),
            ("grid", grid),
            ("turn", turn),
            ("title", "春のメニュー"),
            ("bar", "ひらく"),
            ("t0_words", "登録する"),
            ("t0_kind", "join"),
            ("t0_ground", "#00607a"),
            ("t5_words", "六枚目の催し"),
            ("t5_kind", "link"),
            ("t5_ground", "#9b2335"),
            ("t5_url", "https://example.jp/six"),
        ]
    };
    let none: (&str, &[u8]) = ("", b"");
    let small = admin.upload(&form, &typed("2x1", "3x2"), none).await;
    assert_eq!(small.status, StatusCode::OK);
    for kept in ["春のメニュー", "ひらく", "六枚目の催し", "https://example.jp/six"] {
        assert!(small.text.contains(kept), "{kept} is lost");
    }
    assert!(small.text.contains("name=\"grid\" value=\"2x1\""));
    let large = admin.upload(&form, &typed("3x2", "2x1"), none).await;
    assert!(large.text.contains("<input") && large.text.contains("六枚目の催し"));
    let menus = || async {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.line_menus(lived.here.messaging).await.unwrap()
    };
    assert!(menus().await.is_empty(), "another grid draws nothing");
    let drawn = admin.upload(&form, &typed("", "3x2"), none).await;
    assert_eq!(drawn.status, StatusCode::SEE_OTHER, "{}", drawn.text);
    let plan = &menus().await[0].plan;
    assert_eq!(plan.tiles.iter().filter(|it| it.is_empty()).count(), 4, "four places stay empty");
    let page = admin.browser.get(&format!("/office/settings/line/{}/menus", lived.here.messaging)).await;
    assert!(page.text.contains("空き（押しても何も起きません）"), "which ones is said");
}
