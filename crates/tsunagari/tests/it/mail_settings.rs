//! What an administrator may type into the settings of mail and LINE, at the door: a file's name leads to the town's own
//! secrets only, a host to where the operator lets it, a demonstration to this machine; and each cause is said at its own
//! field, in the reader's words.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use axum::http::StatusCode;
use rstest::rstest;
use serde_json::json;
use tsunagari_access::Machine;
use tsunagari_acts::mail_gateway::{MailGateway, MailGatewayError};
use tsunagari_acts::{Hosts, LineGateway, Outside};
use tsunagari_line_sim::{LineSim, RateLimits, Setup, SimConfig};
use tsunagari_mail_sim::MailSim;
use tsunagari_testkit::{Browser, Kind, Town};
use tsunagari_web::WebState;

use crate::settings::fill;

const HERE: &str = "/office/settings/mail";
const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
const UNUSABLE: &str = "この名前のファイルを使えません";
const DKIM: &str = include_str!("../../../channels/tests/fixtures/dkim-test-key.pem");

fn put_under(town: &mut Town, hosts: Hosts) {
    let outside = Arc::new(Outside { mail_secrets: town.house.outside.mail_secrets.clone(), hosts });
    town.house.line = LineGateway::on(town.real.clone(), outside.clone());
    town.house.outside = outside;
    town.state = WebState::new(town.house.clone(), [9; 32]);
}

/// A form of mail with some fields changed.
fn given<'a>(url: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("from_name", "益田市"),
        ("from_address", "info@town.example"),
        ("smtp_url", url),
        ("bounce_domain", "bounce.town.example"),
    ];
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(changed);
    fields
}

/// Refused, and what is said at a field.
async fn refused(admin: &mut Browser, fields: &[(&str, &str)], field: &str) -> String {
    let (status, _, text) = fill(admin, HERE, HERE, fields).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    for (_, typed) in fields {
        let typed = typed.replace('&', "&amp;").replace('\'', "&#39;");
        assert!(text.contains(&typed) || typed.contains(['"', '<']), "what was typed is kept: {typed}");
    }
    let mark = format!("id=\"f-{field}-error\"");
    let (_, rest) = text.split_once(&mark).unwrap_or_else(|| panic!("nothing at {field}: {text}"));
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split("</p>").next().unwrap().to_owned()
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[rstest]
#[case::sqlite(Kind::File)]
#[case::postgres(Kind::Server)]
#[tokio::test]
async fn a_town_names_only_its_own_secrets(#[case] kind: Kind) {
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mail = MailSim::start(local, local).await.unwrap();
    let town = Town::founded(kind).await;
    let secrets = town.house.outside.mail_secrets.clone();
    write(&secrets.join("322041/smtp.password"), "of the town\n");
    write(&secrets.join("322041/dkim.pem"), DKIM);
    write(&secrets.join("322016/theirs.password"), "of the neighbour\n");
    let url_file = town.db.dir.path().join("database.url");
    write(&url_file, "postgres://somebody:secret@host/tsunagari\n");
    let whole = url_file.display().to_string();
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let server = format!("smtp://hana@{}", mail.smtp_addr());
    for path in [whole.as_str(), "../322016/theirs.password", "../../database.url", "..", "/etc/hostname"] {
        let said = refused(&mut admin, &given(&server, &[("password_file", path)]), "password_file").await;
        assert!(said.contains("ファイルの名前だけ"), "{path}: {said}");
        let signed = [("dkim_domain", "town.example"), ("dkim_selector", "a"), ("dkim_key_file", path)];
        let plain = format!("smtp://{}", mail.smtp_addr());
        let said = refused(&mut admin, &given(&plain, &signed), "dkim_key_file").await;
        assert!(said.contains("ファイルの名前だけ"), "{path}: {said}");
    }
    // Missing, the neighbour's, not a password, not a key: one answer.
    for name in ["nothing", "theirs.password", "dkim.pem"] {
        let said = refused(&mut admin, &given(&server, &[("password_file", name)]), "password_file").await;
        assert!(said.contains(UNUSABLE), "{name}: {said}");
    }
    for name in ["nothing", "theirs.password", "smtp.password"] {
        let signed = [("dkim_domain", "town.example"), ("dkim_selector", "a"), ("dkim_key_file", name)];
        let said = refused(&mut admin, &given(&server, &signed), "dkim_key_file").await;
        assert!(said.contains(UNUSABLE), "{name}: {said}");
    }
    let all = [
        ("password_file", "smtp.password"),
        ("dkim_domain", "town.example"),
        ("dkim_selector", "a"),
        ("dkim_key_file", "dkim.pem"),
    ];
    let (status, _, text) = fill(&mut admin, HERE, HERE, &given(&server, &all)).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "the control: {text}");
    // A name stands for the town's own file alone, although a mailer of this name is known.
    let gateway = MailGateway::default();
    assert!(gateway.open(&town.house, town.here.org).await.is_ok());
    let channel = town.house.org(town.here.org).read().await.unwrap().mail_channel().await.unwrap().unwrap();
    assert_eq!(channel.password_file.as_deref(), Some("smtp.password"));
    let by = Machine::working(town.there.org, "test");
    let mut tx = town.house.org(town.there.org).write().await.unwrap();
    tx.keep_mail_channel(&channel).await.unwrap();
    let act = tsunagari_access::Act::named("keep_mail_channel", by.actor(), town.house.operation());
    tx.commit(&act).await.unwrap();
    let theirs = gateway.open(&town.house, town.there.org).await;
    assert!(matches!(theirs, Err(MailGatewayError::Settings(it)) if it.code == "mail_file_unusable"), "never shared");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn each_cause_is_said_at_its_own_field(#[case] kind: Kind) {
    let town = Town::founded(kind).await;
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let fit = "smtp://127.0.0.1:25";
    for (url, changed, field, words) in [
        (fit, ("from_address", "abc"), "from_address", "メールアドレスとして読めません"),
        (fit, ("reply_to", "abc@"), "reply_to", "メールアドレスとして読めません"),
        ("nonsense", ("reply_to", ""), "smtp_url", "の形で入れてください"),
        ("https://127.0.0.1", ("reply_to", ""), "smtp_url", "の形で入れてください"),
        ("smtp://a:b@127.0.0.1", ("reply_to", ""), "smtp_url", "パスワードをアドレスに書かないで"),
        ("smtp://a@127.0.0.1", ("reply_to", ""), "password_file", "パスワードのファイルが要ります"),
        (fit, ("dkim_domain", "town.example"), "dkim_selector", "3つがそろって"),
        ("nonsense", ("password_file", "/etc/passwd"), "password_file", "名前だけ"),
        (fit, ("dkim_key_file", "../dkim.pem"), "dkim_key_file", "名前だけ"),
        (fit, ("dkim_selector", "a b"), "dkim_selector", "セレクターとして読めません"),
        (fit, ("dkim_key_file", "dkim.pem"), "dkim_domain", "3つがそろって"),
        (fit, ("bounce_domain", "あ"), "bounce_domain", "ドメイン名として読めません"),
    ] {
        let said = refused(&mut admin, &given(url, &[changed]), field).await;
        assert!(said.contains(words), "{url} {changed:?}: {said}");
        assert!(!said.contains("mail settings") && !said.contains("email_without_at"), "{said}");
    }
    // Two at once, each at its own.
    let both = given("nonsense", &[("from_address", "abc")]);
    assert!(refused(&mut admin, &both, "from_address").await.contains("メールアドレス"));
    assert!(refused(&mut admin, &both, "smtp_url").await.contains("の形で"));
    // The try-out: nobody listens there any more.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("smtp://{closed}");
    assert_eq!(fill(&mut admin, HERE, HERE, &given(&url, &[])).await.0, StatusCode::SEE_OTHER);
    let test = "/office/settings/mail/test";
    let (status, _, text) = fill(&mut admin, test, test, &[("to", "hana@town.example")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains("メールサーバーにつながりません") && !text.contains("onnection"), "{text}");
    assert!(text.contains("hana@town.example"), "what was typed is kept");
    // What was kept and cannot be used any more is told without a program's words.
    let there = town.house.outside.mail_secrets.join("322041/smtp.password");
    write(&there, "of the town");
    let signed_in = given("smtp://a@127.0.0.1:25", &[("password_file", "smtp.password")]);
    assert_eq!(fill(&mut admin, HERE, HERE, &signed_in).await.0, StatusCode::SEE_OTHER);
    std::fs::remove_file(there).unwrap();
    let (_, _, text) = fill(&mut admin, test, test, &[("to", "hana@town.example")]).await;
    assert!(text.contains("保存してあるメールの設定を使えません") && !text.contains("os error"), "{text}");
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn an_installation_speaks_to_line_and_to_mail_servers_the_operator_lets_it(#[case] kind: Kind) {
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mail = MailSim::start(local, local).await.unwrap();
    let mut town = Town::founded(kind).await;
    put_under(&mut town, Hosts::World { inner_mail: Vec::new(), line_simulator: None });
    let mut admin = town.signed_in(&town.here, "administrator").await;
    let inner = format!("smtp://{}", mail.smtp_addr());
    for url in
        [inner.as_str(), "smtp://localhost:5432", "smtps://10.0.0.1", "smtp://169.254.169.254:80", "smtps://[::1]"]
    {
        let said = refused(&mut admin, &given(url, &[]), "smtp_url").await;
        assert!(said.contains("mail.inner_hosts"), "{url}: {said}");
    }
    assert_eq!(fill(&mut admin, HERE, HERE, &given("smtps://mail.example.jp", &[])).await.0, StatusCode::SEE_OTHER);
    for bases in [["http://127.0.0.1:1"; 3], ["https://10.0.0.1"; 3], ["https://api.line.me.example"; 3]] {
        let (status, text) = connect(&mut admin, bases).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains("f-api_base-error") && text.contains("line.simulator"), "{bases:?}: {text}");
    }
    let inner_mail = vec!["127.0.0.1".to_owned()];
    put_under(&mut town, Hosts::World { inner_mail, line_simulator: None });
    let mut admin = town.signed_in(&town.here, "administrator").await;
    assert_eq!(
        fill(&mut admin, HERE, HERE, &given(&inner, &[])).await.0,
        StatusCode::SEE_OTHER,
        "named, and only then"
    );
    let test = "/office/settings/mail/test";
    assert_eq!(fill(&mut admin, test, test, &[("to", "hana@town.example")]).await.0, StatusCode::SEE_OTHER);
}

#[rstest]
#[case::sqlite(Kind::File)]
#[tokio::test]
async fn a_demonstration_asks_its_simulator_and_nobody_outside(#[case] kind: Kind) {
    let sim = LineSim::start(SimConfig { rate_limits: RateLimits::Off, ..SimConfig::default() }).await.unwrap();
    let setup: Setup = serde_json::from_value(json!({
        "providers": [{ "id": "1", "name": "益田市" }],
        "messaging_channels": [{ "id": "2000000041", "provider": "1", "name": "益田市公式", "basic_id": "masuda",
            "secret": SECRET, "access_token": "t" }],
    }))
    .unwrap();
    sim.sim.set_up(&setup).unwrap();
    let mut town = Town::founded(kind).await;
    let root = sim.base_url().trim_end_matches('/').to_owned();
    put_under(&mut town, Hosts::ThisMachine { line_simulator: Some(root) });
    let mut admin = town.signed_in(&town.here, "administrator").await;
    for url in ["smtps://mail.example.jp", "smtp://10.0.0.1:25"] {
        let said = refused(&mut admin, &given(url, &[]), "smtp_url").await;
        assert!(said.contains("デモからは"), "{url}: {said}");
    }
    let (status, text) = connect(&mut admin, ["https://api.line.me", "", ""]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && text.contains("デモからは"), "{text}");
    let (status, text) = connect(&mut admin, [""; 3]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "empty hosts are the simulator's: {text}");
    sim.stop().await;
}

/// The second step of connecting a channel, under a provider of the town's own.
async fn connect(admin: &mut Browser, bases: [&str; 3]) -> (StatusCode, String) {
    let first = "/office/settings/line/connect";
    let own = [("owner", "own"), ("name", "益田市"), ("owner_name", "益田市")];
    let (_, second, _) = fill(admin, first, first, &own).await;
    let fields = [
        ("kind", "messaging"),
        ("number", "2000000041"),
        ("secret", SECRET),
        ("plan", "municipal"),
        ("api_base", bases[0]),
        ("data_base", bases[1]),
        ("access_base", bases[2]),
    ];
    let (status, _, text) = fill(admin, &second, &second, &fields).await;
    (status, text)
}
