//! The residents' pages: join, guardian's consent, my page, leave. `visitor` is who is signed in, `town` whose page it
//! is, `draft` what somebody has answered before there is a person.

pub mod agree;
pub mod applying;
pub mod card;
pub mod carried;
mod confirmation;
pub mod contact;
pub mod dead_link;
pub mod draft;
pub mod guardian;
pub mod language;
pub mod line_login;
pub mod mail_sent;
pub mod mailed_link;
pub mod me;
pub mod offered;
pub mod own_page;
pub mod question;
pub mod sign_in;
pub mod toward;
pub mod town;
pub mod towns;
pub mod unsubscribe;
pub mod visitor;
pub mod welcome;
pub mod wrong;

use crate::routes::Routes;

/// Every route of the portal.
pub fn routes(routes: Routes) -> Routes {
    let pages = [
        towns::routes,
        welcome::routes,
        question::routes,
        contact::routes,
        agree::routes,
        line_login::routes,
        mailed_link::routes,
        sign_in::routes,
        guardian::routes,
        unsubscribe::routes,
        card::routes,
        me::routes,
        own_page::routes,
        offered::routes,
        applying::routes,
    ];
    pages.into_iter().fold(routes, |routes, add: fn(Routes) -> Routes| add(routes))
}
