//! Asking the owner of an e-mail address nobody has proven to confirm it, by a letter: offered beside the address on the
//! card where such a letter can go. Says first what happens, never the address. Leaves sending to `ask_to_confirm`.

use axum::Extension;
use axum::extract::Path;
use axum::response::Response;
use tsunagari_access::Code;
use tsunagari_access::permission::EditPeople;
use tsunagari_acts::ask_to_confirm::{ask_to_confirm, unfit};
use tsunagari_people::{Person, PersonRecord};
use tsunagari_storage::{Reader, StorageError};

use super::card_parts::Section;
use super::contact_forms::point_of;
use super::form::{FormPage, Wrong, answer, ended, record};
use super::words::card_href;
use crate::office::desk::Desk;
use crate::routes::{Needs, Nothing, Posted, Routes};
use crate::shell::components::{Banner, Link};
use crate::shell::{AppError, Shell, Tone, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs::Permission(Code::EditPeople);
    let path = "/office/people/{person}/contacts/{contact}/confirm";
    routes.get(path, edit, show).post(path, edit, send)
}

/// Whether a letter can leave the town now.
pub(super) async fn mail_leaves(reader: &mut Reader) -> Result<bool, StorageError> {
    Ok(reader.mail_channel().await?.is_some_and(|it| it.works()))
}

/// Puts the offer beside each contact point of the card's part it can be made for; its rows are the record's.
pub(super) fn offer(section: &mut Section, desk: &Desk, it: &PersonRecord) {
    let now = desk.house.now();
    for (point, (_, links)) in it.contact_points.iter().zip(&mut section.rows) {
        if unfit(point, now).is_none() {
            let href = format!("{}/contacts/{}/confirm", card_href(it.person.id), point.id);
            links.insert(0, Link::to(href, desk.t.get("people-contact-confirm")));
        }
    }
}

fn form(shell: Shell, person: &Person) -> FormPage {
    let t = shell.t;
    let mut page = FormPage::about(shell, person, t.get("people-contact-confirm"), Vec::new());
    page.notice = Some(if person.address_protected {
        let told = t.get("people-contact-confirm.protected");
        Banner::of(Tone::Warning, t.get("people-protected")).text(told)
    } else {
        Banner::of(Tone::Info, t.get("people-contact-confirm.lead")).text(t.get("people-contact-confirm.text"))
    });
    page.button = t.get("people-contact-confirm.button");
    page
}

async fn show(
    Extension(desk): Extension<Desk>,
    Path((person, contact)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    point_of(&it, &contact)?;
    Ok(page(&form(desk.shell(), &it.person)))
}

async fn send(
    Extension(desk): Extension<Desk>,
    Path((person, contact)): Path<(String, String)>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, AppError> {
    let it = record(&desk, &person).await?;
    let point = point_of(&it, &contact)?;
    let by = desk.grant::<EditPeople>()?;
    let sent = ask_to_confirm(&desk.house, &by, it.person.id, point.id).await;
    let how = ended(desk.t, sent, |()| format!("{}?done=asked#contacts", card_href(it.person.id)))?;
    Ok(answer(desk.t, how, |_: &Wrong| form(desk.shell(), &it.person)))
}

/// Invented faces for the forms' test.
pub(super) fn samples(shell: &Shell, record: &PersonRecord) -> Vec<FormPage> {
    let protected = Person { address_protected: true, ..record.person.clone() };
    vec![form(shell.clone(), &record.person), form(shell.clone(), &protected)]
}
