//! A programme of this office is rehearsed with the values it has now: the cases of its blueprint are played in a room of their
//! own, by people who live here instead of in the source's town. Nothing of the office is changed. Where the office set other
//! values than the source's, a case may come to something else: that is told, not judged. Leaves playing to `rehearse`.

use tokio::sync::Semaphore;
use tsunagari_access::Granted;
use tsunagari_access::permission::ViewProgrammes;
use tsunagari_blueprints::{Blueprint, Case, CaseFile, Values, cases};
use tsunagari_kernel::ProgrammeId;

use crate::rehearse::{Rehearsal, Room, rehearse};
use crate::running_programme::running;
use crate::{ActError, House};

/// People who apply at once besides those of the cases.
const CROWD: usize = 20;

/// One rehearsal at a time: each makes an installation of its own.
static ONE: Semaphore = Semaphore::const_new(1);

/// A blueprint as an office runs it: its values for defaults, in its own town.
fn as_here(blueprint: &Blueprint, values: &Values, own: &str) -> Blueprint {
    let mut here = blueprint.clone();
    here.organisation = own.to_owned();
    for parameter in &mut here.parameters {
        if let Some(value) = values.0.get(&parameter.name) {
            *parameter = parameter.clone().defaulting_to(value);
        }
    }
    here
}

/// Rehearses the newest version of a programme.
///
/// # Errors
/// `rehearsal_busy` while another is under way; `rehearsal_without_cases` where the blueprint has none; not found; storage's.
pub async fn rehearse_programme(
    house: &House,
    by: &Granted<ViewProgrammes>,
    programme: ProgrammeId,
) -> Result<Rehearsal, ActError> {
    let mut reader = house.org(by.org()).read().await?;
    let version = reader.programme(programme).await?.version_no;
    let own = reader.organisation().await?.code;
    let version = running(house, &mut reader, programme, version).await?;
    drop(reader);
    let files: Vec<CaseFile> = cases().map_err(|error| ActError::Broken(error.to_string()))?;
    let source = &version.blueprint;
    let Some(file) = files.into_iter().find(|it| it.blueprint == source.slug) else {
        return Err(ActError::refused("rehearsal_without_cases"));
    };
    let Ok(_turn) = ONE.try_acquire() else { return Err(ActError::refused("rehearsal_busy")) };
    let played: Vec<Case> = file.cases.into_iter().map(|it| it.moved(&source.organisation, &own)).collect();
    let room = Room::make(house.real_clock.clone(), house.chance.bytes()).await?;
    let told = rehearse(&room.house, &room.calendar, &as_here(source, &version.values, &own), &played, CROWD).await;
    room.leave().await;
    told
}
