//! The table of routes. A route can only be added with what it needs, and the guard in front of the handler is made
//! from the same row; so the authorisation matrix test, which walks the table, knows every route there is.
//! To add one: a line in the `routes` function of its page's module.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, RwLock};

use axum::Router;
use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::http::{Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use serde::de::DeserializeOwned;
use tsunagari_access::Code;

use crate::office::desk;
use crate::shell::{AppError, csrf};
use crate::state::WebState;

/// A handler whose type is forgotten. The router's own machinery is then built once and not once for each page, which is
/// most of what a build of this crate would do otherwise.
type Page = Arc<dyn Fn(Request) -> Answering + Send + Sync>;

/// An answer under way.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

fn page<H, T>(handler: H, state: WebState) -> Page
where
    H: Handler<T, WebState>,
{
    Arc::new(move |request| Box::pin(handler.clone().call(request, state.clone())))
}

/// What a request must bring before its handler runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: public pages, webhooks (which prove themselves by signature), signed links.
    Nothing,
    /// A signed-in member of staff, whatever the role.
    Staff,
    /// A signed-in member of staff who holds this permission.
    Permission(Code),
    /// A signed-in member of staff who holds both permissions.
    Both(Code, Code),
    /// A signed-in resident of this portal.
    Resident,
}

impl Needs {
    /// The permissions, all of which are needed.
    pub fn codes(self) -> Vec<Code> {
        match self {
            Self::Nothing | Self::Staff | Self::Resident => Vec::new(),
            Self::Permission(code) => vec![code],
            Self::Both(code, other) => vec![code, other],
        }
    }

    /// Whether a member of staff is asked for.
    pub const fn is_staffs(self) -> bool {
        match self {
            Self::Staff | Self::Permission(_) | Self::Both(..) => true,
            Self::Nothing | Self::Resident => false,
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub struct RouteRow {
    /// The method.
    pub method: Method,
    /// The path as axum reads it.
    pub path: &'static str,
    /// What it needs.
    pub needs: Needs,
}

/// The router and its table, grown together.
pub struct Routes {
    state: WebState,
    router: Router<WebState>,
    machines: Router<WebState>,
    table: Vec<RouteRow>,
    /// The paths that can be opened, known to every guard once all rows are there.
    pages: Pages,
}

/// The paths with a page behind them, as axum reads them.
type Pages = Arc<RwLock<BTreeSet<&'static str>>>;

/// Where the page of a form stands that was posted to a path without a page of its own: the nearest path above that has one.
fn page_above(pages: &Pages, pattern: &str, path: &str) -> Option<String> {
    let pages = pages.read().ok()?;
    let (mut pattern, mut path) = (pattern, path);
    while !pages.contains(pattern) {
        pattern = pattern.rsplit_once('/')?.0;
        path = path.rsplit_once('/')?.0;
    }
    Some(path.to_owned())
}

impl Routes {
    /// An empty table.
    pub fn new(state: WebState) -> Self {
        Self { state, router: Router::new(), machines: Router::new(), table: Vec::new(), pages: Pages::default() }
    }

    /// A page.
    #[must_use]
    pub fn get<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        let page = page(handler, self.state.clone());
        self.add(Method::GET, MethodFilter::GET, path, needs, page)
    }

    /// A form.
    #[must_use]
    pub fn post<H, T>(self, path: &'static str, needs: Needs, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        let page = page(handler, self.state.clone());
        self.add(Method::POST, MethodFilter::POST, path, needs, page)
    }

    fn add(mut self, method: Method, filter: MethodFilter, path: &'static str, needs: Needs, page: Page) -> Self {
        let state = self.state.clone();
        if method == Method::GET
            && let Ok(mut pages) = self.pages.write()
        {
            pages.insert(path);
        }
        let pages = self.pages.clone();
        let guarded =
            on(filter, move |request: Request| page(request)).layer(from_fn(move |request: Request, next: Next| {
                let state = state.clone();
                let seen = Seen::of(&request, |at| page_above(&pages, path, at));
                async move { admit(state, needs, seen, request, next).await }
            }));
        self.router = self.router.route(path, guarded);
        self.table.push(RouteRow { method, path, needs });
        self
    }

    /// What other machines post: webhooks, one-click unsubscribe. It proves itself by a signature or a token and stands
    /// outside the check that a request comes from our own pages.
    #[must_use]
    pub fn machine<H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, WebState>,
        T: 'static,
    {
        let page = page(handler, self.state.clone());
        self.machines = self.machines.route(path, on(MethodFilter::POST, move |request: Request| page(request)));
        self.table.push(RouteRow { method: Method::POST, path, needs: Needs::Nothing });
        self
    }

    /// The rows so far.
    pub fn table(&self) -> &[RouteRow] {
        &self.table
    }

    /// The router of people's pages and the router of what machines post, for serving.
    pub fn into_routers(self) -> (Router, Router) {
        (self.router.with_state(self.state.clone()), self.machines.with_state(self.state))
    }
}

async fn admit(state: WebState, needs: Needs, seen: Seen, mut request: Request, next: Next) -> Response {
    let admitted = match needs {
        Needs::Nothing => Ok(()),
        Needs::Staff => seat(&mut request, desk::admit(&state, None, seen).await),
        Needs::Permission(code) => seat(&mut request, desk::admit(&state, Some(code), seen).await),
        Needs::Both(code, other) => {
            let admitted = desk::admit(&state, Some(code), seen).await;
            seat(&mut request, admitted.and_then(|it| if it.1.may(other) { Ok(it) } else { Err(AppError::Forbidden) }))
        }
        Needs::Resident => seat(&mut request, crate::portal::visitor::admit(&state, seen).await),
    };
    match admitted {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

/// Puts whoever was admitted, and the form token of the session, into the request.
fn seat<T: Clone + Send + Sync + 'static>(
    request: &mut Request,
    admitted: Result<(FormToken, T), AppError>,
) -> Result<(), AppError> {
    let (token, who) = admitted?;
    request.extensions_mut().insert(token);
    request.extensions_mut().insert(who);
    Ok(())
}

/// What the guards look at in a request.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Path and query.
    pub path: String,
    /// Where the page stands that the answer is seen on: the same, but for a form posted to a path without a page.
    pub page: String,
    /// The method.
    pub method: Method,
    /// The headers.
    pub headers: axum::http::HeaderMap,
}

impl Seen {
    fn of(request: &Request, page_above: impl FnOnce(&str) -> Option<String>) -> Self {
        let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let above = if request.method() == Method::POST { page_above(request.uri().path()) } else { None };
        let page = above.filter(|above| above != request.uri().path()).unwrap_or_else(|| path.clone());
        Self { path, page, method: request.method().clone(), headers: request.headers().clone() }
    }
}

/// The token a form of this session must carry; put into the request by the guard.
#[derive(Debug, Clone)]
pub struct FormToken(pub String);

/// A posted form whose token is this session's.
pub struct Posted<T>(pub T);

/// A form of which only the button is asked.
#[derive(serde::Deserialize)]
pub struct Nothing {}

impl<T, S> FromRequest<S> for Posted<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        let token = request.extensions().get::<FormToken>().cloned();
        let form_type =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !form_type.starts_with("application/x-www-form-urlencoded") {
            return Err(AppError::Bad(Vec::new()));
        }
        let body = axum::body::to_bytes(request.into_body(), 512 * 1024).await.map_err(|_| AppError::TooLarge)?;
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
        let given = pairs.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
        if let Some(FormToken(token)) = token {
            csrf::require_token(&token, given)?;
        }
        let again = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.iter()).finish();
        axum_extra::extract::Form::<T>::from_request(
            Request::builder()
                .method(Method::POST)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(again.into())
                .map_err(|_| AppError::broken())?,
            &(),
        )
        .await
        .map(|form| Self(form.0))
        .map_err(|_| AppError::Bad(Vec::new()))
    }
}
