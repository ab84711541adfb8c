//! Mail that comes back: delivery status notifications (RFC 3464), the free forms old servers write, and complaints in ARF
//! (RFC 5965). The delivery is named by the VERP token, never by the addresses in the text.
//! Leaves suppressing the contact point to `acts`. To add a form: another reader in `status_of`.

use mail_parser::{MessageParser, MimeHeaders};

use super::verp::Verp;

/// How final it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BounceKind {
    /// The address does not work: do not write to it again.
    Hard,
    /// It did not work this time.
    Soft,
}

/// A mail that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The delivery's token.
    pub token: String,
    /// How final.
    pub kind: BounceKind,
    /// An enhanced status code (RFC 3463), `5.1.1`.
    pub status: String,
    /// The server's words, at most 300 characters, addresses left out.
    pub diagnostic: String,
}

/// What a mail to a return path was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// It came back.
    Bounce(Bounce),
    /// Its reader pressed "this is spam": treat as a withdrawal.
    Complaint {
        /// The delivery's token.
        token: String,
    },
    /// About a delivery of ours, but no failure: delayed, an absence notice.
    Notice {
        /// The delivery's token.
        token: String,
    },
    /// No genuine token in it: nothing may be concluded.
    Foreign,
}

/// Reads a mail that arrived at the bounce domain. `recipient`: the envelope recipient, when the mail server tells it.
pub fn read(raw: &[u8], recipient: Option<&str>, verp: &Verp) -> Returned {
    let whole = String::from_utf8_lossy(raw);
    let Some(token) = recipient.and_then(|to| verp.token_of(to)).or_else(|| verp.find_in(&whole)) else {
        return Returned::Foreign;
    };
    let Some(mail) = MessageParser::default().parse(raw) else {
        return Returned::Notice { token };
    };
    let part = |kind: &str| {
        mail.parts
            .iter()
            .find(|part| {
                part.content_type().is_some_and(|found| {
                    found.ctype().eq_ignore_ascii_case("message")
                        && found.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case(kind))
                })
            })
            .map(|part| String::from_utf8_lossy(part.contents()).into_owned())
    };
    if part("feedback-report").is_some() {
        return Returned::Complaint { token };
    }
    let status = part("delivery-status").or_else(|| part("global-delivery-status"));
    let found = match status {
        Some(status) => from_fields(&status),
        None => {
            let subject = mail.subject().unwrap_or_default();
            from_free_text(subject, &mail.body_text(0).unwrap_or_default())
        }
    };
    match found {
        Some((status, diagnostic)) => {
            Returned::Bounce(Bounce { token, kind: kind_of(&status), status, diagnostic: clean(&diagnostic) })
        }
        None => Returned::Notice { token },
    }
}

/// The per-recipient fields of a delivery status; `None` when it tells no failure.
fn from_fields(text: &str) -> Option<(String, String)> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let field = |name: &str| {
        unfolded.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let diagnostic = field("Diagnostic-Code").unwrap_or_default();
    let failed = field("Action").is_none_or(|action| action.to_ascii_lowercase().starts_with("failed"));
    let stated = field("Status").and_then(|status| enhanced_code(&status));
    // Some servers say 5.0.0 or nothing in Status and the truth in the diagnostic.
    let status = match stated {
        Some(vague) if vague.ends_with(".0.0") => enhanced_code(&diagnostic).or(Some(vague)),
        None => enhanced_code(&diagnostic).or_else(|| plain_code(&diagnostic)),
        stated => stated,
    };
    failed.then_some((status?, diagnostic))
}

/// Bounces in free form: a telling subject or sender's words, and a code somewhere.
fn from_free_text(subject: &str, text: &str) -> Option<(String, String)> {
    const SUBJECTS: [&str; 8] = [
        "undeliver",
        "returned mail",
        "delivery status",
        "delivery failure",
        "failure notice",
        "mail delivery failed",
        "user unknown",
        "配信不能",
    ];
    let subject = subject.to_lowercase();
    if !SUBJECTS.iter().any(|word| subject.contains(word)) {
        return None;
    }
    let lower = text.to_lowercase();
    let telling = |line: &&str| enhanced_code(line).or_else(|| plain_code(line)).is_some();
    if let Some(line) = text.lines().find(telling) {
        return Some((enhanced_code(line).or_else(|| plain_code(line))?, line.to_owned()));
    }
    const UNKNOWN: [&str; 5] =
        ["user unknown", "unknown user", "no such user", "does not exist", "宛先が見つかりません"];
    let word = UNKNOWN.iter().find(|word| lower.contains(**word))?;
    Some(("5.1.1".to_owned(), (*word).to_owned()))
}

/// `5.1.1` anywhere in a line.
pub(super) fn enhanced_code(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let parts: Vec<_> = word.trim_matches('.').split('.').collect();
        let [class, subject, detail] = parts[..] else { return None };
        let fit = matches!(class, "4" | "5") && [subject, detail].iter().all(|part| (1..=3).contains(&part.len()));
        fit.then(|| format!("{class}.{subject}.{detail}"))
    })
}

/// A bare reply code: 550 and its like name the mailbox, others only their class.
fn plain_code(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find_map(|word| {
        match word {
            "550" | "551" | "553" => Some("5.1.1"),
            "552" => Some("5.2.2"),
            "554" => Some("5.7.0"),
            "421" | "450" | "451" | "452" => Some("4.0.0"),
            _ => None,
        }
        .map(str::to_owned)
    })
}

/// RFC 3463: 5.1.x speaks of the address, 5.2.1 of a closed mailbox. A full mailbox, a filter or a route may be mended.
pub(super) fn kind_of(status: &str) -> BounceKind {
    match status {
        "5.0.0" | "5.2.0" | "5.2.1" => BounceKind::Hard,
        // Sender addresses and DNS of the sender are our own affair.
        "5.1.7" | "5.1.8" => BounceKind::Soft,
        address if address.starts_with("5.1.") => BounceKind::Hard,
        _ => BounceKind::Soft,
    }
}

fn clean(words: &str) -> String {
    let kept: Vec<_> = words.split_whitespace().filter(|word| !word.contains('@')).collect();
    kept.join(" ").chars().take(300).collect()
}

#[cfg(test)]
mod tests;
