//! A sentence in which somebody may be written to: the e-mail addresses and telephone numbers that stand in it are links.
//! Leaves what is an address to `kernel::contact`.

use askama::Template;
use tsunagari_kernel::contact::{email, phone};

/// A text whose addresses are links.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "shell/components/contact_text.html")]
pub struct ContactText {
    /// (text, address it leads to or empty), in order.
    parts: Vec<(String, String)>,
}

/// Whether a sign may stand in an address. Full-width digits and hyphens are typed as often as the others.
fn of_address(sign: char) -> bool {
    sign.is_ascii_alphanumeric()
        || ".!#$%&'*+-=?^_`{|}~@()".contains(sign)
        // tidy: allow(japanese) how telephone numbers are typed, not a text
        || matches!(sign, '０'..='９' | '＋' | '－' | '−' | 'ー' | '‐' | '‑' | '–' | '（' | '）' | '＠')
}

/// Where an address in a run of its signs begins and ends (bytes), and where it leads.
fn address_in(run: &str) -> Option<(usize, usize, String)> {
    let within = |keep: fn(char) -> bool| {
        let from = run.find(keep)?;
        let last = run.rfind(keep)?;
        Some((from, last + run[last..].chars().next().map_or(0, char::len_utf8)))
    };
    // tidy: allow(japanese) how addresses are typed, not a text
    if run.contains(['@', '＠']) {
        let (from, until) = within(|sign| sign.is_ascii_alphanumeric() || sign == '_')?;
        return email(&run[from..until]).ok().map(|clear| (from, until, format!("mailto:{clear}")));
    }
    let (from, until) = within(char::is_numeric)?;
    phone(&run[from..until]).ok().map(|clear| (from, until, format!("tel:{clear}")))
}

impl ContactText {
    /// A sentence.
    pub fn of(text: &str) -> Self {
        let mut parts: Vec<(String, String)> = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|sign| of_address(sign) != of_address(first)).unwrap_or(rest.len());
            let (run, next) = rest.split_at(end);
            rest = next;
            match address_in(run).filter(|_| of_address(first)) {
                Some((from, until, href)) => {
                    plain.push_str(&run[..from]);
                    parts.push((std::mem::take(&mut plain), String::new()));
                    parts.push((run[from..until].to_owned(), href));
                    plain.push_str(&run[until..]);
                }
                None => plain.push_str(run),
            }
        }
        parts.push((plain, String::new()));
        parts.retain(|(text, _)| !text.is_empty());
        Self { parts }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

super::html!(ContactText);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_somewhere_and_nothing_else_does() {
        let html = |text: &str| ContactText::of(text).to_string();
        assert_eq!(
            html("課 0856-31-0000・hana@town.example"),
            "課 <a href=\"tel:+81856310000\">0856-31-0000</a>・<a href=\"mailto:hana@town.example\">hana@town.example</a>"
        );
        assert_eq!(
            html("電話（０８５６－３１－００００）"),
            "電話（<a href=\"tel:+81856310000\">０８５６－３１－００００</a>）"
        );
        assert!(html("Tel.(0856)31-0000 内線 123").contains("tel:+81856310000") && !html("内線 123").contains("<a"));
        for nothing in ["架空課", "8:30〜17:15", "2026-03-16", "698-8650", "@masuda", "a@b", ""] {
            assert!(!html(nothing).contains("<a"), "{nothing}");
        }
        assert_eq!(html("<b>&"), "&#60;b&#62;&#38;");
    }
}
