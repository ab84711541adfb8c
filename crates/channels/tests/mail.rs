//! Letters through a real SMTP conversation with the mail simulator: what arrives, what each failure is called, bounces.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failed unwrap is a failed test")]

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tsunagari_channels::Secret;
use tsunagari_channels::email::bounce::{BounceKind, Returned, read};
use tsunagari_channels::email::{
    About, ComposeError, DkimSigner, EmailAddress, Letter, Login, MailOutcome, Mailer, Place, Sender, SmtpServer, Tls,
    Trouble, Unsubscribe, Verp,
};
use tsunagari_kernel::Timestamp;
use tsunagari_mail_sim::{At, Behaviour, MailSim, Order};

// Made for these tests; signs nothing else.
const KEY: &str = include_str!("fixtures/dkim-test-key.pem");
const KEY_PKCS8: &str = include_str!("fixtures/dkim-test-key-pkcs8.pem");
const PUBLIC: &[u8] = include_bytes!("fixtures/dkim-test-key.pub.der");

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn verp() -> Verp {
    Verp::with([3; 32], "bounce.town.example.jp")
}

fn letter(id: &str, to: &str) -> Letter {
    Letter {
        id: id.into(),
        from: Sender { name: "益田市 ふるさと係".into(), address: address("furusato@town.example.jp") },
        to: address(to),
        reply_to: None,
        subject: "帰省イベントのご案内（大学1-2年の皆さんへ、年末のお知らせです）".into(),
        text: "案内です。\r\n.点で始まる行\r\nhttps://town.example.jp/e/abc\r\n".into(),
        html: Some("<p>案内です</p>".into()),
        unsubscribe: Some(Unsubscribe {
            url: "https://town.example.jp/u/0123456789012345678901234567890123456789012345678901234567890123456789"
                .parse()
                .unwrap(),
            mailto: address("unsubscribe+abc@town.example.jp"),
        }),
        date: Timestamp::from_micros(1_773_600_000_000_000),
        return_path: verp().address(id).unwrap(),
    }
}

async fn post_office() -> (MailSim, Mailer) {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let sim = MailSim::start(any, any).await.unwrap();
    let server = SmtpServer {
        host: "127.0.0.1".into(),
        port: sim.smtp_addr().port(),
        tls: Tls::NoneOnLoopback,
        login: None,
        hello: "town.example.jp".into(),
        place: Place::Loopback,
    };
    (sim, Mailer::to(server).unwrap())
}

fn order(sim: &MailSim, pattern: &str, behaviour: Behaviour) {
    sim.order(Order { pattern: pattern.into(), behaviour });
}

#[tokio::test]
async fn a_letter_arrives_whole_over_a_kept_connection() {
    let (sim, mailer) = post_office().await;
    for n in 1..=3 {
        let mail = letter(&format!("d{n}"), "taro@example.jp").compose(None).unwrap();
        let MailOutcome::Accepted { queue_id } = mailer.send(&mail).await else { panic!() };
        assert_eq!(queue_id, Some(format!("sim-{n}")));
    }
    assert_eq!(sim.count_to("taro@example.jp"), 3);
    let mail = &sim.messages(Some("TARO@example.jp"), 1)[0];
    assert_eq!(mail.subject, "帰省イベントのご案内（大学1-2年の皆さんへ、年末のお知らせです）");
    assert_eq!(mail.message_id, "d3@town.example.jp");
    assert_eq!(verp().token_of(&mail.from).as_deref(), Some("d3"));
    let parsed = mail_parser::MessageParser::default().parse(&mail.raw).unwrap();
    assert_eq!(
        parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(),
        "案内です。\n.点で始まる行\nhttps://town.example.jp/e/abc"
    );
    assert!(parsed.header_raw("List-Unsubscribe").unwrap().contains("<https://town.example.jp/u/"));
    assert_eq!(parsed.header_raw("List-Unsubscribe-Post").unwrap().trim(), "List-Unsubscribe=One-Click");
}

#[tokio::test]
async fn carriers_addresses_get_their_mail() {
    let (sim, mailer) = post_office().await;
    for to in ["a..b@docomo.example.jp", "hana.@docomo.example.jp", ".c@ezweb.example.jp"] {
        let outcome = mailer.send(&letter("d1", to).compose(None).unwrap()).await;
        assert!(matches!(outcome, MailOutcome::Accepted { .. }), "{to}: {outcome:?}");
        assert_eq!(sim.count_to(to), 1, "{to}");
    }
}

#[tokio::test]
async fn every_failure_is_called_by_its_name() {
    let (sim, mailer) = post_office().await;
    order(&sim, "hard@*", Behaviour::Hard);
    order(&sim, "soft@*", Behaviour::Soft);
    order(&sim, "cut@*", Behaviour::CutAfterDot);
    order(&sim, "lost@*", Behaviour::LoseAfterDot);
    let outcome = async |to: &str| mailer.send(&letter("d1", to).compose(None).unwrap()).await;
    assert!(matches!(outcome("hard@example.jp").await, MailOutcome::Refused { code: 550, .. }));
    assert!(matches!(outcome("soft@example.jp").await, MailOutcome::Retryable { code: Some(450), .. }));
    // From here both look the same, which is why nobody may send again on their own.
    assert!(matches!(outcome("cut@example.jp").await, MailOutcome::Uncertain { .. }));
    assert!(matches!(outcome("lost@example.jp").await, MailOutcome::Uncertain { .. }));
    assert_eq!((sim.count_to("cut@example.jp"), sim.count_to("lost@example.jp")), (1, 0));
    assert!(matches!(outcome("fine@example.jp").await, MailOutcome::Accepted { .. }));
}

#[tokio::test]
async fn the_same_550_is_told_apart_by_where_and_why_it_was_said() {
    let (sim, mailer) = post_office().await;
    let cases = [
        ("gone@example.jp", At::Recipient, 550, None, About::Mailbox),
        ("closed@example.jp", At::Recipient, 550, Some([5, 2, 1]), About::Mailbox),
        ("policy@example.jp", At::Recipient, 550, Some([5, 7, 1]), About::Mail),
        ("limit@example.jp", At::Recipient, 550, Some([5, 4, 5]), About::Us),
        ("data@example.jp", At::Data, 550, None, About::Mail),
        ("spam@example.jp", At::Dot, 550, Some([5, 7, 1]), About::Mail),
        ("owner@example.jp", At::Dot, 550, Some([5, 7, 60]), About::Us),
    ];
    for (to, at, code, status, about) in cases {
        order(&sim, to, Behaviour::Refuse { at, code, status });
        let outcome = mailer.send(&letter("d1", to).compose(None).unwrap()).await;
        let MailOutcome::Refused { about: found, code: 550, .. } = outcome else { panic!("{to}: {outcome:?}") };
        assert_eq!(found, about, "{to}");
    }
    order(&sim, "*@bounce.town.example.jp", Behaviour::Refuse { at: At::Sender, code: 553, status: Some([5, 7, 1]) });
    let outcome = mailer.send(&letter("d1", "fine@example.jp").compose(None).unwrap()).await;
    assert!(matches!(outcome, MailOutcome::Refused { about: About::Us, code: 553, .. }), "{outcome:?}");
    assert_eq!(sim.total(), 0);
}

#[tokio::test]
async fn who_waits_no_longer_knows_whether_anything_was_begun() {
    let (sim, mailer) = post_office().await;
    let limit = Duration::from_millis(200);
    let within = async |to: &str| mailer.send_within(&letter("d1", to).compose(None).unwrap(), limit).await;
    for (to, at) in [("rcpt@example.jp", At::Recipient), ("data@example.jp", At::Data)] {
        order(&sim, to, Behaviour::Hang(at));
        let outcome = within(to).await;
        assert!(matches!(outcome, MailOutcome::Retryable { about: About::Us, code: None, .. }), "{to}: {outcome:?}");
    }
    order(&sim, "dot@example.jp", Behaviour::Hang(At::Dot));
    let outcome = within("dot@example.jp").await;
    assert!(matches!(outcome, MailOutcome::Uncertain { .. }), "{outcome:?}");
    order(&sim, "*@bounce.town.example.jp", Behaviour::Hang(At::Sender));
    let outcome = within("fine@example.jp").await;
    assert!(matches!(outcome, MailOutcome::Retryable { about: About::Us, code: None, .. }), "{outcome:?}");
    // Nobody greets: the door is open, and nothing is said.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = SmtpServer {
        host: "127.0.0.1".into(),
        port: silent.local_addr().unwrap().port(),
        tls: Tls::NoneOnLoopback,
        login: None,
        hello: "a.example".into(),
        place: Place::Loopback,
    };
    let mail = letter("d1", "a@example.jp").compose(None).unwrap();
    let outcome = Mailer::to(server).unwrap().send_within(&mail, limit).await;
    assert!(matches!(outcome, MailOutcome::Retryable { about: About::Us, code: None, .. }), "{outcome:?}");
    sim.clear_orders();
    assert!(matches!(within("fine@example.jp").await, MailOutcome::Accepted { .. }));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_no_loss() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let server = SmtpServer {
        host: "127.0.0.1".into(),
        port: closed,
        tls: Tls::NoneOnLoopback,
        login: None,
        hello: "a.example".into(),
        place: Place::Loopback,
    };
    let outcome = Mailer::to(server).unwrap().send(&letter("d1", "a@example.jp").compose(None).unwrap()).await;
    assert!(matches!(outcome, MailOutcome::Retryable { code: None, trouble: Trouble::Closed, .. }), "{outcome:?}");
}

#[tokio::test]
async fn what_stands_between_is_told_apart() {
    let (sim, _) = post_office().await;
    let port = sim.smtp_addr().port();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let known = Login { user: "hana".into(), password: Secret::of("secret") };
    for (host, port, tls, login, place, expected) in [
        ("nowhere.invalid", port, Tls::StartTls, None, Place::Anywhere, Trouble::NotFound),
        ("127.0.0.1", port, Tls::StartTls, None, Place::Public, Trouble::NotAllowed),
        ("localhost", port, Tls::NoneOnLoopback, None, Place::Public, Trouble::NotAllowed),
        ("127.0.0.1", port, Tls::StartTls, None, Place::Loopback, Trouble::NoTls),
        ("127.0.0.1", port, Tls::Required, None, Place::Loopback, Trouble::NoTls),
        ("127.0.0.1", port, Tls::NoneOnLoopback, Some(known), Place::Loopback, Trouble::SignIn),
        ("127.0.0.1", silent.local_addr().unwrap().port(), Tls::NoneOnLoopback, None, Place::Loopback, Trouble::Silent),
    ] {
        let server = SmtpServer { host: host.into(), port, tls, login, hello: "a.example".into(), place };
        let mail = letter("d1", "a@example.jp").compose(None).unwrap();
        let limit = if expected == Trouble::Silent { Duration::from_millis(300) } else { Duration::from_secs(15) };
        let outcome = Mailer::to(server).unwrap().send_within(&mail, limit).await;
        let MailOutcome::Retryable { trouble, .. } = outcome else { panic!("{host}: {outcome:?}") };
        assert_eq!(trouble, expected, "{host} {tls:?}");
    }
}

#[test]
fn mail_in_clear_stays_on_loopback() {
    let server = |host: &str| SmtpServer {
        host: host.into(),
        port: 25,
        tls: Tls::NoneOnLoopback,
        login: None,
        hello: "a.example".into(),
        place: Place::Loopback,
    };
    assert!(Mailer::to(server("smtp.example.jp")).is_err());
    assert!(Mailer::to(server("192.0.2.1")).is_err());
    assert!(Mailer::to(server("localhost\r\nX")).is_err());
    assert!(Mailer::to(server("127.0.0.1")).is_ok());
}

#[tokio::test]
async fn a_later_bounce_comes_back_to_its_delivery() {
    let (sim, mailer) = post_office().await;
    order(&sim, "*@gone.example.jp", Behaviour::BounceLater);
    order(&sim, "full@*", Behaviour::SoftBounceLater);
    for (id, to, kind) in [("d7", "x@gone.example.jp", BounceKind::Hard), ("d8", "full@example.jp", BounceKind::Soft)] {
        let outcome = mailer.send(&letter(id, to).compose(None).unwrap()).await;
        assert!(matches!(outcome, MailOutcome::Accepted { .. }));
        let Returned::Bounce(bounce) = read(&sim.next_bounce().await, None, &verp()) else { panic!() };
        assert_eq!((bounce.token.as_str(), bounce.kind), (id, kind));
    }
}

#[test]
fn nothing_breaks_out_of_a_header() {
    let field = |change: fn(&mut Letter)| {
        let mut letter = letter("d1", "taro@example.jp");
        change(&mut letter);
        letter.compose(None).map(|_| ())
    };
    assert_eq!(field(|l| l.subject = "x\r\nBcc: all@example.jp".into()), Err(ComposeError::HeaderInjection("subject")));
    assert_eq!(field(|l| l.subject = "x\nX: y".into()), Err(ComposeError::HeaderInjection("subject")));
    assert_eq!(field(|l| l.from.name = "x\r\nX: y".into()), Err(ComposeError::HeaderInjection("from.name")));
    assert_eq!(field(|l| l.id = "x>\r\nX: y".into()), Err(ComposeError::BadId));
    assert_eq!(field(|l| l.return_path = "x".into()), Err(ComposeError::BadReturnPath));
    let http = |l: &mut Letter| l.unsubscribe.as_mut().unwrap().url = "http://town.example.jp/u".parse().unwrap();
    assert_eq!(field(http), Err(ComposeError::UnsubscribeNotHttps));
    assert_eq!(field(|_| ()), Ok(()));
}

#[test]
fn a_second_attempt_has_the_same_bytes() {
    let bytes = || letter("d1", "taro@example.jp").compose(None).unwrap().bytes().to_vec();
    assert_eq!(bytes(), bytes());
}

/// RFC 6376 3.4.2 over raw header lines.
fn relaxed(line: &str) -> String {
    let (name, value) = line.split_once(':').unwrap();
    let value: Vec<_> = value.split_whitespace().collect();
    format!("{}:{}", name.trim().to_lowercase(), value.join(" "))
}

/// The message's header lines, folded ones joined, as (whole line).
fn header_lines(head: &str) -> Vec<String> {
    head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn the_dkim_signature_verifies_and_covers_unsubscribing() {
    for pem in [KEY, KEY_PKCS8] {
        let signer = DkimSigner::from_pem(pem, "s1", "town.example.jp").unwrap();
        let composed = letter("d1", "a..b@example.jp").compose(Some(&signer)).unwrap();
        let raw = String::from_utf8(composed.bytes().to_vec()).unwrap();
        let (head, body) = raw.split_once("\r\n\r\n").unwrap();
        let lines = header_lines(head);
        let find = |name: &str| {
            lines
                .iter()
                .find(|line| line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name)))
                .unwrap()
        };
        let dkim = find("DKIM-Signature");
        let tags: std::collections::HashMap<_, _> =
            dkim.split_once(':').unwrap().1.split(';').map(|tag| tag.trim().split_once('=').unwrap()).collect();
        for name in ["from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"] {
            assert!(tags["h"].split(':').any(|covered| covered.trim() == name), "{name} is not signed: {}", tags["h"]);
        }
        // Body: spaces at line ends gone, runs of spaces one, empty lines at the end gone.
        let squeezed: Vec<_> = body
            .split("\r\n")
            .map(|line| {
                let lead = if line.starts_with([' ', '\t']) { " " } else { "" };
                format!(
                    "{lead}{}",
                    line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
                )
            })
            .collect();
        let body = format!("{}\r\n", squeezed.join("\r\n").trim_end_matches("\r\n"));
        let strip = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(strip(tags["bh"]), STANDARD.encode(Sha256::digest(body.as_bytes())), "body hash");
        let mut signed: String =
            tags["h"].split(':').map(|name| format!("{}\r\n", relaxed(find(name.trim())))).collect();
        let without_b = dkim.rsplit_once("b=").unwrap().0;
        signed.push_str(&relaxed(&format!("{without_b}b=")));
        let signature = STANDARD.decode(strip(tags["b"])).unwrap();
        let provider = rustls::crypto::ring::default_provider();
        let holds = |data: &str| {
            provider
                .signature_verification_algorithms
                .all
                .iter()
                .any(|algorithm| algorithm.verify_signature(PUBLIC, data.as_bytes(), &signature).is_ok())
        };
        assert!(holds(&signed), "the signature does not verify over:\n{signed}");
        assert!(!holds(&signed.replace("list-unsubscribe:", "list-unsubscribe: ")), "negative control");
    }
    assert!(DkimSigner::from_pem("not a key", "s1", "town.example.jp").is_err());
}
