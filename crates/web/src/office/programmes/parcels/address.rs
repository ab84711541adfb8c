//! One parcel: where it stands, and where it goes to, which the staff may enter for its recipient as long as it is not packed. Each look is on
//! the record. Leaves moving it to the list.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_parcel_address::keep_parcel_address;
use tsunagari_acts::open_parcel_address::{OpenedAddress, open_parcel_address};
use tsunagari_benefits::Place;
use tsunagari_storage::parcel::KeptParcel;
use tsunagari_storage::parcel_paper::SaidBy;

use super::super::parameter_form::{Typed, typed};
use super::super::words::application_href;
use super::super::{News, crumbs, framed};
use super::shipping::{place_fields, place_of};
use super::{Sending, list};
use crate::office::desk::Desk;
use crate::office::settings::Wrong;
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Chip, Crumbs, ErrorSummary, Facts, Field, Link};
use crate::shell::{AppError, Sample, Shell, page_with_status};

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let needs = Needs::Both(Code::HandleApplications, Code::ViewPeople);
    routes.get("/office/programmes/parcels/{parcel}", needs, show).post(
        "/office/programmes/parcels/{parcel}",
        needs,
        keep,
    )
}

/// The page of a parcel.
pub(super) fn parcel_href(no: u32) -> String {
    format!("{}/parcels/{no}", super::super::HERE)
}

#[derive(Template)]
#[template(path = "office/programmes/parcels/address.html")]
struct ParcelPage {
    shell: Shell,
    crumbs: Crumbs,
    receipt: String,
    state: Chip,
    facts: Facts,
    application: Link,
    protected: bool,
    address: Option<Facts>,
    errors: ErrorSummary,
    /// The form, while nothing is packed.
    fields: Vec<Field>,
    action: String,
}

struct Known {
    sending: Sending,
    parcel: KeptParcel,
    receipt: String,
    opened: OpenedAddress,
}

async fn read(desk: &Desk, no: &str) -> Result<Known, AppError> {
    let no: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let by = desk.grant::<HandleApplications>()?;
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let parcel = reader.parcel(no).await.map_err(unreadable)?;
    let sending = Sending::read(desk, &mut reader, &parcel.round.to_string()).await?;
    let receipt = reader.application(parcel.application).await.map_err(unreadable)?.receipt;
    drop(reader);
    let opened = open_parcel_address(&desk.house, &by, no).await.map_err(|error| desk.problem(error))?;
    Ok(Known { sending, parcel, receipt, opened })
}

fn shown(it: &Place) -> Typed {
    let pairs = [
        ("name", &it.name),
        ("phone", &it.phone),
        ("postal_code", &it.postal_code),
        ("address", &it.address),
        ("building", &it.building),
    ];
    typed(pairs.map(|(name, value)| (name.to_owned(), value.clone())).to_vec())
}

impl ParcelPage {
    fn of(shell: Shell, known: &Known, (typed, wrong): (&Typed, &Wrong)) -> Self {
        let t = shell.t;
        let it = &known.parcel;
        let state = it.parcel.state();
        let mut facts = Facts::default()
            .row(t.get("parcel-what"), known.sending.name(it.benefit))
            .row(t.get("parcel-changed"), t.date_time(it.changed_at))
            .row(t.get("parcel-sending"), t.number(i64::from(it.parcel.sending())));
        if let Some(number) = state.tracking() {
            facts = facts.row(t.get("parcel-tracking"), number.as_str());
        }
        let address = known.opened.address.as_ref().map(|address| {
            let said = match (address.confirmed, address.said_by) {
                (None, _) => t.get("parcel-address-doubted"),
                (Some(at), SaidBy::Applicant) => t.one("parcel-said-by-applicant", "at", t.date_time(at)),
                (Some(at), SaidBy::Staff) => t.one("parcel-said-by-staff", "at", t.date_time(at)),
            };
            Facts::default()
                .row(t.get("parcel-place-name"), address.to.name.clone())
                .row(t.get("parcel-place-phone"), address.to.phone.clone())
                .row(t.get("parcel-place-postal-code"), address.to.postal_code.clone())
                .row(t.get("parcel-place-address"), address.to.address.clone())
                .row(t.get("parcel-place-building"), address.to.building.clone())
                .row(t.get("parcel-said"), said)
        });
        let takes = it.parcel.takes_address() && !known.opened.protected;
        Self {
            crumbs: crumbs(t, known.sending.links(t, true)),
            receipt: it.receipt().to_string(),
            state: list::state_chip(t, state.code()),
            facts,
            application: Link::to(application_href(it.application), known.receipt.clone()),
            protected: known.opened.protected,
            address,
            errors: wrong.summary(t),
            fields: if takes { place_fields(t, typed, wrong) } else { Vec::new() },
            action: parcel_href(it.no),
            shell,
        }
    }
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Query(news): Query<News>,
) -> Result<Response, AppError> {
    let known = read(&desk, &no).await?;
    let typed = known.opened.address.as_ref().map(|it| shown(&it.to)).unwrap_or_default();
    let shell = framed(&desk, &news.done);
    Ok(page_with_status(StatusCode::OK, &ParcelPage::of(shell, &known, (&typed, &Wrong::default()))))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(no): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let number: u32 = no.parse().map_err(|_| AppError::NotFound)?;
    let typed = typed(pairs);
    let wrong = match keep_parcel_address(&desk.house, &by, number, &place_of(&typed)).await {
        Ok(()) => {
            let to = format!("{}?done=parcel-address-kept", parcel_href(number));
            return Ok(Redirect::to(&to).into_response());
        }
        Err(ActError::Refused(reasons)) => Wrong(sentences(desk.t, &reasons)),
        Err(other) => return Err(desk.problem(other)),
    };
    let known = read(&desk, &no).await?;
    let shown = ParcelPage::of(desk.shell(), &known, (&typed, &wrong));
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

impl Sample for ParcelPage {
    fn samples(shell: Shell) -> Vec<Self> {
        use tsunagari_kernel::PersonId;
        use tsunagari_storage::parcel_paper::ParcelAddress;
        let face = |line: tsunagari_storage::parcel::ParcelLine| {
            let (at, no) = (line.parcel.made_at, line.parcel.no);
            let said_by = if no % 2 == 0 { SaidBy::Staff } else { SaidBy::Applicant };
            let person = PersonId(uuid::Uuid::nil());
            let confirmed = (no > 2).then_some(at);
            let address = ParcelAddress { parcel: no, person, to: Place::default(), said_by, confirmed };
            let opened = OpenedAddress { address: (no > 1).then_some(address), protected: no == 5 };
            let known = Known { sending: super::sample()?, parcel: line.parcel, receipt: line.receipt, opened };
            let wrong = Wrong(vec![("name".into(), "✕".into())]);
            Some(Self::of(shell.clone(), &known, (&Typed::new(), &wrong)))
        };
        let opens = super::super::round_form::sample_round().round.opens;
        list::sample_lines(opens).into_iter().filter_map(face).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::parameter_form::first;
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<ParcelPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn the_form_shows_every_field_of_a_place() {
        let it = Place {
            name: "a".into(),
            phone: "b".into(),
            postal_code: "c".into(),
            address: "d".into(),
            building: "e".into(),
        };
        assert_eq!(place_of(&shown(&it)), it);
        assert_eq!(first(&shown(&it), "building"), "e");
    }
}
