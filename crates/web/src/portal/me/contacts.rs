//! The ways to reach somebody as they see them: adding an e-mail address, what follows when it is proven, taking one out.
//! Leaves what may be taken out to `acts::drop_contact_point`, LINE to `portal::line_login`.

use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use tsunagari_acts::drop_contact_point::{drop_contact_point, may_go};
use tsunagari_acts::{ActError, sign_in_resident, verify_email};
use tsunagari_i18n::Texts;
use tsunagari_kernel::contact::national;
use tsunagari_kernel::{ContactPointId, Moment};
use tsunagari_people::contact_point;
use tsunagari_people::{ContactKind, ContactPoint, PointState, ReachPolicy};
use tsunagari_storage::contact::Address;

use crate::portal::draft::{self, Given};
use crate::portal::mail_sent::MailSentPage;
use crate::portal::town::go;
use crate::portal::visitor::Visitor;
use crate::portal::wrong::Wrong;
use crate::routes::{Needs, Routes};
use crate::sentences::{sentences, unreadable};
use crate::shell::components::{ErrorSummary, Field};
use crate::shell::{AppError, Sample, Shell, Tone, page, page_with_status};

/// The routes. Which contact point is meant stands in the form or the question part: only one's own is ever found.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/me/line", Needs::Resident, line)
        .get("/me/email", Needs::Resident, email_form)
        .post("/me/email", Needs::Resident, email)
        .get("/me/email/added", Needs::Resident, added)
        .get("/me/contact/drop", Needs::Resident, ask_drop)
        .post("/me/contact/drop", Needs::Resident, do_drop)
}

/// A contact point in words.
pub struct Way {
    /// Its id.
    pub id: ContactPointId,
    /// LINE, e-mail …
    pub kind: String,
    /// The address; empty for LINE, whose user id says nothing to anybody.
    pub address: String,
    /// Why the address is not shown whole; else empty.
    pub masked: String,
    /// How it does.
    pub state: String,
    /// The state's tone.
    pub tone: Tone,
    /// Whether this page lets it be taken out at all.
    pub ours: bool,
    /// Whether it may go: it is not the last way in.
    pub may_go: bool,
    /// Whether messages arrive there.
    pub works: bool,
    /// Kind and address in one phrase.
    pub name: String,
}

/// The contact points somebody has now, in words.
pub fn ways(t: Texts, points: &[ContactPoint], addresses: &[Address], policy: &ReachPolicy, at: &Moment) -> Vec<Way> {
    let kept = points.iter().filter(|point| point.kept.contains(at.instant));
    let way = |point: &ContactPoint| {
        let (state, tone) = match point.state(at.instant, policy.stale_after()) {
            PointState::Fresh => ("fresh", Tone::Success),
            PointState::Stale => ("stale", Tone::Warning),
            PointState::Unverified => ("unverified", Tone::Warning),
            PointState::NeverWorked => ("never", Tone::Warning),
            PointState::Broken(_) | PointState::Absent => ("broken", Tone::Error),
        };
        let ours = point.kind != ContactKind::Line;
        // What a list brought may be seen by somebody who knew the name and the birth date only.
        let shown = |clear: &str| match point.verified_at {
            Some(_) if point.kind == ContactKind::Phone => national(clear),
            Some(_) => clear.to_owned(),
            None => contact_point::masked(point.kind, clear),
        };
        let clear = addresses.iter().find(|address| address.contact == point.id).map(|it| shown(&it.clear));
        let kind = t.get(format!("portal-me-contact-{}", point.kind.code()));
        let address = clear.filter(|_| ours).unwrap_or_default();
        let masked = match point.verified_at {
            None if !address.is_empty() => t.get("portal-me-contact-masked"),
            None | Some(_) => String::new(),
        };
        let carries = matches!(point.kind, ContactKind::Line | ContactKind::Email);
        Way {
            id: point.id,
            name: if address.is_empty() { kind.clone() } else { address.clone() },
            kind,
            address,
            masked,
            state: t.get(format!("portal-me-state-{state}")),
            tone,
            ours,
            may_go: may_go(points, point, at.instant),
            works: carries && matches!(state, "fresh" | "stale"),
        }
    };
    kept.map(way).collect()
}

async fn own_ways(visitor: &Visitor) -> Result<Vec<Way>, AppError> {
    let at = Moment::now(&*visitor.town.house.clock);
    let here = visitor.town.here();
    let id = visitor.resident.person();
    let keys = here.person_keys(&[id]).await.map_err(unreadable)?;
    let mut reader = here.read_by_key().await.map_err(unreadable)?;
    let points = reader.person_record(id).await.map_err(unreadable)?.contact_points;
    let addresses = reader.addresses_of(&keys, id).await.map_err(unreadable)?;
    let policy = tsunagari_acts::join::policy_of(&visitor.town.org);
    Ok(ways(visitor.town.t, &points, &addresses, &policy, &at))
}

/// Which one the question part names.
#[derive(Deserialize)]
struct Which {
    #[serde(default)]
    contact: String,
}

fn one_of(ways: &[Way], id: &str) -> Result<usize, AppError> {
    ways.iter().position(|way| way.ours && way.id.to_string() == id).ok_or(AppError::NotFound)
}

#[derive(Template)]
#[template(path = "portal/me/email.html")]
struct EmailPage {
    shell: Shell,
    errors: ErrorSummary,
    email: Field,
}

impl EmailPage {
    fn of(shell: Shell, typed: &str, wrong: Wrong) -> Self {
        let t = shell.t;
        let error = wrong.first().map(|(_, text)| text.clone());
        let email = Field::email(t, "email", t.get("portal-contact-email")).hint(t.get("portal-contact-email.hint"));
        Self { errors: ErrorSummary::of(t, wrong), email: email.value(typed).required().error(error), shell }
    }
}

impl Sample for EmailPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let wrong = vec![("email".to_owned(), shell.t.get("refused-address-empty"))];
        vec![Self::of(shell.clone(), "", Vec::new()), Self::of(shell, "", wrong)]
    }
}

#[derive(Template)]
#[template(path = "portal/me/email_added.html")]
struct EmailAddedPage {
    shell: Shell,
    lead: String,
    older: Vec<Way>,
}

impl EmailAddedPage {
    fn of(shell: Shell, mut ways: Vec<Way>, new: usize) -> Self {
        let t = shell.t;
        let new = ways.remove(new);
        let line = ways.iter().any(|way| !way.ours && way.works);
        let key = if line { "portal-me-email-added-beside-line" } else { "portal-me-email-added" };
        Self {
            lead: t.one(key, "email", new.address.as_str()),
            older: ways.into_iter().filter(|way| way.kind == new.kind && way.may_go).collect(),
            shell,
        }
    }
}

impl Sample for EmailAddedPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        [false, true].map(|line| Self::of(shell.clone(), sample_ways(t, line), 0)).into()
    }
}

#[derive(Template)]
#[template(path = "portal/me/drop.html")]
struct DropPage {
    shell: Shell,
    id: String,
    way: Way,
    rest: String,
}

impl DropPage {
    fn of(shell: Shell, mut ways: Vec<Way>, which: usize) -> Self {
        let t = shell.t;
        let way = ways.remove(which);
        let names = ways.iter().filter(|way| way.works).map(|way| way.name.as_str());
        let rest = super::standing::named(t, names);
        let rest = match (rest.is_empty(), way.may_go) {
            (_, false) => t.get("portal-me-drop-last"),
            (true, true) => t.get("portal-me-drop-nothing-left"),
            (false, true) => t.one("portal-me-drop-rest", "ways", rest),
        };
        Self { id: way.id.to_string(), way, rest, shell }
    }
}

impl Sample for DropPage {
    fn samples(shell: Shell) -> Vec<Self> {
        let t = shell.t;
        let last = sample_ways(t, false).into_iter().map(|way| Way { may_go: false, ..way }).collect();
        let faces = [sample_ways(t, true), sample_ways(t, false).drain(1..).collect(), last];
        faces.map(|ways| Self::of(shell.clone(), ways, 0)).into()
    }
}

/// Two invented addresses, and LINE beside them.
fn sample_ways(t: Texts, with_line: bool) -> Vec<Way> {
    let way = |address: &str| Way {
        id: ContactPointId(uuid::Uuid::nil()),
        kind: t.get("portal-me-contact-email"),
        address: address.to_owned(),
        masked: String::new(),
        state: t.get("portal-me-state-fresh"),
        tone: Tone::Success,
        ours: true,
        may_go: true,
        works: true,
        name: address.to_owned(),
    };
    let line = Way { ours: false, kind: "LINE".into(), name: "LINE".into(), ..way("") };
    [way("hana@post.example"), way("hana@school.example")].into_iter().chain(with_line.then_some(line)).collect()
}

async fn line(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let town = &visitor.town;
    let (begun, mut answers) =
        sign_in_resident::begin_adding(&town.house, &visitor.resident).await.map_err(|error| town.problem(error))?;
    let look = (&mut answers, town.here().read_by_key().await.map_err(unreadable)?);
    let url = sign_in_resident::leave_for_line(&town.house, town.org.id, begun.id, look, town.line_locale()).await;
    draft::give(go(&url.map_err(|error| town.problem(error))?), town.org.id, &begun.token)
}

async fn email_form(Extension(visitor): Extension<Visitor>) -> Response {
    page(&EmailPage::of(visitor.shell(), "", Vec::new()))
}

async fn email(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let (town, typed) = (&visitor.town, form.get("email").trim());
    match verify_email::ask_to_add(&town.house, &visitor.resident, typed, town.t.locale()).await {
        Ok(()) => Ok(page(&MailSentPage::of(visitor.shell(), typed, "/me/email".into(), "/me".into()))),
        Err(ActError::Refused(reasons)) => {
            let view = EmailPage::of(visitor.shell(), typed, sentences(town.t, &reasons));
            Ok(page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view))
        }
        Err(other) => Err(town.problem(other)),
    }
}

async fn added(Extension(visitor): Extension<Visitor>, Query(which): Query<Which>) -> Result<Response, AppError> {
    let ways = own_ways(&visitor).await?;
    let new = one_of(&ways, &which.contact)?;
    Ok(page(&EmailAddedPage::of(visitor.shell(), ways, new)))
}

async fn ask_drop(Extension(visitor): Extension<Visitor>, Query(which): Query<Which>) -> Result<Response, AppError> {
    let ways = own_ways(&visitor).await?;
    let it = one_of(&ways, &which.contact)?;
    Ok(page(&DropPage::of(visitor.shell(), ways, it)))
}

async fn do_drop(Extension(visitor): Extension<Visitor>, form: Given) -> Result<Response, AppError> {
    let contact = form.get("contact").parse().map_err(|_| AppError::NotFound)?;
    drop_contact_point(&visitor.town.house, &visitor.resident, contact)
        .await
        .map_err(|error| visitor.town.problem(error))?;
    Ok(go("/me?news=dropped"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        let shell = crate::shell::sample::portal_shell;
        assert_eq!(crate::shell::sample::faults::<EmailPage>(shell), Vec::<String>::new());
        assert_eq!(crate::shell::sample::faults::<EmailAddedPage>(shell), Vec::<String>::new());
        assert_eq!(crate::shell::sample::faults::<DropPage>(shell), Vec::<String>::new());
    }
}
