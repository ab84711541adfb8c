//! Parcels from the place to the answer: made ready, their recipients asked where to, packed from the shelf, handed over with a file for the
//! carrier, its numbers read back, one come back and sent again, a word by the card. What is protected leaves in no file.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::signed_token::card_token;
use tsunagari_programmes::{Event, Round};
use tsunagari_testkit::{Answer, Browser, Joining, Kind, Lived, Officer, parcels_for_everybody};

use crate::applying::{led_to, posted};
use crate::seats::{granted, opened_of};

async fn applied(browser: &mut Browser, round: &Round) -> String {
    let handed = posted(browser, &format!("/me/apply/{}/check", round.id), &[]).await;
    led_to(&handed).split('?').next().unwrap().to_owned()
}

const HOME: [(&str, &str); 5] = [
    ("name", "石見 花子"),
    ("phone", "０９０－００００－０００１"),
    ("postal_code", "1040061"),
    ("address", "東京都中央区架空1-2-3"),
    ("building", "架空荘101"),
];

async fn told(lived: &Lived, officer: &mut Officer, at: &str) -> String {
    lived.work().await;
    officer.browser.get(at).await.text
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_parcel_goes_out_comes_back_and_is_answered(#[case] kind: Kind) {
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = opened_of(town, parcels_for_everybody()).await;
    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mut taro = lived.joined(&town.here, &Joining::of("石見", "太郎", "taro@people.example")).await;
    let mine = applied(&mut hana, &round).await;
    let his = applied(&mut taro, &round).await;

    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let list = format!("/office/programmes/rounds/{}/parcels", round.id);
    officer.done(&format!("{list}/prepare"), &[]).await;
    let page = officer.browser.get(&list).await.text;
    assert!(page.contains("P00002-1") && page.contains("P00003-1") && page.contains("2人に届け先を尋ねる"), "{page}");
    officer.done(&format!("{list}/prepare"), &[]).await;
    assert!(!officer.browser.get(&list).await.text.contains("P00004-1"), "made once");

    // Nothing is packed before anybody said where to; they are asked, and say so.
    let moved = |what: &'static str, no: &'static str| [("view", "all"), ("do", what), ("parcel", no)];
    let refused = officer.done(&format!("{list}/moves"), &moved("pack", "2")).await;
    assert!(refused.contains("parcel_no_address.1"), "{refused}");
    officer.done(&format!("{list}/ask"), &[]).await;
    let id = mine.rsplit('/').next().unwrap();
    let application = format!("/office/programmes/applications/{id}");
    assert!(told(&lived, &mut officer, &application).await.contains("届け先を尋ねた"));
    // The letter leads there, also on a phone that is not signed in yet.
    let link = lived.mailed_path("hanako@people.example");
    assert_eq!(led_to(&hana.get(&link).await), mine);
    let mut phone = town.browser();
    assert_eq!(led_to(&phone.get(&link).await), format!("/p/{}/sign-in", town.here.code));
    let page = hana.get(&mine).await.text;
    assert!(page.contains("届け先を教えてください") && page.contains(&format!("{mine}/parcels/2")), "{page}");
    let asks = format!("{mine}/parcels/2");
    let wrong = posted(&mut hana, &asks, &[("name", "石見 花子"), ("phone", "12"), ("address", "東京都")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"f-phone\"") && wrong.text.contains("東京都"), "{}", wrong.text);
    assert!(led_to(&posted(&mut hana, &asks, &HOME).await).ends_with("news=addressed"));
    assert!(hana.get(&mine).await.text.contains("104-0061 東京都中央区架空1-2-3 架空荘101"));
    // Nobody else's, not even by its address.
    assert_eq!(taro.get(&asks).await.status, StatusCode::NOT_FOUND);
    assert_eq!(taro.get(&format!("{his}/parcels/2")).await.status, StatusCode::NOT_FOUND);
    // His came on paper: his page shows a part of it only.
    officer.done("/office/programmes/parcels/3", &HOME).await;
    let page = taro.get(&his).await.text;
    assert!(page.contains("東京都•••") && !page.contains("架空荘"), "{page}");

    // One piece is on the shelf: the second parcel waits.
    let lot = [("good", "米"), ("pieces", "１"), ("best_before", "2099-01-01")];
    officer.done(&format!("{list}/lots"), &lot).await;
    let both = [("view", "to-pack"), ("do", "pack"), ("parcel", "2"), ("parcel", "3")];
    let moved_both = officer.done(&format!("{list}/moves"), &both).await;
    assert!(moved_both.contains("n=1&not=stock_used_up.1"), "{moved_both}");
    let late = posted(&mut hana, &mine, &[("do", "withdraw")]).await;
    assert_eq!(late.status, StatusCode::SEE_OTHER, "what is only packed can still be taken back");
    let gone = officer.done(&format!("{list}/moves"), &moved("hand-over", "2")).await;
    assert!(gone.contains("not=ledger_is_over.1"), "{gone}");
    officer.done(&format!("{list}/moves"), &moved("give-up", "2")).await;
    officer.done(&format!("{list}/moves"), &moved("pack", "3")).await;

    // The file for the carrier needs the day and the sender; it holds what is packed.
    let unset = officer.browser.get(&format!("{list}/file?as=b2")).await;
    assert_eq!(unset.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unset.text.contains("発送の日と差出人"), "{}", unset.text);
    let sending = [
        ("seen", "0"),
        ("ships_on", "2026-06-10"),
        ("until", "2026-06-05"),
        ("goods", "ふるさとの味"),
        ("card", "元気ですか。"),
        ("name", "架空市 ふるさと係"),
        ("phone", "0856-00-0000"),
        ("postal_code", "698-0000"),
        ("address", "島根県架空市本町1-1"),
        ("slip", "0"),
        ("customer", "0856000000"),
        ("tariff", "01"),
    ];
    officer.done(&format!("{list}/shipping"), &sending).await;
    for (format, holds) in [("b2", "P00003-1"), ("yupri", "P00003-1"), ("csv", "P00003-1")] {
        let file = officer.browser.get(&format!("{list}/file?as={format}")).await;
        assert_eq!(file.status, StatusCode::OK, "{format}");
        assert!(file.text.contains(holds) && !file.text.contains("P00002-1"), "{format}: {}", file.text);
    }
    let papers = officer.browser.get(&format!("{list}/papers")).await.text;
    assert!(papers.contains("元気ですか。") && papers.contains("<svg") && papers.contains("米"), "{papers}");

    officer.done(&format!("{list}/moves"), &moved("hand-over", "3")).await;
    assert!(taro.get(&his).await.text.contains("発送済み"));
    let file = "番号,日,名,送り状番号\nP00003-1,,,1234-5678-9012\n";
    let looked = sent(&mut officer, &format!("{list}/tracking"), file).await;
    assert!(looked.text.contains("1個の荷物に番号が付きます"), "{}", looked.text);
    let wrong = sent(&mut officer, &format!("{list}/tracking"), "a,b,c,d\nP00009-1,,,1234-5678-9012\n").await;
    assert!(wrong.text.contains("この募集にその荷物はありません"), "{}", wrong.text);
    officer.done(&format!("{list}/tracking/read"), &[("lines", "2\tP00003-1\t1234-5678-9012\r\n")]).await;
    assert!(taro.get(&his).await.text.contains("123456789012"));

    // It comes back: asked about again, and sent under another number.
    officer.done(&format!("{list}/moves"), &moved("come-back", "3")).await;
    officer.done(&format!("{list}/lots"), &lot).await;
    officer.done(&format!("{list}/moves"), &moved("send-again", "3")).await;
    let refused = officer.done(&format!("{list}/moves"), &moved("pack", "3")).await;
    assert!(refused.contains("parcel_no_address.1"), "{refused}");
    led_to(&posted(&mut taro, &format!("{his}/parcels/3"), &HOME).await);
    for what in ["pack", "hand-over"] {
        officer.done(&format!("{list}/moves"), &moved(what, "3")).await;
    }
    let stale = sent(&mut officer, &format!("{list}/tracking"), file).await;
    assert!(stale.text.contains("前の発送の番号です"), "{}", stale.text);

    // Handed over by mistake: taken back, and the ledger with it.
    officer.done(&format!("{list}/moves"), &moved("take-back", "3")).await;
    officer.done(&format!("{list}/moves"), &moved("hand-over", "3")).await;
    let reader = || async { town.house.org(town.here.org).read().await.unwrap() };
    let ledger = reader().await.ledger_of(his.rsplit('/').next().unwrap().parse().unwrap()).await.unwrap();
    let kinds: Vec<&str> = ledger.iter().map(|it| it.entry.event.code()).collect();
    let after: Vec<&str> = kinds.into_iter().skip_while(|it| *it != "fulfilled").collect();
    assert_eq!(after, ["fulfilled", "returned", "fulfilled", "corrected", "fulfilled"], "{kind:?}");
    assert!(matches!(ledger.last().unwrap().entry.event, Event::Fulfilled { number: 2, .. }));

    // The card: nobody is named on it, what is written reaches the office, and it arrived.
    let token = card_token(&town.house, town.here.org, 3).await.unwrap();
    let mut stranger = town.browser();
    let card = format!("/card/{token}");
    let page = stranger.get(&card).await.text;
    assert!(page.contains("荷物は届きましたか") && !page.contains("太郎"), "{page}");
    assert_eq!(stranger.get(&format!("{}A", &card[..card.len() - 1])).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&card, &[("words", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stranger.post(&card, &[("words", "おいしかったです。")]).await.text.contains("ありがとうございました"));
    let page = officer.browser.get(&format!("{list}/answers")).await.text;
    assert!(page.contains("おいしかったです。"), "{page}");
    assert!(taro.get(&his).await.text.contains("お届け済み"));
    assert_eq!(reader().await.findings().await.unwrap(), vec![]);
}

async fn sent(officer: &mut Officer, at: &str, file: &str) -> Answer {
    let columns = [("receipt", "1"), ("number", "4"), ("first_row", "2")];
    officer.upload(at, &columns, ("numbers.csv", file.as_bytes())).await
}

/// Somebody is protected after they said where to: their parcel is packed and handed over, but stands in no file and on no page.
#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test(flavor = "multi_thread")]
async fn a_protected_address_leaves_in_no_file(#[case] kind: Kind) {
    use tsunagari_acts::move_parcel::{ParcelMove, move_parcel};
    let lived = Lived::furnished(kind).await;
    let town = &lived.town;
    let round = opened_of(town, parcels_for_everybody()).await;
    let mut hana = lived.joined(&town.here, &Joining::of("石見", "花子", "hanako@people.example")).await;
    let mine = applied(&mut hana, &round).await;
    let mut officer = Officer::of(town, &town.here, "administrator").await;
    let list = format!("/office/programmes/rounds/{}/parcels", round.id);
    officer.done(&format!("{list}/prepare"), &[]).await;
    led_to(&posted(&mut hana, &format!("{mine}/parcels/2"), &HOME).await);

    let here = town.house.org(town.here.org);
    let applicant = here.read().await.unwrap().application(mine.rsplit('/').next().unwrap().parse().unwrap()).await;
    let mut tx = here.write().await.unwrap();
    let mut hidden = tx.person(applicant.unwrap().applicant.unwrap()).await.unwrap();
    hidden.address_protected = true;
    tx.keep_person(&hidden).await.unwrap();
    let machine = tsunagari_access::Machine::working(town.here.org, "test").actor();
    tx.commit(&tsunagari_access::Act::named("test", machine, town.house.operation())).await.unwrap();

    let by = granted::<HandleApplications>(town);
    move_parcel(&town.house, &by, 2, ParcelMove::Pack).await.unwrap();
    let one = officer.browser.get("/office/programmes/parcels/2").await.text;
    assert!(one.contains("職員が直接渡してください") && !one.contains("架空荘"), "{one}");
    assert!(!hana.get(&mine).await.text.contains("架空荘"), "not on their own page either: somebody may look over");
    let sending = [
        ("seen", "0"),
        ("ships_on", "2026-06-10"),
        ("name", "架空市"),
        ("phone", "0856-00-0000"),
        ("postal_code", "698-0000"),
        ("address", "島根県架空市本町1-1"),
    ];
    officer.done(&format!("{list}/shipping"), &sending).await;
    let file = officer.browser.get(&format!("{list}/file?as=csv")).await;
    assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody is left to be in it: {}", file.text);
    let entered = officer.post("/office/programmes/parcels/2", &HOME).await;
    assert_eq!(entered.status, StatusCode::UNPROCESSABLE_ENTITY);
    move_parcel(&town.house, &by, 2, ParcelMove::HandOver).await.unwrap();
    lived.work().await;
    assert_eq!(here.read().await.unwrap().findings().await.unwrap(), vec![]);
}
