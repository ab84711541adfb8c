//! An e-mail address that came from paper is confirmed by the letter the office sends, at the HTTP door, on both databases:
//! by whoever has the mailbox and knows the birth date, or the name; never by the link alone, and never where it may not go.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that cannot go on ends")]

use axum::http::StatusCode;
use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{ContactPointId, OrgId, PersonId};
use tsunagari_people::{ContactPoint, PersonRecord};
use tsunagari_storage::Tx;
use tsunagari_testkit::lived::mail_text;
use tsunagari_testkit::{Answer, BOTH, Lived, Officer};

const ADDRESS: &str = "listed@school.example";

async fn record(lived: &Lived, person: PersonId) -> PersonRecord {
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    reader.person_record(person).await.unwrap()
}

async fn point(lived: &Lived, person: PersonId) -> ContactPoint {
    record(lived, person).await.contact_points.remove(0)
}

/// Somebody entered from paper; the address of their card and of asking for the letter.
async fn entered(lived: &Lived, officer: &mut Officer, more: &[(&str, &str)]) -> (PersonId, String, String) {
    let mut fields = vec![("family_kana", "カクウ"), ("given_kana", "メイボ"), ("email", ADDRESS)];
    fields.extend(more);
    let person = officer.person("架空", "名簿", &fields).await;
    let card = format!("/office/people/{person}");
    let ask = format!("{card}/contacts/{}/confirm", point(lived, person).await.id);
    (person, card, ask)
}

fn sent(lived: &Lived) -> usize {
    lived.mail.messages(Some(ADDRESS), 100).len()
}

async fn keep(lived: &Lived, org: OrgId, tx: Tx) {
    let by = Machine::working(org, "test").actor();
    tx.commit(&Act::named("test", by, lived.town.house.operation())).await.unwrap();
}

#[track_caller]
fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains(words), "no {words:?} in {}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letter_proves_the_address_to_whoever_it_belongs_to() {
    for kind in BOTH {
        let lived = Lived::connected(kind).await;
        let mut officer = Officer::of(&lived.town, &lived.town.here, "editor").await;
        let (person, card, ask) = entered(&lived, &mut officer, &[("birth", "2007-06-01")]).await;
        assert!(officer.browser.get(&card).await.text.contains(&ask), "{kind:?}: offered beside the address");
        let page = officer.browser.get(&ask).await;
        assert!(page.text.contains("確認をお願いするメール") && !page.text.contains(ADDRESS), "{}", page.text);
        assert_eq!(officer.done(&ask, &[]).await, format!("{card}?done=asked#contacts"));
        let card_after = officer.browser.get(&format!("{card}?done=asked")).await;
        assert!(card_after.text.contains("確認のメールを送りました"), "{}", card_after.text);
        lived.work().await;
        assert_eq!(sent(&lived), 1, "{kind:?}: once");
        let mail = mail_text(&lived.mail.messages(Some(ADDRESS), 1).pop().unwrap().raw);
        assert!(mail.contains("確かめています") && !mail.contains("架空 名簿"), "it does not say whose: {mail}");
        assert_eq!(point(&lived, person).await.verified_at, None);
        // Whoever a slip of the pen sent it to sees nothing of the person and comes no further.
        let link = lived.mailed_path(ADDRESS);
        let mut stranger = lived.town.browser();
        let shown = stranger.get(&link).await;
        assert!(shown.text.contains("生年月日") && !shown.text.contains("名簿"), "{}", shown.text);
        for wrong in ["", "2007-06-02", "架空 名簿"] {
            refused(&stranger.post(&link, &[("birth", wrong)]).await, "登録と合いません");
        }
        assert_eq!(stranger.get("/me").await.status, StatusCode::SEE_OTHER, "{kind:?}: nobody is signed in there");
        assert_eq!(point(&lived, person).await.verified_at, None, "{kind:?}");
        let mut owner = lived.town.browser();
        let opened = owner.post(&link, &[("birth", "平成19年6月1日")]).await;
        assert_eq!(opened.location.as_deref(), Some("/me"), "{}", opened.text);
        assert!(owner.get("/me").await.text.contains("架空 名簿"));
        let proven = point(&lived, person).await;
        assert!(proven.verified_at.is_some() && proven.working.iter().any(|it| it.span.until.is_none()), "{kind:?}");
        // Once: neither the link nor the offer is there any more, and the record says who asked.
        refused(&stranger.post(&link, &[("birth", "2007-06-01")]).await, "もう使えません");
        let card_now = officer.browser.get(&card).await;
        assert!(!card_now.text.contains(&ask), "{kind:?}");
        refused(&officer.post(&ask, &[]).await, "もう本人が確認しています");
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        let changes = reader.person_changes(person, 10).await.unwrap();
        let acts: Vec<String> = changes.into_iter().filter_map(|it| it.act.map(|(act, _)| act)).collect();
        assert!(acts.iter().any(|act| act == "ask_to_confirm"), "{kind:?}: {acts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_birth_date_is_known_the_name_is_asked_and_guessing_ends_the_link() {
    for kind in BOTH {
        let lived = Lived::connected(kind).await;
        let mut officer = Officer::of(&lived.town, &lived.town.here, "editor").await;
        let (person, _, ask) = entered(&lived, &mut officer, &[]).await;
        officer.done(&ask, &[]).await;
        lived.work().await;
        let first = lived.mailed_path(ADDRESS);
        let mut guessing = lived.town.browser();
        for name in ["", "山田 花", "架空", "メイボ"] {
            refused(&guessing.post(&first, &[("name", name)]).await, "登録と合いません");
        }
        refused(&guessing.post(&first, &[("name", "架空 二")]).await, "もう使えません");
        refused(&guessing.post(&first, &[("name", "架空 名簿")]).await, "もう使えません");
        assert_eq!(point(&lived, person).await.verified_at, None, "{kind:?}");
        officer.done(&ask, &[]).await;
        lived.work().await;
        let second = lived.mailed_path(ADDRESS);
        let mut owner = lived.town.browser();
        let opened = owner.post(&second, &[("name", "かくう めいぼ")]).await;
        assert_eq!(opened.location.as_deref(), Some("/me"), "{kind:?}: {}", opened.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_nowhere_it_may_not() {
    for kind in BOTH {
        let lived = Lived::connected(kind).await;
        let mut officer = Officer::of(&lived.town, &lived.town.here, "editor").await;
        let (person, card, ask) = entered(&lived, &mut officer, &[("birth", "2007-06-01")]).await;
        // By nobody without the permission, not from another town, not about another person's or nobody's contact point.
        let mut viewer = Officer::of(&lived.town, &lived.town.here, "viewer").await;
        assert_eq!(viewer.post(&ask, &[]).await.status, StatusCode::FORBIDDEN, "{kind:?}");
        assert!(!viewer.browser.get(&card).await.text.contains(&ask), "{kind:?}");
        let mut elsewhere = Officer::of(&lived.town, &lived.town.there, "editor").await;
        assert_eq!(elsewhere.post(&ask, &[]).await.status, StatusCode::NOT_FOUND, "{kind:?}");
        let other = officer.person("架空", "別人", &[]).await;
        let crossed = ask.replace(&person.to_string(), &other.to_string());
        assert_eq!(officer.post(&crossed, &[]).await.status, StatusCode::NOT_FOUND, "{kind:?}");
        let nobodys = ask.replace(&point(&lived, person).await.id.to_string(), &ContactPointId(other.0).to_string());
        assert_eq!(officer.post(&nobodys, &[]).await.status, StatusCode::NOT_FOUND, "{kind:?}");
        // Not while mail stands still.
        let org = lived.town.here.org;
        let mut tx = lived.town.house.org(org).write().await.unwrap();
        let channel = tx.mail_channel().await.unwrap().unwrap();
        let mut stopped = channel.clone();
        stopped.stopped_reason = Some("by_office".into());
        tx.keep_mail_channel(&stopped).await.unwrap();
        keep(&lived, org, tx).await;
        assert!(!officer.browser.get(&card).await.text.contains(&ask), "{kind:?}");
        refused(&officer.post(&ask, &[]).await, "メールが設定されていません");
        let mut tx = lived.town.house.org(org).write().await.unwrap();
        tx.keep_mail_channel(&channel).await.unwrap();
        keep(&lived, org, tx).await;
        lived.work().await;
        assert_eq!(sent(&lived), 0, "{kind:?}: no letter has left yet");
        // Three a day, and a protected person's page says what to make sure of first.
        let mut tx = lived.town.house.org(org).write().await.unwrap();
        let mut hidden = tx.person(person).await.unwrap();
        hidden.address_protected = true;
        tx.keep_person(&hidden).await.unwrap();
        keep(&lived, org, tx).await;
        let warned = officer.browser.get(&ask).await;
        assert!(warned.text.contains("電話などで確かめてから"), "{}", warned.text);
        for _ in 0..3 {
            officer.done(&ask, &[]).await;
        }
        refused(&officer.post(&ask, &[]).await, "1日に3回まで");
        lived.work().await;
        assert_eq!(sent(&lived), 3, "{kind:?}");
        // Not to what came back, and what was taken out is not found.
        let change = format!("{}/change", ask.trim_end_matches("/confirm"));
        officer.done(&change, &[("what", "broken-hard-bounce")]).await;
        assert!(!officer.browser.get(&card).await.text.contains(&ask), "{kind:?}");
        refused(&officer.post(&ask, &[]).await, "使えなくなったアドレス");
        let link = lived.mailed_path(ADDRESS);
        refused(&lived.town.browser().get(&link).await, "もう使えません");
        officer.done(&change, &[("what", "removed")]).await;
        assert_eq!(officer.post(&ask, &[]).await.status, StatusCode::NOT_FOUND, "{kind:?}");
        let late = lived.town.browser().post(&link, &[("birth", "2007-06-01")]).await;
        refused(&late, "もう使えません");
    }
}

/// A letter to a mailbox of the house: once the person is protected, whoever else reads it there is let in no more.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_sent_before_somebody_was_protected_opens_nothing() {
    for kind in BOTH {
        let lived = Lived::connected(kind).await;
        let mut officer = Officer::of(&lived.town, &lived.town.here, "editor").await;
        let (person, _, ask) = entered(&lived, &mut officer, &[("birth", "2007-06-01")]).await;
        officer.done(&ask, &[]).await;
        lived.work().await;
        let before = lived.mailed_path(ADDRESS);
        let mut tx = lived.town.house.org(lived.town.here.org).write().await.unwrap();
        let mut hidden = tx.person(person).await.unwrap();
        hidden.address_protected = true;
        tx.keep_person(&hidden).await.unwrap();
        keep(&lived, lived.town.here.org, tx).await;
        let mut reading = lived.town.browser();
        refused(&reading.get(&before).await, "もう使えません");
        refused(&reading.post(&before, &[("birth", "2007-06-01")]).await, "もう使えません");
        assert_eq!(point(&lived, person).await.verified_at, None, "{kind:?}");
        // One the office sends knowing of it, after it has made sure whose mailbox it is, opens the page.
        officer.done(&ask, &[]).await;
        lived.work().await;
        let since = lived.mailed_path(ADDRESS);
        let opened = reading.post(&since, &[("birth", "2007-06-01")]).await;
        assert_eq!(opened.location.as_deref(), Some("/me"), "{kind:?}: {}", opened.text);
    }
}
