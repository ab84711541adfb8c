//! What somebody changes on their page: consents, interests, language. Each is one form that leads back to the page with
//! a line of `news`. Leaves the ways to be reached to `contacts`.

use axum::Extension;
use axum::response::Response;
use tsunagari_acts::reconfirm_consent::{Reconfirmed, reconfirm_consent};
use tsunagari_acts::{ActError, give_consent, keep_my_details, withdraw_consent};

use crate::portal::draft::Given;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::shell::AppError;

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes
        .post("/me/consent", Needs::Resident, consent)
        .post("/me/reconfirm", Needs::Resident, reconfirm)
        .post("/me/interests", Needs::Resident, interests)
        .post("/me/language", Needs::Resident, language)
}

fn back(visitor: &Visitor, done: Result<(), ActError>, news: &str) -> Result<Response, AppError> {
    done.map_err(|error| visitor.town.problem(error))?;
    Ok(go(&format!("/me?news={news}")))
}

async fn consent(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let (house, by, purpose) = (&visitor.town.house, &visitor.resident, form.get("purpose"));
    let about = |news: &str| {
        let purpose = percent_encoding::utf8_percent_encode(purpose, percent_encoding::NON_ALPHANUMERIC);
        format!("{news}&purpose={purpose}")
    };
    match form.get("answer") {
        "give" => back(&visitor, give_consent::give_consent(house, by, purpose).await, &about("given")),
        "withdraw" => back(&visitor, withdraw_consent::withdraw_consent(house, by, purpose).await, &about("withdrawn")),
        _ => Err(AppError::Bad(Vec::new())),
    }
}

async fn reconfirm(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let (answer, news) = match form.get("answer") {
        "go_on" => (Reconfirmed::GoOn, "went-on"),
        "stop" => (Reconfirmed::Stop, "stopped"),
        _ => return Err(AppError::Bad(Vec::new())),
    };
    back(&visitor, reconfirm_consent(&visitor.town.house, &visitor.resident, answer).await, news)
}

async fn interests(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let done = keep_my_details::keep_interests(&visitor.town.house, &visitor.resident, &form.all("interests")).await;
    back(&visitor, done, "saved")
}

async fn language(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let locale = form.get("language").parse().map_err(|_| AppError::Bad(Vec::new()))?;
    back(&visitor, keep_my_details::keep_language(&visitor.town.house, &visitor.resident, locale).await, "saved")
}
