//! The staff's pages. `desk` is who is signed in; each page is a module with its `routes`, handlers and typed template.

pub(crate) mod alike;
pub mod audiences;
pub mod audit;
mod audit_counts;
pub mod desk;
pub mod erasures;
pub mod export;
pub mod export_lists;
pub mod export_people;
pub mod import;
pub mod invitation;
pub mod messages;
pub mod network;
pub mod people;
mod plan_notes;
mod policy_words;
pub mod programmes;
pub mod reach;
pub mod settings;
pub mod sign_in;
pub mod slips;
mod small_numbers;
mod standing;
pub mod stay;
pub mod teams_work;
pub mod today;

use crate::routes::Routes;

/// Every route of the office.
pub fn routes(routes: Routes) -> Routes {
    let routes = sign_in::routes(routes);
    let routes = invitation::routes(routes);
    let routes = settings::routes(routes);
    let routes = audit::routes(routes);
    let routes = import::routes(routes);
    let routes = export_people::routes(routes);
    let routes = export_lists::routes(routes);
    let routes = messages::routes(routes);
    let routes = reach::routes(routes);
    let routes = network::routes(routes);
    let routes = slips::routes(routes);
    let routes = people::routes(routes);
    let routes = erasures::routes(routes);
    let routes = audiences::routes(routes);
    let routes = teams_work::routes(routes);
    let routes = programmes::routes(routes);
    let routes = stay::routes(routes);
    today::routes(routes)
}
