//! A browser without a window: sends requests to the router in memory, keeps cookies, fills forms with their hidden
//! fields. Leaves looking at pages to the browser tests of e2e.

#![allow(clippy::expect_used, clippy::panic, reason = "test support: what cannot happen ends the test")]

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use tower::ServiceExt;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it leads, for a redirection.
    pub location: Option<String>,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// The value of the form token on the page.
    pub fn form_token(&self) -> Option<String> {
        let (_, after) = self.text.split_once("name=\"csrf\" value=\"")?;
        after.split_once('"').map(|(token, _)| token.to_owned())
    }
}

/// One browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A browser in front of a router, without cookies.
    pub const fn before(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Posts fields.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body)).await
    }

    /// Sends a request of any method, as a page of the same origin would.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))))
            .body(body.map_or_else(Body::empty, Body::from))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        for line in response.headers().get_all(header::SET_COOKIE) {
            let pair = line.to_str().expect("a cookie in ASCII").split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let location = response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let bytes = axum::body::to_bytes(response.into_body(), 16 * 1024 * 1024).await.expect("a body");
        Answer { status, location, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
