//! An administrator sets a town up at the door: every page opens, what does not fit is said at its field and changes
//! nothing, a colleague is invited and signs in, LINE is asked before a channel is kept, mail really leaves.

use std::net::{Ipv4Addr, SocketAddr};

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::json;
use tsunagari_access::totp;
use tsunagari_acts::choose_password::secret_of_page;
use tsunagari_kernel::Clock;
use tsunagari_line_sim::{LineSim, RateLimits, Setup, SimConfig};
use tsunagari_mail_sim::MailSim;
use tsunagari_testkit::{Browser, Kind, Town};

const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";

/// Posts a form with the token of the page it stands on.
pub async fn fill(
    browser: &mut Browser,
    page: &str,
    action: &str,
    fields: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let token = browser.get(page).await.form_token().expect("a form on the page");
    let mut all = vec![("csrf", token.as_str())];
    all.extend_from_slice(fields);
    let answer = browser.post(action, &all).await;
    (answer.status, answer.location.unwrap_or_default(), answer.text)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map(|(it, _)| it)
        .expect("the text on the page")
}

const ORGANISATION: [(&str, &str); 15] = [
    ("name", "益田市"),
    ("kana", "ますだし"),
    ("contact", "ひとづくり推進課"),
    ("accent", "sea"),
    ("guardian_age", "１８"),
    ("stale_after_days", "400"),
    ("stale", "not"),
    ("job_years_before_last", "1"),
    ("job_month", "4"),
    ("quiet_from", "21:00"),
    ("quiet_until", "08:00"),
    ("cap_messages", "4"),
    ("cap_days", "30"),
    ("cancel_seconds", "10s"),
    ("outside_approver", ""),
];

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn the_towns_own_settings(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    for page in [
        "/office/settings",
        "/office/settings/organisation",
        "/office/settings/staff",
        "/office/settings/staff/new",
        "/office/settings/teams",
        "/office/settings/line",
        "/office/settings/line/connect",
        "/office/settings/mail",
        "/office/settings/mail/test",
        "/office/settings/wordings",
        "/office/settings/wordings/purpose",
        "/office/settings/interests",
        "/office/settings/interests/new",
        "/office/settings/schools",
        "/office/settings/schools/new",
        "/office/settings/plan",
        "/office/media",
        "/office/audit",
    ] {
        let answer = admin.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.text);
        assert!(!answer.text.contains('⟦'), "{page} lacks a text");
    }
    let here = "/office/settings/organisation";
    let mut wrong = ORGANISATION;
    wrong[4].1 = "99";
    wrong[8].1 = "四月";
    let (status, _, text) = fill(&mut admin, here, here, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("f-job_month-error") && text.contains("四月"), "what was typed stays, with its error");
    assert!(text.contains("f-guardian_age-error") && text.contains("0から20までの数"), "all at once: {text}");
    let (status, to, _) = fill(&mut admin, here, here, &ORGANISATION).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/office/settings/organisation?done=saved"));
    let mut reader = town.house.org(town.here.org).read().await.unwrap();
    let kept = reader.organisation().await.unwrap();
    assert_eq!(
        (kept.guardian_age, kept.stale_counts, kept.cancel_seconds, kept.accent.as_str()),
        (18, false, 10, "sea")
    );
    drop(reader);
    assert_eq!(fill(&mut admin, here, here, &ORGANISATION).await.0, StatusCode::SEE_OTHER);
    let record = admin.get("/office/audit?act=keep_organisation").await.text;
    assert_eq!(
        record.matches("保護者の同意が要る年齢 16 → 18").count(),
        1,
        "what changed, and only a change: {record}"
    );
    counting_begins(&mut admin).await;
    let (_, to, _) =
        fill(&mut admin, "/office/settings/teams", "/office/settings/teams", &[("name", "ひとづくり推進課")]).await;
    assert_eq!(to, "/office/settings/teams?done=saved");
    let (status, ..) =
        fill(&mut admin, "/office/settings/teams", "/office/settings/teams", &[("name", "ひとづくり推進課")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "one name, one department");
    let labels = [("code", "home"), ("ja", "帰省"), ("easy", "帰ること"), ("en", "Coming home")];
    let new = "/office/settings/interests/new";
    assert_eq!(fill(&mut admin, new, new, &labels).await.1, "/office/settings/interests?done=saved");
    schools_are_put_right(&mut admin).await;
    let purpose = "/office/settings/wordings/purpose";
    let labels = [("code", "info"), ("ja", "お知らせ"), ("easy", "お知らせ"), ("en", "News")];
    assert_eq!(fill(&mut admin, purpose, purpose, &labels).await.1, "/office/settings/wordings/info");
    let texts = [("sender", "益田市"), ("text_ja", "送ります"), ("text_easy", "おくります"), ("text_en", "We send")];
    let wording = "/office/settings/wordings/info";
    assert_eq!(fill(&mut admin, wording, wording, &texts).await.0, StatusCode::SEE_OTHER);
    assert_eq!(
        fill(&mut admin, wording, wording, &texts).await.0,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the same text is no version"
    );
    let audit = admin.get("/office/audit?act=add_wording&from=2026-03-01&until=2026-03-31").await;
    assert!(
        audit.text.contains("益田市 administrator") && !audit.text.contains(">操作の記録を見た</td>"),
        "{}",
        audit.text
    );
    let reads = admin.get("/office/audit?act=read_audit").await;
    assert!(reads.text.contains(">操作の記録を見た</td>"), "reading the record is on record");
}

/// A school is added once, its name mended, and it goes while nobody was there.
async fn schools_are_put_right(admin: &mut Browser) {
    let (list, new) = ("/office/settings/schools", "/office/settings/schools/new");
    let typed = |name: &'static str, years: &'static str, place: &'static str| {
        [("name", name), ("kind", "high_school"), ("years", years), ("place", place)]
    };
    let (status, _, text) = fill(admin, new, new, &typed("架空高校", "三", "府中市")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-place-error"), "{text}");
    assert!(text.contains("f-years-error"), "all at once: {text}");
    let (status, _, text) = fill(admin, new, new, &typed("架空高校", "三", "益田市")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-years-error"), "{text}");
    assert!(text.contains("value=\"架空高校\""), "what was typed stays: {text}");
    assert_eq!(
        fill(admin, new, new, &typed("架空高校", "３", "益田市")).await.1,
        "/office/settings/schools?done=saved"
    );
    let (status, _, text) = fill(admin, new, new, &typed("架空　高校", "3", "")).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-name-error"),
        "one name, one school: {text}"
    );
    let shown = admin.get(list).await.text;
    assert!(shown.contains("島根県益田市"), "{shown}");
    let here = format!("{list}/{}", between(&shown, "<a href=\"/office/settings/schools/", "\""));
    assert_eq!(fill(admin, &here, &here, &typed("架空北高校", "3", "益田市")).await.0, StatusCode::SEE_OTHER);
    assert!(admin.get(list).await.text.contains("架空北高校"));
    let (_, to, _) = fill(admin, &here, &format!("{here}/remove"), &[]).await;
    assert_eq!(to, "/office/settings/schools?done=removed");
    assert!(!admin.get(list).await.text.contains("架空北高校"));
    assert_eq!(admin.get(&here).await.status, StatusCode::NOT_FOUND);
}

/// Without a plan, then with the town's own; never with another town's.
async fn counting_begins(admin: &mut Browser) {
    let here = "/office/settings/plan";
    assert!(admin.get("/office/reach").await.text.contains(here), "the empty page says where to begin");
    for (plan, targets) in [("", false), ("shimane/masuda", true)] {
        let (status, to, _) = fill(admin, here, here, &[("plan", plan)]).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/office/settings/plan?done=saved"));
        let page = admin.get(here).await.text;
        assert!(page.contains("就活期に情報を届けられる学生数"), "{page}");
        assert_eq!(page.contains("1,457"), targets, "{page}");
    }
    for (plan, why) in [("shimane/izumo", "別の団体の計画"), ("", "もう数えている")] {
        let (status, _, page) = fill(admin, here, here, &[("plan", plan)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
        assert!(page.contains(why) && page.contains("1,457"), "{page}");
    }
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_colleague_is_invited_and_the_last_administrator_stays(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let new = "/office/settings/staff/new";
    let past = [("login", "k@t.example"), ("name", "架空 一"), ("role", "contractor"), ("until", "2020-01-01")];
    let (status, _, text) = fill(&mut admin, new, new, &past).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-until-error"));
    let good = [("login", "K@t.example"), ("name", "架空 一"), ("role", "contractor"), ("until", "2026-09-30")];
    let (status, _, text) = fill(&mut admin, new, new, &good).await;
    assert_eq!(status, StatusCode::OK);
    let path = between(&text, "id=\"invitation-link\">http://localhost", "<").to_owned();
    let (status, _, text) = fill(&mut admin, new, new, &good).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-login-error"), "a name is taken once");

    let mut guest = town.browser();
    let shown = guest.get(&path).await;
    let nonce = between(&shown.text, "name=\"nonce\" value=\"", "\"").to_owned();
    let token = path.rsplit('/').next().unwrap();
    let code = totp::code_at(&secret_of_page(token, &nonce), town.real.now());
    let weak = [("nonce", nonce.as_str()), ("password", "short"), ("again", "short"), ("code", code.as_str())];
    assert_eq!(guest.post(&path, &weak).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fine = [
        ("nonce", nonce.as_str()),
        ("password", "correct staple"),
        ("again", "correct staple"),
        ("code", code.as_str()),
    ];
    let done = guest.post(&path, &fine).await;
    assert!(done.status == StatusCode::OK && done.text.matches("<li><code>").count() == 10, "{}", done.text);
    assert!(guest.post(&path, &fine).await.status.is_client_error(), "a link works once");
    town.real.advance(chrono::TimeDelta::seconds(30));
    let code = totp::code_at(&secret_of_page(token, &nonce), town.real.now());
    let entry =
        [("login", "k@t.example"), ("password", "correct staple"), ("code", code.as_str()), ("next", "/office")];
    assert_eq!(guest.post("/office/sign-in", &entry).await.location.as_deref(), Some("/office"));
    assert_eq!(guest.get("/office/settings").await.status, StatusCode::FORBIDDEN, "a contractor sets nothing");

    let me = format!("/office/settings/staff/{}", town.here.who("administrator").staff.id);
    let down = [("name", "x"), ("role", "viewer"), ("access", "open")];
    let (status, _, text) = fill(&mut admin, &me, &me, &down).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-role-error"),
        "the last administrator stays"
    );
    assert_eq!(fill(&mut admin, &me, &format!("{me}/factor"), &[]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = format!("/office/settings/staff/{}", town.there.who("viewer").staff.id);
    assert_eq!(admin.get(&foreign).await.status, StatusCode::NOT_FOUND);
    let other = format!("/office/settings/staff/{}", town.here.who("editor").staff.id);
    let mut editor = town.signed_in(&town.here, "editor").await;
    let closed = [("name", "x"), ("role", "editor"), ("access", "closed")];
    assert_eq!(fill(&mut admin, &other, &other, &closed).await.0, StatusCode::SEE_OTHER);
    assert_eq!(editor.get("/office").await.status, StatusCode::SEE_OTHER, "sessions end at once");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn line_is_asked_before_a_channel_is_kept(#[case] kind: Kind) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config =
        SimConfig { rate_limits: RateLimits::Off, seed: Some(7), host: "127.0.0.1".into(), ..SimConfig::default() };
    let sim = LineSim::start(config).await.unwrap();
    let setup: Setup = serde_json::from_value(json!({
        "providers": [{"id": "school", "name": "架空高校"}],
        "messaging_channels": [{"id": "1000000001", "provider": "school", "secret": SECRET, "name": "架空高校公式", "basic_id": "school", "access_token": "token"}],
    }))
    .unwrap();
    sim.sim.set_up(&setup).unwrap();
    let town = Town::founded(kind).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let first = "/office/settings/line/connect";
    let vendor = [("owner", "vendor"), ("name", "業者"), ("owner_name", "株式会社架空")];
    let (status, _, text) = fill(&mut admin, first, first, &vendor).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("name=\"vendor\""),
        "a vendor's provider is refused"
    );
    let school = [("owner", "other_body"), ("name", "架空高校"), ("owner_name", "架空高等学校")];
    let (_, mandate, _) = fill(&mut admin, first, first, &school).await;
    let leave = [
        ("holder", "架空高等学校"),
        ("holder_kind", "school"),
        ("document", "覚書"),
        ("scope", "案内"),
        ("from_on", "2026-03-01"),
        ("last_on", ""),
    ];
    let (_, second, _) = fill(&mut admin, &mandate, &mandate, &leave).await;
    let record = mandate;
    let page = admin.get(&second).await.text;
    let mandate = between(&page, "<option value=\"0", "\"");
    let mandate = format!("0{mandate}");
    let base = sim.base_url().to_owned();
    let channel = |secret: &'static str, mandate: &str| {
        [
            ("kind", "messaging".to_owned()),
            ("number", "1000000001".to_owned()),
            ("secret", secret.to_owned()),
            ("plan", "light".to_owned()),
            ("mandate", mandate.to_owned()),
            ("api_base", base.clone()),
            ("data_base", base.clone()),
            ("access_base", base.clone()),
        ]
    };
    let borrowed = |fields: &[(&'static str, String)]| fields.iter().map(|(k, v)| (*k, v.clone())).collect::<Vec<_>>();
    for (secret, mandate, field) in [
        ("00000000000000000000000000000000", mandate.as_str(), "f-secret-error"),
        ("too short", mandate.as_str(), "f-secret-error"),
        (SECRET, "", "f-mandate-error"),
    ] {
        let fields = borrowed(&channel(secret, mandate));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let (status, _, text) = fill(&mut admin, &second, &second, &fields).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains(field), "{field}: {text}");
        assert!(!text.contains(SECRET), "a secret is never sent back");
    }
    let fields = borrowed(&channel(SECRET, &mandate));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let (status, to, text) = fill(&mut admin, &second, &second, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let page = to.trim_end_matches("?done=connected").to_owned();
    assert!(admin.get(&page).await.text.contains("架空高校公式"), "the name comes from LINE");
    let (_, _, checked) = fill(&mut admin, &page, &format!("{page}/check"), &[]).await;
    assert!(checked.contains("まだ設定されていません"), "{checked}");
    let (status, _, set) = fill(&mut admin, &page, &format!("{page}/webhook"), &[]).await;
    assert!(
        status == StatusCode::OK && set.contains("COULD_NOT_CONNECT"),
        "nobody listens at the test's origin: {set}"
    );
    assert!(fill(&mut admin, &page, &format!("{page}/stop"), &[]).await.1.ends_with("done=stopped"));
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    assert!(town.house.line.open(&town.house.org(town.here.org), id).await.is_err(), "a stopped channel does not open");
    assert!(fill(&mut admin, &page, &format!("{page}/resume"), &[]).await.1.ends_with("done=resumed"));
    assert!(town.house.line.open(&town.house.org(town.here.org), id).await.is_ok());
    let more = [("plan", "light"), ("plan_ceiling", "100")];
    assert_eq!(fill(&mut admin, &page, &format!("{page}/plan"), &more).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let more = [("plan", "standard"), ("plan_ceiling", "5,000")];
    assert_eq!(fill(&mut admin, &page, &format!("{page}/plan"), &more).await.0, StatusCode::SEE_OTHER);
    // A newer mandate is recorded, leads back to the channel, and is chosen there.
    assert_eq!(fill(&mut admin, &record, &record, &leave).await.1, page);
    let shown = admin.get(&page).await.text;
    let newer = between(&shown, "<option value=\"0", "\"");
    let newer = format!("0{newer}");
    assert_ne!(newer, mandate);
    let choose = format!("{page}/mandate");
    let (status, _, text) = fill(&mut admin, &page, &choose, &[("mandate", "")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("f-mandate-error"), "{text}");
    assert_eq!(fill(&mut admin, &page, &choose, &[("mandate", &newer)]).await.0, StatusCode::SEE_OTHER);
    let kept = town.house.org(town.here.org).read().await.unwrap().line_channel(id).await.unwrap();
    assert_eq!(kept.mandate.unwrap().to_string(), newer);
    sim.stop().await;
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn mail_really_leaves(#[case] kind: Kind) {
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mail = MailSim::start(local, local).await.unwrap();
    let town = Town::founded(kind).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let here = "/office/settings/mail";
    let server = format!("smtp://{}", mail.smtp_addr());
    let given = |url: &str| {
        [
            ("from_name", "益田市".to_owned()),
            ("from_address", "info@town.example".into()),
            ("smtp_url", url.into()),
            ("bounce_domain", "bounce.town.example".into()),
        ]
    };
    for url in ["smtps://a:b@mail.example", "nonsense", "smtp://mail.example/"] {
        let fields = given(url);
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        fields.push(("dkim_domain", "town.example"));
        let (status, _, text) = fill(&mut admin, here, here, &fields).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains(url), "{url}");
    }
    let fields = given(&server);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let (status, _, text) = fill(&mut admin, here, here, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let test = "/office/settings/mail/test";
    let (status, _, text) = fill(&mut admin, test, test, &[("to", "hana@town.example")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let (mut resident, door) = (town.browser(), "/p/322041/sign-in");
    assert!(resident.get(door).await.text.contains("name=\"email\""), "the control: offered while mail works");
    assert!(fill(&mut admin, here, "/office/settings/mail/stop", &[]).await.1.ends_with("done=stopped"));
    assert!(!resident.get(door).await.text.contains("name=\"email\""), "what cannot leave is not offered");
    let late = resident.post(door, &[("email", "hana@people.example")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "nor promised: {}", late.text);
    assert!(late.text.contains("今はメールを送れません"), "{}", late.text);
}
