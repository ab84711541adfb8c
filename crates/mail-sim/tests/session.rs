//! The SMTP door word by word, and the pages over HTTP.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failed unwrap is a failed test")]

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tsunagari_mail_sim::{Behaviour, MailSim, Order};

async fn sim() -> MailSim {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    MailSim::start(any, any).await.unwrap()
}

/// Says everything at once (as a pipelining client does) and returns the codes of all answers.
async fn talk(sim: &MailSim, words: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(sim.smtp_addr()).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    heard.lines().filter(|line| line.as_bytes().get(3) == Some(&b' ')).map(|line| line[..3].to_owned()).collect()
}

async fn http(sim: &MailSim, request: &str) -> String {
    let mut stream = TcpStream::connect(sim.http_addr()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).await.unwrap();
    String::from_utf8_lossy(&heard).into_owned()
}

async fn get(sim: &MailSim, path: &str) -> String {
    http(sim, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).await
}

#[tokio::test]
async fn a_pipelined_conversation_keeps_its_order() {
    let sim = sim().await;
    let codes = talk(
        &sim,
        "EHLO me\r\nMAIL FROM:<a@x.jp> SIZE=100\r\nRCPT TO:<b@x.jp>\r\nRCPT TO:<\"c..d\"@x.jp>\r\nDATA\r\n\
        Message-ID: <1@x.jp>\r\nSubject: hi\r\n\r\n..one dot\r\n.\r\nRSET\r\nNOOP\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(codes, ["220", "250", "250", "250", "250", "354", "250", "250", "250", "221"]);
    assert_eq!((sim.count_to("b@x.jp"), sim.count_to("c..d@x.jp"), sim.count_of("1@x.jp"), sim.total()), (1, 1, 2, 2));
    assert!(sim.messages(None, 1)[0].raw.ends_with(b"\r\n\r\n.one dot\r\n"));
}

#[tokio::test]
async fn words_out_of_order_are_refused_and_keep_nothing() {
    let sim = sim().await;
    let codes = talk(
        &sim,
        "HELO me\r\nRCPT TO:<b@x.jp>\r\nDATA\r\nMAIL FROM:<a@x.jp>\r\nMAIL FROM:<a@x.jp>\r\nDATA\r\n\
        MAIL FROM:<a@x.jp> SIZE=99999999\r\nMAIL nobody\r\nFOO\r\nQUIT\r\n",
    )
    .await;
    assert_eq!(codes, ["220", "250", "503", "503", "250", "503", "554", "552", "501", "500", "221"]);
    assert_eq!(sim.total(), 0);
}

#[tokio::test]
async fn orders_come_and_go() {
    let sim = sim().await;
    sim.order(Order { pattern: "*@bad.jp".into(), behaviour: Behaviour::Hard });
    sim.order(Order { pattern: "later@bad.jp".into(), behaviour: Behaviour::Soft });
    let words = "EHLO me\r\nMAIL FROM:<a@x.jp>\r\nRCPT TO:<x@bad.jp>\r\nRCPT TO:<later@bad.jp>\r\nQUIT\r\n";
    assert_eq!(talk(&sim, words).await[3..5], ["550", "450"]);
    sim.clear_orders();
    assert_eq!(talk(&sim, words).await[3..5], ["250", "250"]);
    let body = r#"{"pattern":"x@bad.jp","behaviour":"hard"}"#;
    let post = format!(
        "POST /_sim/bounce HTTP/1.1\r\nHost: l\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(http(&sim, &post).await.starts_with("HTTP/1.1 204"));
    assert_eq!(talk(&sim, words).await[3..5], ["550", "250"]);
}

#[tokio::test]
async fn pages_show_a_mail_and_let_nothing_of_it_run() {
    let sim = sim().await;
    talk(&sim, "EHLO me\r\nMAIL FROM:<a@x.jp>\r\nRCPT TO:<b@x.jp>\r\nDATA\r\nSubject: <script>alert(1)</script>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee https://x.jp/?a=1&b=2 <b>\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<script>alert(2)</script>\"><img src=x>\r\n--b--\r\n.\r\nQUIT\r\n").await;
    for path in ["/", "/?to=b@x.jp", "/m/1"] {
        let page = get(&sim, path).await;
        assert!(page.starts_with("HTTP/1.1 200"), "{path}");
        assert!(!page.contains("<script>"), "{path}: a script came through");
        assert!(page.contains("default-src 'none'"), "{path}");
    }
    let page = get(&sim, "/m/1").await;
    assert!(page.contains("sandbox=\"allow-popups"));
    assert!(page.contains("<a href=\"https://x.jp/?a=1&#38;b=2\""), "{page}");
    let json = get(&sim, "/api/messages?to=b@x.jp").await;
    assert!(json.contains("\"links\":[\"https://x.jp/?a=1&b=2\"]"), "{json}");
    assert!(get(&sim, "/api/messages?to=other@x.jp").await.ends_with("[]"));
    assert!(get(&sim, "/m/99").await.starts_with("HTTP/1.1 303"));
}

#[tokio::test]
async fn nobody_outside_is_served() {
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    assert!(MailSim::start("0.0.0.0:0".parse().unwrap(), any).await.is_err());
    assert!(MailSim::start(any, "0.0.0.0:0".parse().unwrap()).await.is_err());
}

const TO_SOMEBODY_GONE: &str = "EHLO x\r\nMAIL FROM:<bounce+7-ab@b.example>\r\nRCPT TO:<gone-3@x.jp>\r\nDATA\r\n\
    Subject: s\r\nMessage-ID: <g@x>\r\n\r\nhello\r\n.\r\nQUIT\r\n";

#[tokio::test]
async fn who_is_gone_sends_back_without_an_order() {
    let sim = sim().await;
    talk(&sim, TO_SOMEBODY_GONE).await;
    let bounce = sim.way_back().next().await;
    assert_eq!(bounce.to, "bounce+7-ab@b.example");
    assert!(String::from_utf8_lossy(&bounce.raw).contains("Status: 5.1.1"));
    assert_eq!(sim.count_to("gone-3@x.jp"), 1, "it was accepted first");
}

#[tokio::test]
async fn the_button_sends_a_mail_back() {
    let sim = sim().await;
    talk(&sim, &TO_SOMEBODY_GONE.replace("gone-3", "here")).await;
    let press = |how: &str| {
        let body = format!("how={how}");
        format!(
            "POST /m/1/bounce HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    for (how, status) in [("hard", "Status: 5.1.1"), ("soft", "Status: 4.2.2")] {
        let answer = http(&sim, &press(how)).await;
        assert!(answer.contains("location: /m/1?back=1"), "{answer}");
        assert!(String::from_utf8_lossy(&sim.way_back().next().await.raw).contains(status));
    }
    assert!(get(&sim, "/m/1?back=1").await.contains("送り返しました"));
    assert!(get(&sim, "/m/1").await.contains("action=\"/m/1/bounce\""));
}
