//! What the office enters by hand about somebody known, at the HTTP door, on both databases: contact points and consents
//! from paper with every refusal, work given and finished by those who may, lists taken out with and without addresses.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a story that cannot go on ends")]

use axum::http::StatusCode;
use chrono::NaiveDate;
use tsunagari_access::{Act, Machine};
use tsunagari_kernel::{PersonId, Timestamp};
use tsunagari_people::consent::ConsentEnd;
use tsunagari_people::{PersonRecord, PointState, ReachPolicy};
use tsunagari_storage::purpose::{Labelled, Wording};
use tsunagari_storage::testing::BOTH;
use tsunagari_testkit::Town;
use tsunagari_testkit::browser::{Answer, Browser};

/// A town whose purpose `info` has a wording since 1 January and another since 1 March 2026.
async fn town(kind: tsunagari_storage::testing::Kind) -> Town {
    let town = Town::founded(kind).await;
    let mut tx = town.house.org(town.here.org).write().await.unwrap();
    let label = |text: &str| text.to_owned();
    let info =
        Labelled { code: "info".into(), ja: label("お知らせ"), easy: label("おしらせ"), en: label("News") };
    tx.keep_purpose(&info, 0).await.unwrap();
    for (version, month) in [(1, 1), (2, 3)] {
        let from = Timestamp::start_of(NaiveDate::from_ymd_opt(2026, month, 1).unwrap());
        let wording = Wording {
            purpose: "info".into(),
            version,
            locale: "ja".into(),
            text: "送ることに同意します。".into(),
            sender: "益田市".into(),
            from,
        };
        tx.add_wording(&wording).await.unwrap();
    }
    let by = Machine::working(town.here.org, "test").actor();
    tx.commit(&Act::named("found_organisation", by, town.house.operation())).await.unwrap();
    town
}

struct Office {
    browser: Browser,
    csrf: String,
}

impl Office {
    async fn of(town: &Town, role: &str) -> Self {
        let mut browser = town.signed_in(&town.here, role).await;
        let csrf = browser.get("/office/people").await.form_token().expect("a form token");
        Self { browser, csrf }
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let all: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.browser.post(path, &all).await
    }

    /// Posts, and expects this sentence as the refusal.
    async fn refused(&mut self, path: &str, fields: &[(&str, &str)], sentence: &str) {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}");
        assert!(answer.text.contains(sentence), "{path} {fields:?}: no “{sentence}”");
    }

    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {fields:?}: {}", answer.text);
    }

    async fn enter(&mut self, family: &str, birth: &str) -> PersonId {
        let fields = [("family", family), ("given", "花"), ("birth", birth), ("tie", "origin"), ("looked", "yes")];
        let answer = self.post("/office/people/add", &fields).await;
        let path = answer.location.expect("the card");
        path.trim_start_matches("/office/people/").split('?').next().unwrap().parse().unwrap()
    }
}

async fn record(town: &Town, id: PersonId) -> PersonRecord {
    town.house.org(town.here.org).read().await.unwrap().person_record(id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_on_paper_hold_from_the_signature_and_every_doubt_is_refused() {
    for kind in BOTH {
        let town = town(kind).await;
        let mut office = Office::of(&town, "editor").await;
        let adult = office.enter("髙橋", "平成15年6月1日").await;
        let path = format!("/office/people/{adult}/consents/add");
        let paper = |wording: &'static str, signed: &'static str, on: &'static str| {
            [("wording", wording), ("signed", signed), ("on", on)]
        };
        office.refused(&path, &paper("", "self", ""), "選んでください").await;
        office.refused(&path, &paper("info/9", "self", ""), "選んでください").await;
        office.refused(&path, &paper("info/1", "", ""), "選んでください").await;
        office.refused(&path, &paper("info/1", "guardian", ""), "18歳以上です").await;
        office.refused(&path, &paper("info/1", "self", "令和8年4月1日"), "まだ来ていない日").await;
        office.refused(&path, &paper("info/1", "self", "2026-13-01"), "value=\"2026-13-01\"").await;
        office.refused(&path, &paper("info/2", "self", "2026-02-28"), "まだ使われていません").await;
        assert!(record(&town, adult).await.consents.is_empty(), "{kind:?}");

        office.done(&path, &paper("info/1", "self", "令和8年2月10日")).await;
        let given = record(&town, adult).await.consents;
        assert_eq!((given.len(), given[0].wording_version), (1, 1));
        assert_eq!(given[0].span.from.jst_date(), NaiveDate::from_ymd_opt(2026, 2, 10).unwrap());
        office.refused(&path, &paper("info/1", "self", "2026-02-11"), "もう登録されています").await;
        office.done(&path, &paper("info/2", "self", "2026-03-10")).await;
        assert_eq!(record(&town, adult).await.consents.len(), 2, "the newer wording takes the older one's place");

        office.done(&format!("/office/people/{adult}/consents/info/withdraw"), &[]).await;
        let ended = record(&town, adult).await.consents;
        assert_eq!(ended.iter().filter(|it| it.ended == Some(ConsentEnd::WithdrawnByOffice)).count(), 1);
        office
            .refused(&format!("/office/people/{adult}/consents/info/withdraw"), &[], "続いている同意がありません")
            .await;
        office.refused(&path, &paper("info/2", "self", "2026-03-12"), "取りやめています").await;

        let child = office.enter("田中", "平成21年6月1日").await;
        let path = format!("/office/people/{child}/consents/add");
        office.done(&path, &paper("info/2", "guardian", "")).await;
        let other = adult.to_string();
        let stranger = [("wording", "info/2"), ("signed", other.as_str()), ("on", "")];
        office.refused(&path, &stranger, "選んでください").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_points_are_entered_broken_mended_and_taken_out() {
    for kind in BOTH {
        let town = town(kind).await;
        let mut office = Office::of(&town, "editor").await;
        let id = office.enter("髙橋", "平成15年6月1日").await;
        let path = format!("/office/people/{id}/contacts/add");
        for (sort, address) in [("line", "U1"), ("email", "hana@"), ("phone", "12"), ("postal", "")] {
            let answer = office.post(&path, &[("kind", sort), ("address", address)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{sort}");
        }
        office.done(&path, &[("kind", "email"), ("address", "Hana@example.jp")]).await;
        office.refused(&path, &[("kind", "email"), ("address", "hana@EXAMPLE.jp")], "もう登録されています").await;
        office.done(&path, &[("kind", "postal"), ("address", "益田市常盤町1-1"), ("postal_code", "698-8650")]).await;
        let known = record(&town, id).await;
        let stale = ReachPolicy::default().stale_after();
        let now = town.house.now();
        let state = |it: &PersonRecord, n: usize| it.contact_points[n].state(now, stale);
        assert_eq!((state(&known, 0), state(&known, 1)), (PointState::Unverified, PointState::Fresh), "{kind:?}");

        let change = |n: usize| format!("/office/people/{id}/contacts/{}/change", known.contact_points[n].id);
        office.refused(&change(0), &[("what", "works")], "選んでください").await;
        office.refused(&change(1), &[("what", "broken-complaint")], "選んでください").await;
        town.calendar.advance(chrono::TimeDelta::hours(1));
        office.done(&change(1), &[("what", "broken-returned")]).await;
        let later = town.house.now();
        let broken = record(&town, id).await.contact_points[1].state(later, stale);
        assert!(matches!(broken, PointState::Broken(_)), "{broken:?}");
        town.calendar.advance(chrono::TimeDelta::hours(1));
        office.done(&change(1), &[("what", "works")]).await;
        assert_eq!(record(&town, id).await.contact_points[1].state(town.house.now(), stale), PointState::Fresh);
        office.done(&change(1), &[("what", "removed")]).await;
        assert_eq!(office.post(&change(1), &[("what", "removed")]).await.status, StatusCode::NOT_FOUND);

        let card = office.browser.get(&format!("/office/people/{id}")).await.text;
        assert!(card.contains("郵便が返ってきた") || card.contains("届かなくなった"), "the history tells it");
        assert!(!card.contains("常盤町"), "and never the address");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_does_besides_school_is_entered_corrected_and_taken_out() {
    for kind in BOTH {
        let town = town(kind).await;
        let mut office = Office::of(&town, "editor").await;
        let id = office.enter("髙橋", "平成15年6月1日").await;
        let (card, add) = (format!("/office/people/{id}"), format!("/office/people/{id}/occupations/add"));
        office.refused(&add, &[("kind", ""), ("from", "")], "選んでください").await;
        office.refused(&add, &[("kind", "working"), ("from", "2126-04-01")], "まだ来ていない日").await;
        office.done(&add, &[("kind", "working"), ("from", "2026-01-05")]).await;
        office.done(&add, &[("kind", "working"), ("from", "2026-02-01")]).await;
        // What was before it is told to have ended where this began.
        office.done(&add, &[("kind", "other"), ("from", "2025-04-01")]).await;
        let known = record(&town, id).await.occupations;
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let spans: Vec<_> = known.iter().map(|it| (it.kind.code(), it.span.from, it.span.until)).collect();
        assert_eq!(
            spans,
            [("other", day("2025-04-01"), Some(day("2026-01-05"))), ("working", day("2026-01-05"), None)],
            "{kind:?}"
        );
        let shown = office.browser.get(&card).await.text;
        assert!(shown.contains("働いている（就職など）") && shown.contains("2026/01/05から"), "{shown}");
        // Nobody has joined: the day the record began is not told as that of joining.
        assert!(shown.contains("本人が参加した日</dt><dd>まだ参加していません"), "{shown}");
        assert!(shown.contains("記録を始めた日</dt><dd>令和8年3月16日"), "{shown}");

        let taken = format!("/office/people/{id}/occupations/{}", known[1].id);
        assert!(office.browser.get(&taken).await.text.contains("働いている（就職など）"));
        office.done(&taken, &[]).await;
        assert_eq!(office.post(&taken, &[]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(record(&town, id).await.occupations.len(), 1);
        assert!(office.browser.get(&card).await.text.contains("学校のほか"), "the history tells it");
        let mut viewer = Office::of(&town, "viewer").await;
        assert_eq!(viewer.post(&add, &[("kind", "working")]).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_given_and_finished_by_those_who_may_and_lists_leave_with_what_they_may() {
    for kind in BOTH {
        let town = town(kind).await;
        let mut tx = town.house.org(town.here.org).write().await.unwrap();
        tx.add_work_item("channel_stopped", "campaign", None, "", None).await.unwrap();
        let by = Machine::working(town.here.org, "test").actor();
        tx.commit(&Act::named("add_work_item", by, town.house.operation())).await.unwrap();
        let open = town.house.org(town.here.org).read().await.unwrap().open_work(None, 9).await.unwrap();
        let base = format!("/office/work/{}", open[0].id);

        let mut viewer = Office::of(&town, "viewer").await;
        assert_eq!(viewer.post(&format!("{base}/done"), &[]).await.status, StatusCode::FORBIDDEN);
        let mut approver = Office::of(&town, "approver").await;
        approver.refused(&format!("{base}/team"), &[("team", &base)], "選んでください").await;
        let long = "あ".repeat(301);
        approver.refused(&format!("{base}/done"), &[("outcome", &long)], "長すぎます").await;
        approver.done(&format!("{base}/done"), &[("outcome", "接続し直した")]).await;
        approver.refused(&format!("{base}/done"), &[], "もう済みになっています").await;
        approver.refused(&format!("{base}/team"), &[("team", "")], "もう済みになっています").await;

        let mut editor = Office::of(&town, "editor").await;
        let id = editor.enter("髙橋", "平成15年6月1日").await;
        let path = format!("/office/people/{id}/contacts/add");
        editor.done(&path, &[("kind", "email"), ("address", "hana@example.jp")]).await;
        let letter = [("kind", "postal"), ("address", "益田市常盤町1-1"), ("postal_code", "69")];
        editor.refused(&path, &letter, "郵便番号は7桁です").await;
        let card = |day: &'static str| format!("/office/people/{id}?as_of={day}");
        let day_to_come = editor.browser.get(&card("2126-03-31")).await.text;
        assert!(day_to_come.contains("まだ来ていない日です") && day_to_come.contains("value=\"2126-03-31\""));
        let no_day = editor.browser.get(&card("2026/13/1")).await;
        assert_eq!(no_day.status, StatusCode::OK);
        assert!(no_day.text.contains("日付を読み取れません") && no_day.text.contains("value=\"2026/13/1\""));
        let plain = editor.post("/office/exports/people", &[("format", "csv")]).await;
        assert!(plain.text.contains("髙橋 花") && !plain.text.contains("hana@"), "{}", plain.text);
        let (head, line) =
            (plain.text.lines().next().unwrap(), plain.text.lines().find(|it| it.contains("髙橋")).unwrap());
        assert!(head.ends_with("今の段階,届くか,届く手段・届かない理由"), "{head}");
        assert!(line.contains(",届かない,") && line.contains("同意がありません"), "{line}");
        let whole = editor.post("/office/exports/people", &[("format", "csv"), ("contacts", "yes")]).await;
        assert!(whole.text.contains("hana@example.jp"), "{}", whole.text);
        let work = editor.browser.get("/office/exports/work?team=all&as=csv").await;
        assert!(work.text.contains("接続し直した"), "{}", work.text);
        for list in ["audit", "staff"] {
            let path = format!("/office/exports/{list}?as=csv");
            assert_eq!(editor.browser.get(&path).await.status, StatusCode::FORBIDDEN, "{list}");
            let mut administrator = Office::of(&town, "administrator").await;
            assert_eq!(administrator.browser.get(&path).await.status, StatusCode::OK, "{list}");
        }
        let mut reader = town.house.org(town.here.org).read().await.unwrap();
        let filter =
            tsunagari_storage::audit_view::AuditFilter { act: Some("export_list".into()), ..Default::default() };
        assert_eq!(reader.audit_count(&filter).await.unwrap(), 5, "every list that left is on record");
    }
}
