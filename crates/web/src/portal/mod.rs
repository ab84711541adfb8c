//! The residents' pages: join, guardian's consent, my page, leave. `visitor` is who is signed in.

pub mod visitor;

use crate::routes::Routes;

/// Every route of the portal.
pub fn routes(routes: Routes) -> Routes {
    routes
}
