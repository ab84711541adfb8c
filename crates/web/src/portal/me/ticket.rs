//! The ticket to a place: a code that a steward's camera reads or that is typed, and the appointment for one's own calendar. Leaves checking
//! in to `crate::door`.

use axum::Extension;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tsunagari_acts::ActError;
use tsunagari_acts::keep_line_greeting::my_page_address;
use tsunagari_acts::signed_token::ticket_token;
use tsunagari_documents::ical::{Appointment, render};
use tsunagari_documents::qr;
use tsunagari_programmes::{Came, Place, Round, Venue};
use tsunagari_storage::application::KeptApplication;

use super::applications::own;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/applications/{application}/calendar.ics", Needs::Resident, calendar)
}

/// A ticket as the page of its application shows it.
pub(super) struct Ticket {
    pub(super) qr: String,
    pub(super) code: String,
    /// The appointment, where it is known when it begins.
    pub(super) calendar: String,
}

/// The venue somebody has a place at, for as long as they are expected there.
pub(super) fn expected_at<'r>(it: &KeptApplication, round: &'r Round) -> Option<&'r Venue> {
    let expected = it.standing.place == Place::Held && it.standing.came != Some(Came::No) && !it.standing.completed;
    if !expected {
        return None;
    }
    match it.venue {
        Some(no) => round.venue(no),
        None if round.venues.len() == 1 => round.venues.first(),
        None => None,
    }
}

impl Ticket {
    /// The ticket of an application, where it has a place at a venue.
    pub(super) async fn of(visitor: &Visitor, it: &KeptApplication, round: &Round) -> Result<Option<Self>, AppError> {
        let Some(venue) = expected_at(it, round) else { return Ok(None) };
        let house = &visitor.town.house;
        let wrong = |error: ActError| visitor.town.problem(error);
        let token = ticket_token(house, visitor.town.org.id, it.id).await.map_err(wrong)?;
        let qr = qr::svg(&format!("{}/ticket/{token}", house.origin), &visitor.town.t.get("ticket-qr"));
        let calendar = venue.starts.map(|_| format!("/me/applications/{}/calendar.ics", it.id)).unwrap_or_default();
        Ok(Some(Self { qr: qr.map_err(|_| AppError::broken())?, code: it.receipt.to_uppercase(), calendar }))
    }
}

async fn calendar(Extension(visitor): Extension<Visitor>, Path(id): Path<String>) -> Result<Response, AppError> {
    let (it, known) = own(&visitor, &id).await?;
    let venue = expected_at(&it, &known.round).ok_or(AppError::NotFound)?;
    let starts = venue.starts.ok_or(AppError::NotFound)?;
    let org = &visitor.town.org;
    let page = format!("{}/applications/{}", my_page_address(&visitor.town.house, org), it.id);
    let links = [page, venue.online.clone()].into_iter().filter(|link| !link.is_empty()).collect();
    let place = [venue.name.as_str(), &venue.address].into_iter().filter(|part| !part.is_empty());
    let appointment = Appointment {
        uid: format!("{}@{}", it.receipt, org.code),
        title: known.round.title.clone(),
        place: place.collect::<Vec<_>>().join(" "),
        links,
        starts,
        ends: venue.ends,
        changed: it.changed_at,
    };
    let name = format!("attachment; filename=\"{}.ics\"", it.receipt);
    let head = [(CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((head, render(&appointment)).into_response())
}
