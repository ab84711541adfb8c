//! What the mailbox shows: the list, and one mail with its text, its HTML in a sandbox, its headers and its source.
//! Japanese: these pages are for those who try the demo.

use askama::Template;
use chrono::{DateTime, FixedOffset, Utc};
use mail_parser::{MessageParser, PartType};

use crate::store::{Mail, Store};

const SHOWN: usize = 200;

struct Row {
    id: u64,
    time: String,
    to: String,
    subject: String,
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage<'a> {
    to: &'a str,
    total: u64,
    mailboxes: Vec<(String, u64)>,
    rows: Vec<Row>,
    shown: usize,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
    time: String,
    subject: &'a str,
    sender: String,
    pieces: Vec<Piece>,
    html: Option<String>,
    headers: Vec<(String, String)>,
    raw: String,
    went_back: bool,
}

/// A stretch of text, perhaps a link.
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) link: Option<String>,
}

/// A mail with its envelope opened.
pub(crate) struct Opened {
    pub(crate) text: String,
    pub(crate) html: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) sender: String,
}

impl Opened {
    pub(crate) fn of(raw: &[u8]) -> Self {
        let Some(mail) = MessageParser::default().parse(raw) else {
            let text = String::from_utf8_lossy(raw).into_owned();
            return Self { text, html: None, headers: Vec::new(), sender: String::new() };
        };
        let html = mail.html_bodies().find_map(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            _ => None,
        });
        let sender = mail.from().and_then(|from| from.first()).map(|from| {
            let address = from.address().unwrap_or_default();
            from.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
        });
        let headers = mail.headers_raw().map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
        let text = mail.body_text(0).unwrap_or_default().into_owned();
        Self { text, html, headers, sender: sender.unwrap_or_default() }
    }
}

pub(crate) fn mailbox(store: &Store, to: Option<&str>) -> Result<String, askama::Error> {
    let rows: Vec<_> = store
        .newest(to, SHOWN)
        .iter()
        .map(|mail| Row {
            id: mail.id,
            time: jst(mail.received),
            to: mail.to.clone(),
            subject: titled(&mail.subject).to_owned(),
        })
        .collect();
    let page = MailboxPage {
        to: to.unwrap_or_default(),
        total: store.total(),
        mailboxes: store.mailboxes(40),
        shown: rows.len(),
        rows,
    };
    page.render()
}

pub(crate) fn mail(mail: &Mail, went_back: bool) -> Result<String, askama::Error> {
    let opened = Opened::of(&mail.raw);
    let page = MailPage {
        mail,
        time: jst(mail.received),
        subject: titled(&mail.subject),
        sender: opened.sender,
        pieces: pieces(&opened.text),
        // Links of the mail open beside the mailbox, not inside the frame.
        html: opened.html.map(|html| format!("<base target=\"_blank\">{html}")),
        headers: opened.headers,
        raw: String::from_utf8_lossy(&mail.raw).into_owned(),
        went_back,
    };
    page.render()
}

fn titled(subject: &str) -> &str {
    if subject.is_empty() { "（件名なし）" } else { subject }
}

fn jst(at: DateTime<Utc>) -> String {
    FixedOffset::east_opt(9 * 3600)
        .map(|japan| at.with_timezone(&japan).format("%Y-%m-%d %H:%M:%S").to_string())
        .unwrap_or_default()
}

/// Cuts a text into plain stretches and http(s) links.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(start);
        let allowed = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"');
        let end = from.find(|c| !allowed(c)).unwrap_or(from.len());
        let link = from[..end].trim_end_matches(['.', ',', ')', ']']);
        found.push(Piece { text: before.to_owned(), link: None });
        found.push(Piece { text: link.to_owned(), link: Some(link.to_owned()) });
        rest = &from[link.len()..];
    }
    found.push(Piece { text: rest.to_owned(), link: None });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_nothing_is_lost() {
        let text = "案内は https://example.jp/a?b=c&d=1 です。(http://localhost:8080/x)。終わり";
        let pieces = pieces(text);
        let links: Vec<_> = pieces.iter().filter_map(|piece| piece.link.as_deref()).collect();
        assert_eq!(links, ["https://example.jp/a?b=c&d=1", "http://localhost:8080/x"]);
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
    }
}
