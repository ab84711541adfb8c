//! Entering a contact point somebody gave on paper, and what became of one: out of use, works again, to be taken out.
//! Addresses are typed here and shown nowhere; opening them is the card's.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ActError;
use tsunagari_acts::enter_contact_point::{PointGiven, enter_contact_point};
use tsunagari_acts::keep_contact_point::{PointNews, ends_of, keep_contact_point};
use tsunagari_kernel::ContactPointId;
use tsunagari_people::{ContactKind, ContactPoint, EndReason, Person, PersonRecord};

use super::form::{FormPage, Part, Typed, Wrong, answer, ended, record};
use super::words::{coded, instants, saved_href};
use crate::office::desk::Desk;
use crate::routes::{Needs, Posted, Routes};
use crate::shell::components::{Banner, Choices, Field, FieldKind};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    routes
        .get("/office/people/{person}/contacts/add", edit, show_add)
        .post("/office/people/{person}/contacts/add", edit, add)
        .get("/office/people/{person}/contacts/{contact}/change", edit, show_change)
        .post("/office/people/{person}/contacts/{contact}/change", edit, change)
}

/// The kinds an office enters; LINE is linked by its owner alone.
const KINDS: [ContactKind; 3] = [ContactKind::Email, ContactKind::Phone, ContactKind::Postal];

fn add_form(shell: Shell, person: &Person, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let mut kind = Choices::radio(t, "kind", t.get("people-kind")).required();
    for it in KINDS {
        kind = kind.option_with(
            it.code(),
            coded(t, "contact-kind", it.code()),
            t.get(format!("people-contact-add-{}", it.code())),
        );
    }
    let postal = Field::text(t, "postal_code", t.get("people-postal-code"))
        .value(typed.text("postal_code"))
        .hint(t.get("people-postal-code.hint"))
        .error(wrong.at("postal_code"));
    let address = Field::of(FieldKind::Text, t, "address", t.get("people-address")).value(typed.text("address"));
    let parts = vec![
        Part::Choices(kind.chosen(typed.text("kind")).error(wrong.at("kind"))),
        Part::Field(address.hint(t.get("people-address.hint")).required().error(wrong.at("address"))),
        Part::Field(postal),
    ];
    let mut page = FormPage::about(shell, person, t.get("people-contact-add"), parts);
    if person.address_protected {
        page.notice = Some(Banner::of(Tone::Warning, t.get("people-protected")).text(t.get("people-protected.text")));
    }
    page
}

/// What may be said of a point: its code in the form, and what it means.
fn news_of(point: &ContactPoint) -> Vec<(String, PointNews)> {
    let broken = |why: &EndReason| (format!("broken-{}", why.code().replace('_', "-")), PointNews::Broken(*why));
    let mut all: Vec<(String, PointNews)> = ends_of(point.kind).iter().map(broken).collect();
    if point.kind != ContactKind::Line && point.verified_at.is_some() {
        all.push(("works".into(), PointNews::Works));
    }
    all.push(("removed".into(), PointNews::Removed));
    all
}

fn change_form(shell: Shell, person: &Person, point: &ContactPoint, typed: &Typed, wrong: &Wrong) -> FormPage {
    let t = shell.t;
    let mut what = Choices::radio(t, "what", t.get("people-contact-what")).required();
    for (code, _) in news_of(point) {
        let said = t.get(format!("people-contact-{code}"));
        what = what.option(code, said);
    }
    let mut page = FormPage::about(
        shell,
        person,
        t.get("people-contact-change"),
        vec![Part::Choices(what.chosen(typed.text("what")).error(wrong.at("what")))],
    );
    let kind = coded(t, "contact-kind", point.kind.code());
    let told = t.two("people-tie-told", "kind", kind, "days", instants(t, point.kept));
    page.notice = Some(Banner::of(Tone::Info, told).text(t.get("people-contact-change.text")));
    page
}

pub(super) fn point_of(record: &PersonRecord, contact: &str) -> Result<ContactPoint, AppError> {
    let id: ContactPointId = contact.parse().map_err(|_| AppError::NotFound)?;
    let found = record.contact_points.iter().find(|it| it.id == id && it.kept.until.is_none());
    found.cloned().ok_or(AppError::NotFound)
}

async fn show_add(Extension(desk): Extension<Desk>, Path(person): Path<String>) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    Ok(page(&add_form(desk.shell(), &it.person, &Typed::default(), &Wrong::default())))
}

async fn add(
    Extension(desk): Extension<Desk>,
    Path(person): Path<String>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let by = desk.grant::<EditPeople>()?;
    let kept = match typed.text("kind").parse::<ContactKind>() {
        Ok(kind) => {
            let given = PointGiven {
                kind,
                address: typed.text("address").into(),
                postal_code: typed.text("postal_code").into(),
            };
            enter_contact_point(&desk.house, &by, it.person.id, &given).await
        }
        Err(_) => Err(ActError::refused_at("kind", "choose_one")),
    };
    let how = ended(desk.t, kept, |_| saved_href(it.person.id, "contacts"))?;
    Ok(answer(desk.t, how, |wrong| add_form(desk.shell(), &it.person, &typed, wrong)))
}

async fn show_change(
    Extension(desk): Extension<Desk>,
    Path((person, contact)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let point = point_of(&it, &contact)?;
    Ok(page(&change_form(desk.shell(), &it.person, &point, &Typed::default(), &Wrong::default())))
}

async fn change(
    Extension(desk): Extension<Desk>,
    Path((person, contact)): Path<(String, String)>,
    Posted(typed): Posted<Typed>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let point = point_of(&it, &contact)?;
    let by = desk.grant::<EditPeople>()?;
    let news = news_of(&point).into_iter().find(|(code, _)| code == typed.text("what"));
    let kept = match news {
        Some((_, news)) => keep_contact_point(&desk.house, &by, it.person.id, point.id, news).await,
        None => Err(ActError::refused_at("what", "choose_one")),
    };
    let how = ended(desk.t, kept, |()| saved_href(it.person.id, "contacts"))?;
    Ok(answer(desk.t, how, |wrong| change_form(desk.shell(), &it.person, &point, &typed, wrong)))
}

/// Invented faces for the forms' test.
pub(super) fn samples(shell: &Shell, record: &PersonRecord) -> Vec<FormPage> {
    let nothing = (Typed::default(), Wrong::default());
    let mut all = vec![add_form(shell.clone(), &record.person, &nothing.0, &nothing.1)];
    for point in &record.contact_points {
        for kind in ContactKind::ALL {
            let point = ContactPoint { kind: *kind, verified_at: Some(point.kept.from), ..point.clone() };
            all.push(change_form(shell.clone(), &record.person, &point, &nothing.0, &nothing.1));
        }
    }
    all
}
