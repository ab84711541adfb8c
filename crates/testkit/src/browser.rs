//! A browser without a window: sends requests to the router in memory, keeps cookies, fills forms with their hidden
//! fields. Leaves reading links and forms off a page to `markup`, and looking at pages to the browser tests of e2e.

#![allow(clippy::expect_used, clippy::panic, reason = "test support: what cannot happen ends the test")]

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use tower::ServiceExt;

use crate::markup::Form;

const BOUNDARY: &str = "a-boundary-that-is-in-no-file";

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Where it leads, for a redirection.
    pub location: Option<String>,
    /// Every header.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

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
    peer: [u8; 4],
}

impl Browser {
    /// A browser in front of a router, without cookies.
    pub const fn before(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), peer: [127, 0, 0, 1] }
    }

    /// Gets a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Gets a page and leaves it unread: the status alone, for who sends very many requests beside the server.
    pub async fn glance(&self, path: &str) -> StatusCode {
        let request = self.request(Method::GET, path).body(Body::empty()).expect("a request");
        self.router.clone().oneshot(request).await.expect("the router never fails").status()
    }

    /// Posts fields.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body)).await
    }

    /// Posts a form as it stands on a page, with changes.
    pub async fn submit(&mut self, form: &Form, changes: &[(&str, &str)]) -> Answer {
        let mut fields = form.fields.clone();
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&form.action, &fields).await
    }

    /// Posts a form with a file.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let (name, bytes) = file;
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::from(body))
            .expect("a request");
        self.exchange(request).await
    }

    /// A request with this browser's cookies, as a page of the same origin would make it.
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let builder = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost")
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from((self.peer, 50_000))));
        if cookies.is_empty() { builder } else { builder.header(header::COOKIE, cookies.join("; ")) }
    }

    /// The same browser at another address of the network.
    #[must_use]
    pub const fn at(mut self, peer: [u8; 4]) -> Self {
        self.peer = peer;
        self
    }

    /// The cookies it has, by name.
    pub const fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }

    /// Sends a request of any method, as a page of the same origin would.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let request = self
            .request(method, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.map_or_else(Body::empty, Body::from))
            .expect("a request");
        self.exchange(request).await
    }

    /// Sends a request as it is, keeps the cookies of the answer and reads it to its end.
    pub async fn exchange(&mut self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        for line in response.headers().get_all(header::SET_COOKIE) {
            let pair = line.to_str().expect("a cookie in ASCII").split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                if value.is_empty() {
                    self.cookies.remove(name);
                } else {
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let location = headers.get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let bytes = axum::body::to_bytes(response.into_body(), 16 * 1024 * 1024).await.expect("a body");
        Answer { status, location, headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes: bytes.to_vec() }
    }
}
