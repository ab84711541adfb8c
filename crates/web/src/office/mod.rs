//! The staff's pages. `desk` is who is signed in; each page is a module with its `routes`, handlers and typed template.

pub mod desk;
pub mod reach;
pub mod sign_in;
pub mod slips;
pub mod today;

use crate::routes::Routes;

/// Every route of the office.
pub fn routes(routes: Routes) -> Routes {
    let routes = sign_in::routes(routes);
    let routes = reach::routes(routes);
    let routes = slips::routes(routes);
    today::routes(routes)
}
