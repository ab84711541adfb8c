//! How the parcels of a round are sent, as a form; lots come to the shelf and go. Begun with how the office sent them the last time.
//! Leaves what fits together to the domain.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use tsunagari_access::Code;
use tsunagari_access::permission::HandleApplications;
use tsunagari_acts::ActError;
use tsunagari_acts::keep_shipping::{add_lot, drop_lot, keep_shipping};
use tsunagari_benefits::shipment::Cool;
use tsunagari_benefits::{Place, Shipping, shipping::CARD};
use tsunagari_i18n::Texts;
use tsunagari_kernel::era;

use super::super::parameter_form::{Typed, first, typed};
use super::super::{crumbs, words};
use super::{Sending, parcels_href};
use crate::office::desk::Desk;
use crate::office::settings::{Wrong, number, some};
use crate::routes::{Needs, Posted, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{Choices, Crumbs, ErrorSummary, Field, FieldKind};
use crate::shell::{AppError, Sample, Shell, page, page_with_status};

/// How parcels are kept.
const COOL: [Cool; 3] = [Cool::Plain, Cool::Chilled, Cool::Frozen];

/// The routes.
pub(super) fn routes(routes: Routes) -> Routes {
    let handle = Needs::Permission(Code::HandleApplications);
    routes
        .get("/office/programmes/rounds/{round}/parcels/shipping", handle, edit)
        .post("/office/programmes/rounds/{round}/parcels/shipping", handle, keep)
        .post("/office/programmes/rounds/{round}/parcels/lots", handle, add)
        .post("/office/programmes/rounds/{round}/parcels/lots/drop", handle, take_off)
}

#[derive(Template)]
#[template(path = "office/programmes/parcels/shipping.html")]
struct ShippingPage {
    shell: Shell,
    crumbs: Crumbs,
    errors: ErrorSummary,
    action: String,
    seen: String,
    days: Vec<Field>,
    what: Vec<Field>,
    cool: Choices,
    from: Vec<Field>,
    carrier: Vec<Field>,
}

/// What the form shows of it.
fn shown(it: &Shipping, seen: i64) -> Typed {
    let day = |it: Option<NaiveDate>| it.map(|day| day.to_string()).unwrap_or_default();
    let pairs = [
        ("seen", seen.to_string()),
        ("until", day(it.until)),
        ("ships_on", day(it.ships_on)),
        ("arrives_on", day(it.arrives_on)),
        ("goods", it.goods.clone()),
        ("cool", words::code_of(it.cool)),
        ("card", it.card.clone()),
        ("name", it.from.name.clone()),
        ("phone", it.from.phone.clone()),
        ("postal_code", it.from.postal_code.clone()),
        ("address", it.from.address.clone()),
        ("building", it.from.building.clone()),
        ("slip", it.slip.clone()),
        ("customer", it.customer.clone()),
        ("tariff", it.tariff.clone()),
    ];
    typed(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// The fields of a place, with what is typed in them.
pub(super) fn place_fields(t: Texts, typed: &Typed, wrong: &Wrong) -> Vec<Field> {
    let field = |kind, name: &str, key: &str| {
        Field::of(kind, t, name, t.get(key)).value(first(typed, name)).error(wrong.at(name))
    };
    vec![
        field(FieldKind::Text, "name", "parcel-place-name").required(),
        field(FieldKind::Tel, "phone", "parcel-place-phone").required(),
        field(FieldKind::Text, "postal_code", "parcel-place-postal-code").required(),
        field(FieldKind::Text, "address", "parcel-place-address").hint(t.get("parcel-place-address.hint")).required(),
        field(FieldKind::Text, "building", "parcel-place-building"),
    ]
}

/// The place that was typed.
pub(super) fn place_of(typed: &Typed) -> Place {
    let text = |name: &str| first(typed, name).to_owned();
    Place {
        name: text("name"),
        phone: text("phone"),
        postal_code: text("postal_code"),
        address: text("address"),
        building: text("building"),
    }
}

/// A day as it was typed; nothing where none was.
fn day(t: Texts, typed: &Typed, field: &str, wrong: &mut Wrong) -> Option<NaiveDate> {
    let text = some(first(typed, field))?;
    let read = era::eras().read(&text).ok().map(|it| it.day);
    if read.is_none() {
        wrong.unread(t, field, "shipping-day-unread");
    }
    read
}

fn read(t: Texts, typed: &Typed, wrong: &mut Wrong) -> Shipping {
    let text = |name: &str| first(typed, name).to_owned();
    Shipping {
        until: day(t, typed, "until", wrong),
        ships_on: day(t, typed, "ships_on", wrong),
        arrives_on: day(t, typed, "arrives_on", wrong),
        goods: text("goods"),
        cool: COOL.into_iter().find(|it| words::code_of(*it) == first(typed, "cool")).unwrap_or_default(),
        from: place_of(typed),
        card: text("card"),
        slip: text("slip"),
        customer: text("customer"),
        tariff: text("tariff"),
    }
}

impl ShippingPage {
    fn of(shell: Shell, sending: &Sending, (typed, wrong): (&Typed, &Wrong)) -> Self {
        let t = shell.t;
        let field = |kind, name: &str, key: &str| {
            Field::of(kind, t, name, t.get(key)).value(first(typed, name)).error(wrong.at(name))
        };
        let hinted = |kind, name: &str, key: &str| field(kind, name, key).hint(t.get(format!("{key}.hint")));
        let cool = COOL.into_iter().fold(Choices::radio(t, "cool", t.get("shipping-cool")), |all, it| {
            let code = words::code_of(it);
            let label = t.get(format!("shipping-cool-{code}"));
            all.option(code, label)
        });
        let most = u32::try_from(CARD).unwrap_or(u32::MAX);
        Self {
            crumbs: crumbs(t, sending.links(t, true)),
            errors: wrong.summary(t),
            action: format!("{}/shipping", parcels_href(sending.round.id)),
            seen: first(typed, "seen").to_owned(),
            days: vec![
                hinted(FieldKind::Date, "until", "shipping-until"),
                field(FieldKind::Date, "ships_on", "shipping-ships-on"),
                hinted(FieldKind::Date, "arrives_on", "shipping-arrives-on"),
            ],
            what: vec![
                hinted(FieldKind::Text, "goods", "shipping-goods"),
                hinted(FieldKind::Area, "card", "shipping-card").max(most),
            ],
            cool: cool.chosen(first(typed, "cool")),
            from: place_fields(t, typed, wrong),
            carrier: vec![
                hinted(FieldKind::Text, "slip", "shipping-slip"),
                field(FieldKind::Text, "customer", "shipping-customer"),
                field(FieldKind::Text, "tariff", "shipping-tariff"),
            ],
            shell,
        }
    }
}

async fn edit(Extension(desk): Extension<Desk>, Path(round): Path<String>) -> Result<Response, AppError> {
    let mut reader = desk.here().read().await.map_err(unreadable)?;
    let sending = Sending::read(&desk, &mut reader, &round).await?;
    let (mut shipping, seen) = reader.round_shipping(sending.round.id).await.map_err(unreadable)?;
    if seen == 0
        && let Some(last) = reader.last_shipping().await.map_err(unreadable)?
    {
        // The days and the words belong to that round; the office and the carrier stay the same.
        let new = Shipping::default();
        shipping = Shipping { until: None, ships_on: None, arrives_on: None, goods: new.goods, card: new.card, ..last };
    }
    Ok(page(&ShippingPage::of(desk.shell(), &sending, (&shown(&shipping, seen), &Wrong::default()))))
}

async fn keep(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let sending = Sending::at(&desk, &round).await?;
    let typed = typed(pairs);
    let mut wrong = Wrong::default();
    let given = read(desk.t, &typed, &mut wrong);
    if wrong.none() {
        let seen = first(&typed, "seen").parse().unwrap_or_default();
        match keep_shipping(&desk.house, &by, sending.round.id, seen, given).await {
            Ok(()) => {
                let to = format!("{}?done=shipping-kept", parcels_href(sending.round.id));
                return Ok(Redirect::to(&to).into_response());
            }
            Err(ActError::Refused(reasons)) => wrong = Wrong(sentences(desk.t, &reasons)),
            Err(other) => return Err(desk.problem(other)),
        }
    }
    let shown = ShippingPage::of(desk.shell(), &sending, (&typed, &wrong));
    Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &shown))
}

async fn add(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let round = Sending::at(&desk, &round).await?.round.id;
    let typed = typed(pairs);
    let mut wrong = Wrong::default();
    let best_before = day(desk.t, &typed, "best_before", &mut wrong);
    if !wrong.none() {
        return Err(AppError::Refused(wrong.0.into_iter().map(|(_, sentence)| sentence).collect()));
    }
    let pieces = number(first(&typed, "pieces")).and_then(|n| u32::try_from(n).ok()).unwrap_or_default();
    let lot = (first(&typed, "good"), pieces, best_before);
    add_lot(&desk.house, &by, round, lot).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?done=lot-added", parcels_href(round))).into_response())
}

async fn take_off(
    Extension(desk): Extension<Desk>,
    Path(round): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let by = desk.grant::<HandleApplications>()?;
    let round = Sending::at(&desk, &round).await?.round.id;
    let lot = first(&typed(pairs), "lot").parse().map_err(|_| AppError::NotFound)?;
    drop_lot(&desk.house, &by, round, lot).await.map_err(|error| desk.problem(error))?;
    Ok(Redirect::to(&format!("{}?done=lot-dropped", parcels_href(round))).into_response())
}

impl Sample for ShippingPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let face = |wrong: Wrong| {
            let sending = super::sample()?;
            Some(Self::of(shell.clone(), &sending, (&shown(&Shipping::default(), 0), &wrong)))
        };
        let wrong = Wrong(vec![("until".into(), "✕".into())]);
        [Wrong::default(), wrong].into_iter().filter_map(face).collect()
    }
}

#[cfg(test)]
mod tests {
    use tsunagari_i18n::Locale;

    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let faults = crate::shell::sample::faults::<ShippingPage>(crate::shell::sample::office_shell);
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn what_is_shown_is_read_back_and_a_day_that_is_none_is_told() {
        let t = Texts::of(Locale::Ja);
        let day = NaiveDate::from_ymd_opt(2026, 12, 1);
        let it = Shipping { ships_on: day, cool: Cool::Frozen, goods: "米".into(), ..Shipping::default() };
        let mut wrong = Wrong::default();
        assert_eq!(read(t, &shown(&it, 3), &mut wrong), it);
        assert!(wrong.none());
        let mut typed = shown(&it, 3);
        typed.insert("until".into(), vec!["12/99".into()]);
        read(t, &typed, &mut wrong);
        assert!(wrong.at("until").is_some_and(|it| !it.contains('⟦')));
    }
}
