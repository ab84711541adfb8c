//! A member of staff at a desk: signs in by a one-time link, opens pages, posts their forms, uploads a file. Each answer
//! with how long it took. Leaves what is asked for to the caller.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};

const BOUNDARY: &str = "a-boundary-that-is-in-no-file-0f3779fba3b349968c5d07db31eab56f";

/// An officer's browser.
#[derive(Debug, Clone)]
pub struct Desk {
    http: reqwest::Client,
    origin: String,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; 0 when there was none.
    pub status: u16,
    /// Where it leads.
    pub to: String,
    /// The page.
    pub body: String,
    /// How long it took, with the whole body.
    pub took: Duration,
}

impl Answer {
    /// The form token of the page.
    pub fn csrf(&self) -> &str {
        let after = self.body.split_once("name=\"csrf\" value=\"").map(|(_, rest)| rest);
        after.and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }

    fn none(error: &reqwest::Error, took: Duration) -> Self {
        Self { status: 0, to: String::new(), body: error.to_string(), took }
    }
}

impl Desk {
    /// Signs in by a one-time link's path. The client must not follow redirections.
    ///
    /// # Errors
    /// What came back instead of the office.
    pub async fn sign_in(http: reqwest::Client, origin: &str, link: &str) -> Result<Self, Box<Answer>> {
        let mut desk = Self { http, origin: origin.to_owned(), cookies: BTreeMap::new() };
        let answer = desk.get(link).await;
        if answer.status == 303 && !desk.cookies.is_empty() { Ok(desk) } else { Err(Box::new(answer)) }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.origin));
        self.send(request).await
    }

    /// Posts fields.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Answer {
        let request = self.http.post(format!("{}{path}", self.origin)).header(ORIGIN, &self.origin).form(fields);
        self.send(request).await
    }

    /// Uploads a file with fields.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file_name: &str, bytes: &[u8]) -> Answer {
        let mut body = Vec::with_capacity(bytes.len() + 1_024);
        for (name, value) in fields {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let request = self.http.post(format!("{}{path}", self.origin)).header(ORIGIN, &self.origin);
        let request = request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")).body(body);
        self.send(request).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let begin = Instant::now();
        let request = request.header(COOKIE, jar.join("; ")).header("accept-language", "ja");
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return Answer::none(&error, begin.elapsed()),
        };
        for line in answer.headers().get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            if let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let status = answer.status().as_u16();
        match answer.text().await {
            Ok(body) => Answer { status, to, body, took: begin.elapsed() },
            Err(error) => Answer::none(&error, begin.elapsed()),
        }
    }
}
