//! What the town offers: the rounds that are on, and the page of each, for everybody. Leaves applying to `applying`.

pub mod draw;
pub mod on;
pub mod round;
pub mod words;

use crate::routes::Routes;

/// Every route of what is offered.
pub fn routes(routes: Routes) -> Routes {
    let pages = [on::routes, round::routes, draw::routes];
    pages.into_iter().fold(routes, |routes, add: fn(Routes) -> Routes| add(routes))
}
