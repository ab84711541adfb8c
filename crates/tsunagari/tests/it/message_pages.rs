//! Messages at the office's door: results as files that hold what the page says, an approval nobody gives themselves,
//! and a test that goes to people named for it.

use axum::http::StatusCode;
use rstest::rstest;
use tsunagari_access::permission::WriteMessages;
use tsunagari_documents::sheet_in::{Limits, read};
use tsunagari_i18n::{Locale, Texts};
use tsunagari_kernel::{Clock, Timestamp};
use tsunagari_storage::audit_view::AuditFilter;
use tsunagari_testkit::lived::PICTURE;
use tsunagari_testkit::{Kind, Lived, Officer};

use crate::kill_sending::{approved, counts, grant, handed_in, settled, version_of};

/// The rows of a file that hold something.
fn rows_of(bytes: &[u8]) -> Vec<Vec<String>> {
    let sheet = read(bytes, &Limits::default()).unwrap();
    let rows = sheet.rows.iter().map(|row| row.iter().map(|cell| cell.text().into_owned()).collect::<Vec<_>>());
    rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn results_are_taken_out_as_the_page_tells_them(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 3, |it| it.quiet_until_minute = it.quiet_from_minute).await;
    let id = approved(&lived).await;
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::minutes(15));
    }
    lived.work().await;
    assert_eq!(counts(&lived, 3), [1; 3]);
    let mut editor = lived.town.signed_in(&lived.town.here, "editor").await;
    let page = editor.get(&format!("/office/messages/{id}/deliveries?state=sent")).await;
    assert!(page.text.contains("送信済み") && page.text.contains("3人"), "{}", page.text);
    for kind in ["xlsx", "csv"] {
        let file = editor.get(&format!("/office/exports/messages/{id}?state=sent&as={kind}")).await;
        assert_eq!(file.status, StatusCode::OK, "{kind}");
        let rows = rows_of(&file.bytes);
        assert_eq!(rows.len(), 4, "{kind}: a head and three people: {rows:?}");
        assert!(rows[1..].iter().all(|row| row.iter().any(|cell| cell == "送信済み")), "{kind}: {rows:?}");
        assert!(rows[1..].iter().all(|row| row.iter().any(|cell| cell == "LINE")), "{kind}: {rows:?}");
        let none = editor.get(&format!("/office/exports/messages/{id}?state=failed&as={kind}")).await;
        assert_eq!(rows_of(&none.bytes).len(), 1, "{kind}: nobody failed");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_author_approves_nothing_at_the_door(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "administrator")).await;
    let here = format!("/office/messages/{id}");
    let mut author = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let page = author.browser.get(&here).await;
    assert!(!page.text.contains(&format!("{here}/approve")), "no button to approve one's own");
    let version = version_of(&lived, id).await.to_string();
    let answer = author.post(&format!("{here}/approve"), &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("自分が書いたものは承認できません"), "{}", answer.text);
    let state = lived.town.house.org(lived.town.here.org).read().await.unwrap().campaign(id).await.unwrap();
    assert_eq!(state.campaign.state.code(), "submitted", "it still waits for somebody else");
    // The control: the same request of another person is taken.
    let mut other = Officer::of(&lived.town, &lived.town.here, "approver").await;
    other.approve(&here, &[]).await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn what_was_changed_behind_an_approver_is_not_approved(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    let opened = approver.browser.get(&here).await.text;
    let forms = tsunagari_testkit::markup::forms(&opened, &here);
    let old = forms.iter().find(|form| form.action == format!("{here}/approve")).expect("the form of the approval");
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let edit = format!("{here}/edit");
    let kept = editor.fill(&edit, &edit, &[("b0-text", "すり替えた文"), ("then", "look")]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    editor.done(&format!("{here}/submit"), &[]).await;
    let answer = approver.browser.submit(old, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains("画面を開いたあとで") && answer.text.contains("すり替えた文"), "{}", answer.text);
    // The control: what the page shows now is approved.
    approver.approve(&here, &[]).await;
}

/// How many test sends the record of operations holds.
async fn tests_on_record(lived: &Lived) -> i64 {
    let tests = AuditFilter { act: Some("test_send".into()), ..AuditFilter::default() };
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    reader.audit_count(&tests).await.unwrap()
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_message_is_tried_out_on_somebody_named_and_the_choice_is_remembered(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    let people = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.people_page(&tsunagari_storage::person_list::PeopleFilter::default(), None, 9).await.unwrap()
    };
    let person = people[0].id.to_string();
    let testers = "/office/settings/line/testers";
    let form = format!("action=\"{here}/test\"");
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    assert!(!editor.browser.get(&here).await.text.contains(&form), "for LINE alone, and nobody is named for it");
    let mut admin = Officer::of(&lived.town, &lived.town.here, "administrator").await;
    let found = admin.browser.get(&format!("{testers}?q={}", people[0].family)).await;
    assert!(found.text.contains(&person), "found by name: {}", found.text);
    admin.done(testers, &[("person", &person)]).await;
    assert_eq!(editor.browser.get(testers).await.status, StatusCode::FORBIDDEN, "naming them is an administrator's");
    let offered = editor.browser.get(&here).await.text;
    assert!(offered.contains(&form) && offered.contains(&person), "{offered}");
    assert!(!offered.contains("value=\"mail\"") && !offered.contains("name=\"mail\""), "no mail is written");
    let nobody = editor.post(&format!("{here}/test"), &[("to", &people[1].id.to_string()), ("language", "ja")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "not named");
    assert_eq!(
        (counts(&lived, 2), tests_on_record(&lived).await),
        (vec![0; 2], 0),
        "nothing left, nothing is on record"
    );
    editor.done(&format!("{here}/test"), &[("to", &person), ("language", "ja")]).await;
    assert_eq!((counts(&lived, 2).iter().sum::<usize>(), tests_on_record(&lived).await), (1, 1));
    let again = editor.browser.get(&here).await.text;
    let chosen = again.split("<input").find(|it| it.contains(&person)).unwrap();
    assert!(chosen.split('>').next().unwrap().contains("checked"), "chosen as last time: {chosen}");
    admin.done(&format!("{testers}/drop"), &[("person", &person)]).await;
    assert!(!editor.browser.get(&here).await.text.contains(&person));
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_contractor_reads_numbers_and_no_names_on_any_page_of_messages(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 3, |it| it.quiet_until_minute = it.quiet_from_minute).await;
    let waiting = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let sent = approved(&lived).await;
    for clock in [&lived.town.calendar, &lived.town.real] {
        clock.advance(chrono::TimeDelta::minutes(15));
    }
    lived.work().await;
    let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
    let mut names: Vec<String> = Vec::new();
    let filter = tsunagari_storage::campaign_result::DeliveryFilter::default();
    names.extend(reader.delivery_lines(sent, &filter, 10, 0).await.unwrap().into_iter().map(|it| it.name));
    drop(reader);
    assert!(names.len() == 3 && names.iter().all(|name| !name.is_empty()), "{names:?}");
    let table = tsunagari_web::table(lived.town.state.clone());
    let pages: Vec<&str> = table
        .table()
        .iter()
        .filter(|row| row.method == axum::http::Method::GET && row.path.contains("/messages"))
        .map(|row| row.path)
        .collect();
    assert!(pages.len() >= 6, "{pages:?}");
    let (mut told, mut seen) = (Vec::new(), 0);
    for (role, named) in [("contractor", false), ("viewer", true)] {
        let mut browser = lived.town.signed_in(&lived.town.here, role).await;
        let mut found = false;
        for path in &pages {
            for id in [waiting, sent] {
                let answer = browser.get(&path.replace("{id}", &id.to_string())).await;
                seen += usize::from(answer.status == StatusCode::OK);
                if names.iter().any(|name| answer.text.contains(name.as_str())) {
                    found = true;
                    told.push(format!("{role} {path}"));
                }
            }
        }
        // The viewer is the control: the same pages name people to who sees people.
        assert_eq!(found, named, "{role}: {told:?}");
    }
    assert!(seen > 8, "pages were read");
    let mut contractor = lived.town.signed_in(&lived.town.here, "contractor").await;
    let page = contractor.get(&format!("/office/messages/{sent}")).await.text;
    assert!(page.contains("3人"), "the counts stand: {page}");
    assert!(!page.contains("/deliveries"), "and lead to no list");
    assert_eq!(contractor.get(&format!("/office/messages/{sent}/deliveries")).await.status, StatusCode::FORBIDDEN);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn who_approves_sends_back_with_a_word_and_calls_off_what_she_released(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("あなたの判断を待っています") && !page.contains("承認者が確かめています"), "{page}");
    assert!(!page.contains(&format!("{here}/cancel")), "another's draft is not hers to drop");
    assert!(editor.browser.get(&here).await.text.contains("承認者が確かめています"));
    approver.post(&format!("{here}/cancel"), &[]).await;
    assert_eq!(state(&lived, id).await, "submitted", "nor by a request of her own");
    let silent = approver.post(&format!("{here}/back"), &[("word", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "not without a word");
    approver.done(&format!("{here}/back"), &[("word", "地図を入れてください")]).await;
    assert_eq!(state(&lived, id).await, "draft");
    for path in [here.clone(), format!("{here}/edit"), "/office".to_owned()] {
        assert!(editor.browser.get(&path).await.text.contains("地図を入れてください"), "{path}");
    }
    // Changed and handed in again, with a time in it that the approver finds in her form.
    let typed = [
        ("version", "3"),
        ("language", "ja"),
        ("title", "帰省"),
        ("purpose", "info"),
        ("rule", "everyone"),
        ("b0-kind", "text"),
        ("b0-text", "地図はこちら"),
        ("at", "2027-03-10T10:00"),
        ("then", "look"),
    ];
    editor.done(&format!("{here}/edit"), &typed).await;
    editor.done(&format!("{here}/submit"), &[]).await;
    assert!(!editor.browser.get("/office").await.text.contains("地図を入れてください"), "answered");
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("2027-03-10T10:00"), "{page}");
    assert!(page.contains("条件を書いたもの") && page.contains("<code>everyone</code>"), "{page}");
    approver.approve(&here, &[]).await;
    let page = approver.browser.get(&here).await.text;
    assert!(page.contains("取り消せます") && page.contains(&format!("{here}/cancel")), "{page}");
    approver.done(&format!("{here}/cancel"), &[]).await;
    assert_eq!(state(&lived, id).await, "cancelled");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn an_empty_draft_says_what_to_choose(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let to = editor.done("/office/messages/new", &[("language", "ja"), ("then", "look")]).await;
    let page = editor.browser.get(&to).await.text;
    assert!(page.contains("届ける人: 届ける人を選んでください。"), "{page}");
    assert!(page.contains("題名（庁内用）: 題名を書いてください。"), "{page}");
    assert!(!page.contains("条件の1行目"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_picture_or_video_not_chosen_yet_is_kept_and_asked_for(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let mut editor = Officer::of(&lived.town, &lived.town.here, "editor").await;
    let blank = editor.browser.get("/office/messages/new").await.text;
    assert!(blank.contains("選べるものがまだありません"), "{blank}");
    assert!(blank.contains(r#"<a href="/office/media" target="_blank" rel="noopener">"#), "{blank}");
    assert_eq!(editor.browser.get("/office/media").await.status, StatusCode::OK);
    for (kind, text, asked) in
        [("image", "会場の地図", "画像を"), ("video", "町の一日", "動画を"), ("image", "", "画像を")]
    {
        let typed = [
            ("title", "帰省"),
            ("purpose", "info"),
            ("language", "ja"),
            ("rule", "everyone"),
            ("b0-kind", kind),
            ("b0-text", text),
            ("subject", "帰省"),
            ("body", "本文"),
            ("then", "look"),
        ];
        let here = editor.done("/office/messages/new", &typed).await;
        let page = editor.browser.get(&here).await.text;
        assert!(page.contains("送るまでに直すこと"), "{kind}: {page}");
        assert!(page.contains(&format!("LINE 吹き出し 1: {asked}選んでください。")), "{kind}: {page}");
        assert!(!page.contains(&format!("{here}/submit")), "{kind}: approval is not asked for yet");
        editor.post(&format!("{here}/submit"), &[]).await;
        let id = here.rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(state(&lived, id).await, "draft", "{kind}: nor by a request of one's own");
        let form = editor.browser.get(&format!("{here}/edit")).await.text;
        let chosen = format!(r#"<option value="{kind}" selected>"#);
        assert!(form.contains(&chosen) && form.contains(text), "{kind}: as it was typed: {form}");
    }
    // The picture brought in, chosen: now it can be handed in.
    let answer = editor.upload("/office/media", &[("title", "絵")], ("a.png", PICTURE)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let picture = {
        let mut reader = lived.town.house.org(lived.town.here.org).read().await.unwrap();
        reader.media_list().await.unwrap()[0].id.to_string()
    };
    let typed = [
        ("title", "帰省"),
        ("purpose", "info"),
        ("language", "ja"),
        ("rule", "everyone"),
        ("b0-kind", "image"),
        ("b0-text", "会場の地図"),
        ("b0-media", picture.as_str()),
        ("then", "look"),
    ];
    let here = editor.done("/office/messages/new", &typed).await;
    let page = editor.browser.get(&here).await.text;
    assert!(page.contains(&format!("{here}/submit")) && !page.contains("送るまでに直すこと"), "{page}");
    let form = editor.browser.get(&format!("{here}/edit")).await.text;
    assert!(!form.contains("選べるものがまだありません") && form.contains("使いたいものがここに無いときは"), "{form}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_message_that_is_over_names_who_approved_it_and_who_called_it_off(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |it| it.quiet_until_minute = it.quiet_from_minute).await;
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    let name = lived.town.here.who("approver").staff.name.clone();
    let t = Texts::of(Locale::Ja);
    let row = |title: &str, at: Timestamp| format!("<dt>{title}</dt><dd>{name}、{}</dd>", t.date_time(at));
    let (sent, stopped) = (approved(&lived).await, approved(&lived).await);
    let given = row("承認した人", lived.town.calendar.now());
    let minutes = |n| {
        for clock in [&lived.town.calendar, &lived.town.real] {
            clock.advance(chrono::TimeDelta::minutes(n));
        }
    };
    minutes(2);
    approver.done(&format!("/office/messages/{stopped}/cancel"), &[]).await;
    let off = row("取りやめた人", lived.town.calendar.now());
    minutes(13);
    lived.work().await;
    for (id, over, told) in [(sent, "done", &[&given][..]), (stopped, "cancelled", &[&given, &off])] {
        assert_eq!(state(&lived, id).await, over);
        let page = approver.browser.get(&format!("/office/messages/{id}")).await.text;
        for row in told {
            assert!(page.contains(*row), "{over}: {row}: {page}");
        }
        assert_eq!(page.contains("取りやめた人"), over == "cancelled", "{page}");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn a_message_with_a_time_of_its_own_can_be_called_off_until_then(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let id = handed_in(&lived, &grant::<WriteMessages>(&lived, "editor")).await;
    let here = format!("/office/messages/{id}");
    let mut approver = Officer::of(&lived.town, &lived.town.here, "approver").await;
    approver.approve(&here, &[("at", "2027-03-10T10:00")]).await;
    for minutes in [0, 20] {
        for clock in [&lived.town.calendar, &lived.town.real] {
            clock.advance(chrono::TimeDelta::minutes(minutes));
        }
        let page = approver.browser.get(&here).await.text;
        assert!(page.contains("令和9年3月10日（水）10:00 に送ります。それまでは取り消せます"), "{page}");
        assert!(!page.contains("秒は取り消せます"), "nothing is counted down: {page}");
        assert!(page.contains(&format!("{here}/cancel")), "{page}");
    }
    // The control: without a time of its own the window is told.
    let soon = approved(&lived).await;
    let page = approver.browser.get(&format!("/office/messages/{soon}")).await.text;
    assert!(page.contains("秒は取り消せます") && !page.contains("それまでは取り消せます"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn the_phone_is_headed_as_readers_see_it(#[case] kind: Kind) {
    let lived = Lived::connected(kind).await;
    settled(&lived, 2, |_| {}).await;
    let (town, here) = (&lived.town.here, format!("/office/messages/{}", approved(&lived).await));
    let mut reader = lived.town.house.org(town.org).read().await.unwrap();
    let account = reader.sending_line_channel().await.unwrap().unwrap().name;
    let organisation = reader.organisation().await.unwrap().name;
    drop(reader);
    assert_ne!(account, organisation);
    let bar = |name: &str| format!(r#"<p class="phone__bar">{name}</p>"#);
    let mut editor = lived.town.signed_in(town, "editor").await;
    for path in [here.clone(), format!("{here}/edit")] {
        let page = editor.get(&path).await.text;
        assert!(page.contains(&bar(&account)) && !page.contains(&bar(&organisation)), "{path}: {page}");
    }
    // The control: where no account is connected it is the organisation's name.
    let mut admin = Officer::of(&lived.town, town, "administrator").await;
    let channels = format!("/office/settings/line/{}", lived.here.messaging);
    admin.done(&format!("{channels}/stop"), &[]).await;
    assert!(editor.get(&here).await.text.contains(&bar(&organisation)));
}

async fn state(lived: &Lived, id: tsunagari_kernel::CampaignId) -> &'static str {
    lived.town.house.org(lived.town.here.org).read().await.unwrap().campaign(id).await.unwrap().campaign.state.code()
}
