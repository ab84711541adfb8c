//! Cookies by surface. Cookies do not know ports, so each surface has a name of its own. The `__Host-` prefix demands `Secure`,
//! `Path=/` and no domain: browsers accept that on https and on `http://localhost`, but not reliably on `http://127.0.0.1`.
//! A loopback demo therefore shows `localhost` addresses; the flag is never dropped. Leaves tokens to `access`.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue};

use super::problem::Surface;

/// Keeps the language chosen on a page.
pub const LANGUAGE: &str = "__Host-lang";

/// Name of the session cookie of a surface.
pub const fn session_name(surface: Surface) -> &'static str {
    match surface {
        Surface::Office => "__Host-office",
        Surface::Portal => "__Host-portal",
        Surface::Plain => "__Host-plain",
    }
}

/// The value of a cookie in a request.
pub fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, value)| (n == name).then_some(value))
}

/// `Set-Cookie` that ends with the browser session. `None` when the value cannot stand in a header.
pub fn set(name: &str, value: &str) -> Option<HeaderValue> {
    line(name, value, "")
}

/// `Set-Cookie` kept for this many seconds.
pub fn set_for(name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    line(name, value, &format!("; Max-Age={seconds}"))
}

/// `Set-Cookie` that removes.
pub fn clear(name: &str) -> Option<HeaderValue> {
    line(name, "", "; Max-Age=0")
}

fn line(name: &str, value: &str, age: &str) -> Option<HeaderValue> {
    let plain = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    if !plain {
        return None;
    }
    // Lax, not Strict: a link from LINE or a mail must find the session.
    HeaderValue::from_str(&format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}")).ok()
}
