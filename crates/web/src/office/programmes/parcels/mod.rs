//! The parcels of a round: the list with what is to be done next, how they are sent and from what they are packed, one parcel with where
//! it goes to, papers and files, the carrier's numbers, what recipients answered. Leaves every rule to the acts.

mod address;
mod answers;
mod list;
mod papers;
mod shipping;
mod tracking;

use tsunagari_acts::prepare_parcels::parcels_given;
use tsunagari_acts::running_programme::{Running, running};
use tsunagari_i18n::Texts;
use tsunagari_kernel::RoundId;
use tsunagari_programmes::{BenefitNo, Round};
use tsunagari_storage::Reader;

use super::words::{programme_href, round_href};
use crate::office::desk::Desk;
use crate::routes::Routes;
use crate::sentences::unreadable;
use crate::shell::AppError;
use crate::shell::components::Link;

/// Every route of parcels.
pub(super) fn routes(routes: Routes) -> Routes {
    let routes = list::routes(routes);
    let routes = shipping::routes(routes);
    let routes = address::routes(routes);
    let routes = papers::routes(routes);
    let routes = answers::routes(routes);
    tracking::routes(routes)
}

/// Where the parcels of a round lie.
fn parcels_href(round: RoundId) -> String {
    format!("{}/parcels", round_href(round))
}

/// The link on the round's page, where the programme gives parcels.
pub(super) fn link(t: Texts, running: &Running, round: &Round) -> Option<Link> {
    parcels_given(running).next().map(|_| Link::to(parcels_href(round.id), t.get("parcels-link")))
}

/// A round that sends parcels, as all pages here know it.
struct Sending {
    round: Round,
    /// What the programme is called here.
    programme: String,
    running: std::sync::Arc<Running>,
}

impl Sending {
    /// The round of an address.
    async fn at(desk: &Desk, round: &str) -> Result<Self, AppError> {
        let mut reader = desk.here().read().await.map_err(unreadable)?;
        Self::read(desk, &mut reader, round).await
    }

    /// Reads it; a round of a programme without parcels has no such pages.
    async fn read(desk: &Desk, reader: &mut Reader, round: &str) -> Result<Self, AppError> {
        let id: RoundId = round.parse().map_err(|_| AppError::NotFound)?;
        let round = reader.round(id).await.map_err(unreadable)?.round;
        let running = running(&desk.house, reader, round.programme, round.version_no).await;
        let running = running.map_err(|error| desk.problem(error))?;
        let programme = reader.programme(round.programme).await.map_err(unreadable)?.title;
        if parcels_given(&running).next().is_none() {
            return Err(AppError::NotFound);
        }
        Ok(Self { round, programme, running })
    }

    /// The way to the round, and to its parcels on the pages below them.
    fn links(&self, t: Texts, below: bool) -> Vec<Link> {
        let mut links = vec![
            Link::to(programme_href(self.round.programme), self.programme.clone()),
            Link::to(round_href(self.round.id), self.round.title.clone()),
        ];
        if below {
            links.push(Link::to(parcels_href(self.round.id), t.get("parcels-link")));
        }
        links
    }

    /// The name of a parcel.
    fn name(&self, no: BenefitNo) -> String {
        parcels_given(&self.running).find(|(it, _)| *it == no).map(|(_, it)| it.name.clone()).unwrap_or_default()
    }
}

/// A round that sends parcels, for the samples of pages.
fn sample() -> Option<Sending> {
    let gives = |running: &Running| parcels_given(running).next().is_some();
    let running = super::gallery::shipped().iter().find_map(|it| {
        let values = tsunagari_blueprints::Values::of(&it.parameters);
        Running::of(it.clone(), values).ok().filter(gives)
    })?;
    let round = super::round_form::sample_round().round;
    Some(Sending { round, programme: "ふるさと便".into(), running: std::sync::Arc::new(running) })
}
