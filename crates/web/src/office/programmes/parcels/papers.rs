//! What leaves with the packed parcels: a packing list and a card for each, to be printed; a file for the carrier, or a plain list. Leaves what
//! a file can hold to documents.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tsunagari_access::Code;
use tsunagari_access::permission::ExportLists;
use tsunagari_acts::signed_token::card_token;
use tsunagari_acts::take_parcels_out::{ParcelsOut, take_parcels_out};
use tsunagari_documents::b2::{self, B2Codes};
use tsunagari_documents::carrier_file::{CarrierFault, Why};
use tsunagari_documents::sheet_out::write;
use tsunagari_documents::{Cell, Column, SheetKind, qr, yupri};
use tsunagari_i18n::Texts;
use tsunagari_storage::parcel::ParcelFilter;

use super::super::crumbs;
use super::Sending;
use crate::office::desk::Desk;
use crate::office::export::file_name;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::components::Crumbs;
use crate::shell::{AppError, Sample, Shell, page};

/// The files: code of the address, words of the link.
pub(super) const FORMATS: &[(&str, &str)] = &[
    ("b2", "parcels-file-b2"),
    ("yupri", "parcels-file-yupri"),
    ("xlsx", "parcels-file-xlsx"),
    ("csv", "parcels-file-csv"),
];

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .get(
            "/office/programmes/rounds/{round}/parcels/papers",
            Needs::Both(Code::HandleApplications, Code::ViewPeople),
            papers,
        )
        .get("/office/programmes/rounds/{round}/parcels/file", Needs::Permission(Code::ExportLists), file)
}

struct PackLine {
    receipt: String,
    name: String,
    what: String,
    by_hand: bool,
}

struct Card {
    receipt: String,
    name: String,
    qr: String,
}

#[derive(Template)]
#[template(path = "office/programmes/parcels/papers.html")]
struct PapersPage {
    shell: Shell,
    crumbs: Crumbs,
    title: String,
    lines: Vec<PackLine>,
    goods: Vec<String>,
    card: Vec<String>,
    cards: Vec<Card>,
}

async fn papers(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let sending = Sending::read(&desk, &mut reader, &round).await?;
    let filter = ParcelFilter { states: &["packed"], lot: None };
    let known = reader.parcel_lines(sending.round.id, filter, 0, i64::MAX).await.map_err(unreadable)?;
    let (shipping, _) = reader.round_shipping(sending.round.id).await.map_err(unreadable)?;
    let shelf = reader.parcel_shelf(sending.round.id).await.map_err(unreadable)?;
    drop(reader);
    let mut goods: Vec<String> = shelf.into_iter().map(|it| it.lot.good).collect();
    goods.dedup();
    let (mut lines, mut cards) = (Vec::new(), Vec::new());
    for it in known {
        let receipt = it.parcel.receipt().to_string();
        let token = card_token(&desk.house, desk.org.id, it.parcel.no).await.map_err(|error| desk.problem(error))?;
        let link = format!("{}/card/{token}", desk.house.origin);
        let qr = qr::svg(&link, &desk.t.get("parcel-card-qr")).map_err(|_| AppError::broken())?;
        cards.push(Card { receipt: receipt.clone(), name: it.name.clone(), qr });
        let what = sending.name(it.parcel.benefit);
        lines.push(PackLine { receipt, name: it.name, what, by_hand: it.protected });
    }
    Ok(page(&PapersPage {
        crumbs: crumbs(desk.t, sending.links(desk.t, true)),
        title: desk.t.one("parcels-papers-title", "round", sending.round.title.clone()),
        lines,
        goods,
        card: shipping.card.lines().map(str::to_owned).collect(),
        cards,
        shell: desk.shell(),
    }))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default, rename = "as")]
    format: String,
}

async fn file(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, AppError> {
    let by = desk.grant::<ExportLists>()?;
    let format = FORMATS.iter().map(|(code, _)| *code).find(|code| *code == wanted.format);
    let format = format.ok_or(AppError::Bad(Vec::new()))?;
    let round = Sending::at(&desk, &round).await?.round.id;
    let out = take_parcels_out(&desk.house, &by, round, format).await.map_err(|error| desk.problem(error))?;
    let (t, today) = (desk.t, desk.house.clock.today());
    let (bytes, extension, media) = match format {
        "b2" => (carried(t, &out, b2_file(&out))?, "csv", "text/csv; charset=shift_jis"),
        "yupri" => (carried(t, &out, yupri::render(&out.shipments))?, "csv", "text/csv; charset=shift_jis"),
        other => {
            let kind = if other == "csv" { SheetKind::CsvUtf8 } else { SheetKind::Xlsx };
            (plain(t, &out, kind)?, kind.extension(), kind.media_type())
        }
    };
    let name = file_name(&desk.org, &format!("parcels-{format}"), today, extension);
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(CONTENT_TYPE, media.to_owned()), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

fn b2_file(out: &ParcelsOut) -> Result<Vec<u8>, CarrierFault> {
    let it = &out.shipping;
    let codes = B2Codes { slip: it.slip.clone(), customer: it.customer.clone(), tariff: it.tariff.clone() };
    b2::render(&out.shipments, &it.from, &codes)
}

/// The file, or in words which parcel it cannot hold and why.
fn carried(t: Texts, out: &ParcelsOut, file: Result<Vec<u8>, CarrierFault>) -> Result<Vec<u8>, AppError> {
    file.map_err(|fault| {
        let at = fault.row.checked_sub(1).and_then(|n| out.shipments.get(n));
        let parcel = at.map_or_else(|| t.get("carrier-sender"), |it| it.reference.clone());
        let why = match fault.why {
            Why::TooLong(most) => t.count("carrier-too-long", most),
            Why::Sign(sign) => t.one("carrier-sign", "sign", sign.to_string()),
            Why::Empty => t.get("carrier-empty"),
        };
        AppError::Refused(vec![t.two("carrier-fault", "parcel", parcel, "why", why)])
    })
}

fn plain(t: Texts, out: &ParcelsOut, kind: SheetKind) -> Result<Vec<u8>, AppError> {
    let titles = [
        ("parcel-receipt", 12),
        ("parcel-place-name", 20),
        ("parcel-place-phone", 16),
        ("parcel-place-postal-code", 12),
        ("parcel-place-address", 50),
        ("parcel-place-building", 30),
        ("shipping-goods", 24),
        ("shipping-ships-on", 14),
        ("shipping-arrives-on", 14),
    ];
    let columns = titles.map(|(key, width)| Column::titled(t.get(key), width));
    let row = |it: &tsunagari_benefits::shipment::Shipment| {
        let text = |it: &str| Cell::Text(it.to_owned());
        let day = |it: Option<chrono::NaiveDate>| it.map_or(Cell::Empty, |day| text(&day.to_string()));
        let to = &it.to;
        vec![
            text(&it.reference),
            text(&to.name),
            text(&to.phone),
            text(&to.postal_code),
            text(&to.address),
            text(&to.building),
            text(&it.goods),
            day(Some(it.ships_on)),
            day(it.arrives_on),
        ]
    };
    let rows: Vec<Vec<Cell>> = out.shipments.iter().map(row).collect();
    let written = write(kind, &t.get("export-sheet"), &columns, &rows).map_err(|_| AppError::broken())?;
    Ok(written.bytes)
}

impl Sample for PapersPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let line = |by_hand| PackLine {
            receipt: "P00041-1".into(),
            name: "架空 ゆい".into(),
            what: "ふるさと便".into(),
            by_hand,
        };
        let card = || Card { receipt: "P00041-1".into(), name: "架空 ゆい".into(), qr: String::new() };
        let face = |card_words: &[&str], cards: Vec<Card>| Self {
            crumbs: crumbs(shell.t, Vec::new()),
            title: shell.t.one("parcels-papers-title", "round", "春の回".to_owned()),
            lines: vec![line(false), line(true)],
            goods: vec!["米".into()],
            card: card_words.iter().map(|it| (*it).to_owned()).collect(),
            cards,
            shell: shell.clone(),
        };
        vec![face(&["元気ですか。"], vec![card()]), face(&[], Vec::new())]
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_benefits::shipment::{Cool, Shipment};
    use tsunagari_benefits::{Place, Shipping};
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<PapersPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn what_a_file_cannot_hold_names_the_parcel_in_every_language() {
        let to = Place { name: "架空 ゆい".into(), ..Place::default() };
        let shipment = Shipment {
            reference: "P00041-1".into(),
            to,
            goods: String::new(),
            ships_on: chrono::NaiveDate::MIN,
            arrives_on: None,
            slot: String::new(),
            cool: Cool::Plain,
        };
        let out = ParcelsOut { shipping: Shipping::default(), shipments: vec![shipment], by_hand: 0 };
        for locale in [Locale::Ja, Locale::En] {
            for (row, why) in [(0, Why::Empty), (1, Why::Sign('𠮷')), (1, Why::TooLong(16))] {
                let told = carried(Texts::of(locale), &out, Err(CarrierFault { row, column: 1, why }));
                let Err(AppError::Refused(told)) = told else { unreachable!("it is refused") };
                assert!(!told[0].contains('⟦'), "{told:?}");
                assert_eq!(told[0].contains("P00041-1"), row == 1, "{told:?}");
            }
        }
    }
}
