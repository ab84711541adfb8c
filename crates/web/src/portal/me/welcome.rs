//! The letter after joining: thanks, the button that adds the official account, and what is still missing.

use askama::Template;
use axum::Extension;
use axum::response::Response;
use tsunagari_kernel::Moment;
use tsunagari_people::{ContactKind, PersonRecord, PointState, ReachPolicy};

use crate::portal::me::standing::{standings, waiting};
use crate::portal::visitor::Visitor;
use crate::routes::{Needs, Routes};
use crate::sentences::unreadable;
use crate::shell::{AppError, Sample, Shell, page};

/// The routes.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/me/welcome", Needs::Resident, show)
}

#[derive(Template)]
#[template(path = "portal/me/welcome.html")]
struct WelcomePage {
    shell: Shell,
    title: String,
    first: String,
    guardian: String,
    add: String,
}

impl WelcomePage {
    fn of(shell: Shell, name: &str, guardian: String, add: String) -> Self {
        let t = shell.t;
        let first = t.one("portal-done-1", "town", shell.org.name.as_str());
        Self { title: t.one("portal-done-title", "name", name), first, guardian, add, shell }
    }
}

impl Sample for WelcomePage {
    fn samples(shell: Shell) -> Vec<Self> {
        vec![
            Self::of(shell.clone(), "花", String::new(), "https://line.me/R/ti/p/%40sample".into()),
            Self::of(shell.clone(), "花", shell.t.one("portal-me-waits-all", "waits", "お知らせ"), String::new()),
        ]
    }
}

/// Whether a linked LINE user does not receive messages.
pub fn line_is_silent(record: &PersonRecord, policy: &ReachPolicy, at: &Moment) -> bool {
    let line = record.contact_points.iter().filter(|point| point.kind == ContactKind::Line);
    line.map(|point| point.state(at.instant, policy.stale_after())).any(|state| match state {
        PointState::NeverWorked | PointState::Broken(_) => true,
        PointState::Absent | PointState::Unverified | PointState::Stale | PointState::Fresh => false,
    })
}

/// The address that adds the official account in LINE; empty when there is none.
pub async fn add_friend(visitor: &Visitor) -> Result<String, AppError> {
    let channel = visitor
        .town
        .here()
        .read_by_key()
        .await
        .map_err(unreadable)?
        .sending_line_channel()
        .await
        .map_err(unreadable)?;
    let Some((basic, channel)) = channel.and_then(|channel| Some((channel.basic_id.clone()?, channel))) else {
        return Ok(String::new());
    };
    // A simulator shows its own page to add the account; LINE's is on line.me.
    let base = channel.access_base.trim_end_matches('/');
    let base = if base == "https://access.line.me" { "https://line.me" } else { base };
    let id: String = percent_encoding::utf8_percent_encode(&basic, percent_encoding::NON_ALPHANUMERIC).to_string();
    Ok(format!("{base}/R/ti/p/{id}"))
}

async fn show(Extension(visitor): Extension<Visitor>) -> Result<Response, AppError> {
    let at = Moment::now(&*visitor.town.house.clock);
    let policy = tsunagari_acts::join::policy_of(&visitor.town.org);
    let mut reader = visitor.town.here().read_by_key().await.map_err(unreadable)?;
    let record = reader.person_record(visitor.resident.person()).await.map_err(unreadable)?;
    let purposes = reader.purposes().await.map_err(unreadable)?;
    let wordings = reader.wordings_in_use(at.instant).await.map_err(unreadable)?;
    drop(reader);
    let waits = waiting(visitor.town.t, &standings(visitor.town.t, &record, &policy, &at, &purposes, &wordings));
    let add = if line_is_silent(&record, &policy, &at) { add_friend(&visitor).await? } else { String::new() };
    let name = if record.person.given.is_empty() { record.person.name() } else { record.person.given.clone() };
    Ok(page(&WelcomePage::of(visitor.shell(), &name, waits, add)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_has_its_words() {
        assert_eq!(
            crate::shell::sample::faults::<WelcomePage>(crate::shell::sample::portal_shell),
            Vec::<String>::new()
        );
    }
}
