//! When a page cannot be shown: an [`AppError`] from a handler, or a bare status of the framework, becomes a page that says what
//! happened, why, and what to do, in the reader's language. Unknown and foreign ids answer alike ([`AppError::NotFound`]).

use std::sync::LazyLock;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tsunagari_i18n::Locale;

use super::components::Link;
use super::context::{Org, Shell};
use super::{cookies, render};

/// Which part of the product a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// Residents.
    Portal,
    /// Staff.
    Office,
    /// Neither: health, links.
    Plain,
}

impl Surface {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Portal, Self::Office, Self::Plain];
}

/// Why a page cannot be shown. Sentences in `details` are in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// 400: not understood.
    #[error("not understood")]
    Bad(Vec<String>),
    /// 303 to the sign-in page of this path.
    #[error("not signed in")]
    SignIn(String),
    /// 403: the role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// 403: the form came from elsewhere or is too old.
    #[error("form not from this session")]
    ForeignForm,
    /// 404: not there, or not yours.
    #[error("not found")]
    NotFound,
    /// 405: a form's address that has no page of its own.
    #[error("no page of its own")]
    NoPage,
    /// 409: somebody was faster.
    #[error("changed meanwhile")]
    Conflict(Vec<String>),
    /// 413: too large.
    #[error("too large")]
    TooLarge,
    /// 422: understood, but refused.
    #[error("refused")]
    Refused(Vec<String>),
    /// 410: a one-time link to the office that was used or has expired.
    #[error("link spent")]
    SpentLink,
    /// 429: too often; try again in this many seconds.
    #[error("too often")]
    TooMany(u32),
    /// 500: our fault; with the operation's id from the log.
    #[error("broken")]
    Broken(String),
    /// 503: busy; try again in this many seconds.
    #[error("busy")]
    Busy(u32),
}

impl AppError {
    /// 500 without an operation id.
    pub const fn broken() -> Self {
        Self::Broken(String::new())
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NoPage => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SpentLink => StatusCode::GONE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Name of its texts: `error-NAME-title`, `-why`, `-todo`.
    const fn name(&self) -> &'static str {
        match self {
            Self::Bad(_) => "bad",
            Self::SignIn(_) | Self::Forbidden => "forbidden",
            Self::ForeignForm => "form",
            Self::NotFound => "missing",
            Self::NoPage => "no-page",
            Self::Conflict(_) => "conflict",
            Self::TooLarge => "large",
            Self::Refused(_) => "refused",
            Self::SpentLink => "spent",
            Self::TooMany(_) => "often",
            Self::Broken(_) => "broken",
            Self::Busy(_) => "busy",
        }
    }

    fn details(&self) -> &[String] {
        match self {
            Self::Bad(d) | Self::Conflict(d) | Self::Refused(d) => d,
            Self::SignIn(_) | Self::Forbidden | Self::ForeignForm | Self::NotFound | Self::NoPage | Self::TooLarge => {
                &[]
            }
            Self::SpentLink | Self::TooMany(_) | Self::Broken(_) | Self::Busy(_) => &[],
        }
    }

    /// The error a bare status of the framework stands for.
    fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::NoPage,
            StatusCode::CONFLICT => Self::Conflict(Vec::new()),
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::GONE => Self::SpentLink,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Refused(Vec::new()),
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany(60),
            StatusCode::SERVICE_UNAVAILABLE => Self::Busy(10),
            s if s.is_server_error() => Self::broken(),
            _ => Self::Bad(Vec::new()),
        }
    }
}

impl IntoResponse for AppError {
    /// Status and headers; the words are put in by [`error_pages`], which knows the reader's language.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        match &self {
            Self::SignIn(to) => {
                headers.insert(LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
            }
            Self::TooMany(seconds) | Self::Busy(seconds) => {
                headers.insert(RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Self::Bad(_) | Self::Forbidden | Self::ForeignForm | Self::NotFound | Self::Conflict(_) => {}
            Self::NoPage | Self::TooLarge | Self::Refused(_) | Self::SpentLink | Self::Broken(_) => {}
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The page of an error.
#[derive(Debug, Clone, Template)]
#[template(path = "shell/problem.html")]
pub struct ProblemPage {
    shell: Shell,
    code: u16,
    title: String,
    why: String,
    todo: String,
    details: Vec<String>,
    /// Where the page's button leads.
    on: Link,
    operation: String,
}

impl ProblemPage {
    /// The page of an error in a frame.
    pub fn of(error: &AppError, shell: Shell) -> Self {
        // Who has a paper or a mail in hand knows no organisation: they are told whom to ask.
        let resident = matches!(error, AppError::NotFound) && !shell.home.starts_with("/office");
        let name = if resident { "astray" } else { error.name() };
        let text = |part: &str| shell.t.get(format!("error-{name}-{part}"));
        Self {
            code: error.status().as_u16(),
            title: text("title"),
            why: text("why"),
            todo: text("todo"),
            details: error.details().to_vec(),
            on: match error {
                AppError::SpentLink if shell.home.starts_with("/office") => Link::to("/office/sign-in", text("on")),
                AppError::SpentLink => Link::to("/sign-in", text("on")),
                _ => Link::to(shell.home.clone(), shell.t.get("error-home")),
            },
            operation: if let AppError::Broken(id) = error { id.clone() } else { String::new() },
            shell,
        }
    }

    /// The same page, its button opening the reader's own address again: what was asked for is still wanted.
    fn after(mut self, asked: Asked) -> Self {
        if asked == Asked::ForPage {
            self.on = Link::to("", self.shell.t.get("error-again"));
        }
        self
    }
}

/// What a request that met an error had asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// A page: it can be opened again.
    ForPage,
    /// Something else, such as a form: opening its address again would not send it.
    ByForm,
}

/// The language an address asks for by `lang=` in its query.
pub fn locale_asked(query: Option<&str>) -> Option<Locale> {
    query.into_iter().flat_map(|q| q.split('&')).find_map(|pair| Locale::parse(pair.strip_prefix("lang=")?))
}

/// Path and query without `lang=`: what the language switch adds to.
pub fn without_locale(path_and_query: &str) -> String {
    let Some((path, query)) = path_and_query.split_once('?') else { return path_and_query.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=") && !pair.is_empty()).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// The reader's language: `?lang=`, the cookie, the browser.
pub fn locale_of(uri: &Uri, headers: &HeaderMap) -> Locale {
    let asked = locale_asked(uri.query());
    let kept = || cookies::read(headers, cookies::LANGUAGE).and_then(Locale::parse);
    let browser = || headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).map(Locale::negotiate);
    asked.or_else(kept).or_else(browser).unwrap_or_default()
}

fn at_home(surface: Surface, shell: Shell) -> Shell {
    match surface {
        Surface::Office => Shell { home: "/office".to_owned(), ..shell },
        Surface::Portal | Surface::Plain => shell,
    }
}

/// The page of those for whom there is no room, made once for each surface and language: they come by the thousand when
/// there is no time for them. It knows no path, so its addresses are relative to the reader's own.
fn turned_away(surface: Surface, locale: Locale, asked: Asked) -> Bytes {
    type Of = (Surface, Locale, Asked);
    static PAGES: LazyLock<Vec<(Of, Bytes)>> = LazyLock::new(|| {
        let both = |surface, locale| [Asked::ForPage, Asked::ByForm].map(|asked| (surface, locale, asked));
        let each = |surface| Locale::ALL.into_iter().flat_map(move |locale| both(surface, locale));
        let all = Surface::ALL.into_iter().flat_map(each);
        let page = |of: Of| {
            let shell = at_home(of.0, Shell::bare(of.1, Org::default(), ""));
            // A template that cannot be rendered is no page here either: the status and `Retry-After` still say it.
            (of, ProblemPage::of(&AppError::Busy(0), shell).after(of.2).render().unwrap_or_default().into())
        };
        all.map(page).collect()
    });
    PAGES.iter().find(|(of, _)| *of == (surface, locale, asked)).map(|(_, page)| page.clone()).unwrap_or_default()
}

/// Puts words into error responses that have none. A [`Shell`] or [`Org`] among the response's extensions is used as the frame.
/// Use with `from_fn_with_state(Surface::…, error_pages)`. JSON and pages that already have words pass untouched.
pub async fn error_pages(State(surface): State<Surface>, request: Request, next: Next) -> Response {
    let locale = locale_of(request.uri(), request.headers());
    let path = request.uri().path().to_owned();
    let asked = if request.method() == Method::GET { Asked::ForPage } else { Asked::ByForm };
    let response = next.run(request).await;
    let status = response.status();
    // Whoever watches the process reads one word, not a page.
    if (!status.is_client_error() && !status.is_server_error()) || path.starts_with("/health/") {
        return response;
    }
    let known = response.extensions().get::<AppError>().cloned();
    let worded = response.headers().get(CONTENT_TYPE).is_some_and(|t| !t.as_bytes().starts_with(b"text/plain"));
    if known.is_none() && worded {
        return response;
    }
    let error = known.unwrap_or_else(|| AppError::from_status(status));
    let org = response.extensions().get::<Org>().cloned();
    let shell = response.extensions().get::<Shell>().cloned();
    let mut page = if matches!(error, AppError::Busy(_)) && org.is_none() && shell.is_none() {
        (status, Html(turned_away(surface, locale, asked))).into_response()
    } else {
        let shell = shell.unwrap_or_else(|| Shell::bare(locale, org.unwrap_or_default(), path));
        let words = ProblemPage::of(&error, at_home(surface, shell));
        let busy = matches!(error, AppError::Busy(_));
        render::page_with_status(status, &if busy { words.after(asked) } else { words })
    };
    for name in [RETRY_AFTER, LOCATION, ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}
