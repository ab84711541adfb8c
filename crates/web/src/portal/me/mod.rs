//! What somebody sees who has joined: the letter of welcome, everything the town knows of them, their consents, leaving.

pub mod change;
pub mod data;
pub mod guardian;
pub mod leaving;
pub mod overview;
pub mod welcome;

use crate::routes::Routes;

/// Every route under `/me`.
pub fn routes(routes: Routes) -> Routes {
    let pages = [overview::routes, welcome::routes, change::routes, guardian::routes, leaving::routes, data::routes];
    pages.into_iter().fold(routes, |routes, add: fn(Routes) -> Routes| add(routes))
}
