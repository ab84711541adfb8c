//! Reach: the indicators of the office's plan. `dashboard` shows them as chart and table; `figure` is one published
//! figure with the list behind it.

mod dashboard;

use crate::routes::Routes;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    dashboard::routes(routes)
}
