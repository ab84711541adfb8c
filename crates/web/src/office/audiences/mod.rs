//! Audiences: `list` of named rules, `edit` builds one by clicking or as text, `draft` is the form between two requests,
//! `clause_form` its rows, `fact_list` what may be written, `marked` where a text is no rule, `result` who it reaches and why others are left out.

mod clause_form;
mod draft;
mod edit;
pub(crate) mod fact_list;
mod list;
pub(crate) mod marked;
mod result;

use crate::routes::Routes;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    edit::routes(list::routes(routes))
}
