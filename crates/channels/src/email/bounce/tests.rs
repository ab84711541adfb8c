//! Bounces in the forms servers write them, and forged ones. Sending for real is in `tests/mail.rs`.

use super::*;

fn verp() -> Verp {
    Verp::with([9; 32], "mail.example.jp")
}

fn dsn(action: &str, status: &str, diagnostic: &str) -> String {
    let to = verp().address("d1").unwrap();
    format!(
        "From: MAILER-DAEMON@mx.example.jp\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsorry\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\n\
         Final-Recipient: rfc822; taro@example.jp\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}\r\n\r\n--b--\r\n"
    )
}

fn bounce(raw: &str) -> Bounce {
    match read(raw.as_bytes(), None, &verp()) {
        Returned::Bounce(bounce) => bounce,
        other => panic!("{other:?}"),
    }
}

#[test]
fn delivery_status_notifications() {
    for (status, diagnostic, expected, kind) in [
        ("5.1.1", "smtp; 550 5.1.1 <taro@example.jp> unknown", "5.1.1", BounceKind::Hard),
        ("5.2.1", "smtp; 550 closed", "5.2.1", BounceKind::Hard),
        ("5.2.2", "smtp; 552 mailbox full", "5.2.2", BounceKind::Soft),
        ("4.4.1", "smtp; connection timed out", "4.4.1", BounceKind::Soft),
        ("5.7.1", "smtp; 550 refused by policy", "5.7.1", BounceKind::Soft),
        ("5.0.0", "smtp; 550 5.1.1 unknown", "5.1.1", BounceKind::Hard),
        ("", "smtp;\r\n 550 Unknown user taro@docomo.example.jp", "5.1.1", BounceKind::Hard),
    ] {
        let found = bounce(&dsn("failed", status, diagnostic));
        assert_eq!(
            (found.token.as_str(), found.status.as_str(), found.kind),
            ("d1", expected, kind),
            "{status} {diagnostic}"
        );
        assert!(!found.diagnostic.contains('@'), "an address was kept: {}", found.diagnostic);
    }
}

#[test]
fn a_delay_is_no_bounce() {
    assert_eq!(
        read(dsn("delayed", "4.4.1", "smtp; later").as_bytes(), None, &verp()),
        Returned::Notice { token: "d1".into() }
    );
}

#[test]
fn free_forms() {
    let to = verp().address("d2").unwrap();
    let qmail = format!(
        "From: MAILER-DAEMON@x.jp\r\nTo: {to}\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program.\r\n\
        <taro@example.jp>:\r\n192.0.2.1 does not like recipient.\r\nRemote host said: 550 Unknown user\r\n"
    );
    assert_eq!((bounce(&qmail).token.as_str(), bounce(&qmail).kind), ("d2", BounceKind::Hard));
    let full = qmail.replace("550 Unknown user", "452 4.2.2 over quota");
    assert_eq!(bounce(&full).kind, BounceKind::Soft);
    let absent = format!(
        "From: taro@example.jp\r\nTo: {to}\r\nSubject: Re: 550 people\r\nAuto-Submitted: auto-replied\r\n\r\n550 5.1.1\r\n"
    );
    assert_eq!(read(absent.as_bytes(), None, &verp()), Returned::Notice { token: "d2".into() });
}

#[test]
fn a_complaint_is_told_apart() {
    let to = verp().address("d3").unwrap();
    let arf = format!(
        "From: fbl@example.jp\r\nTo: abuse@mail.example.jp\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n\
        Feedback-Type: abuse\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <{to}>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    );
    assert_eq!(read(arf.as_bytes(), None, &verp()), Returned::Complaint { token: "d3".into() });
}

#[test]
fn a_forged_bounce_means_nothing() {
    let forged = dsn("failed", "5.1.1", "smtp; 550").replace("bounce+d1-", "bounce+d2-");
    assert_eq!(read(forged.as_bytes(), None, &verp()), Returned::Foreign);
    assert_eq!(read(b"", None, &verp()), Returned::Foreign);
    assert_eq!(read(&[0xff, 0xfe, b'\n'], None, &verp()), Returned::Foreign);
    let envelope = verp().address("d9").unwrap();
    let told = read(forged.as_bytes(), Some(&envelope), &verp());
    assert!(matches!(told, Returned::Bounce(Bounce { token, .. }) if token == "d9"));
}
