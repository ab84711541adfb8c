//! Programmes: the organisation's own, the gallery they are taken from, their rounds, and the applications that came in. Each page
//! is a module with its routes, handlers and typed template; what several say of a blueprint stands in `sheet`, of codes in `words`.
//! Leaves every rule to the act that keeps it, and what residents see to the portal.

mod application;
mod bulk;
mod decision;
mod doors;
mod draw;
mod enter;
mod figures;
mod gallery;
mod list;
mod notices;
mod paper_form;
mod parameter_form;
mod parcels;
mod payments;
mod rehearsal;
mod round_edit;
mod round_form;
mod round_steps;
mod said;
mod sheet;
mod show;
mod transfers;
mod words;
mod work_list;

use serde::Deserialize;
use tsunagari_i18n::Texts;

use crate::office::desk::Desk;
use crate::routes::Routes;
use crate::shell::components::{Crumbs, Link};
use crate::shell::{Shell, Tone};

/// The list of programmes, where every other page lies under.
const HERE: &str = "/office/programmes";

/// Every route of programmes.
pub fn routes(routes: Routes) -> Routes {
    let routes = list::routes(routes);
    let routes = gallery::routes(routes);
    let routes = show::routes(routes);
    let routes = round_edit::routes(routes);
    let routes = round_steps::routes(routes);
    let routes = work_list::routes(routes);
    let routes = draw::routes(routes);
    let routes = doors::routes(routes);
    let routes = figures::routes(routes);
    let routes = said::routes(routes);
    let routes = rehearsal::routes(routes);
    let routes = bulk::routes(routes);
    let routes = parcels::routes(routes);
    let routes = payments::routes(routes);
    let routes = transfers::routes(routes);
    let routes = enter::routes(routes);
    application::routes(routes)
}

/// What was done just before, by the address: one of a few codes, each with a text `programmes-done-…`.
#[derive(Debug, Default, Deserialize)]
struct News {
    #[serde(default)]
    done: String,
}

const DONE: &[&str] = &[
    "adopted",
    "kept",
    "put-away",
    "taken-out",
    "round-added",
    "round-kept",
    "announced",
    "called-off",
    "finished",
    "entered",
    "decided",
    "recorded",
    "corrected",
    "cancelled",
    "draw-prepared",
    "draw-frozen",
    "draw-drawn",
    "parcels-prepared",
    "parcels-asked",
    "shipping-kept",
    "lot-added",
    "lot-dropped",
    "parcel-address-kept",
    "tracking-read",
    "door-shut",
    "payments-decided",
    "account-kept",
    "amount-kept",
    "holder-accepted",
    "transfers-proposed",
    "transfers-released",
    "transfers-called-off",
    "transfers-carried-out",
];

/// The frame, with the news on top.
fn framed(desk: &Desk, news: &str) -> Shell {
    match DONE.iter().find(|code| **code == news) {
        Some(code) => desk.shell_with(Tone::Success, desk.t.get(format!("programmes-done-{code}"))),
        None => desk.shell(),
    }
}

/// The way here.
fn crumbs(t: Texts, more: Vec<Link>) -> Crumbs {
    let links = std::iter::once(Link::to(HERE, t.get("programmes-title"))).chain(more).collect();
    Crumbs::of(t, links)
}
