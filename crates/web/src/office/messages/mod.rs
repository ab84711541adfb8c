//! Messages: `list` is all of them by state, `compose` writes one (`form` reads and prints what was typed), `show` is one
//! message with its preview, audience, cost and results, `moves` are the buttons on it, `attachment` is what it carries, `results` takes the results out.
//! `told` says it in words, `trying` tries it out, `phone` draws what a phone shows. Leaves audiences' own pages to `audiences` and pictures to `settings::media`.

mod attachment;
mod compose;
pub(in crate::office) mod form;
mod hands;
mod list;
mod moves;
pub(crate) mod phone;
mod results;
mod sample;
mod show;
mod told;
mod trying;

use crate::routes::Routes;

pub(super) use list::state_chip;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let routes = list::routes(routes);
    let routes = compose::routes(routes);
    let routes = show::routes(routes);
    let routes = moves::routes(routes);
    let routes = attachment::routes(routes);
    let routes = trying::routes(routes);
    results::routes(routes)
}
