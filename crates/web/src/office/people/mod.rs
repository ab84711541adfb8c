//! People: `list` is the sheet, `card` one person with everything known, `uses` every use of their data; `person_form`,
//! `tie_form`, `stay_forms`, `occupation_form`, `guardian_form`, `contact_forms`, `confirm_form` and `consent_forms` change one subject each; `addition` enters one by hand; `merging`,
//! `duplicates` make two entries one. `words` are the words they share. Leaves import and export to their own pages.

mod addition;
mod card;
mod card_changes;
mod card_parts;
mod card_past;
mod confirm_form;
mod consent_forms;
mod contact_forms;
mod duplicates;
pub(crate) mod form;
mod guardian_form;
mod list;
mod merging;
pub mod narrowing;
mod occupation_form;
mod outcome_form;
mod person_form;
mod stay_forms;
mod tie_form;
mod uses;
pub mod words;

use crate::routes::Routes;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let routes = list::routes(routes);
    let routes = addition::routes(routes);
    let routes = duplicates::routes(routes);
    let routes = merging::routes(routes);
    let routes = card::routes(routes);
    let routes = person_form::routes(routes);
    let routes = tie_form::routes(routes);
    let routes = stay_forms::routes(routes);
    let routes = occupation_form::routes(routes);
    let routes = outcome_form::routes(routes);
    let routes = guardian_form::routes(routes);
    let routes = contact_forms::routes(routes);
    let routes = confirm_form::routes(routes);
    let routes = consent_forms::routes(routes);
    uses::routes(routes)
}
