//! What somebody sees who has joined: the letter of welcome, everything the town knows of them, their consents, leaving.

pub mod applications;
pub mod change;
pub mod contacts;
pub mod data;
pub mod facts;
pub mod guardian;
pub mod leaving;
pub mod news;
pub mod overview;
pub mod parcels;
mod payments;
pub mod standing;
pub mod ticket;
pub mod welcome;

use crate::routes::Routes;

/// Every route under `/me`.
pub fn routes(routes: Routes) -> Routes {
    let pages = [
        overview::routes,
        welcome::routes,
        change::routes,
        contacts::routes,
        guardian::routes,
        leaving::routes,
        data::routes,
        applications::routes,
        parcels::routes,
        payments::routes,
        ticket::routes,
    ];
    pages.into_iter().fold(routes, |routes, add: fn(Routes) -> Routes| add(routes))
}
