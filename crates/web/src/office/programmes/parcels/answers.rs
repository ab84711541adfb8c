//! What the recipients of a round's parcels answered by their cards. Each look is on the record. Leaves the page's looks to `said`.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::read_parcel_words::read_parcel_words;
use tsunagari_storage::parcel_paper::ParcelWord;

use super::super::crumbs;
use super::super::said::{Said, SaidPage};
use super::Sending;
use super::address::parcel_href;
use crate::office::desk::Desk;
use crate::routes::{Needs, Routes};
use crate::shell::components::{Empty, Link};
use crate::shell::{AppError, page};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let needs = Needs::Both(Code::HandleApplications, Code::ViewPeople);
    routes.get("/office/programmes/rounds/{round}/parcels/answers", needs, show)
}

async fn show(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let sending = Sending::at(&desk, &round).await?;
    let t = desk.t;
    let words = read_parcel_words(&desk.house, &by, sending.round.id).await.map_err(|error| desk.problem(error))?;
    let said = |it: ParcelWord| Said {
        with: Link::to(parcel_href(it.parcel), it.receipt.to_uppercase()),
        at: t.date_time(it.at),
        words: it.words,
    };
    Ok(page(&SaidPage {
        crumbs: crumbs(t, sending.links(t, true)),
        title: t.get("parcels-answers"),
        said: words.into_iter().map(said).collect(),
        empty: Empty::of("mail", t.get("parcels-answers-none"), t.get("parcels-answers-none.text")),
        shell: desk.shell(),
    }))
}
