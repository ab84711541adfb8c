//! Erasure in the office: the list of requests and proposals, the page on which one officer proposes and another decides,
//! and everything stored about a person for handing over. Leaves every rule to acts.

pub mod data;
pub mod decide;
pub mod list;

use crate::routes::Routes;

/// Every route of erasure.
pub fn routes(routes: Routes) -> Routes {
    data::routes(decide::routes(list::routes(routes)))
}
