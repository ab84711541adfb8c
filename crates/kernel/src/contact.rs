//! Addresses of contact points in the one form they are compared, looked up and sent to: e-mail, Japanese telephone
//! numbers as E.164, postal codes. Leaves whether anything arrives there to `people::contact_point`.

mod national;

use unicode_normalization::UnicodeNormalization;

pub use national::national;

/// Why a text is no address of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AddressError {
    /// Nothing written.
    #[error("nothing is written")]
    Empty,
    /// Not `name@host.domain`.
    #[error("not an e-mail address")]
    NotEmail,
    /// Not a Japanese telephone number.
    #[error("not a Japanese telephone number")]
    NotPhone,
    /// Not a postal code of seven digits.
    #[error("not a postal code of seven digits")]
    NotPostalCode,
}

impl AddressError {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "address_empty",
            Self::NotEmail => "not_email",
            Self::NotPhone => "not_phone",
            Self::NotPostalCode => "not_postal_code",
        }
    }
}

fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// An e-mail address in NFKC and lower case. Japanese carriers gave out local parts the standards forbid (`a..b@`,
/// `a.@`, `.a@`); they exist and receive mail, so they are accepted (formats.md 9). Quoted local parts are not.
///
/// # Errors
/// `Empty` or `NotEmail`.
pub fn email(text: &str) -> Result<String, AddressError> {
    // White space and controls inside are refused, not dropped: they are how headers are injected.
    let address = text.trim().nfkc().collect::<String>().to_lowercase();
    if address.is_empty() {
        return Err(AddressError::Empty);
    }
    let (local, host) = address.rsplit_once('@').ok_or(AddressError::NotEmail)?;
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let labels: Vec<&str> = host.split('.').collect();
    let host_fits = host.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|label| label_fits(label))
        && labels.last().is_some_and(|top| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
    if local_fits && host_fits { Ok(address) } else { Err(AddressError::NotEmail) }
}

fn label_fits(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A Japanese telephone number as E.164 (`+819012345678`), from any spelling with hyphens, brackets, spaces, either
/// width, with or without +81.
///
/// # Errors
/// `Empty` or `NotPhone`.
pub fn phone(text: &str) -> Result<String, AddressError> {
    let text = plain(text);
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | '(' | ')' | '.' | '‐' | '‑' | '–' | '—' | '−' | 'ー' | '―'))
        .collect();
    let (plus, digits) = bare.strip_prefix('+').map_or((false, bare.as_str()), |rest| (true, rest));
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AddressError::NotPhone);
    }
    let national = match digits.strip_prefix("81") {
        Some(rest) if plus => rest.strip_prefix('0').unwrap_or(rest),
        _ if plus => return Err(AddressError::NotPhone),
        Some(_) | None => digits.strip_prefix('0').ok_or(AddressError::NotPhone)?,
    };
    // Mobile, IP and M2M numbers (70, 80, 90, 60, 50, 20) have ten digits after the 0, all others nine.
    let long = ["20", "50", "60", "70", "80", "90"].iter().any(|p| national.starts_with(p));
    let length = if long { 10 } else { 9 };
    if national.starts_with('0') || national.len() != length {
        return Err(AddressError::NotPhone);
    }
    Ok(format!("+81{national}"))
}

/// A Japanese postal code as `NNN-NNNN`.
///
/// # Errors
/// `Empty` or `NotPostalCode`.
pub fn postal_code(text: &str) -> Result<String, AddressError> {
    let text = plain(text);
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let digits: String =
        text.trim_start_matches('〒').chars().filter(|c| !matches!(c, '-' | '‐' | '–' | '−' | 'ー' | '―')).collect();
    if digits.len() != 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AddressError::NotPostalCode);
    }
    let (area, town) = digits.split_at(3);
    Ok(format!("{area}-{town}"))
}

/// A Japanese postal address for comparing, never for writing: width, spaces and the many hyphens between numbers do not
/// count (`１－２` and `1-2` are one house), everything else does.
pub fn comparable_address(text: &str) -> String {
    let plain: Vec<char> = text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect();
    let digit = |at: Option<usize>| at.and_then(|at| plain.get(at)).is_some_and(char::is_ascii_digit);
    let one = |(at, c): (usize, &char)| match c {
        '-' | '‐' | '‑' | '–' | '—' | '−' | '―' => '-',
        'ー' if digit(at.checked_sub(1)) && digit(at.checked_add(1)) => '-',
        other => *other,
    };
    plain.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests;
