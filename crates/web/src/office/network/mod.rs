//! What the secretariat of a network, or a prefecture, sees: its members' published figures side by side and added.
//! No page here reads a person. Leaves what may be read to the act, a town's own dashboard to `reach`.

mod rollup;
mod sheet;

use crate::routes::Routes;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let routes = rollup::routes(routes);
    sheet::routes(routes)
}
