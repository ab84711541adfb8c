//! A browser without scripts: keeps cookies by name, follows nothing by itself, posts the forms it sees.

use std::collections::HashMap;

use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;

/// A browser at one origin.
pub struct Browser {
    http: reqwest::Client,
    origin: String,
    cookies: HashMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub to: String,
    pub body: String,
}

impl Page {
    /// The hidden form token.
    pub fn csrf(&self) -> String {
        let after = self.body.split("name=\"csrf\" value=\"").nth(1).unwrap_or_default();
        after.split('"').next().unwrap_or_default().to_owned()
    }

    /// The lines of the summary of errors: where each leads, and its words.
    pub fn summary(&self) -> Vec<(String, String)> {
        let list = self.body.split("banner__list\">").nth(1).unwrap_or_default();
        let list = list.split("</ul>").next().unwrap_or_default();
        let line = |it: &str| {
            let (at, rest) = it.split_once("\">")?;
            Some((at.to_owned(), rest.split("</a>").next()?.to_owned()))
        };
        list.split("<a href=\"").skip(1).filter_map(line).collect()
    }

    /// Asserts the status and that a text is on the page.
    #[track_caller]
    pub fn shows(self, status: u16, text: &str) -> Self {
        assert_eq!(self.status, status, "{} {}", self.to, self.body);
        assert!(self.body.contains(text), "no {text:?} in {}", self.body);
        self
    }

    /// Asserts a redirect.
    #[track_caller]
    pub fn leads_to(self, to: &str) -> Self {
        assert_eq!((self.status, self.to.as_str()), (303, to), "{}", self.body);
        self
    }
}

impl Browser {
    /// A fresh one.
    pub fn at(origin: &str) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { http, origin: origin.into(), cookies: HashMap::new() }
    }

    /// Another window with the same cookies.
    pub fn twin(&self) -> Self {
        Self { http: self.http.clone(), origin: self.origin.clone(), cookies: self.cookies.clone() }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.origin) }
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Page {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, jar.join("; ")).send().await.unwrap();
        for line in answer.headers().get_all(SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(line.contains("Secure; HttpOnly; SameSite=Lax"), "{line}");
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let to = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        Page { status: answer.status().as_u16(), to, body: answer.text().await.unwrap() }
    }

    /// Brings a cookie along.
    pub fn with_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens an address.
    pub async fn get(&mut self, path: &str) -> Page {
        let request = self.http.get(self.url(path)).header("accept-language", "ja");
        self.send(request).await
    }

    /// Posts a form as a page of ours would.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = self
            .http
            .post(self.url(path))
            .header(ORIGIN, self.origin.as_str())
            .header("accept-language", "ja")
            .form(fields);
        self.send(request).await
    }

    /// Opens a page and posts its form with the token it carries.
    pub async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get(path).await.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    /// Goes through LINE Login as a user of the simulator, from the address it was sent to; back at our callback.
    pub async fn through_line(&mut self, authorize: &str, user: &str, add_friend: Option<&str>) -> Page {
        let asked = url::Url::parse(authorize).unwrap();
        let mut fields: Vec<(String, String)> = asked.query_pairs().into_owned().collect();
        fields.push(("sim_user".into(), user.into()));
        fields.push(("decision".into(), "allow".into()));
        fields.extend(add_friend.map(|yes| ("add_friend".to_owned(), yes.to_owned())));
        let mut at = asked.clone();
        at.set_query(None);
        let answer = self.http.post(at).form(&fields).send().await.unwrap();
        let back = answer.headers().get(LOCATION).expect("the callback").to_str().unwrap().to_owned();
        assert!(back.starts_with(&self.origin), "{back}");
        self.get(&back).await
    }
}
