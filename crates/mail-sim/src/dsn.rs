//! A delivery status notification (RFC 3464) for a mail that was accepted and could not be delivered after all.

use chrono::Utc;

use crate::behaviour::Behaviour;

/// The notification's bytes, addressed to the envelope sender. `None` for treatments that do not bounce, and for `<>`.
pub(crate) fn notification(behaviour: Behaviour, from: &str, to: &str, original: &[u8]) -> Option<Vec<u8>> {
    let (action, status, reason) = match behaviour {
        Behaviour::BounceLater => ("failed", "5.1.1", "550 5.1.1 user unknown"),
        Behaviour::SoftBounceLater => ("failed", "4.2.2", "452 4.2.2 mailbox full"),
        Behaviour::Hard
        | Behaviour::Soft
        | Behaviour::CutAfterDot
        | Behaviour::LoseAfterDot
        | Behaviour::Delay(_)
        | Behaviour::Refuse { .. }
        | Behaviour::Hang(_) => return None,
    };
    if from.is_empty() {
        return None;
    }
    let headers_end = original.windows(4).position(|four| four == b"\r\n\r\n").map_or(original.len(), |at| at + 2);
    let headers = String::from_utf8_lossy(&original[..headers_end]);
    let date = Utc::now().to_rfc2822();
    let boundary = "=_tsunagari_mail_sim";
    let text = format!(
        "Return-Path: <>\r\nDelivered-To: {from}\r\nFrom: Mail Delivery System <MAILER-DAEMON@mail-sim.localhost>\r\nTo: {from}\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nDate: {date}\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         Your message to <{to}> could not be delivered.\r\n{reason}\r\n\r\n\
         --{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mail-sim.localhost\r\nArrival-Date: {date}\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nOriginal-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; {reason}\r\n\r\n\
         --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n{headers}\r\n--{boundary}--\r\n"
    );
    Some(text.into_bytes())
}
