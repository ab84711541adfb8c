//! Audiences: `list` of named rules, `edit` builds one by clicking or as text, `draft` is the form between two requests,
//! `clause_form` its rows, `fact_list` what may be written, `result` who it reaches and why others are left out.

mod clause_form;
mod draft;
mod edit;
mod fact_list;
mod list;
mod result;

use crate::routes::Routes;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    edit::routes(list::routes(routes))
}
