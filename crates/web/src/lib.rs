//! The HTTP surfaces: portal, office, hooks, shell. Server-rendered pages, each a typed template with sample values that are
//! rendered in every locale by a test. Leaves every decision to acts and domain crates. A page is a struct with
//! `#[derive(Template)]` holding a [`shell::Shell`]; its template extends `shell/{portal,office,plain}.html`.

mod account_form;
mod door;
mod draw_proof;
pub mod hooks;
mod joined;
pub mod office;
pub mod portal;
pub mod routes;
pub mod rule_words;
pub mod sent_file;
pub mod sentences;
pub mod shell;
pub mod state;
pub mod stored;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;

pub use state::WebState;

/// The table of every route.
pub fn table(state: WebState) -> routes::Routes {
    hooks::routes(door::routes(portal::routes(office::routes(routes::Routes::new(state)))))
}

/// The program's whole web side: pages behind their guards, embedded files, protecting headers, error pages.
pub fn router(state: WebState) -> Router {
    router_within(state, shell::room::Rooms::usual())
}

/// The same with other rooms: how much is done at once.
pub fn router_within(state: WebState, rooms: shell::room::Rooms) -> Router {
    let (pages, machines) = table(state.clone()).into_routers();
    let machines = machines
        .layer(DefaultBodyLimit::max(shell::room::LARGEST_WEBHOOK))
        .layer(from_fn_with_state(rooms.clone(), shell::room::machines));
    pages
        .layer(from_fn(shell::csrf::guard))
        .layer(from_fn(portal::language::keep))
        .layer(from_fn_with_state(rooms, shell::room::pages))
        .merge(machines)
        .layer(from_fn(shell::headers::no_store))
        .merge(shell::assets::routes())
        .layer(from_fn(words_of_errors))
        .layer(from_fn(shell::headers::protect))
        .layer(from_fn_with_state(state, shell::observe::observe))
}

/// An error's page wears the dress of the surface its path belongs to.
async fn words_of_errors(request: Request, next: Next) -> Response {
    let surface =
        if request.uri().path().starts_with("/office") { shell::Surface::Office } else { shell::Surface::Portal };
    shell::problem::error_pages(State(surface), request, next).await
}
