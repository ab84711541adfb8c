//! Money from the place to the account: decided by what was claimed, an account told and its holder looked at, a list drawn up by one and
//! released by another, the bank's file the same each time, carried out, one come back and paid again.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_programmes::{Event, Round};
use tsunagari_testkit::{Browser, Joining, Kind, Lived, Officer, bank_day, payments_for_everybody};

use crate::applying::{led_to, posted};
use crate::seats::opened_of;

const YUCHO: [(&str, &str); 4] =
    [("names", "yucho"), ("symbol", "１０５３０"), ("number", "12345671"), ("holder", "かくう　はな")];
/// Somebody else's.
const MOTHERS: [(&str, &str); 4] =
    [("names", "yucho"), ("symbol", "10530"), ("number", "12345671"), ("holder", "いわみ ははこ")];

/// Hands in a claim; the page of the application.
async fn claimed(browser: &mut Browser, round: &Round, yen: &str) -> String {
    let field = payments_for_everybody().form.first().map(|it| it.code.clone()).unwrap();
    let asked = format!("/me/apply/{}/q-{field}", round.id);
    led_to(&posted(browser, &asked, &[("answer", yen)]).await);
    let handed = posted(browser, &format!("/me/apply/{}/check", round.id), &[]).await;
    led_to(&handed).split('?').next().unwrap().to_owned()
}

fn id_of(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_claimed_is_paid_by_two_people_and_what_comes_back_is_paid_again(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = opened_of(town, payments_for_everybody()).await;
    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mut taro = lived.joined(&town.here, &Joining::of("石見", "太郎", "taro@people.example")).await;
    let mine = claimed(&mut hana, &round, "1234").await;
    let his = claimed(&mut taro, &round, "800").await;

    // The rule is the most that can be decided; nothing is decided twice.
    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let list = format!("/office/programmes/rounds/{}/payments", round.id);
    let page = officer.browser.get(&list).await.text;
    assert!(page.contains("value=\"1234\"") && page.contains("value=\"800\""), "{page}");
    let (one, two) = (format!("{}.1", id_of(&mine)), format!("{}.1", id_of(&his)));
    let (yen_one, yen_two) = (format!("yen.{one}"), format!("yen.{two}"));
    let above = officer.post(&format!("{list}/decide"), &[("pick", one.as_str()), (&yen_one, "1235")]).await;
    assert_eq!(above.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(above.text.contains("決められる上限より多い") && above.text.contains("value=\"1235\""), "{}", above.text);
    let both = [("pick", one.as_str()), ("pick", two.as_str()), (&yen_one, "1,234"), (&yen_two, "700")];
    officer.done(&format!("{list}/decide"), &both).await;
    let again = officer.post(&format!("{list}/decide"), &both).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    // Whoever claimed is asked for an account, and tells it; nobody else sees it.
    lived.work().await;
    let link = lived.mailed_path("hanako@people.example");
    assert_eq!(led_to(&hana.get(&link).await), mine);
    let page = hana.get(&mine).await.text;
    assert!(page.contains("振込先を教えてください") && page.contains(&format!("{mine}/payments/4")), "{page}");
    let asks = format!("{mine}/payments/4");
    assert!(hana.get(&asks).await.text.contains("names=yucho"));
    let wrong = [("names", "yucho"), ("symbol", "00530"), ("number", "1"), ("holder", "石見")];
    let refused = posted(&mut hana, &asks, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"f-symbol\"") && refused.text.contains("value=\"石見\""), "{}", refused.text);
    assert!(led_to(&posted(&mut hana, &asks, &YUCHO).await).ends_with("news=account"));
    let page = hana.get(&mine).await.text;
    assert!(page.contains("口座の最後は567") && !page.contains("1234567"), "{page}");
    assert_eq!(taro.get(&asks).await.status, StatusCode::NOT_FOUND);
    assert_eq!(taro.get(&format!("{his}/payments/4")).await.status, StatusCode::NOT_FOUND);
    // His account has his mother's name: it waits until somebody looked at it.
    led_to(&posted(&mut taro, &format!("{his}/payments/5"), &MOTHERS).await);
    let page = officer.browser.get("/office/programmes/transfers").await.text;
    assert!(page.contains("名義が本人と違う"), "{page}");

    // Drawn up by one; who drew it up cannot release it, and nothing changes in it any more.
    let day = bank_day(town);
    let sunday = officer.post("/office/programmes/transfers", &[("pay_on", "2026-06-07")]).await;
    assert_eq!(sunday.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sunday.text);
    officer.done("/office/programmes/payments/5/holder", &[]).await;
    let run = officer.done("/office/programmes/transfers", &[("pay_on", &day)]).await;
    let run = run.split('?').next().unwrap().to_owned();
    let alone = officer.post(&format!("{run}/release"), &[]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alone.text.contains("ご自分が作った一覧"), "{}", alone.text);
    assert_eq!(led_to(&hana.get(&asks).await), mine);
    let token = hana.get(&mine).await.form_token().unwrap();
    let late: Vec<_> = YUCHO.into_iter().chain([("csrf", token.as_str())]).collect();
    assert_eq!(hana.post(&asks, &late).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut approver = Officer::of(town, &town.here, "approver").await;
    let early = approver.browser.get(&format!("{run}/file")).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing leaves before it is released");
    let page = approver.browser.get(&run).await.text;
    assert!(page.contains("1234567") && page.contains("ｶｸｳ ﾊﾅ") && page.contains("1,234円"), "{page}");
    approver.done(&format!("{run}/release"), &[]).await;
    let file = approver.browser.get(&format!("{run}/file")).await;
    assert_eq!(file.status, StatusCode::OK);
    let again = approver.browser.get(&format!("{run}/file")).await;
    assert_eq!(file.bytes, again.bytes, "the same bytes each time");
    assert_eq!(file.bytes.len() % 120, 0);
    assert!(file.text.contains("0000000401") && file.text.contains("0000001234"), "{}", file.text);
    assert_eq!(officer.post(&format!("{run}/call-off"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    // Carried out: the ledger has it, both are told.
    officer.done(&format!("{run}/carry-out"), &[]).await;
    assert!(hana.get(&mine).await.text.contains("お支払い済み"));
    // One comes back: asked again, and paid under another reference.
    officer.done(&format!("{list}/moves"), &[("view", "paid"), ("do", "come-back"), ("payment", "4")]).await;
    assert!(hana.get(&mine).await.text.contains("振込が戻りました"));
    officer.done(&format!("{list}/moves"), &[("view", "came-back"), ("do", "pay-again"), ("payment", "4")]).await;
    let nothing = officer.post("/office/programmes/transfers", &[("pay_on", &day)]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "no account is known that takes it");
    let bank = [
        ("names", "bank"),
        ("bank", "0001"),
        ("branch", "123"),
        ("kind", "ordinary"),
        ("number", "7654321"),
        ("holder", "カクウハナ"),
    ];
    led_to(&posted(&mut hana, &asks, &bank).await);
    let settled = officer.post("/office/programmes/payments/4/holder", &[]).await;
    assert_eq!(settled.status, StatusCode::UNPROCESSABLE_ENTITY, "her own name needs nobody to look");
    let second = officer.done("/office/programmes/transfers", &[("pay_on", &day)]).await;
    let second = second.split('?').next().unwrap().to_owned();
    approver.done(&format!("{second}/release"), &[]).await;
    let file = approver.browser.get(&format!("{second}/file")).await;
    assert!(file.text.contains("0000000402") && file.text.contains("7654321"), "{}", file.text);
    officer.done(&format!("{second}/carry-out"), &[]).await;

    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let ledger = reader.ledger_of(id_of(&mine).parse().unwrap()).await.unwrap();
    let kinds: Vec<&str> = ledger.iter().map(|it| it.entry.event.code()).collect();
    let after: Vec<&str> = kinds.into_iter().skip_while(|it| *it != "fulfilled").collect();
    assert_eq!(after, ["fulfilled", "returned", "fulfilled"], "{kind:?}");
    assert!(matches!(ledger.last().unwrap().entry.event, Event::Fulfilled { number: 2, .. }));
    let runs = reader.transfer_runs().await.unwrap();
    assert!(runs.iter().take(2).all(|it| it.digest.len() == 64 && it.released.is_some()));
    drop(reader);
    let figures = officer.browser.get(&format!("/office/programmes/{}/figures", round.programme)).await.text;
    assert!(figures.contains("1,934"), "{figures}");
    lived.work().await;
    let reader = town.house.org(town.here.org).read().await.unwrap().findings().await.unwrap();
    assert_eq!(reader, vec![]);
}

/// Somebody loses their place while their money stands in a list: it is not released, and what it held waits.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_with_somebody_without_a_place_is_not_released(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = opened_of(town, payments_for_everybody()).await;
    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mine = claimed(&mut hana, &round, "1234").await;
    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let list = format!("/office/programmes/rounds/{}/payments", round.id);
    let pick = format!("{}.1", id_of(&mine));
    officer.done(&format!("{list}/decide"), &[("pick", pick.as_str()), (&format!("yen.{pick}"), "1234")]).await;
    led_to(&posted(&mut hana, &format!("{mine}/payments/4"), &YUCHO).await);
    let run = officer.done("/office/programmes/transfers", &[("pay_on", &bank_day(town))]).await;
    let run = run.split('?').next().unwrap().to_owned();
    led_to(&posted(&mut hana, &mine, &[("do", "withdraw")]).await);
    let mut approver = Officer::of(town, &town.here, "approver").await;
    let refused = approver.post(&format!("{run}/release"), &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("席がなくなりました"), "{}", refused.text);
    officer.done(&format!("{run}/call-off"), &[]).await;
    let none = officer.post("/office/programmes/transfers", &[("pay_on", &bank_day(town))]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody without a place is paid");
    // Paid at the counter neither.
    let moved =
        officer.done(&format!("{list}/moves"), &[("view", "decided"), ("do", "pay-by-hand"), ("payment", "4")]).await;
    assert!(moved.contains("ledger_no_place.1"), "{moved}");
}
