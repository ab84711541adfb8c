//! An e-mail address as people in Japan have them: carriers once gave out local parts such as `a..b@` and `a.@`, which
//! RFC 5321 does not allow bare but allows between quotes. Leaves whether it works to the mail that is sent to it.

use std::fmt;

use lettre::Address;
use thiserror::Error;

/// Why a text is not an address. The codes are public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressProblem {
    /// Nothing there.
    #[error("email_empty")]
    Empty,
    /// No @, or nothing before or after it.
    #[error("email_without_at")]
    WithoutAt,
    /// Before the @: longer than 64 or with characters nobody has there.
    #[error("email_local_part")]
    LocalPart,
    /// After the @: not a domain name.
    #[error("email_domain")]
    Domain,
}

/// An address, as written but for full-width characters and surrounding space.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// Reads an address. Full-width letters, digits and signs are taken as their half-width selves.
    pub fn parse(text: &str) -> Result<Self, AddressProblem> {
        let text: String = text.trim().chars().map(narrow).collect();
        if text.is_empty() {
            return Err(AddressProblem::Empty);
        }
        let at = text.rfind('@').ok_or(AddressProblem::WithoutAt)?;
        let (local, domain) = (&text[..at], &text[at + 1..]);
        if local.is_empty() || domain.is_empty() {
            return Err(AddressProblem::WithoutAt);
        }
        if local.len() > 64 || !local.bytes().all(|b| is_atext(b) || b == b'.') {
            return Err(AddressProblem::LocalPart);
        }
        if !is_domain(domain) {
            return Err(AddressProblem::Domain);
        }
        Ok(Self { text, at })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Lower case, for comparing and for blind indexes.
    pub fn comparable(&self) -> String {
        self.text.to_ascii_lowercase()
    }

    /// After the @.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// As it goes over the wire: the local part between quotes where the RFC wants them.
    pub(super) fn wire(&self) -> Address {
        let local = &self.text[..self.at];
        let plain = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        // Checked above: no quote, backslash, space or control character can be in it.
        if plain {
            Address::new_dangerous(local, self.domain())
        } else {
            Address::new_dangerous(format!("\"{local}\""), self.domain())
        }
    }
}

// An address is personal data: it is shown on purpose (`as_str`), never by a debug print.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmailAddress(…@{})", self.domain())
    }
}

fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// RFC 5322 atext.
fn is_atext(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b)
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = domain.rsplit('.').next().unwrap_or_default();
    domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(label)
        && !last.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_addresses_are_accepted_and_quoted_on_the_wire() {
        for (text, wire) in [
            ("taro@example.jp", "taro@example.jp"),
            ("a..b@docomo.example.jp", "\"a..b\"@docomo.example.jp"),
            ("hanako.@docomo.example.jp", "\"hanako.\"@docomo.example.jp"),
            (".start@ezweb.example.jp", "\".start\"@ezweb.example.jp"),
            ("a/b?c=d@softbank.example.jp", "a/b?c=d@softbank.example.jp"),
            ("-dash-@example.jp", "-dash-@example.jp"),
            (" ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ\u{3000}", "taro@example.jp"),
        ] {
            let address = EmailAddress::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!(address.wire().to_string(), wire);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for (text, problem) in [
            ("", AddressProblem::Empty),
            ("taro", AddressProblem::WithoutAt),
            ("@example.jp", AddressProblem::WithoutAt),
            ("taro@", AddressProblem::WithoutAt),
            ("ta ro@example.jp", AddressProblem::LocalPart),
            ("太郎@example.jp", AddressProblem::LocalPart),
            ("a\"b@example.jp", AddressProblem::LocalPart),
            ("a@b@example.jp", AddressProblem::LocalPart),
            ("a\r\nRCPT TO:<x@y.jp>@example.jp", AddressProblem::LocalPart),
            ("a>@example.jp", AddressProblem::LocalPart),
            ("taro@example", AddressProblem::Domain),
            ("taro@-x.jp", AddressProblem::Domain),
            ("taro@exa mple.jp", AddressProblem::Domain),
            ("taro@127.0.0.1", AddressProblem::Domain),
            ("taro@example..jp", AddressProblem::Domain),
            ("taro@例え.jp", AddressProblem::Domain),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(problem), "{text:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@example.jp", "a".repeat(65))).is_err());
    }

    #[test]
    fn debug_hides_the_person() {
        assert_eq!(format!("{:?}", EmailAddress::parse("taro@example.jp").unwrap()), "EmailAddress(…@example.jp)");
    }
}
