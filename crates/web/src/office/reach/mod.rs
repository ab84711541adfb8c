//! Reach: the indicators of the office's plan. `dashboard` shows them as charts and tables, `panel` is one indicator of it
//! and `breakdown` its reasons and cohorts; `people` is the list behind a number, `figure` one published figure with its frozen list, `publishing` how one comes to
//! be and is withdrawn, `counted` whom an indicator counts, `remark` what was written
//! beside one, `seal` whether a frozen list is whole, `sheets` what leaves as files.
//! Leaves counting to the acts.

mod breakdown;
pub(crate) mod counted;
mod dashboard;
mod figure;
pub(crate) mod figures_sheet;
pub(crate) mod panel;
mod people;
mod publishing;
pub(crate) mod remark;
mod seal;
mod sheets;

use crate::routes::Routes;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let routes = dashboard::routes(routes);
    let routes = people::routes(routes);
    let routes = figure::routes(routes);
    let routes = publishing::routes(routes);
    sheets::routes(routes)
}
