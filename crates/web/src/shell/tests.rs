//! The shell keeps its promises: every error has words in every locale, forms from elsewhere are refused, files are kept
//! for ever only under their own hash, nothing inline.

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use tower::ServiceExt;
use tsunagari_i18n::Locale;

use super::guide::{OfficeGuide, PortalGuide};
use super::problem::{ProblemPage, error_pages, without_locale};
use super::sample::{faults, office_shell, portal_shell};
use super::{AppError, Sample, Shell, Surface, assets, cookies, csrf, headers};

fn every_error() -> Vec<AppError> {
    vec![
        AppError::Bad(vec!["a detail".into()]),
        AppError::Forbidden,
        AppError::ForeignForm,
        AppError::NotFound,
        AppError::NoPage,
        AppError::Conflict(Vec::new()),
        AppError::TooLarge,
        AppError::Refused(Vec::new()),
        AppError::TooMany(60),
        AppError::Broken("0190-sample".into()),
        AppError::Busy(10),
    ]
}

impl Sample for ProblemPage {
    fn samples(shell: Shell) -> Vec<Self> {
        every_error().iter().map(|e| Self::of(e, shell.clone())).collect()
    }
}

/// The control of [`faults`]: it must see what it looks for.
#[derive(Template)]
#[template(source = "{{ shell.t.get(\"no-such-text-on-purpose\") }}<p style=\"color:red\">", ext = "html")]
struct Faulty {
    shell: Shell,
}

impl Sample for Faulty {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![Self { shell }]
    }
}

#[test]
fn every_error_page_speaks_every_language() {
    assert_eq!(faults::<ProblemPage>(office_shell), Vec::<String>::new());
    assert_eq!(faults::<ProblemPage>(portal_shell), Vec::<String>::new());
    assert_eq!(faults::<Faulty>(portal_shell).len(), 6);
}

#[test]
fn every_component_speaks_every_language() {
    assert_eq!(faults::<OfficeGuide>(office_shell), Vec::<String>::new());
    assert_eq!(faults::<PortalGuide>(portal_shell), Vec::<String>::new());
}

fn app() -> Router {
    Router::new()
        .route("/form", post(async || "done"))
        .route("/busy", get(async || AppError::Busy(10)))
        .route("/health/ready", get(async || (StatusCode::SERVICE_UNAVAILABLE, "schema\n")))
        .route("/plain", get(async || (StatusCode::SERVICE_UNAVAILABLE, "schema\n")))
        .merge(assets::routes())
        .layer(from_fn(csrf::guard))
        .layer(from_fn(headers::no_store))
        .layer(from_fn_with_state(Surface::Portal, error_pages))
        .layer(from_fn(headers::protect))
}

async fn ask(request: axum::http::request::Builder) -> Response {
    app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn words(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn forms_from_elsewhere_are_refused() {
    let form = || Request::post("/form").header(header::HOST, "localhost:8080");
    for (site, want) in [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)] {
        assert_eq!(ask(form().header("sec-fetch-site", site)).await.status(), want, "{site}");
    }
    for (origin, want) in [("http://localhost:8080", 200), ("http://localhost:8090", 403), ("null", 403)] {
        assert_eq!(ask(form().header(header::ORIGIN, origin)).await.status(), want, "{origin}");
    }
    assert_eq!(ask(form()).await.status(), 403);
}

#[tokio::test]
async fn errors_become_pages_in_the_language_of_the_reader() {
    let missing = ask(Request::get("/nowhere?lang=en")).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert!(words(missing).await.contains("This page was not found"));
    let busy = ask(Request::get("/busy").header(header::COOKIE, "a=b; __Host-lang=ja-easy")).await;
    assert_eq!(busy.headers()[header::RETRY_AFTER], "10");
    assert!(words(busy).await.contains("いま こんでいます"));
}

#[tokio::test]
async fn whoever_watches_the_process_reads_one_word() {
    let ready = ask(Request::get("/health/ready")).await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(words(ready).await, "schema\n");
    assert!(words(ask(Request::get("/plain")).await).await.contains("<html"), "anywhere else it is a page");
}

#[tokio::test]
async fn pages_are_protected_and_files_are_kept() {
    let page = ask(Request::get("/busy")).await;
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
    let file = ask(Request::get(assets::url("site.css"))).await;
    assert_eq!(file.status(), StatusCode::OK);
    assert!(file.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    assert_eq!(ask(Request::get("/static/0/site.css")).await.headers()[header::CACHE_CONTROL], "no-cache");
    assert_eq!(ask(Request::get("/static/0/none.css")).await.status(), StatusCode::NOT_FOUND);
}

#[test]
fn tokens_and_cookies() {
    assert!(csrf::token_matches("abc", "abc"));
    assert!(!csrf::token_matches("abc", "abd"));
    assert!(!csrf::token_matches("", ""));
    let set = cookies::set(cookies::session_name(Surface::Office), "t0ken").unwrap();
    assert_eq!(set, "__Host-office=t0ken; Path=/; Secure; HttpOnly; SameSite=Lax");
    assert_eq!(cookies::set("__Host-office", "a; Domain=x"), None);
    assert!(csrf::comes_from_us(&Method::GET, &header::HeaderMap::new()));
}

#[test]
fn the_language_switch_keeps_the_page() {
    let languages = portal_shell(Locale::En).languages();
    assert_eq!(languages[1].href, "/p/32204/join?step=2&lang=ja-easy");
    assert!(languages[2].current);
}

#[test]
fn a_path_forgets_the_language_it_was_asked_in() {
    let cases =
        [("/office", "/office"), ("/office/audit?lang=en", "/office/audit"), ("/a?lang=en&q=b&lang=ja", "/a?q=b")];
    for (asked, kept) in cases {
        assert_eq!(without_locale(asked), kept);
    }
}

#[test]
fn plain_japanese_is_offered_to_residents_only() {
    let offered = |path: &str| {
        let mut shell = portal_shell(Locale::Ja);
        shell.path = path.to_owned();
        shell.languages().len()
    };
    assert_eq!((offered("/p/322041"), offered("/office/people?q=a"), offered("/office")), (3, 2, 2));
}
